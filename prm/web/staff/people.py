"""The people of a partner by role: who holds it now, who before, and where nobody does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.partners.models import Contact, Organization, Role, RoleKind
from prm.partners.queries import present_contacts, roles_by_kind
from prm.web.words import short_day, unbroken

#: Roles that a partner with an agreement must have; without one of them a mail goes to somebody else.
NEEDED = (RoleKind.PRIMARY,)


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of a role card. `look`: now, nobody, later or nothing (before); `spoken` says the same."""

    name: str
    span: str
    look: str
    spoken: str
    contact: Contact | None = None
    #: Whether the name leads to the person's page: where they stand for the first time.
    leads: bool = False


@dataclass(frozen=True, slots=True)
class RoleCard:
    kind: str
    word: str
    holders: tuple[Holder, ...]
    find: Contact | None = None


def role_cards(organization: Organization, today: date) -> list[RoleCard]:
    """A card for each role that anyone ever held, and for the main contact."""
    known = roles_by_kind(organization)
    kinds = [kind for kind in RoleKind if kind in known or kind in NEEDED]
    return _leading([_card(kind, known.get(kind, []), today) for kind in kinds])


def _leading(cards: list[RoleCard]) -> list[RoleCard]:
    """The same cards, each person's name a link once: whoever walks by keyboard passes everybody one time."""
    seen: set[int | None] = {None}
    found = []
    for card in cards:
        lines = []
        for line in card.holders:
            pk = line.contact.pk if line.contact else None
            lines.append(replace(line, leads=pk not in seen))
            seen.add(pk)
        found.append(replace(card, holders=tuple(lines)))
    return found


def _card(kind: RoleKind, roles: list[Role], today: date) -> RoleCard:
    lines = [span_of(role, today) for role in roles]
    if any(line.look == "now" for line in lines):
        lines.sort(key=lambda line: ("now", "later", "").index(line.look))
        return RoleCard(kind, str(kind.label), tuple(lines))
    gone = [(end, role.contact) for role in roles if (end := _end(role)) is not None and end < today]
    last_day, last = max(gone, key=lambda pair: pair[0], default=(None, None))
    since = _("since %s") % _month(last_day + timedelta(1)) if last_day else ""
    later = [line for line in lines if line.look == "later"]
    before = [line for line in lines if not line.look]
    gap = Holder(_("Nobody"), since, "nobody", _("vacant"))
    return RoleCard(kind, str(kind.label), (gap, *later, *before), None if later else last)


def _end(role: Role) -> date | None:
    """The last day inside: the role's own, or the person's where that is earlier."""
    ends = [day for day in (role.until, role.contact.left_on) if day is not None]
    return min(ends, default=None)


def span_of(role: Role, today: date) -> Holder:
    """Who holds a role, from when to when, and whether that is now, later or before."""
    end = _end(role)
    if role.since > today:
        return Holder(
            role.contact.name, _("from %s") % short_day(role.since, today), "later", _("later"), role.contact
        )
    if end is None or end >= today:
        ends = _("until %s") % short_day(end, today) if end else _("since %s") % _month(role.since)
        return Holder(role.contact.name, ends, "now", _("now"), role.contact)
    span = _("%(first)s to %(last)s") % {"first": _month(role.since), "last": _month(end)}
    return Holder(role.contact.name, span, "", _("before"), role.contact)


def _month(day: date) -> str:
    return unbroken(date_format(day, "M Y"))


@dataclass(frozen=True, slots=True)
class Reachable:
    """Who is there, and whether all hangs on one person."""

    contacts: list[Contact]
    hangs_on_one: bool


def reachable(organization: Organization, today: date) -> Reachable:
    contacts = present_contacts(organization, today)
    with_mail = [contact for contact in contacts if contact.email and contact.undeliverable_on is None]
    return Reachable(contacts, len(with_mail) == 1)


def main_contact(cards: list[RoleCard]) -> Contact | None:
    """Whom to call first: who is main contact now."""
    now = (
        line.contact
        for card in cards
        if card.kind == RoleKind.PRIMARY
        for line in card.holders
        if line.look == "now"
    )
    return next(now, None)
