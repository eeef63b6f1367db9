"""From a spreadsheet to partners: the sample files, the same file again, changed files, files that are refused."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from prm.accounts.models import Program, User
from prm.agreements.actions import renew
from prm.agreements.models import Agreement
from prm.capacity.models import Pause
from prm.partners.models import Contact, Entry, Organization, Role
from prm.training.models import Attendance, Cadence
from tests.cast import at

SAMPLES = Path(__file__).parent / "data"
TODAY = "2027-01-04"
ROLES = {"primary", "notice", "signatory", "training", "intake"}
HEAD = "Organization,City,Contact,Email,MOU signed,MOU expires,On hold until,Last training,Owner,Notes\n"
HARBOR = "Harbor House,Aurora,Anna Reyes,anna@harbor.example,2026-10-01,2027-09-30,,2026-11-05,rosa@program.example,\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path, capsys):
    """Imports a text or a sample file and returns the report."""

    def run(source, *options, today=TODAY):
        path = SAMPLES / source
        if "\n" in source:
            path = tmp_path / "partners.csv"
            path.write_text(source)
        capsys.readouterr()
        call_command("import_partners", str(path), "--json", "--today", today, *options)
        return json.loads(capsys.readouterr().out)

    return run


def everything():
    """How many rows every table of the facts has, and the words that an import writes."""
    tables = (Organization, Contact, Role, Agreement, Pause, Cadence, Attendance, Entry, User)
    return [table.objects.count() for table in tables], list(
        Organization.objects.order_by("id").values_list("name", "notes")
    )


def test_tidy_sheet_imports_whole(load):
    report = load("partners.csv")
    assert (report["rows"], len(report["new"]), report["skipped"], report["problems"]) == (48, 48, [], [])
    assert report["users"] == [
        "dana@program.example.org",
        "rosa@program.example.org",
        "lee@program.example.org",
    ]
    assert Contact.objects.count() == 48 + 28
    assert Agreement.objects.filter(status="in_force", term="fixed").count() == 33
    assert Agreement.objects.filter(status="in_force", term="evergreen").count() == 7
    assert (Pause.objects.count(), Attendance.objects.count(), Cadence.objects.count()) == (2, 34, 34)
    assert Organization.objects.filter(confidential=True).count() == 5
    assert not any(user.can_sign_in for user in User.objects.all())


def test_other_agencys_sheet_imports_with_every_odd_cell_named(load):
    report = load("partners-agency-style.csv")
    assert (report["rows"], len(report["new"]), len(report["merged"]), report["skipped"]) == (63, 60, 3, [])
    assert [(row["line"], row["into_line"]) for row in report["merged"]] == [(13, 12), (34, 33), (56, 55)]
    formulas = [problem["line"] for problem in report["problems"] if problem["column"] == "Notes"]
    assert formulas == [2, 10, 18, 19, 36, 38, 47, 52, 54, 57, 65]
    assert {problem["severity"] for problem in report["problems"]} == {"warning"}
    assert Organization.objects.filter(notes='\'=HYPERLINK("x")').count() == 11
    assert Pause.objects.filter(imported=True, scope="all", starts_on=TODAY).count() == 8


def test_messy_workbook_imports_with_every_bad_cell_named(load, capsys):
    """The lines and counts were taken from the workbook by eye: 64 lines below the headings are not blank, a totals row
    among them, and three agencies stand there twice (one of them with an end before its start)."""
    with pytest.raises(CommandError, match="11 rows were not imported"):
        load("partners-messy.xlsx")
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], len(report["new"]), len(report["merged"])) == (64, 51, 2)
    assert [(row["line"], row["into_line"]) for row in report["merged"]] == [(37, 36), (59, 58)]
    problems = {(one["line"], one["column"], one["value"]): one for one in report["problems"]}
    errors = [place for place, one in problems.items() if one["severity"] == "error"]
    assert errors == [
        (11, "MOU end date", "2027-13-01"), (13, "Contact E-mail", "not-an-email"),
        (15, "MOU end date", "Aug 03, 2026"), (16, "MOU end date", "Aug 03, 2026"), (18, "Agency Name", ""),
        (30, "MOU end date", "31/02/2027"), (39, "Contact E-mail", "a@b@c"), (50, "Agency Name", ""),
        (65, "Contact E-mail", "not-an-email"), (68, "MOU end date", "soon"), (73, "Agency Name", "TOTAL"),
    ]  # fmt: skip
    assert [row["line"] for row in report["skipped"]] == [line for line, _, _ in errors]
    assert (49, "MOU end date", "TBD") in problems
    assert [line for line, _, _ in problems if line < 5] == [1, 2]
    formulas = [line for line, column, _ in problems if column == "Notes"]
    assert formulas == [6, 7, 8, 9, 14, 24, 36, 37, 45, 55, 57, 61]
    assert {one["sheet"] for one in report["problems"]} == {"Partners"}
    assert Pause.objects.filter(imported=True, scope="all", starts_on=TODAY).count() == 9
    terms = [
        Agreement.objects.filter(status="in_force", term=term).count() for term in ("fixed", "evergreen")
    ]
    assert (terms, Contact.objects.count(), Attendance.objects.count()) == ([36, 8], 82, 35)


def test_organizations_of_nearly_one_name_stay_apart(load):
    load("partners.csv")
    for name in ("Youth Outpost of Will County", "Joliet Food Pantry"):
        twin = {"Joliet Food Pantry": "Food Pantry (Joliet)"}.get(name, f"{name} IV")
        assert Organization.objects.filter(name__in=[name, twin]).count() == 2


@pytest.mark.parametrize("sample", ["partners.csv", "partners-agency-style.csv", "partners-messy.xlsx"])
def test_same_file_again_changes_nothing(load, sample, capsys):
    with suppress(CommandError):  # some rows of the last one stay out
        load(sample)
    before = everything()
    capsys.readouterr()
    with suppress(CommandError):
        call_command("import_partners", str(SAMPLES / sample), "--json", "--today", "2027-02-01")
    report = json.loads(capsys.readouterr().out)
    assert (report["new"], report["changed"], report["users"]) == ([], [], [])
    assert report["unchanged"] == report["rows"] - len(report["merged"]) - len(report["skipped"])
    assert everything() == before


def test_dry_run_reports_the_same_and_writes_nothing(load):
    before = everything()
    tried = load("partners-agency-style.csv", "--dry-run", "--hold")
    assert (everything(), Program.objects.get().sending) == (before, "on")
    done = load("partners-agency-style.csv")
    assert tried | {"dry_run": False} == done


def test_row_becomes_partner_people_agreement_and_training(load):
    load(HEAD + HARBOR)
    harbor = Organization.objects.get()
    anna = harbor.contacts.get()
    assert (harbor.entered_on, harbor.standings.get().status) == (date(2027, 1, 4), "active")
    assert {role.kind for role in anna.roles.all()} == ROLES
    assert harbor.assignments.get(kind="owner").user.email == "rosa@program.example"
    paper = Agreement.objects.get()
    assert (paper.kind.key, paper.status, paper.entered_on) == ("mou", "in_force", date(2027, 1, 4))
    assert (paper.signed_on, paper.expires_on) == (date(2026, 10, 1), date(2027, 9, 30))
    assert harbor.attendances.get().attended_on == date(2026, 11, 5)


def test_hold_leaves_sending_held(load):
    load(HEAD + HARBOR, "--hold")
    assert Program.objects.get().sending == "held"


def test_new_end_date_corrects_the_agreement_and_nothing_else(load):
    load(HEAD + HARBOR)
    report = load(HEAD + HARBOR.replace("2027-09-30", "2027-12-31"), today="2027-02-01")
    paper = Agreement.objects.get()
    assert report["changed"][0]["changes"] == ["MOU expires"]
    assert (paper.expires_on, paper.term_set_on, paper.entered_on) == (
        date(2027, 12, 31),
        date(2027, 2, 1),
        date(2027, 1, 4),
    )


def test_later_signing_is_a_renewal(load):
    load(HEAD + HARBOR)
    load(HEAD + HARBOR.replace("2026-10-01,2027-09-30", "2027-10-01,2028-09-30"), today="2027-10-02")
    old, new = Agreement.objects.order_by("id")
    assert (old.status, new.renews_id, new.expires_on) == ("replaced", old.pk, date(2028, 9, 30))


def test_old_sheet_does_not_undo_what_was_done_here(load):
    load(HEAD + HARBOR)
    renew(Agreement.objects.get(), now=at("2027-09-01T10:00"), expires_on=date(2029, 9, 30))
    report = load(HEAD + HARBOR.replace("Aurora", "Joliet"), today="2027-09-02")
    assert report["changed"][0]["changes"] == ["City"]
    assert Agreement.objects.get(status="in_force").expires_on == date(2029, 9, 30)


def test_new_contact_person_takes_over_the_roles(load):
    load(HEAD + HARBOR)
    load(HEAD + HARBOR.replace("Anna Reyes,anna@", "Ruth Diaz,ruth@"), today="2027-02-01")
    ruth = Contact.objects.get(name="Ruth Diaz")
    assert {role.kind for role in Role.objects.filter(until=None)} == ROLES
    assert set(Role.objects.filter(until=None).values_list("contact", flat=True)) == {ruth.pk}
    assert set(Role.objects.exclude(until=None).values_list("until", flat=True)) == {date(2027, 1, 31)}


def test_new_address_of_a_contact_is_changed_in_place(load):
    load(HEAD + HARBOR)
    load(HEAD + HARBOR.replace("anna@harbor", "reyes@harbor"), today="2027-02-01")
    assert (Contact.objects.get().email, Role.objects.count()) == ("reyes@harbor.example", 5)


def test_second_row_of_one_agency_fills_gaps_and_keeps_what_differs_as_a_note(load):
    again = (
        "HARBOR HOUSE,Joliet,Anna Reyes,anna@harbor.example,,,2027-03-01,,ben@program.example,second line\n"
    )
    sheet = HEAD + HARBOR + again
    report = load(sheet)
    harbor = Organization.objects.get()
    assert (harbor.city, harbor.notes) == ("Aurora", "second line\nCity: Joliet\nOwner: ben@program.example")
    assert (Pause.objects.get().ends_on, report["merged"][0]["into_line"]) == (date(2027, 3, 1), 2)
    before = everything()
    load(sheet, today="2027-02-01")
    assert everything() == before


def test_same_name_in_another_town_is_another_organization(load):
    load(
        HEAD
        + HARBOR
        + HARBOR.replace("Aurora", "Yakima").replace("Anna Reyes,anna@harbor", "Bo Li,bo@yakima")
    )
    assert Organization.objects.filter(name="Harbor House").count() == 2


def test_row_with_an_error_leaves_nothing_behind(load, capsys):
    broken = (
        HARBOR.replace("Harbor House", "Maple House")
        .replace("2027-09-30", "31/02/2027")
        .replace("rosa@", "eve@")
    )
    with pytest.raises(CommandError) as outcome:
        load(HEAD + broken + HARBOR)
    report = json.loads(capsys.readouterr().out)
    problem = {"line": 2, "column": "MOU expires", "value": "31/02/2027", "severity": "error"}
    assert problem.items() <= report["problems"][0].items()
    assert (report["skipped"][0]["cells"]["City"], report["users"]) == ("Aurora", ["rosa@program.example"])
    assert (outcome.value.returncode, list(Organization.objects.values_list("name", flat=True))) == (
        1,
        ["Harbor House"],
    )
    assert not User.objects.filter(email="eve@program.example").exists()


def test_open_order_of_day_and_month_is_asked_not_guessed(load):
    sheet = HEAD + HARBOR.replace("2027-09-30", "3/4/2028")
    with pytest.raises(CommandError, match="MOU expires leaves open what 3/4/2028 in line 2") as question:
        load(sheet)
    assert (question.value.returncode, Organization.objects.count()) == (2, 0)
    load(sheet, "--day-first")
    assert Agreement.objects.get().expires_on == date(2028, 4, 3)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"City,Email\nAurora,a@b.org\n", b'Organization,City\n"Harbor,Aurora\nx,y\n'],
)
def test_broken_file_is_one_line_and_no_change(tmp_path, content):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    before = everything()
    with pytest.raises(CommandError) as refusal:
        call_command("import_partners", str(path), "--hold")
    assert (refusal.value.returncode, str(refusal.value).count("\n"), everything()) == (2, 0, before)
    assert Program.objects.get().sending == "on"


def test_wrong_day_of_entry_is_refused(tmp_path):
    with pytest.raises(CommandError, match="--today") as refusal:
        call_command("import_partners", str(tmp_path), "--today", "4.1.2027")
    assert refusal.value.returncode == 2
