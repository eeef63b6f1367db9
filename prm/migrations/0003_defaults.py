"""What a fresh installation starts with: the one program row from the environment, and the shared words."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from prm.vocabulary.defaults import default_terms


def write_program(apps, schema_editor) -> None:
    zone = settings.PRM_TIME_ZONE
    apps.get_model("prm", "Program").objects.get_or_create(
        id=1,
        defaults={
            "name": settings.PRM_PROGRAM_NAME,
            "mailbox": settings.PRM_MAILBOX,
            "zone": zone,
            "holiday_country": settings.PRM_HOLIDAY_COUNTRY,
            "sending": settings.PRM_SENDING,
            "entered_on": timezone.localdate(timezone=ZoneInfo(zone)),
        },
    )


def write_words(apps, schema_editor) -> None:
    term = apps.get_model("prm", "Term")
    term.objects.bulk_create((term(**word._asdict()) for word in default_terms()), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("prm", "0002_guards")]
    operations = [
        migrations.RunPython(write_program, migrations.RunPython.noop),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
