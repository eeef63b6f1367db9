"""Many invented organizations: believable, all different, the same for the same seed, and gone without a trace."""

from datetime import UTC, datetime

import pytest
from django.apps import apps

from prm.accounts.models import User
from prm.agreements.actions import join
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm
from prm.capacity.models import Pause
from prm.exchange.demo import load as loading
from prm.exchange.demo import names, removal
from prm.exchange.demo.inventing import Chance
from prm.exchange.demo.load import load
from prm.partners.actions import add_organization
from prm.partners.models import Contact, Entry, Organization, Role, Standing
from prm.reminders.models import Reminder
from prm.rules.facts import State
from prm.search import actions as search
from prm.training.actions import record_attendance
from prm.training.models import Attendance, Cadence, Session

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 10, 21, 0, tzinfo=UTC)
MANY = 150


@pytest.fixture
def loaded(monkeypatch):
    """Writes some in batches of 60 and returns what was heard of the progress."""
    monkeypatch.setattr(loading, "BATCH", 60)

    def run(number: int = MANY, seed: int = 7) -> tuple[list, list]:
        written: list[tuple[int, int]] = []
        planned: list[tuple[int, int]] = []
        load(
            now=NOW,
            seed=seed,
            organizations=number,
            progress=lambda *counts: written.append(counts),
            planning=lambda *counts: planned.append(counts),
        )
        return written, planned

    return run


def test_hundred_thousand_names_are_all_different():
    told = [one.name for one in names.organizations(Chance(3), 100_000)]
    assert len(set(told)) == 100_000
    assert max(map(len, told)) < 60
    assert len({one.county for one in names.organizations(Chance(3), 1000)}) > 30


def test_load_has_every_form_and_plans_everyone_for_today(loaded):
    written, planned = loaded()
    assert (written, planned) == ([(60, 150), (120, 150), (150, 150)], [(150, 150)])
    assert set(Organization.objects.values_list("is_demo", "planned_for", "plan_stale_at")) == {
        (True, NOW.date(), None)
    }
    forms = set(Agreement.objects.values_list("term", "status"))
    assert {term for term, _status in forms} == set(AgreementTerm.values)
    assert {status for _term, status in forms} >= {"draft", "awaiting", "in_force", "replaced"}
    expired = Agreement.objects.filter(status=AgreementStatus.IN_FORCE, expires_on__lt=NOW.date())
    assert expired.exists()
    assert {row.status for row in Standing.objects.all()} == {"active", "prospect", "former"}
    assert Pause.objects.filter(ends_on=None).exists()
    assert Contact.objects.filter(left_on__lte=NOW.date()).count() == 3 * loading.SUCCESSIONS
    assert Role.objects.filter(until__lte=NOW.date()).exists()
    assert Session.objects.count() == 12
    assert Attendance.objects.filter(session__isnull=False).count() > 200
    assert Cadence.objects.filter(every_months=None).exclude(reason="").exists()
    assert Entry.objects.filter(event="talked").exists()
    assert Reminder.objects.filter(state=State.PLANNED.value).count() > MANY


def test_load_writes_to_nobody_who_lives(loaded):
    loaded(60)
    addresses = set(Contact.objects.exclude(email="").values_list("email", flat=True))
    assert all(address.endswith(".example.org") for address in addresses)
    phones = Contact.objects.exclude(phone="").values_list("phone", flat=True)
    assert all(phone.startswith("555-01") for phone in phones)


def test_same_seed_writes_the_same_again(loaded):
    def told() -> list:
        people = Contact.objects.values_list("name", "email", "left_on", "organization__slug")
        papers = Agreement.objects.values_list("title", "status", "expires_on", "signed_on")
        return sorted(map(str, [*people, *papers, *Reminder.objects.values_list("rule", "day", "reason")]))

    tales = []
    for seed in (5, 5, 6):
        loaded(60, seed)
        tales.append(told())
        removal.remove()
    assert tales[0] == tales[1] != tales[2]


def test_removal_takes_all_of_it_and_leaves_what_a_real_partner_shares(loaded, monkeypatch):
    monkeypatch.setattr(removal, "AT_ONCE", 50)
    loaded()
    real = add_organization(name="Harbor House", now=NOW)
    paper = Agreement.objects.filter(status=AgreementStatus.IN_FORCE, term="from_last_signature").first()
    join(paper, real, signed=True, now=NOW)
    session = Session.objects.order_by("id").first()
    record_attendance(session, counts={real: 3}, now=NOW)
    assert removal.remove().organizations == MANY
    assert list(Organization.objects.all()) == [real]
    assert set(paper.parties.values_list("organization", flat=True)) == {None, real.pk}
    assert list(Session.objects.all()) == [session]
    assert Attendance.objects.get().organization == real
    assert not Reminder.objects.exclude(organization=real).exists()
    assert not User.objects.exists()


def test_removal_leaves_nothing_but_the_program(loaded):
    loaded(60)
    removal.remove()
    search.refresh(now=NOW, most=10_000)  # as the next heartbeats do
    kept = {m.__name__ for m in apps.get_app_config("prm").get_models() if m.objects.exists()}
    assert kept == {"Program", "Term"}
