"""What a reminder would say, in a few words, told from its natural key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KEY = re.compile(
    r"(?P<record>[a-z_]+:\d+):(?P<rule>[a-z-]+?)(?:(?P<sign>[+-])(?P<days>\d+)d)?"
    r":(?P<reference>\d{4}-\d{2}-\d{2}):org-(?P<organization>\d+):(?P<side>partner|ours)(?P<nobody>:nobody)?"
)

ICONS = {
    "expiry": "file-earmark-text",
    "review": "file-earmark-text",
    "stuck": "hourglass-split",
    "training": "mortarboard",
    "start": "mortarboard",
    "after": "mortarboard",
    "touch": "telephone",
    "talk": "pause-fill",
    "change": "pause-fill",
    "consent": "check-lg",
    "promise": "flag",
    "entry": "calendar3",
    "expiry-entry": "calendar3",
    "talk-entry": "calendar3",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """A natural key taken apart; `days` is after the reference date when positive, before when negative."""

    record: str
    rule: str
    days: int
    reference: date
    side: str
    nobody: bool

    @property
    def icon(self) -> str:
        return "person-x" if self.nobody else ICONS.get(self.rule, "calendar3")

    @property
    def words(self) -> str:
        """ "Agreement ends in 60 days", or what else would be said."""
        said = _said(self)
        return _("Nobody to tell: %s") % said if self.nobody else said


def matter(key: str) -> Matter:
    """Take a natural key apart. Raises ValueError for anything that is none."""
    found = KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"not the key of a reminder: {key}")
    days = int(found["days"] or 0) * (-1 if found["sign"] == "-" else 1)
    reference = date.fromisoformat(found["reference"])
    return Matter(found["record"], found["rule"], days, reference, found["side"], bool(found["nobody"]))


def _said(what: Matter) -> str:
    if what.rule in _TIMED:
        ahead, today, behind = _TIMED[what.rule]()
        if what.days == 0:
            return today
        words = ahead if what.days < 0 else behind
        count = abs(what.days)
        return words % {"days": ngettext("%d day", "%d days", count) % count}
    fixed = {
        "stuck": _("A signature is missing"),
        "touch": _("Get in touch again"),
        "change": _("The pause goes on in another way"),
        "after": _("Thanks after the training"),
        "entry": _("Invitation to a training"),
        "expiry-entry": _("Calendar entry for the end of the agreement"),
        "talk-entry": _("Calendar entry for the talk"),
    }
    return fixed.get(what.rule, _("Reminder"))


_TIMED = {
    "expiry": lambda: (
        _("Agreement ends in %(days)s"),
        _("Agreement ends today"),
        _("Agreement ended %(days)s ago"),
    ),
    "review": lambda: (_("Review due in %(days)s"), _("Review due today"), _("Review is %(days)s late")),
    "training": lambda: (
        _("Training is due in %(days)s"),
        _("Training is due"),
        _("Training is %(days)s late"),
    ),
    "start": lambda: (_("Training in %(days)s"), _("Training today"), _("Training was %(days)s ago")),
    "consent": lambda: (
        _("Consent to be listed ends in %(days)s"),
        _("Consent to be listed ends today"),
        _("Consent to be listed ended %(days)s ago"),
    ),
    "promise": lambda: (
        _("A promise is due in %(days)s"),
        _("A promise is due today"),
        _("A promise is %(days)s late"),
    ),
    "talk": lambda: (
        _("Back as planned, longer, or call me?"),
        _("Talk again today"),
        _("No talk yet, %(days)s after the pause"),
    ),
}
