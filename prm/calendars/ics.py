"""Values -> iCalendar octets, and our own octets back into plain words. The only file that imports icalendar.

RFC 5545 is the format, RFC 5546 says what REQUEST and CANCEL must hold. Where readers differ, what all of them
read right is written: one event and one attendee a file, no alarms, no lists of zone changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.calendars.zones import FIRST_YEAR, Onset, ZoneRule, rule_for

PRODID = "-//PRM//Partner reminders//EN"
REQUEST, CANCEL = "REQUEST", "CANCEL"
REFRESH = timedelta(hours=6)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FIRST_ONSET = datetime.combine(date(1970, 1, 1), time())  # a wall time: zones are told in their own clock
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Address = tuple[str, str]  # e-mail address, name


@dataclass(frozen=True)
class Event:
    """One event for one attendee; without organizer and attendee for a calendar that one looks into (`publish`).

    `starts` and `ends` are both dates with `all_day` (the last day is inside), else both aware datetimes in one
    ZoneInfo or in UTC. `informs`: no answer is asked. `dtstamp` (aware) is the time of making this message.
    """

    uid: str
    sequence: int
    summary: str
    starts: date | datetime
    ends: date | datetime
    dtstamp: datetime
    organizer: Address = ("", "")
    attendee: Address = ("", "")
    description: str = ""
    location: str = ""
    all_day: bool = False
    partstat: str = "NEEDS-ACTION"
    informs: bool = False
    transparent: bool = False
    private: bool = False
    method: str = REQUEST


def request(event: Event) -> bytes:
    """The octets that put an event into the attendee's calendar, or move it (CRLF, lines of 75 octets)."""
    return octets(replace(event, method=REQUEST))


def cancel(event: Event) -> bytes:
    """The octets that take an event out of the calendar that has it. Its SEQUENCE must be higher than before."""
    return octets(replace(event, method=CANCEL))


def octets(event: Event) -> bytes:
    """The octets for the event's own `method`. Raises ValueError for times that no reader would agree on."""
    _check(event)
    calendar = _calendar()
    calendar.add("method", event.method)
    starts, ends, rule = _times(event)
    if rule is not None:
        calendar.add_component(_timezone(rule))
    component = _component(event, starts, ends)
    component.add("organizer", _address(event.organizer), encode=False)
    component.add("attendee", _attendee(event), encode=False)
    calendar.add_component(component)
    return bytes(calendar.to_ical())


def publish(events: Iterable[Event], name: str = "") -> bytes:
    """The octets of a file to put into a calendar, or with a `name` those of one to subscribe to.

    No METHOD, nobody is invited and no answer asked, whatever the events say; one with the method CANCEL stays in
    sight as cancelled. Raises ValueError like `octets`.
    """
    calendar = _calendar()
    if name:
        _name(calendar, name)
    rules: dict[str, ZoneRule] = {}
    components = []
    for event in events:
        _check(event)
        starts, ends, rule = _times(event)
        if rule is not None:
            rules[rule.key] = rule
        components.append(_component(event, starts, ends))
    for rule in rules.values():
        calendar.add_component(_timezone(rule))
    for component in components:
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def _calendar() -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _name(calendar: icalendar.Calendar, name: str) -> None:
    """The name under which programs show the calendar, and how often they look again (RFC 7986, and before it)."""
    for field in ("name", "x-wr-calname"):
        calendar.add(field, _text(name, lines=False))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))


def _check(event: Event) -> None:
    if event.method not in (REQUEST, CANCEL) or event.sequence < 0 or not event.summary.strip():
        raise ValueError("an event needs a method, a sequence from 0 and a title")
    if event.ends < event.starts or (not event.all_day and event.ends == event.starts):
        raise ValueError("an event ends after it starts")
    for moment in () if event.all_day else (event.starts, event.ends):
        if not isinstance(moment, datetime) or not (
            isinstance(moment.tzinfo, ZoneInfo) or moment.tzinfo is UTC
        ):
            raise ValueError("a time needs a named zone or UTC")
    if event.all_day and (isinstance(event.starts, datetime) or isinstance(event.ends, datetime)):
        raise ValueError("an all-day event has dates")
    if event.dtstamp.tzinfo is None:
        raise ValueError("dtstamp needs a zone")


def _times(event: Event) -> tuple[date, date, ZoneRule | None]:
    """Start and end as they are written: exclusive end for days, local with a rule where one is true, else UTC."""
    if not isinstance(event.starts, datetime) or not isinstance(event.ends, datetime):
        return event.starts, event.ends + timedelta(days=1), None
    if event.starts.tzinfo is UTC or event.ends.tzinfo is not event.starts.tzinfo:
        return event.starts.astimezone(UTC), event.ends.astimezone(UTC), None
    rule = rule_for(event.starts, event.ends)
    if rule is None or rule.key == "UTC":
        return event.starts.astimezone(UTC), event.ends.astimezone(UTC), None
    return event.starts, event.ends, rule


