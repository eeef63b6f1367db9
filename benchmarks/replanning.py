"""What the nightly pass over everyone costs, and whether ten times the partners cost ten times as much."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from benchmarks.counting import expect
from prm.accounts.models import User
from prm.agreements.models import Agreement, Party
from prm.partners.models import Assignment, Contact, Organization, Role, Standing
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from prm.vocabulary.queries import term

NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)  # a Monday; Tuesday is the next day
ENTERED = date(2026, 10, 1)
ROLES = ("primary", "notice", "signatory", "training", "intake")


def measure(organizations: int) -> dict[str, Any]:
    """Plan everyone for the first time, then once more for the next day. Raises Miscount if any is left out."""
    enter(organizations)
    first = _timed(NOW, organizations)
    touches = Reminder.objects.count()
    expect(planned(), organizations, "organizations with something planned")
    next_day = _timed(NOW + timedelta(days=1), organizations)
    return {
        "organizations": organizations,
        "touches": touches,
        "first_seconds": round(first, 3),
        "next_day_seconds": round(next_day, 3),
    }


def planned() -> int:
    return Reminder.objects.filter(state="planned").values("organization").distinct().order_by().count()


def _timed(now: datetime, organizations: int) -> float:
    start = perf_counter()
    done = refresh(now=now)
    seconds = perf_counter() - start
    expect(done, organizations, "organizations replanned")
    return seconds


@transaction.atomic
def enter(number: int) -> None:
    """Partners straight into the tables, past the actions: each with a contact, roles, an owner and an agreement."""
    users = User.objects.bulk_create(
        User(email=f"owner{n}@program.example.org", name=f"Owner {n}") for n in range(5)
    )
    rows = Organization.objects.bulk_create(_organizations(number), batch_size=500)
    people = Contact.objects.bulk_create((_contact(row) for row in rows), batch_size=500)
    Standing.objects.bulk_create(
        (Standing(organization=row, status="active", since=ENTERED) for row in rows), batch_size=500
    )
    Role.objects.bulk_create(
        (
            Role(organization_id=person.organization_id, contact=person, kind=kind, since=ENTERED)
            for person in people
            for kind in ROLES
        ),
        batch_size=500,
    )
    Assignment.objects.bulk_create(
        (
            Assignment(organization=row, user=users[place % 5], kind="owner", since=ENTERED)
            for place, row in enumerate(rows)
        ),
        batch_size=500,
    )
    _enter_agreements(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does a minute later


def _organizations(number: int) -> list[Organization]:
    return [
        Organization(
            name=f"Harbor House {n}",
            slug=f"harbor-house-{n}",
            approval_lead_days=(None, 45, 120)[n % 3],
            approval_lead_set_on=ENTERED if n % 3 else None,
            entered_on=ENTERED,
        )
        for n in range(number)
    ]


def _contact(row: Organization) -> Contact:
    return Contact(
        organization=row,
        name="Anna Reyes",
        email=f"anna@{row.slug}.example.org",
        entered_on=ENTERED,
        entered_at=datetime(2026, 10, 1, 15, tzinfo=UTC),
    )


def _enter_agreements(rows: list[Organization]) -> None:
    """One agreement in force for each; their ends lie on every day of two years, as in a grown portfolio."""
    kind = term("agreement_kind", "mou")
    papers = Agreement.objects.bulk_create(
        (
            Agreement(
                kind=kind,
                title="Memorandum of understanding",
                term="fixed",
                starts_on=ENTERED,
                expires_on=date(2027, 1, 10) + timedelta(place % 730),
                status="in_force",
                signed_on=ENTERED,
                entered_on=ENTERED,
                term_set_on=ENTERED,
                entered_at=datetime(2026, 10, 1, 15, tzinfo=UTC),
            )
            for place, _row in enumerate(rows)
        ),
        batch_size=500,
    )
    sides = ((paper, side) for paper, row in zip(papers, rows, strict=True) for side in (row, None))
    Party.objects.bulk_create(
        (
            Party(
                agreement=paper, organization=side, signature="signed", signed_on=ENTERED, entered_on=ENTERED
            )
            for paper, side in sides
        ),
        batch_size=500,
    )
