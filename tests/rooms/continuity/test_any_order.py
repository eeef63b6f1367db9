"""Whatever people do in whatever order: nobody who is gone is written to, and nothing is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as some

from tests.rooms.continuity.world import World

DEEDS = (
    "full",
    "longer",
    "back",
    "leave",
    "leave",
    "leave",
    "stay",
    "unsay",
    "answer",
    "renew",
    "correct",
    "ask",
    "letter",
    "hold",
)
steps = some.lists(
    some.tuples(some.sampled_from(DEEDS), some.integers(0, 40), some.sampled_from([0, 0, 1, 3])),
    min_size=2,
    max_size=6,
)


@pytest.mark.django_db
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
@example(steps=[("hold", 0, 0), ("letter", 4, 0), ("leave", 6, 3)])
@example(steps=[("leave", 5, 0), ("stay", 0, 1), ("leave", 4, 2), ("full", 4, 1), ("renew", 1, 0)])
@example(
    steps=[
        ("leave", 12, 1),
        ("hold", 5, 0),
        ("back", 9, 3),
        ("stay", 0, 0),
        ("unsay", 19, 3),
        ("leave", 6, 3),
    ]
)
def test_nobody_gone_is_written_to_and_nothing_is_forgotten(
    mailoutbox: list[Any], steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        world = World(mailoutbox)
        for what, number, days in steps:
            world.do(what, number)
            assert world.uncared() == []
            world.wait(days)
        world.run(until=world.now + timedelta(days=75))
        assert world.uncared() == []
        transaction.set_rollback(True)
