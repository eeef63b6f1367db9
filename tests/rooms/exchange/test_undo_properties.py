"""Whatever two sheets say about the same partners: undoing the second leaves every row as the first had left it."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from prm.accounts.models import User
from prm.exchange import imports, work
from prm.exchange.headings import Chosen
from prm.exchange.models import Import
from prm.exchange.partners_import import import_partners
from prm.exchange.snapshot import snapshots
from prm.partners.models import Entry, Organization
from tests.rooms.exchange.test_no_cell_is_lost import NOW, TODAY, sheets, write

LATER = NOW + timedelta(days=30)


def rows():
    found = snapshots(list(Organization.objects.values_list("pk", flat=True)))
    said = set(Entry.objects.filter(event="import_undone").values_list("pk", flat=True))
    for of in found.values():
        of["entry"] = [row for row in of.get("entry", ()) if row["id"] not in said]
    return found, set(User.objects.values_list("email", flat=True))


def step(source, ask):
    ask(source)
    assert work.run_jobs(now=lambda: LATER, owner="worker") == 1
    found = Import.objects.select_related("job").get(pk=source.pk)
    assert found.job.error == ""
    return found


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=sheets(), second=sheets())
def test_an_import_undone_leaves_every_row_as_it_was(tmp_path, first, second):
    path, again = tmp_path / "first.csv", tmp_path / "second.csv"
    write(path, *first)
    write(again, *second)
    with transaction.atomic():
        import_partners(path, now=NOW, today=TODAY, day_first=False)
        before = rows()
        source = imports.upload(name="second.csv", content=again.read_bytes(), now=LATER, by=None)
        columns = {
            name: Chosen(tuple(told["headings"]), tuple(told["meanings"]))
            for name, told in source.columns.items()
        }
        source = step(source, lambda it: imports.choose(it, columns, day_first=False, now=LATER, by=None))
        source = step(source, lambda it: imports.ask_import(it, now=LATER, by=None))
        source = step(source, lambda it: imports.ask_undo(it, now=LATER, by=None))
        after = rows()
        transaction.set_rollback(True)
    assert source.undone["kept"] == []
    assert after == before
