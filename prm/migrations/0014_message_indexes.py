"""A mail is written twice on its way out, and every index of its table with it: seven of twelve said nothing of most rows.

The indexes are dropped by themselves, since SQLite would make the table anew for each field, and its triggers would go.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "outbox_message"
#: `key` has a second one on PostgreSQL, for searches that begin with it: there are none.
NEEDLESS = (["organization_id"], ["user_id"], ["started_by_id"], ["handled_by_id"], ["again_of_id"], ["key"])


def drop(_apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, TABLE)
    for name, found in known.items():
        if found["index"] and not found["unique"] and found["columns"] in NEEDLESS:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("prm", "0013_search_again"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='message',
                    name='again_of',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tried_again', to='prm.message'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='handled_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='organization',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='prm.organization'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='started_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='user',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL),
                ),
            ],
            database_operations=[migrations.RunPython(drop, migrations.RunPython.noop)],
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('user__isnull', False)), fields=['user'], name='outbox_message_user'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('started_by__isnull', False)), fields=['started_by'], name='outbox_message_started_by'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('handled_by__isnull', False)), fields=['handled_by'], name='outbox_message_handled_by'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('again_of__isnull', False)), fields=['again_of'], name='outbox_message_again_of'),
        ),
    ]
