"""Time zones, countries and their parts as choices, the likely ones first."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

Choices = list[tuple[str, Any]]

LIKELY_ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
)
#: The regions of zone names that are places; the rest are spellings of long ago.
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
HOME = "US"


@lru_cache(maxsize=1)
def _zones_by_region() -> dict[str, tuple[str, ...]]:
    zones = sorted(available_timezones())
    return {region: tuple(one for one in zones if one.startswith(f"{region}/")) for region in REGIONS}


def zone_choices(present: str) -> Choices:
    """Return the zones of the United States first, then all others by region; `present` is always among them."""
    likely = [(key, f"{word} ({_spoken(key)})") for key, word in LIKELY_ZONES]
    named = dict(likely)
    groups: Choices = [(_("United States"), likely)]
    for region, zones in _zones_by_region().items():
        groups.append((region, [(key, _spoken(key)) for key in zones if key not in named]))
    groups.append((_("Without summer time"), [("UTC", "UTC")]))
    known = {key for _group, some in groups for key, _word in some}
    return groups if present in known else [(present, present), *groups]


def _spoken(zone: str) -> str:
    """ "New York" for America/New_York, "Indiana, Knox" for a town of it."""
    return ", ".join(zone.split("/")[1:]).replace("_", " ")


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return the countries whose holidays are known, code -> name in English."""
    known = list_supported_countries(include_aliases=False)
    return {row[1]: _as_words(row[0]) for row in COUNTRIES.values() if row[1] in known}


def _as_words(name: str) -> str:
    """ "Antigua and Barbuda" for AntiguaAndBarbuda."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return words.replace(" And ", " and ").replace(" The ", " the ").replace("Mc Donald", "McDonald")


def country_choices() -> Choices:
    """Return "none", our own country, then all others by name."""
    names = country_names()
    others = sorted(((code, name) for code, name in names.items() if code != HOME), key=lambda pair: pair[1])
    return [("", _("No public holidays")), (HOME, names[HOME]), *others]


def part_choices(country: str) -> Choices:
    """Return the parts of a country by name, as "US-CA": so that a part of another country is never taken for it."""
    everywhere = [("", _("Only what holds everywhere in the country"))]
    if country not in country_names():
        return everywhere
    rules = country_holidays(country)
    names: dict[str, str] = {}
    for name, code in getattr(rules, "subdivisions_aliases", {}).items():
        names.setdefault(code, name)
    parts = [(f"{country}-{code}", names.get(code, code)) for code in rules.subdivisions]
    return [*everywhere, *sorted(parts, key=lambda pair: pair[1])]
