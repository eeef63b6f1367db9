"""Why a reminder is as it is, in words for people; the rules know only codes and dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

#: Steps of policy.md in words, for the sentence "overtaken by ..."
_RULES = {
    "expiry": lambda: _("the end of the agreement"),
    "review": lambda: _("the review of the agreement"),
    "stuck": lambda: _("the day the signature was asked for"),
    "training": lambda: _("the day training is due"),
    "talk": lambda: _("the day to talk again"),
    "change": lambda: _("the day the pause goes on in another way"),
    "touch": lambda: _("the last talk or the day of entry"),
    "start": lambda: _("the session"),
    "after": lambda: _("the session"),
    "consent": lambda: _("the end of their consent to be listed"),
    "promise": lambda: _("the day of the promise"),
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


#: Code of the rules -> its sentence; the names in it are the values that the rules gave with the code.
_SENTENCES = {
    "moved": lazy("moved from %(nominal)s, when nobody works"),
    "caught_up": lazy(
        "its day had passed when this was entered on %(entered)s, so it goes once on the next working day"
    ),
    "entered": lazy("passed before this was entered on %(entered)s"),
    "setting": lazy("its day had passed when the setting was changed on %(changed_on)s"),
    "covered": lazy("covered by the session on %(session_on)s"),
    "gone_before": lazy("went out already for the earlier end date %(reference)s"),
    "too_late": lazy("too late: the last day for it is %(last_day)s"),
    "paused": lazy("the partner has paused until %(until)s; our side goes on"),
    "paused_open": lazy("the partner has paused, with no end known yet; our side goes on"),
    "held": lazy("waits until the pause ends on %(until)s"),
    "held_unknown": lazy("waits until the pause is over; its end is not known yet"),
    "held_until_talk": lazy("waits until we talk again on %(until)s"),
    "overtaken": lazy("overtaken by a later one: %(by)s"),
    "no_contact": lazy("no contact known, so the owner is told"),
    "gap": lazy("nobody there can be reached, so the owner is told"),
    "answered": lazy("they answered on %(on)s"),
    "attendance_missing": lazy("waits until attendance is written down"),
    "unwritten": lazy("its mail could not be written; we keep trying, and the log says why"),
}


def sentence(code: str, data: Mapping[str, Any]) -> str:
    """Return what is special about a reminder's state or day, empty where nothing is."""
    if code not in _SENTENCES:
        return ""
    values = {name: _overtaker(value) if name == "by" else _readable(value) for name, value in data.items()}
    return str(_SENTENCES[code]) % values


def explain(rule: str, offset: int | None, reference: date, code: str, data: Mapping[str, Any]) -> str:
    """Return the whole reason of one reminder: why that day, and what is special about it."""
    special = sentence(code, data)
    return f"{when(rule, offset, reference)}; {special}" if special else when(rule, offset, reference)


def short(day: date) -> str:
    """Return a date as lists write it, with spaces that do not break: 30 Sep 2027."""
    return date_format(day, "j M Y").replace(" ", "\N{NO-BREAK SPACE}")


def _readable(value: Any) -> Any:
    try:
        return short(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value


def _overtaker(by: str) -> str:
    """Return why the reminder with this key has its day."""
    parts = by.split(":")
    rule, sign, days = parts[2].partition("-") if "-" in parts[2] else parts[2].partition("+")
    offset = int(f"{sign}{days.removesuffix('d')}") if days.removesuffix("d").isdigit() else None
    return when(rule, offset, date.fromisoformat(parts[3]))
