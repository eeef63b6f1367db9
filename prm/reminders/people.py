"""Who is where and what they answered, for a batch of organizations: enough to say whom a reminder reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from prm.accounts.models import User
from prm.partners.models import Assignment, Contact, Organization, Role, Statement, StatementKind
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


class Everyone:
    """Contacts, roles, users, assignments and answers of a batch, in four queries.

    `answering`, `kept`: of whom the answers, and who looks after them, are wanted (default: of all).
    """

    def __init__(
        self,
        rows: dict[int, Organization],
        users: dict[int, User],
        *,
        answering: Iterable[int] | None = None,
        kept: Iterable[int] | None = None,
    ) -> None:
        self.contacts = by_organization(Contact.objects.filter(organization__in=rows))
        self.roles = by_organization(Role.objects.filter(organization__in=rows))
        keepings = Assignment.objects.filter(organization__in=rows if kept is None else kept)
        self.assignments = by_organization(keepings)
        said = Statement.objects.filter(
            organization__in=rows if answering is None else answering, kind=StatementKind.RENEWAL
        )
        self.answers = by_organization(said.filter(taken_back_at__isnull=True, reference_on__isnull=False))
        self.colleagues = colleagues(users)

    def of(self, row: Organization) -> facts.People:
        return facts.People(
            contacts=tuple(_contact(c) for c in self.contacts[row.pk]),
            holdings=tuple(facts.Holding(r.contact_id, r.kind, r.since, r.until) for r in self.roles[row.pk]),
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
