"""A partner's page: what comes next and what happened on one thread; people, agreement and pauses beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.agreements.queries import last_day, telling
from prm.capacity.models import Pause
from prm.desk import said
from prm.partners.models import AssignmentKind, Consent, Organization, Status
from prm.partners.queries import holding_on, notice_is_stale
from prm.training.queries import last_trained
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff
from prm.web.staff.badges import (
    Badge,
    agreement_badge,
    agreement_state,
    capacity_badges,
    next_review,
    stale_badge,
)
from prm.web.staff.change import organization_or_404
from prm.web.staff.composer import blank
from prm.web.staff.facts_edit import facts_of
from prm.web.staff.links import holders
from prm.web.staff.organization_facts import standings
from prm.web.staff.past import page_of, past, shown
from prm.web.staff.pauses import breaths
from prm.web.staff.people import main_contact, reachable, role_cards
from prm.web.staff.promises import cards as promise_cards
from prm.web.staff.rules_page import own_rules
from prm.web.staff.statements import Card, cards
from prm.web.staff.story import coming

LIVE = (AgreementStatus.IN_FORCE, AgreementStatus.AWAITING, AgreementStatus.DRAFT)


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement as this partner has it."""

    agreement: Agreement
    badge: Badge
    last_day: date | None
    review: date | None
    signed: int
    parties: int
    may_renew: bool


@staff
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/`; `?show=` narrows what happened, `?all=1` shows 50 lines of it, `?all=2` those before."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    today = frame.today
    reader: Any = request.user
    story = past(organization, frame, reader, show=shown(request), page=page_of(request))
    if request.headers.get("X-Part") == "past":  # a script that has the rest of the page already
        return render(request, "staff/partner_past.html", {"organization": organization, "past": story})
    papers = _parties(organization)
    pauses, shown_pauses = breaths(organization, today)
    standing = _standing(organization, today)
    known_roles = role_cards(organization, today)
    former = standing == str(Status.FORMER.label)
    stale = _in_force(papers) and notice_is_stale(organization, today)
    context = {
        "said": _said(organization, frame),
        "promises": promise_cards(organization, frame),
        "link_holders": holders(organization, frame),
        "consent": consent_on(organization, today),
        "stale": stale,
        "organization": organization,
        "keepers": keepers(organization, today),
        "standing": standing,
        "badges": [*_badges(papers, pauses, today, former=former), *([stale_badge()] if stale else [])],
        "coming": coming(organization, frame, reader),
        "past": story,
        "composer": blank(organization, frame) if frame.may_change else None,
        "cards": known_roles,
        "main_contact": main_contact(known_roles),
        "people": reachable(organization, today),
        "papers": [_paper(party, today) for party in papers if party.agreement.status in LIVE],
        "earlier": [party.agreement for party in papers if party.agreement.status not in LIVE],
        "breaths": shown_pauses,
        "facts": facts_of(organization, frame),
        "last_training": last_trained(organization),
        "own_rules": own_rules(organization),
        "cadence": getattr(organization, "cadence", None),
    }
    return render(request, "staff/partner.html", context)


def _said(organization: Organization, frame: Frame) -> list[Card]:
    """What waits for us, then what was settled today and can be undone."""
    morning = datetime.combine(frame.now.astimezone(frame.program_zone).date(), time.min, frame.program_zone)
    waiting = said.open_statements().filter(organization=organization)
    settled = said.settled_since(morning).filter(organization=organization)
    return cards([*said.told(waiting), *said.told(settled)], frame, back="partner")


def _in_force(papers: list[Party]) -> bool:
    return any(party.agreement.status == AgreementStatus.IN_FORCE for party in papers)


def consent_on(organization: Organization, today: date) -> Consent | None:
    """The consent to be listed that counts on a day."""
    given = organization.consents.filter(withdrawn_at__isnull=True, given_on__lte=today, ends_on__gte=today)
    return given.order_by("-ends_on").first()


def _parties(organization: Organization) -> list[Party]:
    found = organization.agreement_parties.select_related("agreement__kind", "agreement__renewed_by")
    found = found.prefetch_related("agreement__reviews", "agreement__parties")
    return list(found.order_by("-agreement__entered_at", "-agreement_id"))


def keepers(organization: Organization, today: date) -> str:
    """ "Kept by Ruth Okafor, deputy Daniel Reyes.\""""
    rows = organization.assignments.filter(holding_on(today)).select_related("user")
    names = {row.kind: row.user.name for row in rows}
    owner, deputy = names.get(AssignmentKind.OWNER), names.get(AssignmentKind.DEPUTY)
    if owner and deputy:
        return _("Kept by %(owner)s, deputy %(deputy)s.") % {"owner": owner, "deputy": deputy}
    if owner:
        return _("Kept by %s.") % owner
    return _("Nobody keeps this partnership yet.")


def _standing(organization: Organization, today: date) -> str:
    holding = (one for one in standings(organization) if one.since <= today and (one.until or today) >= today)
    status = next((one.status for one in holding), "")
    return str(Status(status).label) if status and status != Status.ACTIVE else ""


def _badges(papers: list[Party], pauses: list[Pause], today: date, *, former: bool) -> list[Badge]:
    """What they can take and how the agreement stands; of a former partner nobody asks whether it is open."""
    told = telling(papers)
    agreement = agreement_badge(told, today) if told else Badge("planned", "slash-circle", _("No agreement"))
    return [agreement] if former else [*capacity_badges(pauses, today), agreement]


def _paper(party: Party, today: date) -> Paper:
    agreement = party.agreement
    parties = [one for one in agreement.parties.all() if one.original]
    signed = [one for one in parties if one.signature == Signature.SIGNED]
    in_force = agreement.status == AgreementStatus.IN_FORCE
    evergreen = in_force and agreement.term == AgreementTerm.EVERGREEN
    return Paper(
        agreement=agreement,
        badge=agreement_state(party, today),
        last_day=last_day(party),
        review=next_review(agreement) if evergreen else None,
        signed=len(signed),
        parties=len(parties),
        may_renew=in_force and getattr(agreement, "renewed_by", None) is None,
    )
