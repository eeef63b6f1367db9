"""The readable part of an organization's address: its name, and a number where another has that name already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.utils.text import slugify

from prm.partners.models import Organization

LONGEST = 70
AT_ONCE = 500  # slugs in one question to the database
LOOK_AHEAD = 10  # numbers that are looked up at once


def free_slugs(texts: Sequence[str]) -> list[str]:
    """Return a slug for each text that no organization has and no earlier one of these texts got.

    "harbor-house", then "harbor-house-2": always the smallest number that is free. One query, a second one where names
    come again, and a few more where very many have one name.
    """
    wanted = [slugify(text)[:LONGEST].strip("-") or "partner" for text in texts]
    often = Counter(wanted)
    taken = _in_use(often)
    known_to = {slug: LOOK_AHEAD + count for slug, count in often.items() if count > 1 or slug in taken}
    taken |= _in_use(numbered for slug, last in known_to.items() for numbered in _numbered(slug, 2, last))
    found = []
    for slug in wanted:
        free, number = slug, 1
        while free in taken:
            number += 1
            if number > known_to.get(slug, 1):
                known_to[slug] = 2 * number + often[slug]
                taken |= _in_use(_numbered(slug, number, known_to[slug]))
            free = f"{slug}-{number}"
        taken.add(free)
        found.append(free)
    return found


def _numbered(slug: str, first: int, last: int) -> Iterator[str]:
    return (f"{slug}-{number}" for number in range(first, last + 1))


def _in_use(slugs: Iterable[str]) -> set[str]:
    """Return which of these some organization has."""
    asked, in_use = list(slugs), Organization.objects.values_list("slug", flat=True)
    portions = (asked[start : start + AT_ONCE] for start in range(0, len(asked), AT_ONCE))
    return {slug for portion in portions for slug in in_use.filter(slug__in=portion)}
