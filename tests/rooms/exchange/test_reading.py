"""What one row says: fields, people, agreement, pause and training; errors keep it out, oddities are kept and named."""

from datetime import date

import pytest

from prm.exchange.reading import Known, read
from prm.exchange.source import open_source

TODAY = date(2027, 1, 4)
KNOWN = Known(
    TODAY,
    {"faith": "Faith communities", "youth_services": "Youth services, runaway and homeless youth", "other": "Other",
     "law_enforcement_local": "Police and sheriff", "workforce": "Workforce and career centres"},
)  # fmt: skip


@pytest.fixture
def row_of(tmp_path):
    """Reads one organization from the headings and cells of keyword arguments, whose "_" is a space."""

    def make(day_first=None, **cells):
        cells = {"Organization": "Harbor House"} | {
            name.replace("_", " "): text for name, text in cells.items()
        }
        quoted = ('"' + text.replace('"', '""') + '"' for text in cells.values())
        path = tmp_path / "row.csv"
        path.write_text(",".join(cells) + "\n" + ",".join(quoted) + "\n")
        row = next(open_source(path, day_first).rows())
        return row, read(row, KNOWN)

    return make


def told(row):
    return [(problem.column, problem.severity) for problem in row.problems]


def test_first_contact_holds_every_role_and_second_none(row_of):
    _, reading = row_of(Contact="Anna Reyes", Email="ANNA@harbor.example", Second_contact="Ruth Diaz")
    anna, ruth = reading.people
    assert (anna.email, anna.roles) == (
        "anna@harbor.example",
        ("primary", "notice", "signatory", "training", "intake"),
    )
    assert (ruth.name, ruth.roles) == ("Ruth Diaz", ())


def test_role_named_by_a_column_is_held_by_that_person(row_of):
    _, reading = row_of(
        Contact="Anna Reyes",
        Email="anna@harbor.example",
        Signatory="Ruth Diaz",
        Training_coordinator_email="anna@harbor.example",
    )
    assert {person.name: person.roles for person in reading.people} == {
        "Anna Reyes": ("primary", "notice", "training", "intake"),
        "Ruth Diaz": ("signatory",),
    }


def test_address_without_a_contact_is_the_organizations_mailbox(row_of):
    row, reading = row_of(Email="info@harbor.example", Phone="(644) 555-0187")
    assert (reading.people, reading.fields) == (
        (),
        {"role_mailbox": "info@harbor.example", "phone": "(644) 555-0187"},
    )
    assert told(row) == [("Email", "warning")]


def test_address_that_reads_like_a_name_is_a_contact(row_of):
    row, reading = row_of(Email="anna.reyes@harbor.example", Phone="(644) 555-0187")
    anna = reading.people[0]
    assert (anna.name, anna.guessed, anna.phone) == ("Anna Reyes", True, "(644) 555-0187")
    assert (len(anna.roles), told(row)) == (5, [("Email", "warning")])


@pytest.mark.parametrize(
    "local", ["office", "intake.desk", "areyes", "harbor.house", "front.desk2", "anna.reyes.jr"]
)
def test_address_that_reads_like_no_name_is_the_mailbox(row_of, local):
    _, reading = row_of(Email=f"{local}@harbor.example")
    assert (reading.people, reading.fields["role_mailbox"]) == ((), f"{local}@harbor.example")


@pytest.mark.parametrize("text", ["not-an-email", "a@b@c", "anna@", "anna@harbor"])
def test_broken_address_keeps_the_row_out(row_of, text):
    row, _ = row_of(Contact="Anna", Email=text)
    assert told(row) == [("Email", "error")]


def test_second_address_in_a_cell_stays_as_a_note(row_of):
    row, reading = row_of(Contact="Anna", Email="anna@harbor.example; info@harbor.example")
    assert reading.people[0].email == "anna@harbor.example"
    assert row.notes == ["Email: anna@harbor.example; info@harbor.example"]


