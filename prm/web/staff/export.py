"""What is on screen as a file: the same filters, the same order, all pages, and only what this reader may see.

The file is written as a whole before it is sent, so nobody gets half of one. GET changes no fact, but a line in the log
says who took what out (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prm.accounts.actions import note_access
from prm.agreements.queries import telling
from prm.exchange.partners_out import partners_table
from prm.exchange.table_out import Cell, Table
from prm.exchange.table_out_files import TYPES, WRITERS
from prm.outbox.models import Message
from prm.reporting.outlook import Line
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff
from prm.web.staff.badges import agreement_state
from prm.web.staff.change import organization_or_404
from prm.web.staff.letter import Letter
from prm.web.staff.matter import matter
from prm.web.staff.outbox import found_messages
from prm.web.staff.outlook import found_lines, state_badge
from prm.web.staff.partners import capacity, found_partners
from prm.web.staff.past import happened, shown
from prm.web.staff.story import Knot, together

BATCH = 500


def as_file(tables: Sequence[Table], kind: str, name: str) -> HttpResponse:
    """Answer with the tables as a file to be kept, `name` without its ending."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    WRITERS[kind](tables, file)
    file.seek(0)
    answer: Any = FileResponse(file, as_attachment=True, filename=f"{name}.{kind}", content_type=TYPES[kind])
    return answer


def taken_out(request: HttpRequest, about: str, table: Table, kind: str, name: str) -> HttpResponse:
    """Answer with a table as a file of today, and write down who took it; `about` as for `note_access`."""
    rows = Counted(table.rows)
    answer = as_file([Table(table.name, table.headings, rows)], kind, _dated(request, name))
    by: Any = request.user
    note_access(kind="export", about=about, rows=rows.number, by=by, now=frame_of(request).now)
    return answer


class Counted:
    """Rows that are counted while they are walked through."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.rows:
            self.number += 1
            yield row


def _dated(request: HttpRequest, name: str) -> str:
    return f"{name}-{frame_of(request).today:%Y-%m-%d}"


def demo(is_demo: bool) -> Cell:
    """What the last column of each file says of demo partners; nothing of real ones."""
    return True if is_demo else None


def _plain(words: object) -> str:
    """Words of a screen without the spaces that keep them on one line."""
    return str(words).replace("\N{NO-BREAK SPACE}", " ")


@staff
def partners(request: HttpRequest, kind: str) -> HttpResponse:
    """`/partners/export.csv`, with the query of the list."""
    today = frame_of(request).today

    def agreement(row: Any) -> Cell:
        told = telling(row.agreement_parties.all())
        return _plain(agreement_state(told, today).words) if told else _("No agreement")

    more = [
        (_("Agreement state"), agreement),
        (_("Can take people"), lambda row: _plain(capacity(row, today).words)),
        (_("Next reminder"), lambda row: _plain(matter(row.next_key).words) if row.next_key else None),
        (_("Day of next reminder"), lambda row: row.next_day),
        (_("Demo"), lambda row: demo(row.is_demo)),
    ]
    reader: Any = request.user
    table = partners_table(found_partners(request).rows, today=today, reader=reader, more=more)
    return taken_out(request, "partners", table, kind, "partners")


@staff
def outlook(request: HttpRequest, kind: str) -> HttpResponse:
    """`/outlook/export.csv`, with the query of the outlook."""
    headings = [
        _("Day"),
        _("What we would say"),
        _("Partner"),
        _("To whom"),
        _("Why that day"),
        _("State"),
        _("Demo"),
    ]
    rows = (_reminder(sides) for sides in together(found_lines(request)))
    return taken_out(request, "outlook", Table(_("Outlook"), headings, rows), kind, "outlook")


def _reminder(sides: list[Line]) -> list[Cell]:
    line = sides[0]
    names = dict.fromkeys(name for side in sides for name in side.names)
    return [
        line.day,
        _plain(matter(line.key).words),
        line.organization.name,
        ", ".join(names),
        _plain(line.reason),
        _plain(state_badge(line.state).words),
        demo(line.organization.is_demo),
    ]


@staff
def outbox(request: HttpRequest, kind: str) -> HttpResponse:
    """`/outbox/export.csv`, with the query of the outbox."""
    headings = [
        _("When"),
        _("State"),
        _("Subject"),
        _("To whom"),
        _("Address"),
        _("Partner"),
        _("About"),
        _("Demo"),
    ]
    found = found_messages(request).defer("text", "html", "calendar_body").iterator(chunk_size=BATCH)
    table = Table(_("Outbox"), headings, _letters(found, frame_of(request)))
    return taken_out(request, "outbox", table, kind, "outbox")


def _letters(found: Iterable[Message], frame: Frame) -> Iterator[list[Cell]]:
    for message in found:
        letter = Letter(message, frame.zone, held=frame.held, now=frame.now)
        yield [
            letter.local_moment,
            _plain(letter.badge.words),
            message.subject,
            message.recipient_name,
            message.recipient,
            message.organization.name if message.organization else None,
            ", ".join(dict.fromkeys(_plain(one.words) for one in letter.matters)),
            demo(message.demo),
        ]


@staff
def timeline(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """`/partners/<slug>/timeline.csv`: everything that happened, as far as the page tells it; `show` narrows it."""
    organization, reader = organization_or_404(request, slug), request.user
    knots = happened(organization, frame_of(request), reader, show=shown(request))  # type: ignore[arg-type]
    headings = [_("Day"), _("What happened"), _("Who"), _("State"), _("Note"), _("Demo")]
    rows = (_knot(knot, organization.is_demo) for knot in knots)
    table = Table(_("What happened"), headings, rows)
    return taken_out(request, f"timeline:{organization.pk}", table, kind, organization.slug)


def _knot(knot: Knot, is_demo: bool) -> list[Cell]:
    state = _plain(knot.badge.words) if knot.badge else None
    return [knot.day, _plain(knot.subject), _plain(knot.matter), state, _plain(knot.note), demo(is_demo)]
