"""What was promised in the weeks of the demo: kept, moved, let go, open, and one that is late."""

from __future__ import annotations

from prm.exchange.demo.world import World
from prm.partners import actions as partners
from prm.partners.models import Promise


def _promise(world: World, partner: str, *, side: str, what: str, due: int, person: str = "") -> Promise:
    """A promise made on the day that is told, due `due` days from today; ours is owed by the owner."""
    owner = world.owner(partner)
    return partners.make_promise(
        world.organizations[partner],
        side=side,
        what=what,
        due_on=max(world.week.on_or_before(world.day(due)), world.told),
        user=owner if side == "ours" else None,
        contact=world.people.get(person),
        by=owner,
        **world.when(),
    )


def legal_aid_wants_a_list(world: World) -> None:
    what = "Send the list of who answers after hours"
    world.promises["list"] = _promise(
        world, "harborlight", side="ours", what=what, due=-12, person="Miriam Feld"
    )


def list_is_sent(world: World) -> None:
    partners.keep_promise(world.promises["list"], by=world.users["rosa"], **world.when())


def hospital_promises_a_room(world: World) -> None:
    world.promises["room"] = _promise(
        world,
        "regional",
        side="theirs",
        what="A room for the next training",
        due=-8,
        person="Priya Raman",
    )


def hospital_needs_longer(world: World) -> None:
    due_on = world.week.on_or_before(world.day(9))
    partners.move_promise(world.promises["room"], due_on=due_on, by=world.users["ben"], **world.when())


def schools_get_slides(world: World) -> None:
    """Nobody has sent them yet: on Today it is late."""
    what = "Send the slides for the teachers’ day"
    _promise(world, "lakeshore-schools", side="ours", what=what, due=-4, person="Grace Lindqvist")


def sheriff_and_we_promise(world: World) -> None:
    person = "Tomás Ibarra"
    _promise(world, "sheriff", side="theirs", what="Name who trains the night shift", due=6, person=person)
    _promise(world, "sheriff", side="ours", what="Bring 50 cards for the patrol cars", due=3, person=person)


def youth_center_wants_posters(world: World) -> None:
    world.promises["posters"] = _promise(
        world, "alderstreet", side="ours", what="Print posters", due=14, person="Keisha Monroe"
    )


def posters_are_let_go(world: World) -> None:
    why = "Their own print shop made them."
    partners.drop_promise(world.promises["posters"], why=why, by=world.users["rosa"], **world.when())


CHAPTERS = (
    (-24, legal_aid_wants_a_list),
    (-21, hospital_promises_a_room),
    (-18, youth_center_wants_posters),
    (-14, list_is_sent),
    (-12, schools_get_slides),
    (-10, posters_are_let_go),
    (-9, hospital_needs_longer),
    (-5, sheriff_and_we_promise),
)
