"""The day of entry: the spreadsheet of years goes in, through the same actions that the screens use."""

from __future__ import annotations

from datetime import date
from typing import Any

from prm.accounts import actions as accounts
from prm.accounts.queries import user_by_email
from prm.agreements.actions import Signer, enter_agreement
from prm.capacity.actions import pause
from prm.exchange.demo.coalition import COLLEAGUES
from prm.exchange.demo.shapes import Paper, Partner, Person, Rest
from prm.exchange.demo.world import World
from prm.partners import actions as partners
from prm.rules.dates import ONE_DAY, add_months
from prm.training.actions import note_last_training
from prm.vocabulary.queries import term


def enter_colleagues(world: World) -> None:
    """Add our side, without passwords: nobody can sign in before somebody says who. Whoever is here already stays."""
    for colleague in COLLEAGUES:
        world.users[colleague.key] = user_by_email(colleague.email) or accounts.add_user(
            email=colleague.email, name=colleague.name, role=colleague.role, now=world.when()["now"]
        )


def enter_partner(world: World, partner: Partner) -> None:
    """Add one organization with its people, who keeps it, its last talk and its last training."""
    when, by = world.when(), world.users[partner.owner]
    since: dict[str, Any] = (
        {} if partner.status == "prospect" else {"partner_since": world.day(partner.since)}
    )
    organization = partners.add_organization(
        name=partner.name,
        status=partner.status,
        sector=term("sector", partner.sector),
        partnership_kind=term("partnership_kind", partner.kind),
        city=partner.city,
        county="Corran",
        phone=partner.people[0].phone,
        is_demo=True,
        by=by,
        **since,
        **partner.facts,
        **when,
    )
    world.organizations[partner.key] = organization
    for person in partner.people:
        enter_person(world, partner, person)
    partners.assign_owner(organization, by, by=by, **when)
    partners.assign_deputy(organization, world.users[partner.deputy], by=by, **when)
    _enter_history(world, partner)


def _enter_history(world: World, partner: Partner) -> None:
    """Add what was known before entry: the last talk and the last training."""
    organization, when = world.organizations[partner.key], world.when()
    by = world.users[partner.owner]
    if partner.talk is not None:
        days, kind, note = partner.talk
        partners.record_talk(
            organization,
            happened_on=world.working_in_the_past(days),
            interaction=term("interaction", kind),
            contact=world.people[partner.people[0].name],
            note=note,
            by=by,
            **when,
        )
    if partner.trained is not None:
        attended_on = world.working_in_the_past(partner.trained)
        note_last_training(
            organization, attended_on=attended_on, entered_on=world.told, now=when["now"], by=by
        )


def enter_person(world: World, partner: Partner, person: Person) -> None:
    """Add one contact with the roles they hold."""
    world.people[person.name] = partners.add_contact(
        world.organizations[partner.key],
        name=person.name,
        title=person.title,
        email=f"{person.at}@{partner.domain}" if person.at else "",
        phone=person.phone,
        languages=list(person.languages),
        discreet=person.discreet,
        may_commit=person.may_commit,
        roles=person.roles,
        by=world.users[partner.owner],
        **world.when(),
    )


def enter_paper(world: World, paper: Paper) -> None:
    """Write one agreement down as it stands on the day of entry."""
    starts_on, expires_on, signed_on = _dates(world, paper)
    organizations = [world.organizations[key] for key in paper.parties]
    world.agreements[paper.key] = enter_agreement(
        kind=term("agreement_kind", paper.kind),
        title=paper.title,
        term=paper.term,
        parties=[Signer(organization, signed_on=signed_on) for organization in (None, *organizations)],
        starts_on=starts_on,
        expires_on=expires_on,
        months=paper.months,
        notes=paper.notes,
        by=world.owner(paper.parties[0]),
        **world.when(),
    )


def enter_rest(world: World, rest: Rest) -> None:
    """Record one pause; the first contact of the organization said so."""
    organization = world.organizations[rest.partner]
    world.pauses[rest.key] = pause(
        organization,
        scope=rest.scope,
        service=rest.service,
        effect=rest.effect,
        reach=rest.reach,
        starts_on=world.day(rest.starts),
        ends_on=None if rest.ends is None else world.week.on_or_before(world.day(rest.ends)),
        months=rest.months,
        reason=rest.reason,
        declared_by=organization.contacts.order_by("pk").first(),
        by=world.owner(rest.partner),
        **world.when(),
    )


def _dates(world: World, paper: Paper) -> tuple[date | None, date | None, date | None]:
    """Return first day, last valid day and day of signing of a paper."""
    if paper.draft:
        return None, None, None
    if paper.review is not None:
        signed_on = add_months(world.day(paper.review), -12)
        return signed_on, None, signed_on
    if paper.ends is None:
        return None, None, world.day(paper.signed or 0)
    expires_on = world.day(paper.ends)
    starts_on = add_months(expires_on + ONE_DAY, -(paper.months or 12))
    return starts_on, expires_on, world.day(paper.signed) if paper.signed else starts_on
