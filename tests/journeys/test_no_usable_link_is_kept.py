"""A dump of the database, the letterbox and the logs opens no door: every word of it is tried."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from config.logs import without_people
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.links import find
from prm.partners.models import Link
from tests.story import agreement, at, contact, partner, person

pytestmark = pytest.mark.django_db

ANNA = "anna@harbor.example"
LONG_WORD = re.compile(r"[\w=-]{16,}")
LINK = re.compile(r"/(?:p|feeds)/([\w=-]{16,})")


@pytest.fixture
def sent(mailoutbox: list[Any]) -> Iterator[list[Any]]:
    """The first mail about an agreement and its calendar entry, on the morning on which they go."""
    cache.clear()
    harbor = partner(owner=person("Rosa"), training=3)
    contact(harbor)
    agreement(harbor)
    morning = at("2027-07-02T09:00")
    heartbeat(morning)
    with time_machine.travel(morning + timedelta(minutes=5), tick=False):
        yield [mail for mail in mailoutbox if ANNA in mail.to[0]]


def dump() -> str:
    """Everything that the database holds, as text."""
    tables = [model.objects.all().values() for model in apps.get_models(include_auto_created=True)]
    return json.dumps([list(rows) for rows in tables], default=str)


def tokens_in(mails: list[Any]) -> set[str]:
    parts = [part for mail in mails for part in (mail.body, *(str(a[0]) for a in mail.alternatives))]
    headers = [str(value) for mail in mails for value in mail.extra_headers.values()]
    return set(LINK.findall("\n".join([*parts, *headers])))


def test_mails_hold_links_that_work_and_the_database_none(sent: list[Any]) -> None:
    tokens = tokens_in(sent)
    assert len(tokens) >= 8  # four of the mail, four of the entry; less mail is one and the same
    assert {Client().get(f"/p/{token}/", follow=True).status_code for token in tokens} == {200}
    kept = dump()
    assert not [token for token in tokens if token in kept]
    words = set(LONG_WORD.findall(kept))
    assert {row.token_hash for row in Link.objects.all()} <= words
    assert not [word for word in words if find(word)]


def test_frozen_words_hold_marks_and_each_mail_only_its_own(sent: list[Any]) -> None:
    for message in Message.objects.filter(recipient=ANNA):
        assert "/p/~page~/" in message.text
        owners = Link.objects.filter(pk__in=message.links.values()).values_list("contact__email", flat=True)
        assert set(owners) == {ANNA}


def test_logs_hold_no_link(sent: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    tokens = tokens_in(sent)
    with caplog.at_level(logging.DEBUG):
        for token in tokens:
            Client().get(f"/p/{token}/nowhere")
            Client().post(f"/p/{token}/", {"note": "x" * 9000})
        logging.getLogger("django.request").warning("Not Found: /p/%s/", next(iter(tokens)))
    lines = [without_people(None, "", {"event": record.getMessage()})["event"] for record in caplog.records]
    assert any("/p/***/" in line for line in lines)
    assert not [line for line in lines for token in tokens if token in line]


def test_mark_that_somebody_typed_becomes_nothing(mailoutbox: list[Any]) -> None:
    harbor = partner(name="Harbor ~page~ House /p/~page.other~/", owner=person("Rosa"))
    contact(harbor, name="~leaving~ Anna /p/~talk.pause:1~/")
    agreement(harbor)
    heartbeat(at("2027-07-02T09:00"))
    mail = next(mail for mail in mailoutbox if ANNA in mail.to[0] and not mail.attachments)
    assert "Hello ~leaving~ Anna /p/~talk.pause:1~/," in mail.body
    assert "Harbor ~page~ House /p/~page.other~/" in " ".join(mail.body.split())
