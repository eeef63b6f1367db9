"""Links of our own morning mail go when they are long over: a mail brings one for each row, every day."""

from datetime import timedelta

import pytest
from django.db import connection

from prm.management.commands.tick import heartbeat
from prm.partners.actions import forget_links, revoking
from prm.partners.links import DESK_LIFETIME, Holder, Wish, issue
from prm.partners.models import Link, Purpose
from tests.cast import NOW, harbor_house, rosa

OVER = NOW + DESK_LIFETIME + timedelta(days=60)
A_MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    return harbor_house()


def desk_links(harbor, number=1, now=NOW):
    rows = [(Holder(harbor.pk, None, rosa().pk), Wish(Purpose.DESK, f"row:{one}")) for one in range(number)]
    return issue(rows, now=now)


def test_link_of_our_mail_stays_for_sixty_days_after_its_end_and_no_longer(harbor):
    desk_links(harbor)
    [newer] = desk_links(harbor, now=NOW + A_MINUTE)
    assert forget_links(now=OVER) == 0
    assert forget_links(now=OVER + A_MINUTE) == 1
    assert list(Link.objects.all()) == [newer]


def test_links_of_partners_stay_whatever_their_age(harbor):
    anna = Holder(harbor.pk, harbor.contacts.get().pk)
    issue([(anna, Wish(Purpose.PAUSE)), (anna, Wish(Purpose.FEED))], now=NOW)
    assert forget_links(now=OVER + timedelta(days=3650)) == 0
    assert Link.objects.count() == 2


def test_many_go_in_batches_and_not_all_at_once(harbor, monkeypatch):
    monkeypatch.setattr(revoking, "BATCH", 3)
    monkeypatch.setattr(revoking, "MOST", 2)
    desk_links(harbor, 8)
    assert [forget_links(now=OVER + A_MINUTE) for _beat in range(3)] == [6, 2, 0]


def test_an_index_finds_them(harbor):
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    over = Link.objects.filter(purpose=Purpose.DESK, expires_at__lt=OVER).order_by("expires_at")
    assert "link_by_expiry" in over.values_list("pk", flat=True)[:500].explain()


def test_a_tick_does_it(harbor):
    desk_links(harbor)
    assert heartbeat(OVER)["links_forgotten"] == 0
    assert heartbeat(OVER + A_MINUTE)["links_forgotten"] == 1
    assert not Link.objects.filter(purpose=Purpose.DESK, issued_at=NOW).exists()
