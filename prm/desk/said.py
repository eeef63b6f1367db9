"""What partners said by link, in one sentence each: for Today, the partner's page, the digest and the mail at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.accounts.counting import number_of
from prm.accounts.models import Program
from prm.accounts.queries import local_today, program
from prm.agreements.models import Agreement, Party
from prm.capacity.models import Effect, Pause, Scope
from prm.desk.rows import Row
from prm.partners.models import Contact, Outcome, RoleKind, Statement, StatementKind
from prm.reminders.facts import Batch
from prm.reminders.reasons import short

#: The condition that a statement waits for somebody of our side.
OPEN = Q(outcome=Outcome.OPEN, taken_back_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the rows that it is about, and its sentence in the reader's language."""

    statement: Statement
    words: str
    next_action: str
    link: str  # by which: "by the link “Answer about an agreement” of 2 Jul 2027"
    agreement: Agreement | None = None
    pause: Pause | None = None
    partners: int = 0  # how many sign the agreement beside us

    @property
    def by(self) -> str:
        """Who said it."""
        contact = self.statement.contact
        return contact.name if contact else _("The shared mailbox")


def open_statements() -> QuerySet[Statement]:
    """Everything that waits for our side, the oldest first."""
    return Statement.objects.filter(OPEN).order_by("said_at", "pk")


def settled_since(moment: datetime) -> QuerySet[Statement]:
    """What our side settled since a moment, the latest first."""
    settled = Statement.objects.filter(settled_at__gte=moment, taken_back_at__isnull=True)
    return settled.select_related("settled_by").order_by("-settled_at", "-pk")


def of_day(theirs: Iterable[Q | Exists], morning: datetime, most: int) -> QuerySet[Statement]:
    """Return what waits for our side, and what it settled since a moment, at most so many each and one more.

    `waiting` says how many wait in all. `theirs`: the conditions for whose statements are meant.
    """
    waiting, settled = open_statements().filter(*theirs), settled_since(morning).filter(*theirs)
    first = (some.values("pk")[: most + 1] for some in (waiting, settled))
    some, others = (Statement.objects.filter(pk__in=few).order_by().values("pk") for few in first)
    found = Statement.objects.filter(pk__in=some.union(others)).annotate(waiting=number_of(waiting))
    return found.select_related("organization", "contact", "link", "settled_by")


@dataclass(frozen=True, slots=True)
class Matters:
    """What statements are about, by id: agreements with their parties, pauses, and people."""

    agreements: Mapping[int, Agreement]
    circles: Mapping[int, Sequence[Party]]
    pauses: Mapping[int, Pause]
    people: Mapping[int, Contact]


def told(statements: QuerySet[Statement]) -> list[Said]:
    """Return statements with their sentences, in a fixed number of queries."""
    found = list(statements.select_related("organization", "contact", "link", "settled_by"))
    agreements = Agreement.objects.prefetch_related("parties").in_bulk(_numbers(found, "agreement"))
    about = Matters(
        agreements,
        {pk: list(one.parties.all()) for pk, one in agreements.items()},
        Pause.objects.in_bulk(_numbers(found, "pause")),
        Contact.objects.in_bulk({one.data["contact"] for one in found if one.data.get("contact")}),
    )
    return told_of(found, about, program()) if found else []


def told_of(statements: Iterable[Statement], about: Matters, of: Program) -> list[Said]:
    """Return statements with their sentences, where what they are about has been read."""
    return [_told(one, about, _link(one, of)) for one in statements]


def _link(statement: Statement, of: Program) -> str:
    link = statement.link
    if link is None:
        return ""
    words = {"link": link.get_purpose_display(), "day": short(local_today(link.issued_at, of))}
    return _("by the link “%(link)s” of %(day)s") % words


def rows_of(batch: Batch, organizations: Iterable[int]) -> list[Row]:
    """Return the open statements of these partners as lines of the digest."""
    found = told(open_statements().filter(organization__in=organizations))
    return [row_of(one) for one in found if one.statement.organization_id in batch.organizations]


def row_of(one: Said) -> Row:
    """Return an open statement as a line of the digest."""
    statement = one.statement
    return Row(
        statement.organization.name,
        one.words,
        short(statement.said_on),
        one.next_action,
        statement.said_on,
        statement.organization_id,
        f"statement:{statement.pk}",
        "said",
    )


def _numbers(statements: Iterable[Statement], table: str) -> set[int]:
    keys = (one.record.partition(":") for one in statements)
    return {int(number) for name, _colon, number in keys if name == table and number.isdigit()}


def _told(statement: Statement, about: Matters, link: str) -> Said:
    number = int(statement.record.partition(":")[2] or 0)
    name = statement.contact.name if statement.contact else _("Somebody at the shared mailbox")
    agreement = about.agreements.get(number) if statement.record.startswith("agreement:") else None
    pause = about.pauses.get(number) if statement.record.startswith("pause:") else None
    subject = about.people.get(statement.data.get("contact") or 0)
    words: dict[str, Callable[[], tuple[str, str]]] = {
        StatementKind.LEAVING: lambda: (_leaving(statement, name), _("Confirm or correct it")),
        StatementKind.PAUSE: lambda: (_full(pause, name), _("Take note")),
        StatementKind.TALK: lambda: _talk(statement, pause, name),
        StatementKind.RENEWAL: lambda: _renewal(statement, agreement, name),
        StatementKind.CORRECTION: lambda: (_correction(statement, subject, name), _("Change it")),
    }
    sentence, action = words[statement.kind]()
    partners = (
        sum(one.organization_id is not None for one in about.circles.get(number, ())) if agreement else 0
    )
    return Said(statement, sentence, action, link, agreement, pause, partners)


