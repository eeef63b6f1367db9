"""The day of entry: the spreadsheet of years goes in, through the same actions that the screens use."""

from __future__ import annotations

from datetime import date
from typing import Any

from prm.accounts import actions as accounts
from prm.accounts.queries import user_by_email
from prm.agreements import actions as agreements
from prm.agreements.models import Agreement
from prm.capacity.actions import answer, pause
from prm.exchange.demo.coalition import COLLEAGUES
from prm.exchange.demo.shapes import Lesson, Paper, Partner, Person, Rest, Said
from prm.exchange.demo.world import World
from prm.partners import actions as partners
from prm.rules.dates import ONE_DAY, add_months, term_end
from prm.training import actions as training
from prm.vocabulary.queries import term


def enter_colleagues(world: World) -> None:
    """Add our side, without passwords: nobody can sign in before somebody says who. Whoever is here already stays."""
    for colleague in COLLEAGUES:
        world.users[colleague.key] = user_by_email(colleague.email) or accounts.add_user(
            email=colleague.email, name=colleague.name, role=colleague.role, now=world.when()["now"]
        )


def enter_partner(world: World, partner: Partner) -> None:
    """Add one organization with its people, who keeps it, how often it is trained, and what it is to us."""
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
        county=partner.county,
        phone=next((person.phone for person in partner.people if person.phone), ""),
        is_demo=True,
        by=by,
        **since,
        **partner.facts,
        **when,
    )
    world.organizations[partner.key] = organization
    if partner.former is not None:
        first_day = world.day(partner.former)
        partners.set_standing(organization, status="former", since=first_day, by=by, **when)
    for person in partner.people:
        enter_person(world, partner, person)
    partners.assign_owner(organization, by, by=by, **when)
    partners.assign_deputy(organization, world.users[partner.deputy], by=by, **when)
    if partner.rhythm or partner.no_training:
        training.set_cadence(
            organization, every_months=partner.rhythm, reason=partner.no_training, by=by, **when
        )


def enter_person(world: World, partner: Partner, person: Person) -> None:
    """Add one contact with the roles they hold, and let them take over from whom they follow."""
    by, when = world.users[partner.owner], world.when()
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
        since=world.day(partner.since if person.since is None else person.since),
        by=by,
        **when,
    )
    if person.follows:
        before = next(one for one in partner.people if one.name == person.follows)
        last_day = world.day(before.left or 0)
        old, new = world.people[before.name], world.people[person.name]
        partners.replace_contact(old, successor=new, last_day=last_day, by=by, **when)


def enter_talk(world: World, said: Said) -> None:
    """Write down one conversation: on its own day where that was before entry, else on the day that is told."""
    partners.record_talk(
        world.organizations[said.partner],
        happened_on=world.working_in_the_past(said.day),
        interaction=term("interaction", said.kind),
        contact=world.people[said.person] if said.person else None,
        note=said.note,
        two_way=said.two_way,
        by=world.owner(said.partner),
        **world.when(),
    )


def enter_paper(world: World, paper: Paper) -> None:
    """Write one agreement down as it stands on the day of entry, with the terms before it."""
    first, *later = _terms(world, paper)
    starts_on, expires_on, signed_on = first
    organizations = [world.organizations[key] for key in paper.parties]
    by, when = world.owner(paper.parties[0]), world.when()
    agreement: Agreement = agreements.enter_agreement(
        kind=term("agreement_kind", paper.kind),
        title=paper.title,
        term=paper.term,
        parties=[agreements.Signer(one, signed_on=signed_on) for one in (None, *organizations)],
        starts_on=starts_on,
        expires_on=expires_on,
        months=paper.months,
        notes="" if paper.ended else paper.notes,
        by=by,
        **when,
    )
    for _starts_on, until, signed in later:
        agreement = agreements.renew(agreement, expires_on=until, signed_on=signed, by=by, **when)
    if paper.ended is not None:
        agreements.end(agreement, ended_on=world.day(paper.ended), note=paper.notes, by=by, **when)
    world.agreements[paper.key] = agreement


def enter_rest(world: World, rest: Rest) -> None:
    """Record one pause and, of one that is over, that they said so on their day."""
    organization, by, when = world.organizations[rest.partner], world.owner(rest.partner), world.when()
    here = organization.contacts.filter(left_on__isnull=True).order_by("pk")
    declared_by = world.people[rest.person] if rest.person else here.first()
    world.pauses[rest.key] = row = pause(
        organization,
        scope=rest.scope,
        service=rest.service,
        effect=rest.effect,
        reach=rest.reach,
        starts_on=world.day(rest.starts),
        ends_on=None if rest.ends is None else world.week.on_or_before(world.day(rest.ends)),
        months=rest.months,
        reason=rest.reason,
        declared_by=declared_by,
        by=by,
        **when,
    )
    if rest.back is not None:
        said_on = world.working_in_the_past(rest.back)
        answer(row, answer="back", contact=declared_by, by=by, now=when["now"], today=said_on)


def enter_lesson(world: World, lesson: Lesson) -> None:
    """Type in the sheet of a session that was held before anybody used this list."""
    plan_lesson(world, lesson, world.working_in_the_past(lesson.day))
    enter_sheet(world, lesson)


def plan_lesson(world: World, lesson: Lesson, day: date) -> None:
    """Plan a session on a day, at its hour."""
    starts_at = world.at(lesson.starts, day)
    world.sessions[lesson.key] = training.plan_session(
        title=lesson.title,
        starts_at=starts_at,
        ends_at=starts_at + lesson.length,
        place=lesson.place,
        **world.when(),
    )


def enter_sheet(world: World, lesson: Lesson) -> None:
    """Write down who came: by name, and how many more of each organization."""
    training.record_attendance(
        world.sessions[lesson.key],
        contacts=[world.people[name] for names, _more in lesson.came.values() for name in names],
        counts={world.organizations[key]: more for key, (_names, more) in lesson.came.items()},
        by=world.owner(lesson.host or next(iter(lesson.came))),
        **world.when(),
    )


def _terms(world: World, paper: Paper) -> list[tuple[date | None, date | None, date | None]]:
    """Return first day, last valid day and day of signing of a paper, for each of its terms."""
    if paper.draft:
        return [(None, None, None)]
    if paper.review is not None:
        signed_on = world.working_in_the_past_on(add_months(world.day(paper.review), -12))
        return [(signed_on, None, signed_on)]
    if paper.ends is None:
        return [(None, None, world.working_in_the_past(paper.signed or 0))]
    months, last_day = paper.months or 12, world.day(paper.ends)
    starts_on = add_months(last_day + ONE_DAY, -months * paper.terms)
    found: list[tuple[date | None, date | None, date | None]] = []
    for number in range(1, paper.terms + 1):
        until = last_day if number == paper.terms else term_end(starts_on, months)
        signed_on = world.working_in_the_past_on(starts_on)
        if number == paper.terms and paper.signed is not None:
            signed_on = world.working_in_the_past(paper.signed)
        found.append((starts_on, until, signed_on))
        starts_on = until + ONE_DAY
    return found
