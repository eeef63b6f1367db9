"""The people of the stories, wherever a test of a room asks for them."""

import pytest

from prm.accounts.models import User
from prm.partners.models import Contact, Organization
from tests import cast


@pytest.fixture
def rosa(db: None) -> User:
    return cast.rosa()


@pytest.fixture
def ben(db: None) -> User:
    return cast.ben()


@pytest.fixture
def carla(db: None) -> User:
    return cast.carla()


@pytest.fixture
def harbor(db: None) -> Organization:
    """Harbor House, kept by Rosa."""
    return cast.harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    """Anna Reyes, in every role of Harbor House."""
    return harbor.contacts.get()
