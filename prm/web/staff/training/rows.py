"""A session in a list, and its day, hours and place in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.partners.models import Organization
from prm.training.models import Session, SessionStatus
from prm.training.queries import local_start, with_seats
from prm.web.words import figure, unbroken


@dataclass(frozen=True, slots=True)
class Row:
    """One session as lists show it."""

    session: Session
    day: date
    hours: str
    where: str
    seats: str
    over: bool
    off: bool

    @property
    def kind(self) -> str:
        """Its mark on the thread: still to come, happened, or not any more."""
        return "dashed" if self.off else "filled" if self.over else "ring"

    @property
    def icon(self) -> str:
        return "slash-circle" if self.off else "mortarboard"

    @property
    def spoken(self) -> str:
        """The mark in a word, for those who do not see it."""
        return _("Cancelled") if self.off else _("Past") if self.over else _("To come")


def filled(sessions: QuerySet[Session], partners: QuerySet[Organization]) -> QuerySet[Session]:
    """Add to sessions what `rows` shows of them; `partners` are those whom the reader may see."""
    seen = Exists(partners.filter(pk=OuterRef("host")))
    return with_seats(sessions.select_related("course", "host")).annotate(host_seen=seen)


def rows(sessions: Iterable[Session], now: datetime) -> list[Row]:
    """Return the rows of sessions that went through `filled`."""
    return [
        Row(
            session,
            local_start(session),
            hours(session.starts_at, session.ends_at, session.zone),
            where(session),
            seats(session, now),
            session.ends_at <= now,
            session.status == SessionStatus.CANCELLED,
        )
        for session in sessions
    ]


def hours(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """ "10:00 to 12:00", on the clocks of a zone."""
    place = ZoneInfo(zone)
    first, last = (time_format(moment.astimezone(place).time(), "H:i") for moment in (starts_at, ends_at))
    return unbroken(_("%(first)s to %(last)s") % {"first": first, "last": last})


def where(session: Session) -> str:
    """ "Oakland, at Bay Legal"; a host whom the reader may not see is left out."""
    host = session.host.name if session.host is not None and session.host_seen else ""  # type: ignore[attr-defined]
    if session.town and host:
        return _("%(town)s, at %(host)s") % {"town": session.town, "host": host}
    return session.town or (_("at %s") % host if host else "")


def seats(session: Session, now: datetime) -> str:
    """ "14 asked, 9 coming, 20 seats", and afterwards how many came."""
    came, asked, coming = session.came, session.asked, session.coming  # type: ignore[attr-defined]
    if session.status == SessionStatus.CANCELLED:
        return ""
    if session.recorded_on is not None:
        return ngettext("%s person came", "%s people came", came) % figure(came)
    if session.ends_at <= now:
        return _("Nobody has written down who came.")
    parts = (
        [_("%s asked") % figure(asked), _("%s coming") % figure(coming)]
        if asked
        else [_("Nobody is invited yet")]
    )
    if session.capacity:
        parts.append(ngettext("%s seat", "%s seats", session.capacity) % figure(session.capacity))
    return ", ".join(parts)
