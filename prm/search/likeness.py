"""Names that may mean the same partner: shown before somebody enters one a second time."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from prm.accounts.access import Reader, visible_organizations
from prm.partners.models import Organization
from prm.search.folding import fold

#: Words that many names have and that tell none from another.
PLAIN = frozenset("a an and at county de del for inc la las llc los nonprofit of st the y".split())
ALIKE = 0.84
#: How many names are weighed, and how many are shown.
WEIGHED, SHOWN, AT_ONCE = 5000, 5, 500


def alike(name: str, other: str) -> bool:
    """Whether two names may mean the same: nearly the same letters, or all telling words of one in the other."""
    one, two = telling_words(name), telling_words(other)
    if not one or not two:
        return fold(name) == fold(other)
    fewer, more = sorted((set(one), set(two)), key=len)
    if fewer <= more and (len(fewer) > 1 or fewer == more):
        return True
    return SequenceMatcher(None, " ".join(sorted(one)), " ".join(sorted(two))).ratio() >= ALIKE


def telling_words(name: str) -> list[str]:
    """The words of a name without those that nearly every name has."""
    return [word for word in fold(name).split() if word not in PLAIN]


def organizations_like(name: str, *, reader: Reader) -> list[Organization]:
    """Return a few partners whose names are like this one, of those the reader may see; the nearest first."""
    wanted = telling_words(name)[:6]
    if not wanted:
        return []
    stems = [Q(name__icontains=word[:4] if len(word) > 4 else word) for word in wanted]
    names = (
        Organization.objects.filter(visible_organizations(reader)).order_by("pk").values_list("pk", "name")
    )
    # where a word stands in very many names, those with all the words come before the others
    known = dict(names.filter(reduce(and_, stems))[:WEIGHED]) | dict(
        names.filter(reduce(or_, stems))[:WEIGHED]
    )
    pks = [pk for pk, other in known.items() if alike(name, other)]
    found = Organization.objects.filter(pk__in=pks[:AT_ONCE]).order_by("name", "pk")
    return sorted(found, key=lambda row: -_nearness(name, row.name))[:SHOWN]


def _nearness(name: str, other: str) -> float:
    return SequenceMatcher(None, fold(name), fold(other)).ratio()
