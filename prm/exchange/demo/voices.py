"""What partners of the demo said by link in the last days: four rows on Today that wait for somebody."""

from __future__ import annotations

from datetime import timedelta

from prm.agreements.queries import end_for
from prm.continuity import leaving, saying
from prm.exchange.demo.world import World
from prm.partners import actions as partners
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Contact, Link, Purpose, StatementKind


def _link(world: World, person: Contact, purpose: Purpose, about: str = "") -> Link:
    """The link that stood in the last mail to a person."""
    holder = Holder(person.organization_id, person.pk)
    return issue([(holder, Wish(purpose, about))], now=world.when()["now"])[0]


def joyce_renews_as_it_is(world: World) -> None:
    joyce, paper = world.people["Joyce Amadi"], world.agreements["redbarn"]
    about = f"agreement:{paper.pk}:{end_for(paper, joyce.organization)}"
    link = _link(world, joyce, Purpose.RENEWAL, about)
    saying.answer_renewal(link, paper, choice="unchanged", now=world.when()["now"])


def sorrel_flats_is_full(world: World) -> None:
    link = _link(world, world.people["Dana Kimball"], Purpose.PAUSE)
    reason = "Two advocates left in the same month."
    saying.we_are_full(link, scope="referrals", months=3, reason=reason, now=world.when()["now"])


def lucia_says_that_she_leaves(world: World) -> None:
    """Nobody of ours has confirmed it yet."""
    leaving.announce(
        _link(world, world.people["Lucía Serrano"], Purpose.LEAVING),
        last_day=world.working(-1) + timedelta(14),
        successor_name="Ana Belén Ruiz",
        successor_email="ab.ruiz@orchardvalley.example.org",
        note="She knows our mornings at the camp; best reached before eight.",
        now=world.when()["now"],
    )


def simone_has_another_phone(world: World) -> None:
    simone = world.people["Simone Laurent"]
    data = {"about": "me", "contact": simone.pk, "name": simone.name, "phone": "555-0186"}
    link = _link(world, simone, Purpose.PAGE)
    partners.say(link, kind=StatementKind.CORRECTION, choice="wrong", data=data, **world.when())
