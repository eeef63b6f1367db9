"""Calendar octets: golden files, read back by a second parser that trusts what the file says about zones."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from prm.calendars import ics
from prm.calendars.ics import Event

NEW_YORK = ZoneInfo("America/New_York")
ROSA, ANNA = ("rosa@example.org", 'Rosa "R." Marín'), ("anna@harbor.example", "Anna Reyes")


@pytest.fixture(autouse=True)
def forget_zones() -> Any:
    """vobject keeps zones by name for the whole process: a wrong one of an earlier file would hide."""
    before = dict(vobject.icalendar.__dict__["__tzidMap"])
    yield
    vobject.icalendar.__dict__["__tzidMap"].clear()
    vobject.icalendar.__dict__["__tzidMap"].update(before)


def event(**fields: Any) -> Event:
    start: dict[str, Any] = {
        "uid": "1f6b2c@example.org",
        "sequence": 0,
        "summary": "Talk again with Harbor House",
        "description": "Back as planned, longer, or call me?\nJust reply to the mail.",
        "starts": datetime(2028, 2, 29, 10, tzinfo=NEW_YORK),
        "ends": datetime(2028, 2, 29, 10, 30, tzinfo=NEW_YORK),
        "organizer": ROSA,
        "attendee": ANNA,
        "dtstamp": datetime(2027, 11, 30, 15, 0, 0, 999, tzinfo=UTC),
    }
    return Event(**start | fields)


def last_day(**fields: Any) -> Event:
    day = date(2027, 9, 30)
    shape = {
        "summary": "MOU with the program ends",
        "starts": day,
        "ends": day,
        "all_day": True,
        "sequence": 1,
    }
    return event(**shape | {"informs": True, "transparent": True, "private": True} | fields)


def read(octets: bytes) -> Any:
    return vobject.readOne(octets.decode())


def test_a_timed_request_is_golden(snapshot: SnapshotAssertion) -> None:
    assert ics.request(event(location="Town hall, room 2; ring twice")).decode() == snapshot


def test_an_all_day_entry_for_information_is_golden(snapshot: SnapshotAssertion) -> None:
    assert ics.request(last_day()).decode() == snapshot


def test_a_cancellation_is_golden(snapshot: SnapshotAssertion) -> None:
    assert ics.cancel(last_day(sequence=2)).decode() == snapshot


@pytest.mark.parametrize(
    ("month", "hour"), [(1, 15), (3, 15), (4, 14), (7, 14), (10, 14), (11, 15), (12, 15)]
)
def test_ten_in_new_york_is_ten_in_another_reader(month: int, hour: int) -> None:
    starts = datetime(2027, month, 10, 10, tzinfo=NEW_YORK)
    octets = ics.request(event(starts=starts, ends=starts + timedelta(hours=1)))
    found = read(octets).vevent.dtstart.value
    assert found.astimezone(UTC) == datetime(2027, month, 10, hour, tzinfo=UTC)
    assert b"DTSTART;TZID=America/New_York:2027" in octets


@pytest.mark.parametrize(
    "zone",
    ["Europe/Dublin", "Europe/Berlin", "Australia/Sydney", "Asia/Tokyo", "America/Phoenix", "Asia/Kolkata"],
)
@pytest.mark.parametrize("month", [1, 7])
def test_zones_of_all_kinds_read_back_right(zone: str, month: int) -> None:
    starts = datetime(2027, month, 6, 10, tzinfo=ZoneInfo(zone))
    octets = ics.request(event(starts=starts, ends=starts + timedelta(hours=1)))
    assert f"TZID={zone}".encode() in octets
    assert read(octets).vevent.dtstart.value.astimezone(UTC) == starts.astimezone(UTC)


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Santiago", "Africa/Casablanca", "UTC"])
def test_zones_without_one_true_yearly_rule_are_written_in_utc(zone: str) -> None:
    starts = datetime(2027, 2, 20, 10, tzinfo=ZoneInfo(zone))
    octets = ics.request(event(starts=starts, ends=starts + timedelta(hours=1)))
    assert b"VTIMEZONE" not in octets
    assert f"DTSTART:{starts.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode() in octets


def test_an_all_day_entry_ends_the_day_after_and_keeps_time_free() -> None:
    found = read(ics.request(last_day())).vevent
    assert (found.dtstart.value, found.dtend.value) == (date(2027, 9, 30), date(2027, 10, 1))
    assert (found.transp.value, found.getChildValue("class")) == ("TRANSPARENT", "PRIVATE")


def test_what_informs_asks_nothing_and_what_invites_asks() -> None:
    informs = read(ics.request(last_day())).vevent.attendee.params
    invites = read(ics.request(event())).vevent.attendee.params
    assert (informs["ROLE"], informs["RSVP"]) == (["NON-PARTICIPANT"], ["FALSE"])
    assert (invites["ROLE"], invites["RSVP"], invites["PARTSTAT"]) == (
        ["REQ-PARTICIPANT"],
        ["TRUE"],
        ["NEEDS-ACTION"],
    )


def test_a_cancellation_names_the_same_event_and_people() -> None:
    before, after = read(ics.request(event())), read(ics.cancel(event(sequence=1)))
    assert (after.method.value, after.vevent.status.value, after.vevent.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        "1",
    )
    for name in ("uid", "organizer", "attendee", "dtstart"):
        assert getattr(before.vevent, name).value == getattr(after.vevent, name).value


def test_lines_are_short_end_in_crlf_and_never_split_a_character() -> None:
    octets = ics.request(event(summary="Ñandú ✓ " * 40, description="é" * 300))
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
    assert all(line.decode() is not None for line in octets.split(b"\r\n"))


texts = st.text(max_size=120)


@given(texts.filter(lambda text: re.sub(r"[\x00-\x20\x7f-\xa0]", "", text).strip()), texts, texts)
def test_no_text_breaks_out_of_its_line(summary: str, description: str, name: str) -> None:
    octets = ics.request(
        event(summary="x" + summary, description=description, attendee=("a@b.example", name))
    )
    assert octets.count(b"BEGIN:VEVENT") == 1
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", octets)
    names = [
        line.split(b":")[0].split(b";")[0] for line in octets.split(b"\r\n") if line and line[:1] != b" "
    ]
    assert names.count(b"ATTENDEE") == names.count(b"SUMMARY") == names.count(b"UID") == 1


def test_quotes_in_a_name_become_single_ones() -> None:
    assert read(ics.request(event())).vevent.organizer.params["CN"] == ["Rosa 'R.' Marín"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": datetime(2028, 2, 29, 10), "ends": datetime(2028, 2, 29, 11)},
        {"starts": datetime(2028, 2, 29, 10, tzinfo=timezone(timedelta(hours=-5)))},
        {"ends": datetime(2028, 2, 29, 10, tzinfo=NEW_YORK)},
        {"sequence": -1},
        {"summary": "  "},
        {"all_day": True},
        {"attendee": ("anna@harbor.example\r\nX: y", "Anna")},
        {"attendee": ("anna", "Anna")},
        {"dtstamp": datetime(2027, 11, 30)},
    ],
)
def test_what_readers_disagree_about_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"event|time|zone|address|dtstamp|method"):
        ics.request(event(**wrong))


def test_a_repeat_has_the_same_octets() -> None:
    assert ics.request(event()) == ics.request(event())


def test_our_own_octets_in_plain_words() -> None:
    with translation.override("en"):
        words = ics.in_plain_words(ics.request(event(location="Town hall")))
    assert words["kind"] == "invitation"
    assert words["when"].replace("\xa0", " ") == "Tue 29 Feb 2028, 10:00 to 10:30 (America/New_York)"
    assert (words["title"], words["where"]) == ("Talk again with Harbor House", "Town hall")
    assert words["who"] == "Anna Reyes <anna@harbor.example>"


def test_updates_and_cancellations_in_plain_words() -> None:
    update, end = ics.in_plain_words(ics.request(last_day())), ics.in_plain_words(ics.cancel(last_day()))
    assert (update["kind"], end["kind"]) == ("update", "cancellation")
    assert update["when"].replace("\xa0", " ") == "Thu 30 Sep 2027, all day"
