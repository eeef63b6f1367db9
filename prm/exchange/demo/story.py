"""What happened since the day of entry, chapter by chapter: (days from today, what people did on that day)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from prm.agreements import actions as agreements
from prm.capacity import actions as capacity
from prm.exchange.demo import learning, promising, voices
from prm.exchange.demo.entering import enter_rest, enter_talk
from prm.exchange.demo.rests import RESTS
from prm.exchange.demo.shapes import Said
from prm.exchange.demo.talks import TALKS
from prm.exchange.demo.world import ENTERED, World
from prm.partners import actions as partners
from prm.training import actions as training
from prm.vocabulary.queries import term

Chapter = Callable[[World], None]


def chapters(world: World) -> Iterator[tuple[date, Chapter]]:
    """Yield every chapter with the working day on which it happened, in order."""
    told = [(days, world.working(days), chapter) for days, chapter in (*STORY, *promising.CHAPTERS)]
    told += [(rest.told, world.working(rest.told), _resting(rest.key)) for rest in RESTS if rest.told]
    told += [(said.day, world.working(said.day), _saying(said)) for said in TALKS if said.day > -ENTERED.days]
    told += [((day - world.today).days, day, chapter) for day, chapter in learning.chapters(world)]
    for _days, day, chapter in sorted(told, key=lambda one: (one[1], one[0])):
        yield day, chapter


def _resting(key: str) -> Chapter:
    rest = next(rest for rest in RESTS if rest.key == key)
    return lambda world: enter_rest(world, rest)


def _saying(said: Said) -> Chapter:
    return lambda world: enter_talk(world, said)


def send_alder_street_for_signature(world: World) -> None:
    paper, by = world.agreements["alderstreet"], world.users["rosa"]
    agreements.send_for_signature(paper, by=by, **world.when())


def send_growers_for_signature(world: World) -> None:
    paper, by = world.agreements["growers"], world.users["nadia"]
    agreements.send_for_signature(paper, by=by, **world.when())


def sign_our_side(world: World) -> None:
    """Our own signature comes first; theirs is still missing."""
    ours = world.agreements["alderstreet"].parties.get(organization=None)
    agreements.sign(
        ours,
        signed_on=world.told,
        signatory_name=world.users["director"].name,
        by=world.users["rosa"],
        **world.when(),
    )


def renew_with_northgate(world: World) -> None:
    paper = world.agreements["northgate"]
    agreements.renew(paper, signed_on=world.told, by=world.users["rosa"], **world.when())


def send_renewal_to_workers(world: World) -> None:
    """The old term stays as it is until the last signature is there; ours comes a few days later."""
    world.agreements["workers-next"] = agreements.renew(
        world.agreements["workers"], signed=False, by=world.users["ben"], **world.when()
    )


def sign_renewal_with_workers(world: World) -> None:
    ours = world.agreements["workers-next"].parties.get(organization=None)
    name, by = world.users["director"].name, world.users["ben"]
    agreements.sign(ours, signed_on=world.told, signatory_name=name, by=by, **world.when())


def schools_join_the_protocol(world: World) -> None:
    agreements.join(
        world.agreements["protocol"],
        world.organizations["lakeshore-schools"],
        signed_on=world.told,
        signatory_name="Howard Tate",
        by=world.users["ben"],
        **world.when(),
    )


def credit_union_signs_a_letter(world: World) -> None:
    """The draft is given up; a letter of commitment takes its place, signed by both."""
    by, when = world.users["nadia"], world.when()
    note = "Their board prefers a letter."
    agreements.withdraw(world.agreements["creditunion"], note=note, by=by, **when)
    both = (None, world.organizations["creditunion"])
    agreements.enter_agreement(
        kind=term("agreement_kind", "letter_of_commitment"),
        title="Coaching and first accounts",
        term="evergreen",
        parties=[agreements.Signer(one, signed_on=world.told) for one in both],
        starts_on=world.told,
        by=by,
        **when,
    )


def mill_race_closes(world: World) -> None:
    organization, by = world.organizations["millrace"], world.users["ben"]
    note = "The practice closes."
    agreements.end(world.agreements["millrace"], note=note, by=by, **world.when())
    partners.set_standing(organization, status="former", by=by, **world.when())


def owen_hands_over(world: World) -> None:
    """Owen tells us in time who follows him."""
    world.people["Dana Whitlock"] = partners.replace_contact(
        world.people["Owen Pratt"],
        name="Dana Whitlock",
        email="d.whitlock@workforce.example.org",
        title="Career coach",
        phone="555-0159",
        last_day=world.told + timedelta(7),
        note="Owen moves to another state.",
        by=world.users["ben"],
        **world.when(),
    )


def marion_leaves(world: World) -> None:
    """Nobody follows Marion, so the pantry's roles are vacant."""
    marion = world.people["Marion Vance"]
    partners.note_leaving(marion, last_day=world.told, by=world.users["ben"], **world.when())


def mail_to_peter_came_back(world: World) -> None:
    """Ben saw in the outbox that a mail had come back, and says so at the contact."""
    peter, when = world.people["Peter Lang"], world.when()
    partners.mark_undeliverable(peter, on=when["today"], now=when["now"], by=world.users["ben"])


def nadia_takes_over_casa_abierta(world: World) -> None:
    casa, rosa, nadia = world.organizations["casaabierta"], world.users["rosa"], world.users["nadia"]
    partners.assign_owner(casa, nadia, by=rosa, **world.when())


def legal_aid_trains_itself(world: World) -> None:
    training.set_cadence(
        world.organizations["harborlight"],
        every_months=None,
        reason="Their own continuing education covers it.",
        by=world.users["rosa"],
        **world.when(),
    )


def schools_train_twice_a_year(world: World) -> None:
    schools, by = world.organizations["lakeshore-schools"], world.users["ben"]
    training.set_cadence(schools, every_months=6, by=by, **world.when())


def child_services_need_longer(world: World) -> None:
    until = world.week.on_or_before(world.day(12))
    capacity.extend(world.pauses["childfamily"], ends_on=until, by=world.users["ben"], **world.when())


def recovery_ranch_is_back_early(world: World) -> None:
    capacity.resume(world.pauses["recovery"], by=world.users["nadia"], **world.when())


STORY: tuple[tuple[int, Chapter], ...] = (
    (-43, legal_aid_trains_itself),
    (-43, schools_train_twice_a_year),
    (-41, send_alder_street_for_signature),
    (-40, sign_our_side),
    (-36, marion_leaves),
    (-33, nadia_takes_over_casa_abierta),
    (-30, mill_race_closes),
    (-28, mail_to_peter_came_back),
    (-25, owen_hands_over),
    (-22, child_services_need_longer),
    (-19, renew_with_northgate),
    (-15, credit_union_signs_a_letter),
    (-13, send_renewal_to_workers),
    (-12, schools_join_the_protocol),
    (-11, recovery_ranch_is_back_early),
    (-9, sign_renewal_with_workers),
    (-6, send_growers_for_signature),
    (-2, voices.joyce_renews_as_it_is),
    (-1, voices.sorrel_flats_is_full),
    (-1, voices.lucia_says_that_she_leaves),
    (-1, voices.simone_has_another_phone),
)
