"""Reminders that go into their table as they are, without Django's own words around each row."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from prm.reminders import rows
from prm.reminders.models import Reminder
from tests.cast import NOW, make_organization

pytestmark = pytest.mark.django_db


def made(key: str, **facts) -> Reminder:
    start = {
        "organization": make_organization("Harbor House"),
        "key": key,
        "record": "agreement:17",
        "rule": "expiry",
        "offset": -60,
        "reference_on": date(2027, 9, 30),
        "side": "partner",
        "audience": ["notice", "primary"],
        "category": "agreements",
        "nominal_on": date(2027, 8, 1),
        "day": date(2027, 8, 2),
        "due_at": NOW,
        "at_once": True,
        "state": "planned",
        "reason": "regular",
        "reason_data": {"who": "Zoë\t“O'Neil”\\N\n"},
    }
    return Reminder(**start | facts)


def test_row_is_what_it_would_be_by_djangos_own_way():
    one = made("one")
    rows.insert([one, made("held", offset=None, day=None, due_at=None, state="held", nobody=True)])
    one.key = "other"
    Reminder.objects.bulk_create([one])
    ours, djangos = (
        model_to_dict(Reminder.objects.get(key=key), exclude=("id", "key")) for key in ("one", "other")
    )
    assert ours == djangos
    assert Reminder.objects.filter(key="held", due_at=None, offset=None, nobody=True).exists()


def test_key_that_is_there_is_refused_as_djangos_own_error():
    rows.insert([made("one")])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([made("two"), made("one")])
    assert Reminder.objects.values_list("key", flat=True).get() == "one"
