"""The demo: what it shows, that it was lived and not painted, and that it goes as it came."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from prm.accounts.actions import set_password
from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party
from prm.capacity.models import Effect, Pause, Scope
from prm.exchange.demo import removal
from prm.exchange.demo.coalition import COLLEAGUES, PARTNERS
from prm.exchange.demo.crowd import invent
from prm.exchange.demo.replay import live_through
from prm.exchange.demo.story import SOON, chapters, write_down_who_came
from prm.exchange.demo.world import World
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import add_organization, assign_owner
from prm.partners.models import Contact, Entry, Organization, Standing
from prm.reminders.models import Reminder
from prm.reporting.outlook import outlook
from prm.rules.dates import WorkingWeek
from prm.rules.facts import State
from prm.training.models import Attendance, Session, SessionStatus

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 10, 21, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)
NEW_YORK = ZoneInfo("America/New_York")
FILES = "config.mailfile.EmailBackend"


def play(folder: Path, organizations: int = 12, seed: int = 1, now: datetime = NOW) -> World:
    with override_settings(EMAIL_BACKEND=FILES, EMAIL_FILE_PATH=str(folder)):
        return live_through(now=now, seed=seed, organizations=organizations, heartbeat=heartbeat)


@pytest.fixture(scope="module")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, mail_folder: Path) -> Iterator[World]:
    """One demo for all tests of this file; each test undoes only what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(mail_folder)
        transaction.set_rollback(True)


def test_demo_shows_every_form_of_agreement(world):
    standing = set(Agreement.objects.values_list("term", "status"))
    assert {term for term, _status in standing} == set(AgreementTerm.values)
    wanted = {"draft", "awaiting", "in_force", "ended", "replaced"}
    assert wanted <= {status for _term, status in standing}
    in_force = Agreement.objects.filter(status=AgreementStatus.IN_FORCE)
    assert in_force.filter(expires_on__range=(TODAY, TODAY + timedelta(30))).exists()
    assert in_force.filter(expires_on__lt=TODAY).exists()
    assert in_force.filter(kind__key="informal").exists()
    assert in_force.filter(renews__isnull=False).exists()


def test_demo_has_a_stuck_signature_and_a_later_joiner(world):
    stuck = Party.objects.get(signature="waiting", agreement__status=AgreementStatus.AWAITING)
    assert stuck.organization.name == "Alder Street Youth Center"
    joiner = Party.objects.get(original=False)
    assert joiner.expires_on > joiner.agreement.expires_on
    assert joiner.agreement.parties.count() == 4


def test_demo_shows_every_form_of_pause(world):
    now = Pause.objects.filter(starts_on__lte=TODAY).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=TODAY))
    assert set(now.values_list("scope", flat=True)) == set(Scope.values)
    assert set(now.values_list("effect", flat=True)) == set(Effect.values)
    assert now.filter(ends_on__isnull=True).exists()
    to_be_confirmed = Pause.objects.get(ends_on__lt=TODAY, answered_on__isnull=True)
    assert to_be_confirmed.organization == world.organizations["workforce"]


def test_demo_shows_people_who_left_are_discreet_or_cannot_be_reached(world):
    owen = Contact.objects.get(name="Owen Pratt")
    assert owen.left_on < TODAY
    assert Contact.objects.get(name="Dana Whitlock").roles.count() == 4
    assert Contact.objects.get(discreet=True).organization.confidential
    pantry = world.organizations["cedarhill"]
    assert not pantry.contacts.filter(left_on__isnull=True, undeliverable_on__isnull=True).exists()
    assert Reminder.objects.filter(organization=pantry, nobody=True, state=State.HANDED_OVER.value).exists()


def test_demo_has_a_prospect_and_a_former_partner(world):
    today = Standing.objects.filter(until__isnull=True).values_list("organization__name", "status")
    other = {name: status for name, status in today if status != "active"}
    assert other == {"Corran Valley Innkeepers": "prospect", "Mill Race Counseling": "former"}


def test_demo_has_sessions_before_and_to_come(world):
    assert Session.objects.filter(status=SessionStatus.CANCELLED).count() == 1
    assert world.sessions[SOON].starts_at > NOW
    answers = set(world.sessions[SOON].invitations.values_list("answer", flat=True))
    assert answers == {"none", "accepted", "tentative", "declined"}
    assert Attendance.objects.filter(session__recorded_on__isnull=False).count() == 3