def _leaving(statement: Statement, name: str) -> str:
    data = statement.data
    last_day = date.fromisoformat(data["last_on"]) if data.get("last_on") else statement.said_on
    values = {"name": name, "day": short(last_day), "successor": data.get("successor_name") or ""}
    if not values["successor"]:
        return _("%(name)s leaves; the last day is %(day)s. Nobody is named who follows.") % values
    if data.get("successor_email"):
        values["email"] = data["successor_email"]
        return _("%(name)s leaves; the last day is %(day)s. %(successor)s (%(email)s) follows.") % values
    return _("%(name)s leaves; the last day is %(day)s. %(successor)s follows.") % values


def _full(pause: Pause | None, name: str) -> str:
    if pause is None or pause.withdrawn_on is not None:
        return _("%(name)s says they are full.") % {"name": name}
    values = {"name": name, "what": _paused(pause), "day": short(pause.ends_on) if pause.ends_on else ""}
    known, unknown = {
        Effect.CLOSED: (
            _("%(name)s says they are full. %(what)s paused until %(day)s."),
            _("%(name)s says they are full. %(what)s paused until we talk again."),
        ),
        Effect.LIMITED: (
            _("%(name)s says they are nearly full. %(what)s: ask first, until %(day)s."),
            _("%(name)s says they are nearly full. %(what)s: ask first, until we talk again."),
        ),
        Effect.WAITING_LIST: (
            _("%(name)s says they are full. %(what)s: waiting list until %(day)s."),
            _("%(name)s says they are full. %(what)s: waiting list until we talk again."),
        ),
    }[Effect(pause.effect)]
    return (known if pause.ends_on else unknown) % values


def _paused(pause: Pause) -> str:
    return pause.service if pause.scope == Scope.SERVICE else str(Scope(pause.scope).label)


def _talk(statement: Statement, pause: Pause | None, name: str) -> tuple[str, str]:
    ends_on = pause.ends_on if pause else None
    values = {"name": name, "day": short(ends_on) if ends_on else ""}
    if statement.choice == "back":
        return _("%(name)s says: back as planned after the pause.") % values, _("Take note")
    if statement.choice == "longer" and ends_on:
        return _("%(name)s says the pause takes longer, until %(day)s.") % values, _("Take note")
    if statement.choice == "longer":
        return _("%(name)s says the pause takes longer; nobody knows yet how long.") % values, _("Take note")
    return _("%(name)s asks for a call about the pause.") % values, _("Call them")


def _renewal(statement: Statement, agreement: Agreement | None, name: str) -> tuple[str, str]:
    ends_on = statement.reference_on
    values = {
        "name": name,
        "title": agreement.title if agreement else _("the agreement"),
        "day": short(ends_on) if ends_on else "",
        "days": _proposed(statement.data),
    }
    talk = (
        _("%(name)s would like to talk about “%(title)s” and proposes %(days)s.")
        if values["days"]
        else _("%(name)s would like to talk about “%(title)s” before it is renewed.")
    )
    said = {
        "unchanged": (_("%(name)s says: renew “%(title)s” as it is. It ends on %(day)s."), _("Renew it")),
        "changes": (_("%(name)s says “%(title)s” needs changes. It ends on %(day)s."), _("Call them")),
        "talk": (talk, _("Call them")),
        "not_renewing": (
            _("%(name)s says they do not renew “%(title)s”. It ends on %(day)s."),
            _("Take note"),
        ),
        "not_me": (_("%(name)s says somebody else decides about “%(title)s”."), _("Find who")),
    }
    sentence, action = said.get(statement.choice, (_("%(name)s answered about “%(title)s”."), _("Call them")))
    return sentence % values, action


def _proposed(data: dict[str, Any]) -> str:
    days = [date.fromisoformat(day) for day in data.get("proposed") or ()]
    words = [date_format(day, "D j M").replace(" ", "\N{NO-BREAK SPACE}") for day in days]
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s or %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _correction(statement: Statement, subject: Contact | None, name: str) -> str:
    data = statement.data
    values = {
        "name": name,
        "details": ", ".join(details(data)),
        "person": subject.name if subject else data.get("name") or _("somebody"),
    }
    sentences = {
        "me": _("%(name)s sends new details: %(details)s."),
        "person": _("%(name)s says the details of %(person)s are not right: %(details)s."),
        "new": _("%(name)s names somebody new: %(details)s."),
    }
    plain = _("%(name)s says something is not right.")
    if has_left(statement):
        return _("%(name)s says %(person)s is not there any more.") % values
    return (sentences.get(data.get("about") or "", plain) if values["details"] else plain) % values


def has_left(statement: Statement) -> bool:
    """Whether a correction says that a person is no longer there."""
    return statement.choice in ("left", "gone") or bool(statement.data.get("left"))


def details(data: dict[str, Any]) -> list[str]:
    """Return what a correction gives, as words: name, title, e-mail, phone, role."""
    given = [str(data[name]) for name in ("name", "title", "email") if data.get(name)]
    if data.get("phone"):
        given.append(str(data["phone"]).replace(" ", "\N{NO-BREAK SPACE}"))
    role = data.get("role")
    return [*given, str(RoleKind(role).label).lower()] if role in RoleKind.values else given
