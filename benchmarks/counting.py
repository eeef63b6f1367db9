"""A figure counts only when the work was done: everything is counted before a time is told."""

from typing import Any


class Miscount(Exception):
    """The benchmark did not do what it says it measures."""


def expect(found: Any, wanted: Any, what: str) -> None:
    """Raise Miscount unless what was found is what was to be found."""
    if found != wanted:
        raise Miscount(f"{what}: {found!r} instead of {wanted!r}")