def test_demo_was_lived_mail_by_mail_since_the_day_of_entry(world, mail_folder):
    sent = Message.objects.filter(sent_at__isnull=False)
    assert not Message.objects.exclude(pk__in=sent).exists()
    assert {m.kind for m in sent} >= {"digest", "entry", "expiry_today", "partner"}
    assert {m.calendar_method for m in sent} == {"", "REQUEST", "CANCEL"}
    days = {m.sent_at.astimezone(NEW_YORK).date() for m in sent}
    assert min(days) == world.first_day < TODAY - timedelta(40)
    assert max(days) < TODAY
    assert all(world.week.is_working(day) for day in days)
    assert len(list(mail_folder.glob("*.eml"))) == sent.count()


def test_demo_mail_goes_only_where_nobody_lives(world):
    assert all(o.is_demo for o in Organization.objects.all())
    assert all(m.demo and m.recipient.endswith("example.org") for m in Message.objects.all())
    phones = [p for p in Contact.objects.values_list("phone", flat=True) if p]
    assert len(phones) > 10
    assert all(phone.startswith("555-01") for phone in phones)


def test_demo_plans_today_and_leaves_its_mail_to_the_next_heartbeat(world):
    assert set(Organization.objects.values_list("planned_for", "plan_stale_at")) == {(TODAY, None)}
    states = {line.state for line in outlook(from_day=TODAY)}
    assert {"planned", "held", "skipped"} <= states


def _told() -> dict[str, list]:
    return {
        "organizations": list(Organization.objects.order_by("name").values_list("name", "partner_since")),
        "agreements": sorted(Agreement.objects.values_list("title", "status", "expires_on"), key=str),
        "contacts": sorted(Contact.objects.values_list("name", "email", "left_on"), key=str),
        "mails": sorted((m.recipient, m.subject, str(m.sent_at.date())) for m in Message.objects.all()),
    }


def test_demo_is_the_same_for_the_same_seed_and_day_at_any_hour(world, tmp_path):
    removal.remove()
    play(tmp_path, organizations=16, seed=5)
    first = _told()
    removal.remove()
    play(tmp_path, organizations=16, seed=5, now=NOW - timedelta(hours=12))
    assert _told() == first
    assert len(first["organizations"]) == 16


def test_another_seed_invents_other_organizations():
    first, again, other = (list(invent(Random(seed), 40)) for seed in (5, 5, 6))
    assert first == again
    assert {partner.name for partner, _paper, _rest in first} != {partner.name for partner, _, _ in other}
    assert any(rest for _partner, _paper, rest in first)


def test_removal_leaves_nothing_of_the_demo(world):
    removed = removal.remove()
    assert (removed.organizations, removed.users, removed.staying) == (12, 4, ())
    kept = {m.__name__ for m in apps.get_app_config("prm").get_models() if m.objects.exists()}
    assert kept == {"Program", "Term"}


def test_removal_keeps_who_can_sign_in_or_keeps_a_real_partner(world):
    set_password(world.users["director"], "a long enough password")
    real = add_organization(name="Harbor House", now=NOW)
    assign_owner(real, world.users["rosa"], now=NOW)
    removed = removal.remove()
    assert removed.staying == ("director@example.org", "rosa@example.org")
    assert list(Organization.objects.all()) == [real]
    assert not Message.objects.exists()
    assert set(User.objects.values_list("email", flat=True)) == set(removed.staying)


def test_removal_leaves_a_shared_agreement_to_its_real_parties(world):
    real = add_organization(name="Harbor House", now=NOW)
    protocol = world.agreements["protocol"]
    Party.objects.create(
        agreement=protocol, organization=real, original=False, signature="signed", entered_on=TODAY
    )
    removal.remove()
    parties = protocol.parties.values_list("organization__name", flat=True)
    assert set(parties) == {None, "Harbor House"}


def test_demo_twice_says_it_is_here(world, capsys):
    before = Entry.objects.count()
    call_command("demo")
    assert capsys.readouterr().out.startswith("The demo is here already; nothing was changed.")
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "closed", [frozenset(), frozenset(date(2027, 3, 20) + timedelta(n) for n in range(9))]
)
def test_story_keeps_its_order_on_every_day_of_two_years(closed):
    for number in range(730):
        world = World(today=date(2026, 6, 1) + timedelta(number), zone=NEW_YORK, week=WorkingWeek(closed))
        told = list(chapters(world))
        days = [day for day, _chapter in told]
        assert days == sorted(days)
        assert world.first_day <= days[0] <= days[-1] < world.today
        recorded = next(day for day, chapter in told if chapter is write_down_who_came)
        assert recorded > world.working(-27)
        assert all(world.week.is_working(day) for day in days)


def test_invented_names_are_all_different():
    names = [person.name for partner in PARTNERS for person in partner.people]
    assert len(set(names)) == len(names)
    assert len({colleague.email for colleague in COLLEAGUES}) == 4
