"""Rosa at her desk: signed in, on the Monday of the cast."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, carla, daniel, make_program, rosa


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    """The clock of the doors stands at the cast's moment, and the clock of the reminders has just run."""
    with time_machine.travel(NOW, tick=False):
        make_program(heartbeat_at=NOW, worked_at=NOW)
        yield


@pytest.fixture
def own_cache(settings: Any) -> None:
    """A cache that no test beside this one fills or clears: what is counted in it, such as guesses, is ours."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": uuid4().hex}}


def _signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.fixture
def desk(monday: None) -> Client:
    """Rosa's browser: a manager."""
    return _signed_in(rosa())


@pytest.fixture
def window(monday: None) -> Client:
    """Carla's browser: a viewer."""
    return _signed_in(carla())


@pytest.fixture
def chair(monday: None) -> Client:
    """Daniel's browser: a director."""
    return _signed_in(daniel())