@pytest.mark.parametrize(
    ("text", "key"),
    [("Faith communities", "faith"), ("FAITH  COMMUNITIES", "faith"), ("Youth services", "youth_services"),
     ("police", "law_enforcement_local"), ("Workforce and career centers", "workforce")],
)  # fmt: skip
def test_sector_is_found_by_its_words(row_of, text, key):
    row, reading = row_of(Sector=text)
    assert (reading.sector, row.notes) == (key, [])


def test_unknown_sector_is_other_and_stays_as_a_note(row_of):
    row, reading = row_of(Sector="Beekeeping")
    assert (reading.sector, row.notes, told(row)) == (
        "other",
        ["Sector: Beekeeping"],
        [("Sector", "warning")],
    )


@pytest.mark.parametrize(
    "text", ["evergreen", "Evergreen", "no end", "ongoing", "auto-renew", "open-ended", "12/31/9999"]
)
def test_evergreen_stands_in_place_of_an_end(row_of, text):
    row, reading = row_of(MOU_signed="2026-03-01", MOU_expires=text)
    assert (reading.paper.ends_on, reading.paper.signed_on, row.wrong_at_all) == (
        None,
        date(2026, 3, 1),
        False,
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [("MOU (evergreen)", "mou"), ("MOA", "moa"), ("Letter of Commitment", "letter_of_commitment"),
     ("Memorandum of Understanding", "mou"), ("Data sharing agreement", "data_sharing"), ("informal", "informal")],
)  # fmt: skip
def test_kind_of_agreement_is_found_by_its_words(row_of, text, kind):
    row, reading = row_of(MOU_type=text, MOU_expires="" if "evergreen" in text else "2027-09-30")
    assert (reading.paper.kind, row.problems) == (kind, [])


@pytest.mark.parametrize("text", ["none", "No MOU", "n/a", "-"])
def test_no_agreement_is_none_and_stays_as_a_note(row_of, text):
    row, reading = row_of(MOU_type=text)
    assert (reading.paper, row.notes) == (None, [f"MOU type: {text}"])


def test_signing_without_an_end_is_evergreen_and_says_so(row_of):
    row, reading = row_of(MOU_signed="2026-03-01", MOU_expires="")
    assert (reading.paper.ends_on, told(row)) == (None, [("MOU signed", "warning")])


@pytest.mark.parametrize(
    ("said", "paper"), [("Yes", (False, None)), ("No", (True, None)), ("pending signature", (True, None))]
)
def test_word_in_place_of_a_signing_day_says_whether_it_is_signed(row_of, said, paper):
    row, reading = row_of(MOU_signed=said, MOU_expires="2027-09-30")
    assert ((reading.paper.draft, reading.paper.signed_on), row.wrong_at_all) == (paper, False)
    assert row_of(MOU_signed="No")[1].paper is None


@pytest.mark.parametrize(
    ("heading", "text", "months"),
    [("MOU term", "36", 36), ("MOU term", "3 years", 36), ("MOU term", "One year", 12),
     ("MOU term (years)", "2", 24), ("MOU term (years)", "18 months", 18), ("MOU term", "evergreen", None)],
)  # fmt: skip
def test_length_of_an_agreement_is_told_in_months_or_years(row_of, heading, text, months):
    row, reading = row_of(**{"MOU_signed": "2026-03-01", heading: text})
    assert (reading.paper.months, reading.paper.ends_on, row.problems) == (months, None, [])


def test_end_without_signing_is_signed_on_a_day_nobody_knows(row_of):
    row, reading = row_of(MOU_expires="2027-09-30")
    assert (reading.paper.signed_on, reading.paper.ends_on, row.problems) == (None, date(2027, 9, 30), [])


@pytest.mark.parametrize(
    "cells",
    [
        {"MOU_expires": "31/02/2027"},
        {"MOU_expires": "soon"},
        {"MOU_signed": "2027-01-01", "MOU_expires": "2026-01-01"},
        {"Paused_from": "2027-03-01", "Paused_until": "2027-02-01"},
        {"Last_training": "2026-02-30"},
        {"Training_every_(months)": "often"},
        {"Training_every_(months)": "-3"},
        {"Approval_lead_days": "a while"},
        {"MOU_expires": "=TODAY()"},
    ],
)
def test_cell_that_cannot_be_read_keeps_the_row_out(row_of, cells):
    row, _ = row_of(**cells)
    assert told(row) == [(list(cells)[-1].replace("_", " "), "error")]


