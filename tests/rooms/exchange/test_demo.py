"""The demo: what it shows, that it was lived and not painted, and that it goes as it came."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.test import override_settings

from prm.accounts.actions import set_password
from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party
from prm.agreements.queries import agreements_of
from prm.capacity.models import Effect, Pause, Reach, Scope
from prm.exchange.demo import removal
from prm.exchange.demo.replay import FEWEST, live_through
from prm.exchange.demo.world import World
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import add_organization, assign_owner
from prm.partners.models import Contact, Entry, Organization, Promise, Standing
from prm.reminders.models import Reminder
from prm.reporting.outlook import outlook
from prm.rules.facts import State
from prm.search import actions as search
from prm.training.models import Attendance, Invitation, Session, SessionStatus
from prm.vocabulary.models import Term

# the rooms that the demo is told through are tried on both databases; half a minute of telling on one
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

NOW = datetime(2027, 3, 10, 21, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)
NEW_YORK = ZoneInfo("America/New_York")
FILES = "config.mailfile.EmailBackend"


def play(folder: Path, now: datetime = NOW, heartbeat=heartbeat) -> World:
    with override_settings(EMAIL_BACKEND=FILES, EMAIL_FILE_PATH=str(folder)):
        return live_through(now=now, heartbeat=heartbeat)


@pytest.fixture(scope="module")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, mail_folder: Path) -> Iterator[World]:
    """One demo for all tests of this file; each test undoes only what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(mail_folder)
        transaction.set_rollback(True)


def test_demo_spreads_over_four_counties(world):
    counted = Organization.objects.values_list("county").annotate(Count("pk")).order_by("county")
    counties = {"Corran County": 14, "Merrow County": 11, "Quillan County": 9, "Tallis County": 10}
    assert dict(counted) == counties
    assert sum(counties.values()) == FEWEST >= 40
    assert Organization.objects.values("sector").distinct().count() >= 25
    assert Organization.objects.values("partnership_kind").distinct().count() >= 6


def test_demo_shows_every_form_of_agreement(world):
    assert set(Agreement.objects.values_list("term", flat=True)) == set(AgreementTerm.values)
    assert set(Agreement.objects.values_list("status", flat=True)) == set(AgreementStatus.values)
    kinds = set(Term.objects.filter(list="agreement_kind").values_list("key", flat=True))
    assert set(Agreement.objects.values_list("kind__key", flat=True)) == kinds
    assert Agreement.objects.filter(renews__renews__isnull=False).count() >= 2
    assert Agreement.objects.filter(renews__isnull=False, renews__renews__isnull=True).count() >= 5


def test_demo_has_agreements_at_every_step_of_their_way(world):
    in_force = Agreement.objects.filter(status=AgreementStatus.IN_FORCE)
    for days in (14, 30, 60, 90):
        assert in_force.filter(expires_on__range=(TODAY, TODAY + timedelta(days))).exists()
    expired = in_force.filter(expires_on__lt=TODAY)
    assert expired.count() == 3
    renewal = Agreement.objects.get(status=AgreementStatus.AWAITING, renews__isnull=False)
    assert set(renewal.parties.values_list("signature", flat=True)) == {"signed", "waiting"}
    review = next(r for r in Reminder.objects.filter(rule="review") if r.reference_on < TODAY)
    assert review.organization.name == "Pellam Dock Seafarers’ Center"


def test_demo_has_a_stuck_signature_and_a_later_joiner(world):
    stuck = Party.objects.get(organization=world.organizations["alderstreet"], signature="waiting")
    assert stuck.agreement.status == AgreementStatus.AWAITING
    assert stuck.agreement.sent_on < TODAY - timedelta(35)
    joiner = Party.objects.get(original=False)
    assert joiner.expires_on > joiner.agreement.expires_on
    assert joiner.agreement.parties.count() == 5


def test_demo_shows_every_form_of_pause(world):
    now = Pause.objects.filter(starts_on__lte=TODAY).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=TODAY))
    assert set(now.values_list("scope", flat=True)) == set(Scope.values)
    assert set(now.values_list("effect", flat=True)) == set(Effect.values)
    assert set(now.values_list("reach", flat=True)) == set(Reach.values)
    assert now.filter(ends_on__isnull=True).count() >= 2
    assert Pause.objects.filter(starts_on__gt=TODAY).count() == 2
    assert Pause.objects.filter(ends_on__lt=TODAY, answer="back").count() == 4
    to_be_confirmed = Pause.objects.get(ends_on__lt=TODAY, answered_on__isnull=True)
    assert to_be_confirmed.organization == world.organizations["workforce"]


def test_promises_are_kept_let_go_open_and_one_is_late(world):
    open_ones = Promise.objects.filter(kept_on__isnull=True, dropped_on__isnull=True)
    assert (Promise.objects.count(), open_ones.count()) == (6, 4)
    assert Promise.objects.filter(kept_on__isnull=False).count() == 1
    [late] = open_ones.filter(due_on__lt=TODAY)
    assert (late.side, late.organization.name) == ("ours", "Lakeshore Public Schools")
    assert sorted(open_ones.values_list("side", flat=True)) == ["ours", "ours", "theirs", "theirs"]
    assert Entry.objects.filter(event="promise_moved").count() == 1
    gone = Reminder.objects.filter(record=f"promise:{late.pk}", state=State.HANDED_OVER.value)
    assert gone.exists()


