"""What chance gives an invented organization: its facts, people, papers, pauses, trainings and talks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from prm.accounts.models import User
from prm.agreements.actions import NewAgreement, Signer
from prm.agreements.models import AgreementTerm
from prm.capacity.actions import NewPause
from prm.exchange.demo.names import Named, person
from prm.exchange.demo.shapes import DOMAIN
from prm.partners.actions import NewAssignment, NewContact, NewOrganization, NewTalk
from prm.partners.models import AssignmentKind, Contact, Organization, Status
from prm.rules.dates import ONE_DAY, add_months, term_end
from prm.training.actions import LastTraining, NewCadence
from prm.vocabulary.models import Term

FIRST_ROLES = ("primary", "notice", "training", "intake")
ALONE_ROLES = (*FIRST_ROLES, "signatory")
TITLES = ("Director", "Coordinator", "Program manager", "Outreach lead", "Case manager", "Chief of staff", "")
APPROVERS = (
    ("", None),
    ("", None),
    ("Board of directors", 45),
    ("City council", 60),
    ("County commission", 120),
)
KINDS = (
    "mou",
    "mou",
    "mou",
    "moa",
    "interagency_agreement",
    "letter_of_commitment",
    "data_sharing",
    "informal",
)
REASONS = (
    "Short of staff until the new year’s money comes.",
    "They are moving to another building.",
    "Full until the new shelter opens.",
    "The coordinator is on family leave.",
)
SAID = (
    "They would like a session for the night shift.",
    "Asked for our new referral form.",
    "All well; talk again in spring.",
    "Their board wants to see last year’s numbers.",
    "",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What all invented organizations share: the day, our people and the shared words by list and key."""

    today: date
    keepers: tuple[User, ...]
    terms: dict[tuple[str, str], Term]

    def ago(self, days: int) -> date:
        """Return the day so many days ago; minus is to come."""
        return self.today - timedelta(days)


class Chance(Random):
    """A seeded chance with the questions that are asked here."""

    def one_in(self, number: int) -> bool:
        return self.randrange(number) == 0


def new_organization(chance: Chance, scene: Scene, named: Named) -> NewOrganization:
    """Most are active, some hoped for, a few over; some stand under an approving body, a few are confidential."""
    status = chance.choices((Status.ACTIVE, Status.PROSPECT, Status.FORMER), (88, 8, 4))[0]
    approval_body, lead_days = chance.choice(APPROVERS)
    hidden = named.trade.sector == "dv_sa" and chance.one_in(2)
    facts: dict[str, Any] = {
        "sector": scene.terms["sector", named.trade.sector],
        "partnership_kind": scene.terms["partnership_kind", named.trade.kind],
        "direction": chance.choice(("one_way", "two_way")),
        "city": "" if hidden else named.city,
        "county": named.county,
        "phone": _phone(chance),
        "approval_body": approval_body,
        "approval_lead_days": lead_days,
        "confidential": hidden,
        "visibility": "need_to_know" if hidden else "internal",
        "partner_since": None if status == Status.PROSPECT else scene.ago(chance.randint(60, 3000)),
        "is_demo": True,
    }
    return NewOrganization(named.name, status=status, facts=facts)


def new_keepers(chance: Chance, scene: Scene, organization: Organization) -> Iterator[NewAssignment]:
    """Nearly every organization has an owner, every second a deputy."""
    owner, deputy = chance.sample(scene.keepers, 2)
    if not chance.one_in(50):
        yield NewAssignment(organization, owner, AssignmentKind.OWNER)
    if chance.one_in(2):
        yield NewAssignment(organization, deputy, AssignmentKind.DEPUTY)


def new_contacts(chance: Chance, scene: Scene, organization: Organization) -> Iterator[NewContact]:
    """One to three people, who have been there for a while; the first holds what mail is about."""
    since = scene.ago(chance.randint(60, 1500))
    count = chance.choices((1, 2, 3), (30, 50, 20))[0]
    yield _contact(chance, organization, ALONE_ROLES if count == 1 else FIRST_ROLES, since, number=1)
    if count > 1:
        yield _contact(chance, organization, ("signatory", "executive"), since, number=2, may_commit=True)
    if count > 2:
        yield _contact(
            chance, organization, chance.choice((("front_desk",), ("after_hours",), ())), since, number=3
        )


def _contact(
    chance: Chance,
    organization: Organization,
    roles: tuple[str, ...],
    since: date,
    *,
    number: int,
    **facts: Any,
) -> NewContact:
    name = person(chance)
    at = f"{name.lower().replace(' ', '.')}{number}"
    facts |= {
        "title": chance.choice(TITLES),
        "email": "" if chance.one_in(25) else f"{at}@{organization.slug[:60].strip('-')}.{DOMAIN}",
        "phone": _phone(chance),
        "languages": ["es"] if chance.one_in(20) else ["en"],
        "discreet": organization.confidential,
    }
    return NewContact(organization, name, roles, since, facts)


