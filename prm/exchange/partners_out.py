"""The list of partners as a table: what a coordinator wants at hand, under headings that the import knows.

So our own file can be read again. Columns that only follow from others ("Next reminder") come from whoever shows them,
marked as calculated. Whom a reader may not see must not be among `rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from prm.accounts.access import Reader, may_see_reasons, may_write
from prm.accounts.models import User
from prm.agreements.models import AgreementStatus, AgreementTerm, Party
from prm.agreements.queries import last_day, telling
from prm.capacity.models import Pause, Scope
from prm.exchange import meanings
from prm.exchange.calculated import calculated
from prm.exchange.colleagues import Colleagues
from prm.exchange.people import LANGUAGES, PARTNER_ROLES
from prm.exchange.table_out import Cell, Table
from prm.partners.models import Assignment, AssignmentKind, Contact, Organization, Role, Standing, Status
from prm.partners.queries import holding_on
from prm.training.models import Attendance

BATCH = 500
#: A column: what stands in it for one partner.
Tell = Callable[["Sight"], Cell]
#: What an import reads, and we have no column for: parts of names, the length of an agreement whose end is told.
LEFT_OUT = frozenset({"agreement_months", "pause_resumes"})
#: What only our own side reads on screens, or what tells how to protect somebody.
OURS = frozenset({"pause_reason", "languages", "discreet", "confidential"})
LANGUAGE_NAMES = {code: name.split()[0].title() for name, code in reversed(LANGUAGES.items()) if name != code}


@dataclass(frozen=True, slots=True)
class Sight:
    """One partner as its row tells of it. `people` are the first holders of each role, and as `second` somebody who is
    none of them; `others` are in no column."""

    organization: Any
    people: dict[str, Contact]
    others: tuple[Contact, ...]
    keepers: dict[str, str]
    paper: Party | None
    pause: Pause | None


def partners_table(
    rows: QuerySet[Organization],
    *,
    today: date,
    reader: Reader,
    more: Sequence[tuple[str, Callable[[Any], Cell]]] = (),
) -> Table:
    """The table of `rows`, in their order; `more` are further columns, calculated from an organization by whoever asks.

    Each batch of 500 rows costs the same number of queries.
    """
    told, called = _columns(rows, today, reader), _namer(reader)
    headings = [heading for heading, _tell in told]
    headings += [calculated(_("More people")), *(calculated(words) for words, _tell in more)]

    def lines() -> Iterator[list[Cell]]:
        for organization in _filled(rows, today).iterator(chunk_size=BATCH):
            sight = _sight(organization, today, called)
            known = [tell(sight) for _heading, tell in told]
            yield [*known, _in_words(sight.others), *(tell(organization) for _words, tell in more)]

    return Table(_("Partners"), headings, lines())


def _columns(rows: QuerySet[Organization], today: date, reader: Reader) -> list[tuple[str, Tell]]:
    """Headings with what stands below them, in the order of `meanings`; of rarer roles those that somebody holds."""
    roles = Role.objects.filter(holding_on(today), organization__in=rows.order_by().values("pk"))
    held = {*roles.order_by().values_list("kind", flat=True).distinct(), *PARTNER_ROLES, "second"}
    hidden = LEFT_OUT if may_see_reasons(reader) else LEFT_OUT | OURS
    return [
        (words, _teller(meaning))
        for meaning, words in meanings.words().items()
        if meaning not in hidden and _wanted(meaning, held)
    ]


def _wanted(meaning: str, held: set[str]) -> bool:
    place, dot, what = meaning.partition(".")
    return not dot or (place in held and what not in ("first", "last"))


def _teller(meaning: str) -> Tell:
    place, dot, what = meaning.partition(".")
    if dot:
        return lambda sight: getattr(sight.people.get(place), what, None)
    if meaning in TOLD:
        return TOLD[meaning]
    return lambda sight: getattr(sight.organization, meaning)


# --- what is fetched ------------------------------------------------------------------------------------------------


def _filled(rows: QuerySet[Organization], today: date) -> QuerySet[Any]:
    """The rows with everything that is told of them: a fixed number of queries for each batch."""
    trained = Attendance.objects.filter(organization=OuterRef("pk")).order_by().values("organization")
    standing = Standing.objects.filter(holding_on(today), organization=OuterRef("pk")).order_by("since")
    here = Q(left_on__isnull=True) | Q(left_on__gte=today)
    papers = Party.objects.select_related("agreement__kind").prefetch_related("agreement__reviews")
    keepers = Assignment.objects.filter(holding_on(today)).select_related("user").order_by("since")
    told = rows.select_related("sector", "partnership_kind", "cadence").annotate(
        trained_on=Subquery(trained.annotate(last=Max("attended_on")).values("last")),
        standing=Subquery(standing.values("status")[:1]),
    )
    return told.prefetch_related(
        Prefetch("pauses", Pause.objects.filter(withdrawn_on__isnull=True).order_by("starts_on", "id")),
        Prefetch("agreement_parties", papers),
        Prefetch("contacts", Contact.objects.filter(here).order_by("entered_at", "id")),
        Prefetch("roles", Role.objects.filter(holding_on(today)).order_by("since", "id")),
        Prefetch("assignments", keepers),
    )


def _namer(reader: Reader) -> Callable[[User], str]:
    """How our people are called: by name, and by address where several have that name and an import could not tell."""
    colleagues = Colleagues()
    told = may_write(reader)
    return lambda user: user.name if colleagues.knows(user.name) or not told else user.email


def _sight(organization: Any, today: date, called: Callable[[User], str]) -> Sight:
    contacts = {contact.pk: contact for contact in organization.contacts.all()}
    people: dict[str, Contact] = {}
    for role in organization.roles.all():
        if role.contact_id in contacts:
            people.setdefault(role.kind, contacts[role.contact_id])
    named = {contact.pk for contact in people.values()}
    rest = [contact for contact in contacts.values() if contact.pk not in named]
    return Sight(
        organization,
        people | ({"second": rest[0]} if rest else {}),
        tuple(rest[1:]),
        {one.kind: called(one.user) for one in organization.assignments.all()},
        telling(organization.agreement_parties.all()),
        _pause(organization.pauses.all(), today),
    )


def _pause(pauses: Iterable[Pause], today: date) -> Pause | None:
    """The pause that runs, else the next one."""
    return next((pause for pause in pauses if pause.ends_on is None or pause.ends_on >= today), None)


# --- what is told ---------------------------------------------------------------------------------------------------


def _status(sight: Sight) -> str:
    return str(Status(sight.organization.standing).label) if sight.organization.standing else ""


def _languages(sight: Sight) -> str:
    contact = sight.people.get("primary")
    return ", ".join(LANGUAGE_NAMES.get(code, code) for code in contact.languages) if contact else ""


def _discreet(sight: Sight) -> bool | None:
    """Whether everyone of the row is to be written to discreetly; nothing where it differs."""
    found = {contact.discreet for contact in sight.people.values()}
    return found.pop() if len(found) == 1 else None


def _kind(sight: Sight) -> str:
    if sight.paper is None:
        return ""
    label = sight.paper.agreement.kind.label
    return label if _in_force(sight) else _("%s (draft)") % label


def _in_force(sight: Sight) -> bool:
    return sight.paper is not None and sight.paper.agreement.status == AgreementStatus.IN_FORCE


def _paper_day(name: str) -> Tell:
    """A day of an agreement in force; a draft has none that counts."""
    return lambda sight: getattr(sight.paper.agreement, name) if sight.paper and _in_force(sight) else None


def _end(sight: Sight) -> Cell:
    if sight.paper is None:
        return None
    open_end = sight.paper.agreement.term == AgreementTerm.EVERGREEN
    return _("No end date") if open_end else last_day(sight.paper)


def _of_pause(tell: Callable[[Pause], Cell]) -> Tell:
    return lambda sight: tell(sight.pause) if sight.pause else None


def _scope(pause: Pause) -> str:
    words = {Scope.SERVICE: pause.service, Scope.TRAINING: _("Training")}
    return words.get(Scope(pause.scope)) or str(Scope(pause.scope).label)


def _rhythm(sight: Sight) -> Cell:
    known = getattr(sight.organization, "cadence", None)
    return (known.every_months or _("None")) if known else None


def _in_words(contacts: Iterable[Contact]) -> str:
    """Further people, each on a line: "Ben Cho, ben@harbor.example, 555 0100"."""
    return "\n".join(", ".join(filter(None, (one.name, one.email, one.phone))) for one in contacts)


#: meaning -> what stands there, where it is not the organization's column of that name.
TOLD: dict[str, Tell] = {
    "sector": lambda sight: getattr(sight.organization.sector, "label", None),
    "partnership_kind": lambda sight: getattr(sight.organization.partnership_kind, "label", None),
    "status": _status,
    "mailbox": lambda sight: sight.organization.role_mailbox,
    "owner": lambda sight: sight.keepers.get(AssignmentKind.OWNER),
    "deputy": lambda sight: sight.keepers.get(AssignmentKind.DEPUTY),
    "languages": _languages,
    "discreet": _discreet,
    "agreement_kind": _kind,
    "agreement_title": lambda sight: sight.paper.agreement.title if sight.paper else None,
    "agreement_signed": _paper_day("signed_on"),
    "agreement_start": _paper_day("starts_on"),
    "agreement_end": _end,
    "pause_scope": _of_pause(_scope),
    "pause_from": _of_pause(lambda pause: pause.starts_on),
    "pause_until": _of_pause(lambda pause: pause.ends_on or _("Not known")),
    "pause_reason": _of_pause(lambda pause: pause.reason),
    "last_training": lambda sight: sight.organization.trained_on,
    "training_every": _rhythm,
}