def test_demo_has_a_pause_that_took_longer_and_one_that_ended_early(world):
    longer = Entry.objects.get(event="pause_extended")
    assert longer.organization == world.organizations["childfamily"]
    early = Entry.objects.get(event="pause_resumed").organization.pauses.get()
    assert early.answer == "resumed"
    assert early.starts_on < early.ends_on < TODAY


def test_demo_shows_people_who_left_are_discreet_or_cannot_be_reached(world):
    left = dict(Contact.objects.filter(left_on__isnull=False).values_list("name", "left_on"))
    assert set(left) == {"Owen Pratt", "Marion Vance", "Sarah Moffat"}
    assert left["Sarah Moffat"] < world.first_day < left["Owen Pratt"] < TODAY
    assert Contact.objects.get(name="Dana Whitlock").roles.count() == 4
    assert Contact.objects.get(name="Trevor Lindgren").roles.count() == 5
    pantry = world.organizations["cedarhill"]
    assert not pantry.contacts.filter(left_on__isnull=True, undeliverable_on__isnull=True).exists()
    assert Reminder.objects.filter(organization=pantry, nobody=True, state=State.HANDED_OVER.value).exists()


def test_a_mail_really_came_back_before_anybody_said_so(world):
    peter = Contact.objects.get(name="Peter Lang")
    back = Message.objects.filter(state=Message.State.FAILED)
    assert set(back) == set(Message.objects.filter(contact=peter)) != set()
    assert all("no such user here" in message.last_error for message in back)
    assert all(message.written_at.date() <= peter.undeliverable_on for message in back)


def test_an_unanswered_renewal_has_climbed_to_the_director(world):
    police = world.organizations["merrow-police"]
    gone = Reminder.objects.filter(organization=police, rule="expiry", state=State.HANDED_OVER.value)
    steps = dict(gone.filter(side="partner").values_list("offset", "audience"))
    assert steps.keys() >= {-30, -14, -7, 0}
    last_day = Message.objects.filter(kind="expiry_today", subject__contains=police.name)
    assert last_day.filter(user=world.users["director"]).exists()
    assert agreements_of(police).filter(expires_on__lt=TODAY, renewed_by__isnull=True).exists()
    talks = Entry.objects.filter(organization=police, kind="talk", happened_on__gte=world.first_day)
    assert set(talks.values_list("event", flat=True)) == {"tried_to_talk"}


def test_demo_has_prospects_and_former_partners(world):
    today = Standing.objects.filter(until__isnull=True).exclude(status="active")
    assert dict(today.values_list("organization__name", "status")) == {
        "Corran Valley Innkeepers": "prospect",
        "Tallis Fruit Growers Association": "prospect",
        "Mill Race Counseling": "former",
        "Merrow Coast Lodging Association": "former",
    }


def test_demo_has_a_year_of_training_in_many_towns(world):
    held = Session.objects.filter(recorded_on__isnull=False)
    days = sorted(session.starts_at.date() for session in held)
    assert TODAY - days[0] > timedelta(300)
    assert all(later - earlier < timedelta(100) for earlier, later in pairwise(days))
    assert len({session.place.rpartition(", ")[2] for session in held}) >= 9
    assert Attendance.objects.filter(contact__isnull=True).aggregate(n=Sum("people"))["n"] > 100
    assert Attendance.objects.filter(contact__isnull=False).count() > 60
    assert Organization.objects.filter(attendances__isnull=False).distinct().count() >= 38


def test_some_were_asked_and_stayed_away_and_some_came_unasked(world):
    asked = Invitation.objects.filter(session__recorded_on__isnull=False)
    came = Attendance.objects.filter(session=F("session"), contact__isnull=False)
    seats, present = set(asked.values_list("session", "contact")), set(came.values_list("session", "contact"))
    assert seats - present
    walked_in = {pair for pair in present - seats if pair[0] in {session for session, _ in seats}}
    assert {Contact.objects.get(pk=pk).name for _, pk in walked_in} >= {"Beth Oyelaran", "Emilio Duarte"}
    assert {"accepted", "tentative", "declined", "none"} == set(asked.values_list("answer", flat=True))


def test_one_session_was_moved_one_cancelled_and_two_are_to_come(world):
    assert Session.objects.get(status=SessionStatus.CANCELLED) == world.sessions["storm"]
    assert (
        Session.objects.get(moved_on__isnull=False).moved_from_on < world.sessions["moved"].starts_at.date()
    )
    assert set(Session.objects.filter(starts_at__gt=NOW)) == {world.sessions["soon"], world.sessions["later"]}


def test_demo_was_lived_mail_by_mail_since_the_day_of_entry(world, mail_folder):
    sent = Message.objects.filter(sent_at__isnull=False)
    assert set(Message.objects.exclude(pk__in=sent).values_list("state", flat=True)) == {"failed"}
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
    assert len(phones) > 40
    assert len(set(phones)) == len(phones)
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
        "entries": sorted(Entry.objects.values_list("event", "happened_on", "note"), key=str),
    }


def test_demo_tells_the_same_on_the_same_day_at_any_hour(world, tmp_path):
    first = _told()
    removal.remove()
    play(tmp_path, now=NOW - timedelta(hours=12), heartbeat=lambda _now: None)
    assert _told() == first


def test_removal_leaves_nothing_of_the_demo(world):
    removed = removal.remove()
    assert (removed.organizations, removed.users, removed.staying) == (FEWEST, 6, ())
    search.refresh(now=NOW, most=10_000)  # as the next heartbeats do
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
