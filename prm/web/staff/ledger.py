"""The ledger of mail: what was sent, held, skipped, withdrawn and failed, with the reason, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.exchange.table_out import Cell, Table
from prm.outbox.models import Message
from prm.partners.models import Contact, Organization
from prm.reminders.models import Reminder
from prm.reporting.ledger import STATES, Asked, Ledger
from prm.reporting.outlook import why
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.badges import Badge
from prm.web.staff.change import visible
from prm.web.staff.export import demo, taken_out
from prm.web.staff.letter import Letter
from prm.web.staff.matter import matter
from prm.web.staff.outbox import readable
from prm.web.staff.outlook import state_badge
from prm.web.typed import read_day, read_number

PER_PAGE = 50
#: Without other days: the last thirty. More than a year at once is for the file of each year.
USUAL, LONGEST = timedelta(29), timedelta(366)
WORDS = {
    "sent": gettext_lazy("Sent"),
    "waiting": gettext_lazy("Waiting"),
    "held": gettext_lazy("Held"),
    "back": gettext_lazy("Did not arrive"),
    "skipped": gettext_lazy("Not sent"),
    "stopped": gettext_lazy("Withdrawn or stopped"),
}
KINDS = {
    "expiry": gettext_lazy("Agreement ends"),
    "review": gettext_lazy("Review of an agreement"),
    "stuck": gettext_lazy("A signature is missing"),
    "training": gettext_lazy("Training is due"),
    "start": gettext_lazy("Before a training"),
    "after": gettext_lazy("After a training"),
    "talk": gettext_lazy("End of a pause"),
    "touch": gettext_lazy("Get in touch again"),
    "promise": gettext_lazy("Promise"),
    "consent": gettext_lazy("Consent to be listed"),
    "expiry-entry": gettext_lazy("Calendar entry: agreement ends"),
    "talk-entry": gettext_lazy("Calendar entry: talk again"),
    "entry": gettext_lazy("Calendar entry: training"),
    "letter": gettext_lazy("Written by one of us"),
    "link": gettext_lazy("Link"),
    "digest": gettext_lazy("Our morning mail"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what, about which partner, to whom, what became of it and why.

    `mail` leads to a mail, `again` to the one by which somebody sent it again.
    """

    at: datetime
    timed: bool
    what: str
    organization: Organization | None
    whom: str
    badge: Badge
    reason: str
    mail: int | None = None
    again: int | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks for; `wrong` says what is not right about its days."""

    asked: Asked
    wrong: str = ""
    partner: Organization | None = None
    person: Contact | None = None


def chosen(request: HttpRequest) -> Choice:
    """Read the address: `state`, `kind`, `partner`, `contact`, `from` and `to`; what is wrong there is left out."""
    frame, get, seen = frame_of(request), request.GET, visible(request)
    first, last, wrong = _days(get.get("from", ""), get.get("to", ""), frame.today)
    partner = seen.filter(slug=get["partner"]).first() if get.get("partner") else None
    number = read_number(get.get("contact", ""))
    person = Contact.objects.filter(pk=number, organization__in=seen).first() if number else None
    messages = readable(request)
    if partner is not None:
        messages, seen = messages.filter(organization=partner), seen.filter(pk=partner.pk)
    asked = Asked(
        messages=messages,
        organizations=seen,
        first=first,
        last=last,
        zone=ZoneInfo(frame.zone),
        state=get.get("state", "") if get.get("state", "") in STATES else "",
        kind=get.get("kind", "") if get.get("kind", "") in KINDS else "",
        contact=person.pk if person else None,
    )
    return Choice(asked, wrong, partner, person)


def _days(first: str, last: str, today: date) -> tuple[date, date, str]:
    """Return the two days and what is not right about them; then those of the last month."""
    usual = (today - USUAL, today)
    try:
        end = read_day(last) if last else today
        start = read_day(first) if first else end - USUAL
    except ValidationError as error:
        return *usual, " ".join(error.messages)
    if end < start:
        return *usual, _("The first day lies after the last one. Change one of them.")
    if end - start > LONGEST:
        return *usual, _("Choose a year at most: the list would be too long.")
    return start, end, ""


@staff
def ledger(request: HttpRequest) -> HttpResponse:
    """`/outbox/ledger/`"""
    choice = chosen(request)
    rows: Any = Ledger(choice.asked)  # as much of a list as a paginator wants
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(row, request) for row in page],
        "choice": choice,
        "states": WORDS,
        "kinds": KINDS,
        "kind_word": KINDS.get(choice.asked.kind, ""),
        "typed": {name: request.GET.get(name, "") for name in ("from", "to")},
    }
    return render(request, "staff/ledger.html", context)


def _line(row: Message | Reminder, request: HttpRequest) -> Line:
    frame = frame_of(request)
    if isinstance(row, Message):
        letter = Letter(row, frame.zone, held=frame.held, now=frame.now)
        return Line(
            at=letter.local_moment,
            timed=True,
            what=row.subject,
            organization=row.organization,
            whom=letter.to_whom,
            badge=letter.badge,
            reason=letter.reason or _started(row),
            mail=row.pk,
            again=getattr(row, "next_id", None),
            is_demo=row.demo,
        )
    day = row.day or row.nominal_on
    return Line(
        at=datetime.combine(day, time.min),
        timed=False,
        what=matter(row.key).words,
        organization=row.organization,
        whom=row.person.name if row.person else "",
        badge=state_badge(row.state),
        reason=why(row, row.reference_on, row.reason, row.reason_data),
        is_demo=row.organization.is_demo,
    )


def _started(mail: Message) -> str:
    return _("Written by %s") % mail.started_by.name if mail.started_by else ""


@staff
def as_table(request: HttpRequest, kind: str) -> HttpResponse:
    """`/outbox/ledger/export.csv`, with the query of the ledger."""
    headings = [_("When"), _("What"), _("Partner"), _("To whom"), _("State"), _("Why"), _("Demo")]
    lines = (_line(row, request) for row in Ledger(chosen(request).asked))
    table = Table(_("Ledger"), headings, _cells(lines))
    return taken_out(request, "ledger", table, kind, "ledger")


def _cells(lines: Iterator[Line]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [
            line.at if line.timed else line.at.date(),
            _plain(line.what),
            line.organization.name if line.organization else None,
            line.whom,
            _plain(line.badge.words),
            _plain(line.reason + (" " + _("It was sent again.") if line.again else "")).strip(),
            demo(line.is_demo),
        ]


def _plain(words: object) -> str:
    return str(words).replace("\N{NO-BREAK SPACE}", " ")
