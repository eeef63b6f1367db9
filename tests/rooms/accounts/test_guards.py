"""What the database refuses, past every action."""

import pytest
from django.db import IntegrityError

from prm.accounts.models import Program, User

pytestmark = pytest.mark.django_db


def test_second_program_is_refused():
    with pytest.raises(IntegrityError):
        Program.objects.create(id=2, name="Another", mailbox="a@example.org", zone="UTC")


def test_first_program_cannot_be_made_twice():
    with pytest.raises(IntegrityError):
        Program.objects.create(name="Another", mailbox="a@example.org", zone="UTC")


def test_sending_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(IntegrityError):
        Program.objects.update(sending_from="18:00", sending_until="09:00")


def test_address_in_capitals_is_refused():
    with pytest.raises(IntegrityError):
        User.objects.create(email="Rosa@example.org", name="Rosa")


def test_same_address_twice_is_refused(rosa):
    with pytest.raises(IntegrityError):
        User.objects.create(email=rosa.email, name="Rosa again")


def test_unknown_role_is_refused():
    with pytest.raises(IntegrityError):
        User.objects.create(email="x@example.org", name="X", role="boss")
