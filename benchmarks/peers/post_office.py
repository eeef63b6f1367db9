"""django-post_office as its manual says: rows in its tables, attachments as files, sent by `send_queued_mail`.

It knows text, HTML and attachments: the calendar goes as two attachments. RACE_PROCESSES, RACE_BATCH_SIZE,
RACE_THREADS_PER_PROCESS and RACE_LOG_LEVEL tune it; unset, everything is its default.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from django.core.management import call_command
from django.db import connection
from post_office.models import PRIORITY, STATUS, Attachment, Email

from benchmarks.counting import expect
from benchmarks.mails import Letter, letters
from benchmarks.peers.lap import FOLDER, Contestant, Taken, empty, take_statistics

PROCESSES = int(os.environ.get("RACE_PROCESSES", "1"))
ATTACHED = ("text/calendar; method=REQUEST", "application/ics")


def _row(letter: Letter) -> Email:
    return Email(
        from_email=letter.sender,
        to=[letter.recipient],
        subject=letter.subject,
        message=letter.text,
        html_message=letter.html,
        headers=letter.headers | {"Reply-To": letter.reply_to},
        message_id=letter.headers["Message-ID"],
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )


def _enclose(numbered: list[tuple[int, Letter]]) -> None:
    """Both attachments of each mail: a file for each, and its rows."""
    rows = []
    for pk, letter in numbered:
        for place, kind in enumerate(ATTACHED):
            path = FOLDER / f"{pk}-{place}.ics"
            path.write_bytes(letter.calendar.encode())
            rows.append(Attachment(file=path.name, name="invite.ics", mimetype=kind))
    kept = Attachment.objects.bulk_create(rows, batch_size=500)
    through = Attachment.emails.through
    pks = chain.from_iterable((pk, pk) for pk, _ in numbered)
    through.objects.bulk_create(
        (through(email_id=pk, attachment_id=one.pk) for pk, one in zip(pks, kept, strict=True)),
        batch_size=500,
    )


class PostOffice(Contestant):
    def prepare(self, mails: int) -> None:
        empty("post_office_email", "post_office_attachment", "post_office_log")
        written = list(letters(mails))
        rows = Email.objects.bulk_create(map(_row, written), batch_size=500)
        _enclose([(row.pk, letter) for row, letter in zip(rows, written, strict=True)])
        take_statistics()
        connection.close()

    def go(self, taken: Taken) -> bool:
        call_command("send_queued_mail", processes=PROCESSES, lockfile=str(FOLDER / "post_office"))
        return taken(0)

    def check(self, mails: int) -> None:
        expect(Email.objects.filter(status=STATUS.sent).count(), mails, "rows that read sent")


@contextmanager
def contestant() -> Iterator[Contestant]:
    yield PostOffice()
