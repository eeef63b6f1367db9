"""Our own file read again: it says nothing new and changes nothing; in another installation it makes the same."""

from datetime import timedelta
from pathlib import Path

import pytest

from prm.agreements.models import Party
from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.exchange.partners_import import import_partners
from prm.exchange.partners_out import partners_table
from prm.exchange.table_out_files import WRITERS
from prm.partners.actions import add_contact, set_standing
from prm.partners.models import Contact, Entry, Organization, Role
from prm.training.actions import note_last_training, set_cadence
from prm.vocabulary.queries import term
from tests.cast import (
    NOW,
    PARTNER_ROLES,
    TODAY,
    ben,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_program,
    rosa,
)

SAMPLES = Path(__file__).parents[2] / "journeys" / "data"
KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx"])


@pytest.fixture(autouse=True)
def _program(db):
    make_program()


@pytest.fixture
def out(tmp_path):
    """Writes the file of all partners and returns its path."""

    def run(kind, today=TODAY, **more):
        path = tmp_path / f"partners.{kind}"
        with path.open("wb") as file:
            table = partners_table(
                Organization.objects.order_by("name", "id"), today=today, reader=rosa(), **more
            )
            WRITERS[kind]([table], file)
        return path

    return run


def read(path, today=TODAY):
    return import_partners(path, now=NOW, today=today)


def everything():
    """Every fact that an import could have touched."""
    tables = (
        (Organization, ("pk", "plan_stale_at", "planned_for")),
        (Contact, ("pk", "organization_id")),
        (Role, ("pk", "organization_id", "contact_id")),
        (Pause, ("pk", "organization_id", "declared_by_id")),
    )
    rows = {
        table.__name__: [
            {name: value for name, value in row.items() if name not in without}
            for row in table.objects.order_by("pk").values()
        ]
        for table, without in tables
    }
    return rows, list(Party.objects.order_by("pk").values()), Entry.objects.exclude(event="imported").count()


def full_partner():
    facts = {
        "sector": term("sector", "dv_sa"),
        "city": "Oakland",
        "county": "Alameda",
        "state": "CA",
        "phone": "+1-555-555-0100",
    }
    facts |= {
        "postal_code": "02139",
        "zone": "America/Chicago",
        "role_mailbox": "office@harbor.example",
        "confidential": True,
    }
    facts |= {
        "approval_body": "Board",
        "approval_lead_days": 120,
        "partner_since": day("2024-02-29"),
        "notes": "Ring twice\nat the door",
    }
    harbor = harbor_house(website="harbor.example", partnership_kind=None, **facts)
    make_agreement(harbor)
    pause(harbor, scope="training", starts_on=TODAY, ends_on=TODAY + timedelta(9), reason="Moving", now=NOW)
    add_contact(
        harbor, name="Ben Cho", title="Advocate", email="cho@harbor.example", phone="+1-555-555-0101", now=NOW
    )
    add_contact(
        harbor, name="Flo Ek", email="flo@harbor.example", roles=["after_hours", "board_liaison"], now=NOW
    )
    set_cadence(harbor, every_months=6, now=NOW)
    note_last_training(harbor, attended_on=day("2027-03-01"), entered_on=TODAY, now=NOW)
    return harbor


def shy_partners():
    chapel = make_organization("Chapel", owner=ben())
    add_contact(chapel, name="Ruth", roles=PARTNER_ROLES, languages=["es", "en"], discreet=True, now=NOW)
    make_agreement(chapel, term="evergreen", expires_on=None, kind=term("agreement_kind", "informal"))
    pause(chapel, scope="service", service="Dental care", starts_on=TODAY, ends_on=None, now=NOW)
    set_cadence(chapel, every_months=None, reason="They train us", now=NOW)
    set_standing(make_organization("Nobody yet"), status="prospect", since=TODAY, now=NOW)


@KINDS
def test_our_own_file_read_again_changes_nothing(out, kind):
    full_partner()
    shy_partners()
    before = everything()
    report = read(out(kind))
    assert (report.rows, report.unchanged, report.changed, report.problems) == (3, 3, [], [])
    assert everything() == before


@KINDS
@pytest.mark.parametrize("sample", ["partners.csv", "partners-agency-style.csv", "partners-messy.xlsx"])
def test_what_was_imported_goes_out_and_comes_in_without_a_change(out, sample, kind):
    today = day("2027-01-04")
    import_partners(SAMPLES / sample, now=NOW, today=today, day_first=False)
    before = everything()
    number = Organization.objects.count()
    report = read(out(kind, today), today)
    assert (report.rows, report.unchanged, report.changed, report.skipped) == (number, number, [], [])
    assert everything() == before


@KINDS
def test_another_installation_gets_the_same_facts(out, kind):
    full_partner()
    told, path = out("csv").read_bytes(), out(kind)
    Party.objects.all().delete()
    Organization.objects.all().delete()
    report = read(path)
    assert (len(report.new), report.skipped) == (1, [])
    assert out("csv").read_bytes() == told
    harbor = Organization.objects.get()
    assert harbor.phone == "+1-555-555-0100"
    assert harbor.notes == "Ring twice\nat the door"
    assert set(harbor.roles.filter(contact__name="Flo Ek").values_list("kind", flat=True)) == {
        "after_hours",
        "board_liaison",
    }


def test_calculated_columns_are_left_aside_with_a_word(out):
    make_organization("Harbor House")
    report = read(out("csv", more=[("Next reminder", lambda _row: "Call them")]))
    assert (report.unchanged, Organization.objects.get().notes) == (1, "")
    [problem] = report.problems
    assert (problem.column, problem.reason) == (
        "Next reminder (calculated)",
        "follows from the other columns and was left aside",
    )
