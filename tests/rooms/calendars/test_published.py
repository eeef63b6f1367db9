"""A file to keep or to subscribe to: nobody is invited by it, and every reader agrees on its times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject

from prm.calendars import ics
from prm.calendars.ics import Event

NEW_YORK = ZoneInfo("America/New_York")


def talk(**fields):
    start = {
        "uid": "feed-pause-5@example.org",
        "sequence": 2,
        "summary": "Talk again, with Rosa",
        "starts": datetime(2028, 2, 29, 10, tzinfo=NEW_YORK),
        "ends": datetime(2028, 2, 29, 10, 30, tzinfo=NEW_YORK),
        "dtstamp": datetime(2027, 11, 30, 15, tzinfo=UTC),
    }
    return Event(**start | fields)


def lines(octets):
    return octets.decode().split("\r\n")


def test_download_invites_nobody_and_asks_for_no_answer():
    asked = talk(organizer=("rosa@example.org", "Rosa"), attendee=("anna@harbor.example", "Anna"))
    text = ics.publish([asked]).decode()
    for word in ("METHOD", "ATTENDEE", "ORGANIZER", "RSVP", "VALARM", "X-WR-CALNAME"):
        assert word not in text
    assert "SUMMARY:Talk again\\, with Rosa" in text


def test_time_is_read_right():
    octets = ics.publish([talk()])
    assert octets.count(b"BEGIN:VTIMEZONE") == 1
    found = vobject.readOne(octets.decode()).vevent.dtstart.value
    assert found.replace(tzinfo=None) == datetime(2028, 2, 29, 10)
    assert found.utcoffset() == timedelta(hours=-5)


def test_calendar_to_subscribe_to_has_a_name_and_is_looked_at_again():
    found = lines(ics.publish([], "Harbor House"))
    assert {"NAME:Harbor House", "X-WR-CALNAME:Harbor House"} <= set(found)
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"} <= set(found)


def test_several_events_share_the_rules_of_their_zone():
    octets = ics.publish([talk(), talk(uid="other"), talk(uid="cancelled", method=ics.CANCEL)])
    assert octets.count(b"BEGIN:VTIMEZONE") == 1
    assert octets.count(b"BEGIN:VEVENT") == 3
    assert octets.count(b"STATUS:CANCELLED") == 1


def test_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        ics.publish([talk(starts=datetime(2028, 2, 29, 10), ends=datetime(2028, 2, 29, 11))])
