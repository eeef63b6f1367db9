"""`demo` where it must say no, and never leaves half a change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from prm.accounts.actions import add_user
from prm.accounts.models import User
from prm.exchange.demo.entering import enter_colleagues
from prm.exchange.demo.replay import live_through
from prm.exchange.demo.world import World
from prm.partners.actions import add_organization
from prm.partners.models import Organization
from prm.rules.dates import WorkingWeek

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 10, 21, 0, tzinfo=UTC)


def test_demo_refuses_beside_real_partners_unless_told_to_pass_by(capsys):
    add_organization(name="Harbor House", now=NOW)
    with pytest.raises(CommandError, match="There are partners here already") as refused:
        call_command("demo")
    assert refused.value.returncode == 2
    call_command("demo", if_empty=True)
    assert "no demo was written" in capsys.readouterr().out
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("number", [-1, 0, 100_001])
def test_demo_refuses_numbers_it_cannot_tell(number):
    with pytest.raises(CommandError, match="give a number from 1 to 100000") as refused:
        call_command("demo", organizations=number)
    assert refused.value.returncode == 2
    assert not Organization.objects.exists()
    assert not User.objects.exists()


def test_fewer_than_the_story_has_are_all_invented_and_the_same_for_the_same_seed(capsys):
    call_command("demo", organizations=5, seed=3)
    assert capsys.readouterr().out.startswith("The demo is here: 5 organizations, entered on ")
    first = list(Organization.objects.order_by("pk").values_list("name", flat=True))
    call_command("demo", remove=True)
    call_command("demo", organizations=5, seed=3)
    assert list(Organization.objects.order_by("pk").values_list("name", flat=True)) == first
    assert Organization.objects.filter(is_demo=True, planned_for__isnull=False).count() == 5


def test_demo_is_whole_or_not_there():
    beats = iter(range(3))
    with pytest.raises(StopIteration):
        live_through(now=NOW, heartbeat=lambda _now: next(beats))
    assert not Organization.objects.exists()
    assert not User.objects.exists()


def test_demo_without_a_demo_has_nothing_to_remove(capsys):
    add_organization(name="Harbor House", now=NOW)
    call_command("demo", remove=True)
    assert capsys.readouterr().out == "There is no demo here; nothing was changed.\n"
    assert Organization.objects.count() == 1


def test_colleagues_who_are_here_already_are_taken_as_they_are():
    rosa = add_user(email="rosa@example.org", name="Rosa of Harbor County", role="director")
    today = date(2027, 3, 10)
    world = World(today, ZoneInfo("America/New_York"), WorkingWeek(), told=today)
    enter_colleagues(world)
    assert world.users["rosa"] == rosa
    assert world.users["rosa"].role == "director"
    assert User.objects.count() == 6


def test_demo_writes_more_organizations_beside_the_story(monkeypatch, capsys):
    def story(**_clock):
        add_organization(name="Harborlight Legal Aid", is_demo=True, now=NOW)

    monkeypatch.setattr("prm.exchange.demo.replay.live_through", story)
    call_command("demo", organizations=54, seed=5)
    assert capsys.readouterr().out.startswith("The demo is here: 54 organizations, entered on ")
    assert Organization.objects.filter(is_demo=True).count() == 1 + 54 - 44
