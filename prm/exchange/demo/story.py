"""What happened since the day of entry, chapter by chapter: (days from today, what people did on that day)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from prm.agreements import actions as agreements
from prm.exchange.demo.entering import enter_rest
from prm.exchange.demo.papers import RESTS
from prm.exchange.demo.world import World
from prm.partners import actions as partners
from prm.training import actions as training
from prm.vocabulary.queries import term

Chapter = Callable[[World], None]
HELD, SOON, CANCELLED = "held", "soon", "cancelled"


def chapters(world: World) -> Iterator[tuple[date, Chapter]]:
    """Yield every chapter with the working day on which it happened, in order."""
    told = [(world.working(days), chapter) for days, chapter in STORY]
    told.append((world.week.after(_session_held_on(world)), write_down_who_came))
    told += [(world.working(rest.told), _resting(rest.key)) for rest in RESTS if rest.told is not None]
    yield from sorted(told, key=lambda pair: pair[0])


def _session_held_on(world: World) -> date:
    return world.working(-27)


def _resting(key: str) -> Chapter:
    rest = next(rest for rest in RESTS if rest.key == key)
    return lambda world: enter_rest(world, rest)


def _talk(key: str, kind: str, note: str, *, two_way: bool = True, person: str = "") -> Chapter:
    def said(world: World) -> None:
        partners.record_talk(
            world.organizations[key],
            interaction=term("interaction", kind),
            contact=world.people[person] if person else None,
            note=note,
            two_way=two_way,
            by=world.owner(key),
            **world.when(),
        )

    return said


def send_for_signature(world: World) -> None:
    paper, by = world.agreements["alderstreet"], world.users["rosa"]
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


def schools_join_the_protocol(world: World) -> None:
    agreements.join(
        world.agreements["protocol"],
        world.organizations["lakeshore-schools"],
        signed_on=world.told,
        signatory_name="Howard Tate",
        by=world.users["ben"],
        **world.when(),
    )


def mill_race_closes(world: World) -> None:
    organization, by = world.organizations["millrace"], world.users["ben"]
    note = "The practice closes. They thank everyone and name two colleagues."
    agreements.end(world.agreements["millrace"], note=note, by=by, **world.when())
    partners.set_standing(organization, status="former", by=by, **world.when())


def owen_hands_over(world: World) -> None:
    """Owen tells us in time who follows him."""
    owen = world.people["Owen Pratt"]
    world.people["Dana Whitlock"] = partners.replace_contact(
        owen,
        name="Dana Whitlock",
        email="d.whitlock@workforce.example.org",
        title="Career coach",
        phone="555-0159",
        last_day=world.told + timedelta(4),
        note="Owen moves to another state.",
        by=world.users["ben"],
        **world.when(),
    )


def marion_leaves(world: World) -> None:
    """Nobody follows Marion, so the pantry's roles are vacant."""
    marion = world.people["Marion Vance"]
    partners.note_leaving(marion, last_day=world.told, by=world.users["ben"], **world.when())


def mail_to_peter_came_back(world: World) -> None:
    peter, when = world.people["Peter Lang"], world.when()
    partners.mark_undeliverable(peter, on=when["today"], now=when["now"], by=world.users["ben"])


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


def plan_session_held(world: World) -> None:
    _plan(
        world,
        HELD,
        "Noticing signs and taking a safe first step",
        _session_held_on(world),
        "Corran Falls Library",
    )
    _invite(world, HELD, "Tomás Ibarra", "Grace Lindqvist", "Owen Pratt", "Rebecca Stone")


def answers_to_session_held(world: World) -> None:
    _answer(world, HELD, "Tomás Ibarra", "accepted")
    _answer(world, HELD, "Grace Lindqvist", "accepted")
    _answer(world, HELD, "Rebecca Stone", "declined")


def write_down_who_came(world: World) -> None:
    """Tomás and Grace came, two more teachers with her; Owen did not."""
    came = [world.people[name] for name in ("Tomás Ibarra", "Grace Lindqvist")]
    training.record_attendance(
        world.sessions[HELD],
        contacts=came,
        counts={world.organizations["lakeshore-schools"]: 2},
        by=world.users["rosa"],
        **world.when(),
    )


def plan_session_to_come(world: World) -> None:
    day = world.week.on_or_after(world.day(9))
    _plan(world, SOON, "After the first call: who does what", day, "Online, the link comes by mail")
    _invite(world, SOON, "Tomás Ibarra", "Miriam Feld", "Keisha Monroe", "Dana Whitlock", "Luis Prado")


def answers_to_session_to_come(world: World) -> None:
    _answer(world, SOON, "Keisha Monroe", "accepted")
    _answer(world, SOON, "Miriam Feld", "declined")
    _answer(world, SOON, "Luis Prado", "tentative")


def plan_session_cancelled(world: World) -> None:
    day = world.week.on_or_after(world.day(16))
    _plan(world, CANCELLED, "Working with interpreters", day, "Alder Street Youth Center")
    _invite(world, CANCELLED, "Keisha Monroe", "Luis Prado")


def cancel_session(world: World) -> None:
    training.cancel_session(world.sessions[CANCELLED], by=world.users["rosa"], **world.when())


def _plan(world: World, key: str, title: str, day: date, place: str) -> None:
    world.sessions[key] = training.plan_session(
        title=title,
        starts_at=world.at(time(13), day),
        ends_at=world.at(time(14, 30), day),
        place=place,
        **world.when(),
    )


def _invite(world: World, key: str, *names: str) -> None:
    people = [world.people[name] for name in names]
    training.invite(world.sessions[key], people, by=world.users["rosa"], **world.when())


def _answer(world: World, key: str, name: str, said: str) -> None:
    invitation = world.sessions[key].invitations.get(contact=world.people[name])
    training.answer_invitation(invitation, answer=said, by=world.users["rosa"], **world.when())


STORY: tuple[tuple[int, Chapter], ...] = (
    (-43, legal_aid_trains_itself),
    (-43, schools_train_twice_a_year),
    (-41, send_for_signature),
    (-40, sign_our_side),
    (-39, plan_session_held),
    (-35, answers_to_session_held),
    (
        -33,
        _talk(
            "sheriff", "call", "The item is on the commission’s list for next month.", person="Tomás Ibarra"
        ),
    ),
    (-30, mill_race_closes),
    (-25, owen_hands_over),
    (
        -22,
        _talk("alderstreet", "call", "Left word with the office: the signature is missing.", two_way=False),
    ),
    (-20, plan_session_cancelled),
    (-20, marion_leaves),
    (-19, renew_with_northgate),
    (-18, mail_to_peter_came_back),
    (-15, plan_session_to_come),
    (
        -14,
        _talk("harborlight", "call", "They go on as before until their board has met.", person="Miriam Feld"),
    ),
    (-12, schools_join_the_protocol),
    (-10, answers_to_session_to_come),
    (-8, _talk("innkeepers", "email", "Sent the draft once more, with shorter clauses.", two_way=False)),
    (-6, cancel_session),
    (
        -4,
        _talk(
            "alderstreet",
            "call",
            "Keisha will ask the chair at the next board meeting.",
            person="Keisha Monroe",
        ),
    ),
)
