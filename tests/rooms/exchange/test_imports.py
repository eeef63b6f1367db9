"""A spreadsheet by a page: uploaded, columns chosen, tried, imported, undone, done again."""

from datetime import timedelta
from pathlib import Path

import pytest

from prm.accounts.models import Program, Sending, User
from prm.exchange import imports, work
from prm.exchange.headings import Chosen
from prm.exchange.layout import choices_of
from prm.exchange.models import Import, ImportState, Trace
from prm.jobs.models import Job
from prm.partners.models import Contact, Organization
from prm.rules.refusal import Refusal
from tests.cast import NOW
from tests.workbooks import save

pytestmark = pytest.mark.django_db
MESSY = Path(__file__).parents[2] / "journeys/data/partners-messy.xlsx"
LIST = "Agency,Contact,Email,MOU end,Hobby\nHarbor House,Anna Reyes,anna@harbor.example,2027-09-30,sailing\n"


def run(source):
    """Let a worker do what waits; return the import as it is then."""
    assert work.run_jobs(now=lambda: NOW, owner="worker") == 1
    return Import.objects.select_related("job").get(pk=source.pk)


def uploaded(text=LIST, name="list.csv", by=None):
    return imports.upload(name=name, content=text.encode() if isinstance(text, str) else text, now=NOW, by=by)


def tried(source, by=None, day_first=None):
    return run(imports.choose(source, choices_of(source.columns), day_first=day_first, now=NOW, by=by))


def imported(source, by=None):
    return run(imports.ask_import(source, now=NOW, by=by))


def counts(report):
    return {name: len(report[name]) for name in ("new", "changed", "merged", "skipped")}


def test_a_messy_workbook_goes_all_the_way_and_back_and_in_again(rosa):
    source = tried(uploaded(MESSY.read_bytes(), "partners-messy.xlsx", rosa), rosa)
    expected = {"new": 51, "changed": 0, "merged": 2, "skipped": 11}
    assert (source.phase, counts(source.tried)) == (ImportState.TRIED, expected)
    assert not Organization.objects.exists()

    source = imported(source, rosa)
    assert (source.phase, counts(source.report)) == (ImportState.IMPORTED, expected)
    assert Organization.objects.count() == source.traces.count() == 51

    source = run(imports.ask_undo(source, now=NOW, by=rosa))
    assert (source.phase, source.undone) == (
        ImportState.UNDONE,
        {"removed": 51, "put_back": 0, "users": 3, "kept": []},
    )
    assert not Organization.objects.exists()
    assert list(User.objects.all()) == [rosa]

    source = imported(tried(source))
    assert Organization.objects.count() == 51


def test_a_look_into_the_file_tells_what_is_where():
    layout = uploaded().layout
    (sheet,) = layout["sheets"]
    assert sheet["headings"] == ["Agency", "Contact", "Email", "MOU end", "Hobby"]
    assert sheet["meanings"] == ["name", "primary.name", "primary.email", "agreement_end", ""]
    assert sheet["samples"][1] == ["Anna Reyes"]
    assert (layout["rows"], sheet["guessed"], sheet["line"]) == (1, False, 1)


def test_headings_that_nobody_knows_are_left_to_the_person():
    source = uploaded(
        "Our list of 2027,,\nWho,Town,Since\nHarbor House,Aurora,2019\nMaple House,Joliet,2020\n"
    )
    (sheet,) = source.layout["sheets"]
    assert (sheet["guessed"], sheet["line"], sheet["rows"]) == (True, 2, 2)

    chosen = Chosen(("Who", "Town", "Since"), ("name", "city", ""))
    source = imports.choose(source, {"": chosen}, day_first=None, now=NOW, by=None)
    imported(run(source))
    assert list(Organization.objects.values_list("name", "city")) == [
        ("Harbor House", "Aurora"),
        ("Maple House", "Joliet"),
    ]
    assert "2019" in Organization.objects.get(name="Harbor House").notes


def test_what_a_person_chose_counts_and_not_what_the_heading_says():
    source = uploaded("Agency,City,County\nHarbor House,Kane,Aurora\n")
    chosen = Chosen(("Agency", "City", "County"), ("name", "county", "city"))
    imported(run(imports.choose(source, {"": chosen}, day_first=None, now=NOW, by=None)))
    assert Organization.objects.values_list("city", "county").get() == ("Aurora", "Kane")


def test_a_sheet_that_was_not_chosen_stays_out(tmp_path):
    rows = [["Agency", "City", "Email"], ["Harbor House", "Aurora", "anna@harbor.example"]]
    old = [["Agency", "City", "Email"], ["Maple House", "Joliet", "ruth@maple.example"]]
    path = save(tmp_path, {"Now": rows, "Then": old})
    source = uploaded(path.read_bytes(), "two.xlsx")
    choices = {"Now": choices_of(source.columns)["Now"]}
    source = run(imports.choose(source, choices, day_first=None, now=NOW, by=None))

    imported(source)
    assert Organization.objects.get().name == "Harbor House"
    assert ("Then", "was left out") in {(told["sheet"], told["reason"]) for told in source.tried["problems"]}


