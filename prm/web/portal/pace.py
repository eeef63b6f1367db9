"""How often somebody may knock: guesses from one address, answers by one link. Counted in the cache."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `limit` times in `seconds`, counted apart for each key."""

    name: str
    limit: int
    seconds: int

    def count(self, key: str) -> bool:
        """Count one more; return whether it is within the limit."""
        place = self._place(key)
        cache.add(place, 0, self.seconds * 2)
        try:
            return cache.incr(place) <= self.limit
        except ValueError:  # it ran out between the two lines: a new window has begun
            return True

    def spent(self, key: str) -> bool:
        """Return whether the next one would be too many; nothing is counted."""
        return int(cache.get(self._place(key), 0)) >= self.limit

    def _place(self, key: str) -> str:
        window = int(time.time()) // self.seconds
        return f"pace:{self.name}:{window}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


UNKNOWN = Pace("unknown", limit=30, seconds=300)  # per address: links that lead nowhere
SAYING = Pace("saying", limit=30, seconds=3600)  # per link: what is said by it
RENEWING = Pace("renewing", limit=3, seconds=3600)  # per link: new ones asked for in place of an old one
