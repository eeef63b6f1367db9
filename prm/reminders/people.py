"""Who is where and what they answered, for a batch of organizations: enough to say whom a reminder reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import F

from prm.accounts.models import User
from prm.partners.models import Assignment, Contact, Organization, Statement, StatementKind
from prm.rules import facts

Row = TypeVar("Row")


def by_organization(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    """Return rows grouped by their organization's id."""
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.organization_id].append(row)  # type: ignore[attr-defined]  # every such table has one
    return groups


def people(organizations: Iterable[Organization], *, ours: bool = True) -> dict[int, facts.People]:
    """Return who is where, by organization, in a fixed number of queries: enough to say whom a reminder reaches.

    Without `ours` nobody of our side is known: enough for what goes to partners.
    """
    rows = {row.pk: row for row in organizations}
    users = {user.pk: user for user in User.objects.filter(is_active=True)} if ours else {}
    found = Everyone(rows, users, kept=rows if ours else {})
    return {pk: found.of(row) for pk, row in rows.items()}


def colleagues(users: dict[int, User]) -> tuple[facts.Colleague, ...]:
    """Return our side in the words of the rules, in the order in which they came."""
    return tuple(
        facts.Colleague(
            u.pk, u.name, u.email, u.role, u.is_superuser, u.away_from, u.away_until, u.stand_in_id
        )
        for u in sorted(users.values(), key=lambda u: u.pk)
    )


class Contacts:
    """The contacts of a batch with the roles that they hold or held, in one query: a row for each role."""

    def __init__(self, rows: Iterable[int]) -> None:
        held = {"role": F("roles__kind"), "since": F("roles__since"), "until": F("roles__until")}
        found = Contact.objects.filter(organization__in=rows).annotate(**held)
        self.rows: defaultdict[int, dict[int, Contact]] = defaultdict(dict)
        self.holdings: defaultdict[int, list[facts.Holding]] = defaultdict(list)
        row: Any  # with the role
        for row in found.order_by("roles__kind", "roles__since", "roles__pk"):
            self.rows[row.organization_id][row.pk] = row
            if row.role is not None:
                self.holdings[row.organization_id].append(
                    facts.Holding(row.pk, row.role, row.since, row.until)
                )

    def of(self, organization: int) -> tuple[facts.Contact, ...]:
        """Return the contacts of one organization, who came first before the others."""
        found = sorted(self.rows[organization].values(), key=lambda one: (one.entered_at, one.pk))
        return tuple(_contact(one) for one in found)


class Everyone:
    """Contacts, roles, users, assignments and answers of a batch, in three queries.

    `kept`: of whom it is wanted who looks after them (default: of all).
    """

    def __init__(
        self,
        rows: dict[int, Organization],
        users: dict[int, User],
        *,
        kept: Iterable[int] | None = None,
    ) -> None:
        self.contacts = Contacts(rows)
        keepings = Assignment.objects.filter(organization__in=rows if kept is None else kept)
        self.assignments = by_organization(keepings)
        said = Statement.objects.filter(organization__in=rows, kind=StatementKind.RENEWAL)
        self.answers = by_organization(said.filter(taken_back_at__isnull=True, reference_on__isnull=False))
        self.colleagues = colleagues(users)

    def of(self, row: Organization) -> facts.People:
        return facts.People(
            contacts=self.contacts.of(row.pk),
            holdings=tuple(self.contacts.holdings[row.pk]),
            mailbox=row.role_mailbox,
            colleagues=self.colleagues,
            keepings=tuple(
                facts.Keeping(a.user_id, a.kind, a.since, a.until) for a in self.assignments[row.pk]
            ),
            answers=tuple(_answered(statement) for statement in self.answers[row.pk]),
        )


def _contact(row: Contact) -> facts.Contact:
    return facts.Contact(
        id=row.pk,
        name=row.name,
        address=row.email,
        entered=row.pk,
        left_on=row.left_on,
        undeliverable=row.undeliverable_on is not None,
        unsubscribed=frozenset(row.unsubscribed),
        discreet=row.discreet,
        language=(row.languages or ["en"])[0],
    )


def _answered(row: Statement) -> facts.Answered:
    return facts.Answered(
        row.record, row.reference_on or row.said_on, row.said_on, row.choice, row.contact_id
    )