@pytest.mark.parametrize(
    ("meanings", "field", "sentence"),
    [
        (("", "city", "county"), "columns", "which column holds the names"),
        (("name", "city", "city"), "columns", "“City” and “County” mean the same"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused(meanings, field, sentence):
    source = uploaded("Agency,City,County\nHarbor House,Aurora,Kane\n")
    chosen = {"": Chosen(("Agency", "City", "County"), meanings)}
    with pytest.raises(Refusal, match=sentence) as refused:
        imports.choose(source, chosen, day_first=None, now=NOW, by=None)
    assert refused.value.field == field
    assert not Job.objects.exists()


def test_whether_day_or_month_comes_first_is_asked_where_the_file_leaves_it_open():
    source = uploaded("Agency,MOU end\nHarbor House,3/4/2028\n")
    with pytest.raises(Refusal, match="3/4/2028 in line 2") as refused:
        tried(source)
    assert refused.value.field == "day_first"

    source = imported(tried(source, day_first=True))
    assert "2028-04-03" in str(Organization.objects.get().agreement_parties.get().agreement.expires_on)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "This file is empty."),
        ("a.pdf", b"%PDF-1.7 and more", "is a PDF, not a CSV file"),
        ("a.xlsx", b"PK\x03\x04broken", "This file is"),
        ("a.csv", b"x" * (imports.LARGEST + 1), "larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_once(name, content, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        imports.upload(name=name, content=content, now=NOW, by=None)
    assert refused.value.field == "file"
    assert not Import.objects.exists()


def test_from_an_import_on_sending_is_held():
    source = tried(uploaded())
    assert Program.objects.get().sending == Sending.ON
    imports.ask_import(source, now=NOW, by=None)
    assert Program.objects.get().sending == Sending.HELD


def test_two_people_cannot_import_the_same_file_twice():
    source = tried(uploaded())
    imports.ask_import(source, now=NOW, by=None)
    with pytest.raises(Refusal, match="Somebody else"):
        imports.ask_import(source, now=NOW, by=None)


def test_an_import_that_died_in_the_middle_is_taken_up_and_loses_nothing(monkeypatch):
    rows = "".join(f"House {number},Aurora\n" for number in range(450))
    source = imports.ask_import(tried(uploaded(f"Agency,City\n{rows}")), now=NOW, by=None)
    keep, calls = work.ImportJournal.keep, []

    def power_cut(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        keep(*arguments)

    monkeypatch.setattr(work.ImportJournal, "keep", power_cut)
    with pytest.raises(KeyboardInterrupt):
        work.run_jobs(now=lambda: NOW, owner="first")
    assert Organization.objects.count() == 200

    later = NOW + timedelta(minutes=6)
    assert work.run_jobs(now=lambda: later, owner="second") == 1
    source.refresh_from_db()
    assert (source.phase, source.report["unchanged"], len(source.report["new"])) == ("imported", 200, 250)
    assert source.traces.filter(new=True).count() == Organization.objects.count() == 450


def test_progress_is_noted_batch_by_batch(monkeypatch):
    rows = "".join(f"House {number},Aurora\n" for number in range(450))
    source = imports.ask_import(tried(uploaded(f"Agency,City\n{rows}")), now=NOW, by=None)
    seen = []
    note = work.imports.jobs.note_progress

    def watched(job, *, done, total, now):
        seen.append((done, total))
        note(job, done=done, total=total, now=now)

    monkeypatch.setattr("prm.jobs.running.actions.note_progress", watched)
    run(source)
    assert seen == [(200, 450), (400, 450), (450, 450)]


def test_what_stood_in_an_old_file_is_forgotten():
    source = imported(tried(uploaded(LIST + "Maple House,Ruth,not-an-email,2027-99-99,chess\n")))
    later = NOW + timedelta(days=31)
    assert [imports.forget_files(now=moment) for moment in (NOW, later, later)] == [0, 1, 0]
    source.refresh_from_db()
    told = str([source.layout, source.columns, source.tried, source.report, bytes(source.content)])
    assert "Harbor House" in told
    for word in ("anna@", "Anna", "Ruth", "chess", "sailing"):
        assert word not in told
    assert not Trace.objects.exists()
    with pytest.raises(Refusal, match="older than 30 days"):
        imports.ask_undo(source, now=later, by=None)
    assert Contact.objects.exists()


def test_a_file_that_nothing_came_of_can_be_thrown_away():
    imports.discard(tried(uploaded()))
    assert not Import.objects.exists()


def test_a_file_that_was_imported_cannot_be_thrown_away():
    source = imported(tried(uploaded()))
    with pytest.raises(Refusal):
        imports.discard(source)
