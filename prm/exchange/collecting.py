"""Python's search for cycles, kept out of long work: while rows come and go in thousands it is a fifth of the time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

YOUNG, OLD = 1, 2  # generations: what came into being since the last search, and everything
NOW_AND_THEN = 25  # batches


@contextmanager
def batch_by_batch() -> Iterator[Callable[[], object]]:
    """Search for cycles only when the yielded function is called, after each batch, and mostly among what is new."""
    was_on, batches = gc.isenabled(), count(1)
    gc.disable()
    try:
        yield lambda: gc.collect(OLD if next(batches) % NOW_AND_THEN == 0 else YOUNG)
    finally:
        if was_on:
            gc.enable()
