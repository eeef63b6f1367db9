"""Why a reminder is as it is, in words for people; the rules know only codes and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Steps of policy.md in words, for the sentence "overtaken by ..."
_RULES = {
    "expiry": lambda: _("the end of the agreement"),
    "review": lambda: _("the review of the agreement"),
    "stuck": lambda: _("the day the signature was asked for"),
    "training": lambda: _("the day training is due"),
    "talk": lambda: _("the day to talk again"),
    "touch": lambda: _("the last talk"),
    "start": lambda: _("the session"),
    "after": lambda: _("the session"),
}


def when(rule: str, offset: int | None, reference: date) -> str:
    """Return why a reminder has its day: "60 days before 30 Sep 2027, the end of the agreement"."""
    what = _RULES[rule]() if rule in _RULES else ""
    values = {"days": abs(offset or 0), "date": short(reference), "what": what}
    if offset is None:
        return _("A calendar entry for %(date)s") % values
    if offset == 0:
        return _("On %(date)s, %(what)s") % values
    if offset < 0:
        return (
            ngettext(
                "%(days)d day before %(date)s, %(what)s",
                "%(days)d days before %(date)s, %(what)s",
                -offset,
            )
            % values
        )
    return (
        ngettext(
            "%(days)d day after %(date)s, %(what)s",
            "%(days)d days after %(date)s, %(what)s",
            offset,
        )
        % values
    )


def sentence(code: str, data: Mapping[str, Any]) -> str:
    """Return what is special about a reminder's state or day, empty where nothing is."""
    dates = {name: _readable(value) for name, value in data.items()}
    match code:
        case "moved":
            return _("moved from %(nominal)s, when nobody works") % dates
        case "caught_up":
            return (
                _(
                    "its day had passed when this was entered on %(entered)s, so it goes once on the next working day"
                )
                % dates
            )
        case "entered":
            return _("passed before this was entered on %(entered)s") % dates
        case "setting":
            return _("its day had passed when the setting was changed on %(changed_on)s") % dates
        case "covered":
            return _("covered by the session on %(session_on)s") % dates
        case "gone_before":
            return _("went out already for the earlier end date %(reference)s") % dates
        case "too_late":
            return _("too late: the last day for it is %(last_day)s") % dates
        case "paused":
            return (
                _("the partner has paused until %(until)s; our side goes on") % dates
                if dates
                else _("the partner has paused, with no end known yet; our side goes on")
            )
        case "held":
            return _("waits until the pause ends on %(until)s") % dates
        case "held_unknown":
            return _("waits until the pause is over; its end is not known yet")
        case "held_until_talk":
            return _("waits until we talk again on %(until)s") % dates
        case "overtaken":
            return _overtaken(str(data.get("by", "")))
        case "no_contact":
            return _("no contact known, so the owner is asked")
        case "attendance_missing":
            return _("waits until attendance is written down")
        case _:
            return ""


def explain(rule: str, offset: int | None, reference: date, code: str, data: Mapping[str, Any]) -> str:
    """Return the whole reason of one reminder: why that day, and what is special about it."""
    special = sentence(code, data)
    return f"{when(rule, offset, reference)}; {special}" if special else when(rule, offset, reference)


def why_you(audience: Iterable[str]) -> str:
    """Return "why you get this" for a partner's mail."""
    means = {
        "notice": _("you are the contact for notices of this agreement"),
        "signatory": _("you sign this agreement"),
        "training": _("you coordinate training"),
        "intake": _("you take in referrals"),
        "declarer": _("you told us about the pause"),
        "primary": _("you are our first contact"),
        "invited": _("you were invited"),
    }
    return _("or").join(f" {means[role]} " for role in audience).strip()


def short(day: date) -> str:
    """Return a date as lists write it, with spaces that do not break: 30 Sep 2027."""
    return date_format(day, "j M Y").replace(" ", "\N{NO-BREAK SPACE}")


def _readable(value: Any) -> Any:
    try:
        return short(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value


def _overtaken(by: str) -> str:
    """Return "overtaken by ..." from the key of the reminder that overtook."""
    parts = by.split(":")
    rule, sign, days = parts[2].partition("-") if "-" in parts[2] else parts[2].partition("+")
    offset = int(f"{sign}{days.removesuffix('d')}") if days.removesuffix("d").isdigit() else None
    return _("overtaken by a later one: %(later)s") % {
        "later": when(rule, offset, date.fromisoformat(parts[3]))
    }
