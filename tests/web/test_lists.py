"""Every list costs the same for one row, three and fifty, and fewer than fifteen queries.

The outlook and releasing are made anew from all facts when they are looked at: those pages have tests of their own.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from prm.accounts.actions import add_user, note_access
from prm.accounts.models import Holiday
from prm.exchange.models import Import
from prm.search.actions import refresh
from prm.vocabulary.models import Term
from tests.cast import NOW, TODAY, daniel, make_agreement, make_organization, rosa
from tests.web.importing import LIST, imported
from tests.web.test_outbox_page import letter

FEWER_THAN = 15


def partners(number: int, _chair: object) -> None:
    for count in range(number):
        make_agreement(make_organization(f"House {count}", owner=rosa(), county="Marin"))


def mails(number: int, _chair: object) -> None:
    partner = make_organization()
    for count in range(number):
        letter(organization_id=partner.pk, about=str(count))


def imports(number: int, chair: object) -> None:
    source = imported(chair, LIST)
    for _count in range(number - 1):
        source.pk, source._state.adding = None, True
        source.save()
    assert Import.objects.count() == number


def colleagues(number: int, _chair: object) -> None:
    for count in range(number):
        add_user(email=f"c{count}@example.org", name=f"Colleague {count}", role="viewer", now=NOW)


def words(number: int, _chair: object) -> None:
    for count in range(number):
        Term.objects.create(list="sector", key=f"own-{count}", label=f"Our own {count}")


def days(number: int, _chair: object) -> None:
    for count in range(number):
        Holiday.objects.create(date=TODAY + timedelta(count + 1), name="Retreat")


def files(number: int, _chair: object) -> None:
    for count in range(number):
        note_access(kind="export", about=f"timeline:{make_organization(f'H{count}').pk}", by=rosa(), now=NOW)


def devices(number: int, _chair: object) -> None:
    for _count in range(number):
        session = SessionStore()
        session.create()
        UserSession.objects.create(user=daniel(), ip="127.0.0.1", session_key=session.session_key)


def found(number: int, chair: object) -> None:
    partners(number, chair)
    refresh(now=NOW)


#: The page, what fills it, and how many queries it takes.
LISTS: dict[str, tuple[Callable[[int, object], None], int]] = {
    "/today/": (partners, 14),
    "/partners/": (partners, 11),
    "/outbox/": (mails, 7),
    "/imports/": (imports, 6),
    "/colleagues/": (colleagues, 4),
    "/words/": (words, 4),
    "/words/sector/": (words, 5),
    "/closed-days/": (days, 5),
    "/accesses/": (files, 6),
    "/accounts/signed-in/": (devices, 5),
    "/search?q=house": (found, 10),
}


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("page", LISTS)
def test_list_costs_the_same_however_long_it_is(chair, django_assert_num_queries, page, number):
    fill, queries = LISTS[page]
    assert queries < FEWER_THAN
    fill(number, chair)
    with django_assert_num_queries(queries):
        answer = chair.get(page)
    assert answer.status_code == 200
