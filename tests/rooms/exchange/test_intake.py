"""An import in batches: what is committed when, what its journal hears, and that no row spoils its neighbours."""

from collections.abc import Collection
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from prm.accounts.models import User
from prm.exchange import entering, partners_import
from prm.exchange.partners_import import import_partners
from prm.partners.actions import add_contacts
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY

HEAD = "Organization,City,Contact,Email,MOU signed,MOU expires,Owner,Notes\n"


def row(name: str, city: str = "Aurora", *, expires: str = "2028-05-31", owner: str = "rosa") -> str:
    at = name.split(maxsplit=1)[0].lower()
    address = f"anna@{at}.example"
    return f"{name},{city},Anna Reyes,{address},2027-06-01,{expires},{owner}@program.example,\n"


@pytest.fixture
def sheet(tmp_path: Path):
    """Writes rows below the headings and returns the path."""

    def write(*rows: str) -> Path:
        path = tmp_path / "partners.csv"
        path.write_text(HEAD + "".join(rows))
        return path

    return write


@pytest.fixture
def twos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows make a batch."""
    monkeypatch.setattr(partners_import, "BATCH", 2)


def names() -> list[str]:
    return list(Organization.objects.order_by("id").values_list("name", flat=True))


class Diary:
    """A journal that remembers what it heard, and how many organizations there were then."""

    def __init__(self, stop_at: str = "") -> None:
        self.told: list[tuple] = []
        self.stop_at = stop_at

    def meet(self, organizations: Collection[int]) -> None:
        assert connection.in_atomic_block
        self.told.append(("meet", self._names(organizations), Organization.objects.count()))

    def keep(self, new: Collection[int], changed: Collection[int], users: Collection[str]) -> None:
        assert connection.in_atomic_block
        self.told.append(("keep", self._names(new), self._names(changed), list(users)))
        if self.stop_at in self._names(new):
            raise KeyboardInterrupt

    def _names(self, organizations: Collection[int]) -> list[str]:
        rows = Organization.objects.filter(pk__in=organizations)
        return list(rows.order_by("name").values_list("name", flat=True))


@pytest.mark.django_db
def test_journal_hears_of_every_batch_before_and_after(sheet, twos):
    known = sheet(row("Harbor House"), row("Maple House"))
    import_partners(known, now=NOW, today=TODAY)
    again = sheet(
        row("Harbor House", "Joliet"),
        row("Birch House", owner="ben"),
        row("Birch House", owner="ben", expires="2028-12-31"),
        row("Maple House"),
    )
    diary = Diary()
    import_partners(again, now=NOW, today=TODAY, journal=diary)
    assert diary.told == [
        ("meet", ["Harbor House"], 2),
        ("keep", ["Birch House"], ["Harbor House"], ["ben@program.example"]),
        ("meet", ["Birch House", "Maple House"], 3),
        ("keep", [], ["Birch House"], []),
    ]


@pytest.mark.django_db
def test_journal_hears_of_a_new_organization_once_where_two_rows_of_a_batch_tell_of_it(sheet):
    diary = Diary()
    twice = sheet(row("Harbor House"), row("HARBOR HOUSE", "Joliet"))
    import_partners(twice, now=NOW, today=TODAY, journal=diary)
    assert diary.told[1] == ("keep", ["Harbor House"], [], ["rosa@program.example"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("each_batch", "stays"), [(False, []), (True, ["Harbor House", "Maple House"])])
def test_stopped_import_keeps_whole_batches_only_where_each_was_committed(sheet, twos, each_batch, stays):
    def look(done: int, _total: int) -> None:
        assert connection.in_atomic_block is not each_batch
        assert done == 2

    path = sheet(row("Harbor House"), row("Maple House"), row("Birch House"))
    how = {"each_batch": each_batch, "journal": Diary(stop_at="Birch House"), "progress": look}
    with pytest.raises(KeyboardInterrupt):
        import_partners(path, now=NOW, today=TODAY, **how)
    assert names() == stays


@pytest.mark.django_db
def test_dry_run_never_commits(sheet):
    with pytest.raises(ValueError, match="dry run"):
        import_partners(sheet(row("Harbor House")), now=NOW, today=TODAY, dry_run=True, each_batch=True)
    assert names() == []


@pytest.mark.django_db
def test_progress_counts_up_to_all_rows(sheet, twos):
    heard: list[tuple[int, int]] = []
    path = sheet(row("Harbor House"), row("Maple House"), row("Birch House"))
    import_partners(path, now=NOW, today=TODAY, progress=lambda *counts: heard.append(counts))
    assert heard == [(2, 3), (3, 3)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "column", "reason"),
    [
        (Refusal("The street is closed.", field="city"), "City", "cannot be: The street is closed"),
        (DatabaseError("disk of stone\nfull"), "", "the database refused this row: disk of stone"),
    ],
)
def test_refused_row_keeps_only_itself_out_of_its_batch(sheet, monkeypatch, wrong, column, reason):
    def refuse(new, **stamp):
        if any(one.organization.name == "Maple House" for one in new):
            raise wrong
        return add_contacts(new, **stamp)

    monkeypatch.setattr(entering, "add_contacts", refuse)
    path = sheet(
        row("Harbor House"),
        row("Maple House", owner="eve"),
        row("Elm House", expires="31/02/2028"),
        row("Birch House", owner="ben"),
    )
    report = import_partners(path, now=NOW, today=TODAY)
    assert names() == ["Harbor House", "Birch House"]
    assert [told.line for told in report.new] == [2, 5]
    assert [one["line"] for one in report.skipped] == [3, 4]
    first = report.problems[0]
    assert (first.line, first.column, first.reason) == (3, column, reason)
    assert report.users == ["rosa@program.example", "ben@program.example"]
    assert set(User.objects.values_list("email", flat=True)) == set(report.users)


@pytest.mark.django_db
def test_report_keeps_the_order_of_the_rows(sheet):
    import_partners(sheet(row("Maple House")), now=NOW, today=TODAY)
    again = sheet(
        row("Harbor House"),
        row("Maple House", "Joliet"),
        row("Harbor House", "Joliet"),
        row("Birch House", owner="Nobody Known"),
    )
    report = import_partners(again, now=NOW, today=TODAY)
    assert [told.line for told in report.new] == [2, 5]
    assert [told["line"] for told in report.changed] == [3]
    assert [(told["line"], told["into_line"]) for told in report.merged] == [(4, 2)]
    assert [problem.line for problem in report.problems] == sorted(one.line for one in report.problems)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [20, 40])
def test_new_rows_of_a_batch_take_as_many_questions_however_many_they_are(sheet, number):
    path = sheet(*(row(f"H{n} House") for n in range(number)))
    with CaptureQueriesContext(connection) as questions:
        import_partners(path, now=NOW, today=TODAY)
    inserts = [one["sql"].split('"')[1] for one in questions if one["sql"].startswith("INSERT")]
    most = 1 + number * 5 * 6 // 900  # SQLite takes roles in portions
    assert inserts.count("partners_organization") in (1, 2)
    assert inserts.count("partners_role") <= most
    assert len([one for one in questions if one["sql"].startswith("UPDATE")]) == 5