def _component(event: Event, starts: date, ends: date) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.dtstamp.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", starts)
    component.add("dtend", ends)
    component.add("summary", _text(event.summary, lines=False))
    if event.description:
        component.add("description", _text(event.description))
    if event.location:
        component.add("location", _text(event.location, lines=False))
    component.add("status", "CANCELLED" if event.method == CANCEL else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if event.transparent else "OPAQUE")
    if event.private:
        component.add("class", "PRIVATE")
    return component


def _attendee(event: Event) -> icalendar.vCalAddress:
    attendee = _address(event.attendee)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    if event.informs:
        attendee.params["ROLE"] = "NON-PARTICIPANT"
        attendee.params["RSVP"] = "FALSE"
        return attendee
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = event.partstat
    if event.method == REQUEST:
        attendee.params["RSVP"] = "TRUE"
    return attendee


def _address(address: Address) -> icalendar.vCalAddress:
    mail, name = address
    if mail.count("@") != 1 or re.search(r"[\s\x00-\x1f<>,;\"]", mail):
        raise ValueError(f"not a mail address: {mail!r}")
    value = icalendar.vCalAddress(f"mailto:{mail}")
    plain = _text(name, lines=False).replace('"', "'")
    if plain:
        value.params["CN"] = plain
    return value


def _text(text: str, *, lines: bool = True) -> str:
    """User text without control characters, which icalendar lets through; on one line where it is a title."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = " ".join(text.split())
    return _CONTROL.sub("", text)


def _timezone(rule: ZoneRule) -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", rule.key)
    if not rule.onsets:
        half = icalendar.TimezoneStandard()
        half.add("dtstart", _FIRST_ONSET)
        _offsets(half, rule.offset, rule.offset, rule.name)
        zone.add_component(half)
    else:
        standard, daylight = rule.onsets
        zone.add_component(_half(icalendar.TimezoneStandard(), standard))
        zone.add_component(_half(icalendar.TimezoneDaylight(), daylight))
    return zone


def _half(half: icalendar.Component, onset: Onset) -> icalendar.Component:
    weekday = f"{onset.week}{_WEEKDAYS[onset.weekday]}"
    half.add("dtstart", onset.wall(FIRST_YEAR))
    half.add("rrule", {"FREQ": "YEARLY", "BYMONTH": onset.month, "BYDAY": weekday})
    _offsets(half, onset.before, onset.offset, onset.name)
    return half


def _offsets(half: icalendar.Component, before: timedelta, after: timedelta, name: str) -> None:
    half.add("tzoffsetfrom", before)
    half.add("tzoffsetto", after)
    half.add("tzname", name)


def in_plain_words(body: str | bytes) -> dict[str, str]:
    """One of our own bodies for a person to read: kind, title, when, where, who (and answer asked or not)."""
    calendar: Any = icalendar.Calendar.from_ical(body)
    event = calendar.walk("VEVENT")[0]
    attendee = event["ATTENDEE"]
    return {
        "kind": _kind(str(calendar["METHOD"]), int(event["SEQUENCE"])),
        "title": str(event["SUMMARY"]),
        "when": _when(event.decoded("DTSTART"), event.decoded("DTEND")),
        "where": str(event.get("LOCATION", "")),
        "who": _who(attendee),
        "answer": _("No answer is asked.")
        if attendee.params.get("RSVP") == "FALSE"
        else _("An answer is asked."),
    }


def _kind(method: str, sequence: int) -> str:
    if method == CANCEL:
        return _("cancellation")
    return _("update") if sequence else _("invitation")


def _who(attendee: icalendar.vCalAddress) -> str:
    mail = re.sub("^mailto:", "", str(attendee), flags=re.IGNORECASE)
    name = attendee.params.get("CN", "")
    return f"{name} <{mail}>" if name else mail


def _when(starts: date | datetime, ends: date | datetime) -> str:
    if not isinstance(starts, datetime) or not isinstance(ends, datetime):
        last = ends - timedelta(days=1)
        if last == starts:
            return _("%(day)s, all day") % {"day": _day(starts)}
        return _("%(first)s to %(last)s, all day") % {"first": _day(starts), "last": _day(last)}
    zone = getattr(starts.tzinfo, "key", None) or "UTC"
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{_day(ends)}, {ends:%H:%M}"
    return _("%(day)s, %(start)s to %(end)s (%(zone)s)") % {
        "day": _day(starts),
        "start": f"{starts:%H:%M}",
        "end": until,
        "zone": zone,
    }


def _day(day: date) -> str:
    return date_format(day, "D j M Y").replace(" ", "\N{NO-BREAK SPACE}")
