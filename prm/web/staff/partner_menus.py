"""What stands around the list of partners: how many there are, the filters as menus, and the heads of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from prm.partners.models import Organization, Status

AGREEMENT_STATES = {
    "in_force": _("In force"),
    "ending": _("Ends within 90 days"),
    "expired": _("Ended, still cooperating"),
    "waiting": _("Waiting for signatures"),
    "none": _("No agreement"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """How many partners the reader may see, keeps and has found; the sectors (key, label) and counties there are."""

    everyone: int
    mine: int
    found: int
    sectors: list[tuple[str, str]]
    counties: list[str]


def around(everyone: QuerySet[Organization], mine: Exists, found: QuerySet[Organization]) -> Around:
    """Count and gather in one query: a line for each sector and county in which somebody is."""
    rows = list(
        everyone.order_by()
        .values_list("sector__key", "sector__label", "county")
        .annotate(
            Count("pk"),
            mine=Count("pk", filter=mine),
            found=Count("pk", filter=Q(pk__in=found.order_by().values("pk"))),
        )
    )
    sectors = {(key, label) for key, label, *_rest in rows if key}
    return Around(
        everyone=sum(row[3] for row in rows),
        mine=sum(row[4] for row in rows),
        found=sum(row[5] for row in rows),
        sectors=sorted(sectors, key=lambda sector: sector[1].casefold()),
        counties=sorted({row[2] for row in rows if row[2]}, key=str.casefold),
    )


def menus(there: Around, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The filters as menus of links: name in the address, what it is called, its choices and the chosen one."""
    choices: dict[str, tuple[Any, list[Any]]] = {
        "sector": (_("Sector"), there.sectors),
        "agreement": (_("Agreement"), list(AGREEMENT_STATES.items())),
        "county": (_("County"), [(county, county) for county in there.counties]),
        "status": (_("Standing"), list(Status.choices)),
    }
    return [
        {
            "name": name,
            "word": word,
            "choices": options,
            "chosen": dict(options).get(chosen.get(name, ""), ""),
        }
        for name, (word, options) in choices.items()
        if options
    ]


def columns(sort: str) -> list[dict[str, Any]]:
    """The heads of the table; those with a `sort` can be pressed."""
    heads = [
        ("name", _("Partner")),
        ("", _("Can take people")),
        ("ends", _("Agreement ends")),
        ("", _("Kept by")),
        ("next", _("Next")),
    ]
    return [
        {
            "word": word,
            "sort": name and (f"-{name}" if sort == name else name),
            "direction": {name: "ascending", f"-{name}": "descending"}.get(sort, "") if name else "",
        }
        for name, word in heads
    ]
