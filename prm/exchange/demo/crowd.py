"""More organizations than the twelve that have a story: invented by a seeded chance, entered by the same actions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import NamedTuple

from prm.exchange.demo.shapes import Paper, Partner, Person, Rest

PLACES = (
    *("Ashgrove", "Birchwell", "Calder Ferry", "Dunmarsh", "Elkhollow", "Fernwick", "Gullmere", "Hazelbrook"),
    *(
        "Ironbridge Bend",
        "Kestrel Point",
        "Larkmoor",
        "Millbarrow",
        "Nettlecombe",
        "Otterford",
        "Pinewhistle",
    ),
    *("Quarry Edge", "Ravensholt", "Saltmarsh End", "Thistledown", "Umberfield", "Vetchley", "Willowmarch"),
    *("Yarrow Flats", "Zephyr Hill"),
)


class Trade(NamedTuple):
    """A kind of organization: how its name ends, its sector, and what the partnership is for."""

    name: str
    sector: str
    kind: str


TRADES = (
    Trade("Legal Aid", "legal_services", "referral_out"),
    Trade("Family Services", "child_welfare", "referral_out"),
    Trade("Community Clinic", "health_clinic", "referral_out"),
    Trade("Police Department", "law_enforcement_local", "joint_programme"),
    Trade("Unified Schools", "education_k12", "training"),
    Trade("Housing Partners", "shelter_housing", "referral_out"),
    Trade("Food Bank", "homeless_services", "referral_out"),
    Trade("Workers’ Center", "labor_rights", "referral_in"),
    Trade("Chamber of Commerce", "business_general", "training"),
    Trade("Language Line", "language_access", "referral_out"),
    Trade("Recovery Network", "substance_use", "referral_out"),
    Trade("Fire and Rescue", "emergency_fire_ems", "training"),
    Trade("Prosecutor’s Office", "prosecution", "joint_programme"),
)
FIRST = ("Alma", "Bruno", "Celia", "Dorian", "Edda", "Felix", "Greta", "Hugo", "Iris", "Jonas", "Kira", "Leo")
LAST = (
    "Abbott",
    "Brandt",
    "Corley",
    "Dahl",
    "Ellery",
    "Fontaine",
    "Grady",
    "Holm",
    "Irving",
    "Jarrett",
    "Keane",
)
REASONS = ("Short of staff until the new year’s money comes.", "They are moving to another building.")


def invent(chance: Random, number: int) -> Iterator[tuple[Partner, Paper, Rest | None]]:
    """Yield so many organizations, each with people and an agreement, every eighth with a pause."""
    names = list(product(PLACES, TRADES))
    chance.shuffle(names)
    for index, (place, trade) in enumerate(islice(names, number)):
        partner = _partner(chance, place, trade, index)
        yield partner, _paper(chance, partner), _rest(chance, partner) if index % 8 == 0 else None


def _partner(chance: Random, place: str, trade: Trade, index: int) -> Partner:
    key = f"{place} {trade.name}".lower().replace("’", "").replace(" ", "-")
    owner, deputy = chance.sample(("rosa", "ben"), 2)
    return Partner(
        key=key,
        name=f"{place} {trade.name}",
        sector=trade.sector,
        kind=trade.kind,
        city=place,
        owner=owner,
        deputy=deputy,
        since=-chance.randint(200, 1500),
        talk=(-chance.randint(46, 130), chance.choice(("call", "email", "visit")), ""),
        trained=-chance.randint(50, 220),
        people=(
            _person(chance, index, ("primary", "notice", "training", "intake")),
            _person(chance, index + 1, ("signatory",)),
        ),
        facts={"direction": chance.choice(("one_way", "two_way"))},
    )


def _person(chance: Random, index: int, roles: tuple[str, ...]) -> Person:
    name = f"{FIRST[index % len(FIRST)]} {chance.choice(LAST)}"
    return Person(name, "", name.lower().replace(" ", "."), roles, f"555-01{chance.randint(0, 99):02}")


def _paper(chance: Random, partner: Partner) -> Paper:
    title = f"MOU with {partner.name}"
    if chance.random() < 0.25:
        review = chance.randint(5, 300)
        return Paper(partner.key, "mou", title, "evergreen", (partner.key,), review=review)
    months, ends = chance.choice((12, 24, 36)), chance.randint(-30, 300)
    return Paper(partner.key, "mou", title, "fixed", (partner.key,), months=months, ends=ends)


def _rest(chance: Random, partner: Partner) -> Rest:
    return Rest(
        partner.key,
        partner.key,
        chance.choice(("referrals", "training", "all")),
        starts=-chance.randint(46, 80),
        ends=chance.choice((None, chance.randint(5, 60))),
        reason=chance.choice(REASONS),
    )
