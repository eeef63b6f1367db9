"""SQLite makes a table anew where a rule of it changes, and the triggers go with the old one: outbox_message, in 0012."""

from importlib import import_module

from django.db import migrations

search = import_module("prm.migrations.0008_search")


class Migration(migrations.Migration):
    dependencies = [
        ("prm", "0012_steering"),
    ]

    operations = [
        migrations.RunPython(search.lay, migrations.RunPython.noop),
    ]
