"""The sides of an agreement: who signed when, who is waited for, and who of them a reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from prm.accounts.access import Reader, role_of
from prm.agreements.models import Agreement, Party, Signature
from prm.agreements.queries import last_day
from prm.partners.models import Organization
from prm.rules.access import With, may_with, tier_of
from prm.rules.facts import Contact, People
from prm.rules.succession import holders, our_recipients, reachable
from prm.web.staff.badges import with_body
from prm.web.words import plain_day, short_day


@dataclass(frozen=True, slots=True)
class Side:
    """One party for the eye. `slug` leads to its page where the reader may see it; `waits` names its board."""

    party: Party
    name: str
    slug: str
    signed: bool
    words: str
    waits: str = ""
    own_end: date | None = None


def sides(agreement: Agreement, reader: Reader, today: date) -> list[Side]:
    """The parties of an agreement, the original circle first; its parties and their organizations are at hand."""
    return [_side(agreement, party, reader, today) for party in agreement.parties.all()]


def _side(agreement: Agreement, party: Party, reader: Reader, today: date) -> Side:
    organization = party.organization
    seen = organization is None or may_see(organization, reader)
    name = name_of(party) if seen else _("Another partner")
    own = last_day(party)
    return Side(
        party=party,
        name=name,
        slug=organization.slug if organization is not None and seen else "",
        signed=party.signature == Signature.SIGNED,
        words=_words(party, today, seen=seen),
        waits=_("With %s") % party.approval_body if with_body(party) and seen else "",
        own_end=own if not party.original and own != agreement.expires_on else None,
    )


def may_see(organization: Organization, reader: Reader) -> bool:
    """Whether a reader may see an organization that is read already."""
    tier = tier_of(organization.visibility, confidential=organization.confidential)
    return may_with(role_of(reader), With.SEE, tier)


def name_of(party: Party) -> str:
    """A party by its name; ours is told as such."""
    return party.organization.name if party.organization is not None else _("Our program")


def notice_by(agreement: Agreement, shown: Iterable[Side]) -> str:
    """Who gave notice, as the reader may know it."""
    hidden = {one.party.organization.name for one in shown if one.party.organization and not one.slug}
    return _("Another partner") if agreement.notice_by in hidden else agreement.notice_by


def _words(party: Party, today: date, *, seen: bool) -> str:
    if party.signature != Signature.SIGNED:
        return _waiting(party, today, seen=seen)
    who = party.signatory_name if seen else ""
    if party.signed_on is None:
        return _("Signed by %s, day not known") % who if who else _("Signed, day not known")
    words = {"who": who, "day": plain_day(party.signed_on)}
    return _("Signed by %(who)s on %(day)s") % words if who else _("Signed on %(day)s") % words


def _waiting(party: Party, today: date, *, seen: bool) -> str:
    if not seen or not party.approval_body:
        return _("Has not signed yet")
    words = {"body": party.approval_body, "day": short_day(party.approved_on or party.before_body_on, today)}
    if party.approved_on is not None:
        return _("Has not signed yet; %(body)s agreed on %(day)s") % words
    return _("With %(body)s since %(day)s") % words


def keepers_of(told: People, today: date) -> str:
    """Who of ours hears about it first."""
    return ", ".join(person.name for person in our_recipients(told, ("owner",), today, stand_ins=False))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a role that a renewal needs: with `trouble` where mail does not reach them."""

    contact: Contact
    trouble: str = ""


def who_has(told: People, role: str, today: date) -> list[Holder]:
    """Who holds a role on a day, and whether mail about agreements reaches them."""
    return [Holder(one, _trouble(one, today)) for one in holders(told, role, today)]


def _trouble(contact: Contact, today: date) -> str:
    if contact.left_on is not None:
        return _("has left") if contact.left_on < today else _("leaves on %s") % plain_day(contact.left_on)
    if reachable(contact, today, "renewal"):
        return ""
    if not contact.address:
        return _("has no e-mail address here")
    return _("mail came back") if contact.undeliverable else _("wants no mail about agreements")
