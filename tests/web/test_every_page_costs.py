"""Every page of our staff that an address alone opens takes fewer than fifteen queries, however much is there.

The addresses are those of `prm/web/urls.py`, so a new page cannot be forgotten. Files that are taken out count too.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from prm.reminders.actions import refresh
from tests.cast import NOW
from tests.web.access_of_routes import ROUTES, Door
from tests.web.addresses import ALL, house

pytestmark = pytest.mark.usefixtures("monday", "own_cache")

FEWER_THAN = 15
KINDS = ("csv", "xlsx")


def addresses() -> list[str]:
    """Every address for staff without a number or a name of a record in it, files in each kind."""
    found = []
    for name in ALL:
        if name not in ROUTES or ROUTES[name].read is Door.OPEN:
            continue
        for values in ({}, *({"kind": kind} for kind in KINDS)):
            try:
                found.append(reverse(name, kwargs=values))
            except NoReverseMatch:
                continue
    return found


@pytest.mark.parametrize("number", [1, 3])
def test_every_page_takes_few_queries(chair: Client, number: int) -> None:
    for count in range(number):
        house(f"House {count}")
    refresh(now=NOW)
    costs: dict[str, Any] = {}
    for address in addresses():
        with CaptureQueriesContext(connection) as asked:
            answer = chair.get(address)
        if answer.status_code == 200:
            b"".join(answer) if answer.streaming else answer.content
            costs[address] = len(asked)
    assert len(costs) > 30
    assert {address: cost for address, cost in costs.items() if cost >= FEWER_THAN} == {}