@pytest.mark.parametrize(
    ("text", "months"), [("3", 3), ("6.0", 6), ("quarterly", 3), ("every 6 months", 6), ("None", None)]
)
def test_rhythm_is_a_number_a_word_or_none(row_of, text, months):
    _, reading = row_of(**{"Training_every_(months)": text})
    assert (reading.training.told, reading.training.months) == (True, months)


def test_pause_with_a_past_end_is_not_imported_but_named(row_of):
    row, reading = row_of(On_hold_until="2027-01-03")
    assert (reading.pause, told(row)) == (None, [("On hold until", "warning")])
    assert row_of(On_hold_until="2027-01-04")[1].pause.ends_on == TODAY


@pytest.mark.parametrize("text", ["until further notice", "unknown", "yes", "TBD"])
def test_pause_without_a_day_has_an_unknown_end(row_of, text):
    pause = row_of(On_hold_until=text)[1].pause
    assert (pause.scope, pause.starts_on, pause.ends_on) == ("all", None, None)


@pytest.mark.parametrize(
    ("text", "scope"),
    [("Referrals", ("referrals", "")), ("new clients", ("referrals", "")), ("trainings", ("training", "")),
     ("", ("all", "")), ("Dental care", ("service", "Dental care"))],
)  # fmt: skip
def test_scope_of_a_pause_is_found_by_its_words(row_of, text, scope):
    pause = row_of(On_hold_until="2027-03-01", Pause_scope=text)[1].pause
    assert (pause.scope, pause.service) == scope


def test_day_of_return_ends_the_pause_the_day_before(row_of):
    row, reading = row_of(Resumes="2027-03-01")
    assert (reading.pause.ends_on, told(row)) == (date(2027, 2, 28), [("Resumes", "warning")])
    assert row_of(Resumes="unknown")[1].pause.ends_on is None


def test_heading_that_speaks_of_referrals_pauses_nothing_else(row_of):
    assert row_of(No_referrals_until="2027-03-01")[1].pause.scope == "referrals"
    assert row_of(No_referrals_until="2027-03-01", Pause_scope="all")[1].pause.scope == "all"


def test_word_in_place_of_a_day_nothing_depends_on_stays_as_a_note(row_of):
    row, reading = row_of(Partner_since="2019", Trained="yes")
    assert (reading.training.last_on, row.wrong_at_all) == (None, False)
    assert row.notes == ["Partner since: 2019", "Trained: yes"]


def test_status_on_hold_is_an_active_partner_that_pauses(row_of):
    _, reading = row_of(Status="On hold")
    assert (reading.status, reading.pause.ends_on) == ("active", None)


def test_formula_becomes_harmless_text_in_the_notes(row_of):
    row, reading = row_of(City='=HYPERLINK("x")', Phone="+1 644 555 0187")
    assert ("city" in reading.fields, row.notes) == (False, ['City: \'=HYPERLINK("x")'])
    assert told(row) == [("City", "warning")]


def test_column_without_a_meaning_stays_as_a_note(row_of):
    row, _ = row_of(Hobby="chess", Notes="call before 3pm")
    assert row.notes == ["call before 3pm", "Hobby: chess"]


def test_name_alone_in_a_wide_sheet_is_odd(row_of):
    row, reading = row_of(Organization="NORTH COUNTY", City="", Email="", MOU_expires="")
    assert (reading.name, told(row)) == ("NORTH COUNTY", [("Organization", "warning")])
    assert told(row_of(Organization="Total Care Clinic", City="Aurora")[0]) == []


@pytest.mark.parametrize(
    "name", ["", "TOTAL", "Total: 60", "Total number of agencies", "-", "=1+1", "x" * 201]
)
def test_row_without_a_name_is_kept_out(row_of, name):
    row, _ = row_of(Organization=name, City="Aurora")
    assert told(row) == [("Organization", "error")]
