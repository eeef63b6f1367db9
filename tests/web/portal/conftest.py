"""Harbor House as it is today, Anna who answers there, and somebody who opens a link without an account."""

import pytest
from django.test import Client
from django.utils import timezone

from prm.partners.models import Contact, Organization
from tests.cast import NEW_YORK, harbor_house


@pytest.fixture
def harbor() -> Organization:
    return harbor_house(now=timezone.now(), today=timezone.localdate(timezone=NEW_YORK))


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


@pytest.fixture
def visitor() -> Client:
    """Somebody without account, whose cookies would be kept, and who must meet every check that there is."""
    return Client(enforce_csrf_checks=True)
