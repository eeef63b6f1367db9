"""From-to rows that must never overlap, held by the database itself.

PostgreSQL has exclusion constraints for this; SQLite gets triggers that say the same. SQLite drops a table's triggers
when a later migration rebuilds the table: such a migration must lay the guards again (tests/rooms notice).
"""

from typing import NamedTuple

from django.db import migrations


class Guard(NamedTuple):
    """Rows of `table` that agree in every expression of `same` may not overlap while `when` is true of them.

    Both days are inside; an empty last day is open. Expressions name a row's columns as {row}column.
    """

    name: str
    table: str
    same: tuple[str, ...]
    first: str
    last: str
    when: str


GUARDS = (
    Guard(
        "standing_no_overlap",
        "partners_standing",
        ("{row}organization_id",),
        "since",
        "until",
        "{row}id IS NOT NULL",
    ),
    Guard(
        "assignment_one_owner",
        "partners_assignment",
        ("{row}organization_id",),
        "since",
        "until",
        "{row}kind = 'owner'",
    ),
    Guard(
        "pause_no_overlap",
        "capacity_pause",
        ("{row}organization_id", "{row}scope", "lower({row}service)"),
        "starts_on",
        "ends_on",
        "{row}withdrawn_on IS NULL",
    ),
)


def postgresql(guard: Guard) -> list[str]:
    same = ", ".join(f"({expression.format(row='')}) WITH =" for expression in guard.same)
    days = f"daterange({guard.first}, {guard.last}, '[]') WITH &&"
    when = guard.when.format(row="")
    return [
        f"ALTER TABLE {guard.table} ADD CONSTRAINT {guard.name} EXCLUDE USING gist ({same}, {days}) WHERE ({when})"
    ]


def sqlite(guard: Guard) -> list[str]:
    same = " AND ".join(f"{e.format(row='old_row.')} = {e.format(row='NEW.')}" for e in guard.same)
    overlap = (
        f"(NEW.{guard.last} IS NULL OR old_row.{guard.first} <= NEW.{guard.last})"
        f" AND (old_row.{guard.last} IS NULL OR NEW.{guard.first} <= old_row.{guard.last})"
    )
    clash = (
        f"{guard.when.format(row='NEW.')} AND EXISTS (SELECT 1 FROM {guard.table} AS old_row"
        f" WHERE old_row.id <> COALESCE(NEW.id, -1) AND {guard.when.format(row='old_row.')} AND {same} AND {overlap})"
    )
    return [
        f"CREATE TRIGGER {guard.name}_{verb} BEFORE {verb} ON {guard.table} FOR EACH ROW WHEN {clash}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.name}'); END"
        for verb in ("insert", "update")
    ]


def lay(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        # Trusted since PostgreSQL 13: the owner of the database may create it.
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    vendor = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for guard in GUARDS:
        for statement in vendor(guard):
            schema_editor.execute(statement)


def lift(apps, schema_editor) -> None:
    for guard in GUARDS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {guard.table} DROP CONSTRAINT {guard.name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {guard.name}_insert")
            schema_editor.execute(f"DROP TRIGGER {guard.name}_update")


class Migration(migrations.Migration):
    dependencies = [("prm", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
