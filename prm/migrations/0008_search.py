"""What can be found, and how each database searches it.

Django knows the two tables; by hand come: the search itself (PostgreSQL: a tsvector column and, where the extension may
be created, trigrams for typos; SQLite: an FTS5 table that reads from ours), and triggers that note an organization as
stale with each entry and message. SQLite drops a table's triggers when a later migration rebuilds that table: such a
migration must call `lay` of this one again (tests/rooms/search notice).
"""

import django.db.models.deletion
from django.db import DatabaseError, migrations, models, transaction

#: table -> what happens to a row and matters: the verb of the trigger and the row it reads.
NOTED = {
    "partners_entry": (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")),
    "outbox_message": (("insert", "NEW"), ("update OF state, subject, organization_id", "NEW"), ("delete", "OLD")),
}

SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5"
    "(kind, words, content='search_findable', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE TRIGGER search_words_insert AFTER INSERT ON search_findable BEGIN"
    " INSERT INTO search_words(rowid, kind, words) VALUES (NEW.id, NEW.kind, NEW.words); END",
    "CREATE TRIGGER search_words_delete AFTER DELETE ON search_findable BEGIN"
    " INSERT INTO search_words(search_words, rowid, kind, words) VALUES ('delete', OLD.id, OLD.kind, OLD.words); END",
    "CREATE TRIGGER search_words_update AFTER UPDATE ON search_findable BEGIN"
    " INSERT INTO search_words(search_words, rowid, kind, words) VALUES ('delete', OLD.id, OLD.kind, OLD.words);"
    " INSERT INTO search_words(rowid, kind, words) VALUES (NEW.id, NEW.kind, NEW.words); END",
)
POSTGRESQL = (
    "ALTER TABLE search_findable ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, words)) STORED",
    "CREATE INDEX search_vector ON search_findable USING gin (vector)",
    """CREATE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE organization bigint;
    BEGIN
      IF TG_OP = 'DELETE' THEN organization := OLD.organization_id; ELSE organization := NEW.organization_id; END IF;
      IF organization IS NOT NULL THEN INSERT INTO search_stale (organization_id) VALUES (organization); END IF;
      RETURN NULL;
    END $$""",
)
TYPOS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX search_titles ON search_findable USING gin (folded_title gin_trgm_ops)"
    " WHERE kind IN ('organization', 'person')",
)


def triggers():
    """Yield each trigger's table, name, verb and row."""
    for table, moments in NOTED.items():
        for verb, row in moments:
            yield table, f"{table}_{verb.split()[0]}_stale", verb, row


def lay(apps, schema_editor) -> None:
    """Lay the triggers that are not there, so that a later migration may call this again."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, name, verb, row in triggers():
        if on_sqlite:
            # one writer at a time: a note that is there will be read after this row is written
            there = f"SELECT 1 FROM search_stale WHERE organization_id = {row}.organization_id"
            schema_editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {verb} ON {table} FOR EACH ROW"
                f" WHEN {row}.organization_id IS NOT NULL AND NOT EXISTS ({there})"
                f" BEGIN INSERT INTO search_stale (organization_id) VALUES ({row}.organization_id); END"
            )
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION search_note()"
            )


def lift(apps, schema_editor) -> None:
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, name, _verb, _row in triggers():
        schema_editor.execute(f"DROP TRIGGER {name}" + ("" if on_sqlite else f" ON {table}"))


def open_search(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement, params=None)
        return
    for statement in POSTGRESQL:
        schema_editor.execute(statement, params=None)
    try:  # trusted since PostgreSQL 13; without it, only what is spelled right is found
        with transaction.atomic(using=schema_editor.connection.alias):
            for statement in TYPOS:
                schema_editor.execute(statement)
    except DatabaseError:
        pass


def close_search(apps, schema_editor) -> None:
    """The extension stays: others may use it by now."""
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER search_words_{verb}")
        schema_editor.execute("DROP TABLE search_words")
        return
    schema_editor.execute("ALTER TABLE search_findable DROP COLUMN vector")
    schema_editor.execute("DROP INDEX IF EXISTS search_titles")
    schema_editor.execute("DROP FUNCTION search_note()")


def everybody(apps, schema_editor) -> None:
    """Whoever is here already is indexed by the next heartbeats."""
    schema_editor.execute("INSERT INTO search_stale (organization_id) SELECT id FROM partners_organization ORDER BY id")


class Migration(migrations.Migration):

    dependencies = [
        ('prm', '0007_promises_and_access'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'search_stale',
            },
        ),
        migrations.CreateModel(
            name='Findable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('organization', 'Partner'), ('person', 'Person'), ('agreement', 'Agreement'), ('conversation', 'Conversation'), ('message', 'Message')], max_length=20)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=400)),
                ('text', models.TextField(blank=True)),
                ('folded_title', models.CharField(db_index=True, max_length=400)),
                ('words', models.TextField()),
                ('happened_on', models.DateField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findables', to='prm.organization')),
            ],
            options={
                'db_table': 'search_findable',
                'indexes': [models.Index(fields=['kind', '-happened_on', '-id'], name='findable_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['organization', 'person', 'agreement', 'conversation', 'message'])), name='findable_kind_known')],
            },
        ),
        migrations.RunPython(open_search, close_search),
        migrations.RunPython(lay, lift),
        migrations.RunPython(everybody, migrations.RunPython.noop),
    ]