def new_agreements(
    chance: Chance, scene: Scene, organization: Organization, status: str
) -> Iterator[NewAgreement]:
    """Nothing, a draft, something to be signed, in force for a while, expired unseen, or without an end."""
    if status == Status.PROSPECT:
        if chance.one_in(2):
            yield _paper(chance, scene, organization, "fixed", months=12)
        return
    if status == Status.FORMER or chance.one_in(12):
        return
    form = chance.choices(
        ("fixed", "evergreen", "from_last_signature", "awaiting", "draft"), (62, 14, 12, 7, 5)
    )[0]
    if form == "fixed":
        yield _fixed(chance, scene, organization)
    elif form == "evergreen":
        signed_on = scene.ago(chance.randint(20, 1500))
        yield _paper(chance, scene, organization, form, signed_on=signed_on, starts_on=signed_on)
    elif form == "from_last_signature":
        months = chance.choice((24, 36, 60))
        signed_on = scene.ago(chance.randint(10, months * 30 + 40))
        yield _paper(chance, scene, organization, form, signed_on=signed_on, months=months)
    else:
        sent_on = scene.ago(chance.randint(3, 80)) if form == "awaiting" else None
        yield _paper(chance, scene, organization, "from_last_signature", months=24, sent_on=sent_on)
    if chance.one_in(12):
        yield _fixed(chance, scene, organization)


def _fixed(chance: Chance, scene: Scene, organization: Organization) -> NewAgreement:
    months, left = chance.choice((12, 24, 36)), chance.randint(-60, 330)
    starts_on = add_months(scene.ago(-left) + ONE_DAY, -months)
    signed_on = min(starts_on - timedelta(chance.randint(0, 20)), scene.today)
    end = term_end(starts_on, months)
    return _paper(
        chance, scene, organization, "fixed", signed_on=signed_on, starts_on=starts_on, expires_on=end
    )


def _paper(
    chance: Chance,
    scene: Scene,
    organization: Organization,
    term: str,
    *,
    signed_on: date | None = None,
    **facts: Any,
) -> NewAgreement:
    kind = scene.terms["agreement_kind", chance.choice(KINDS)]
    parties = [Signer(side, signed_on=signed_on) for side in (None, organization)]
    title = f"{kind.label.partition(' (')[0]} with {organization.name}"
    return NewAgreement(kind, title, AgreementTerm(term), parties, **facts)


def new_pauses(chance: Chance, scene: Scene, contact: Contact) -> Iterator[NewPause]:
    """Every eighth breathes: over since, now with and without a known end, or soon."""
    if not chance.one_in(8):
        return
    starts = chance.choice((chance.randint(30, 200), chance.randint(30, 200), -chance.randint(5, 60)))
    ends = chance.choice((None, starts - chance.randint(20, 29), -chance.randint(61, 150)))
    scope = chance.choice(("referrals", "referrals", "training", "all", "service"))
    yield NewPause(
        contact.organization,
        scope,
        scene.ago(starts),
        None if ends is None else scene.ago(ends),
        service="Emergency beds" if scope == "service" else "",
        effect=chance.choice(("closed", "closed", "limited", "waiting_list")),
        reach=chance.choice(("us", "us", "everyone")),
        reason=chance.choice(REASONS),
        declared_by=contact,
    )


def new_rhythms(chance: Chance, organization: Organization) -> Iterator[NewCadence]:
    """How often they want training; some want none, some were not asked."""
    if chance.one_in(25):
        yield NewCadence(organization, None, reason="They train their people themselves.")
    elif not chance.one_in(6):
        yield NewCadence(organization, chance.choice((6, 12, 12, 12, 24)))


def known_trainings(chance: Chance, scene: Scene, organization: Organization) -> Iterator[LastTraining]:
    """Days of trainings that are known from before."""
    for _time in range(chance.choices((0, 1, 2), (35, 45, 20))[0]):
        yield LastTraining(organization, scene.ago(chance.randint(40, 900)))


def new_talks(chance: Chance, scene: Scene, contact: Contact) -> Iterator[NewTalk]:
    """Up to three talks of the last year, most of them with the main contact."""
    for _time in range(chance.choices((0, 1, 2, 3), (15, 40, 30, 15))[0]):
        kind = chance.choice(("call", "email", "visit", "meeting", "capacity_check"))
        yield NewTalk(
            contact.organization,
            scene.ago(chance.randint(1, 365)),
            two_way=not chance.one_in(6),
            interaction=scene.terms["interaction", kind],
            contact=None if chance.one_in(4) else contact,
            note=chance.choice(SAID),
        )


def _phone(chance: Chance) -> str:
    return f"555-01{chance.randint(0, 99):02}"
