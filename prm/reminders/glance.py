"""Partners at a glance: what the rows of a day need to know of them, in six queries however many there are.

Less than a plan needs (`facts.load`): who is asked what, without what was said before and without the ledger. Whether
somebody talked or came since is asked where a reminder is read (`prm.desk.still`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from prm.agreements.models import Party
from prm.capacity.models import Pause
from prm.partners.models import Organization, Promise, Standing, Status
from prm.reminders.facts import (
    Batch,
    Circle,
    Known,
    cadence_facts,
    pause_facts,
    seat_facts,
    working_week,
)
from prm.reminders.people import Contacts, by_organization, colleagues
from prm.rules import facts
from prm.training.models import Attendance, Invitation


class Partners:
    """Some organizations by name, with their keepers, pauses and open promises, in one query."""

    def __init__(self, organizations: QuerySet[Organization], today: date) -> None:
        """Read them; the queryset may be sliced."""
        self.today = today
        self.rows: dict[int, Organization] = {}
        self.keepings: defaultdict[int, dict[int, facts.Keeping]] = defaultdict(dict)
        self.pauses: defaultdict[int, dict[int, Pause]] = defaultdict(dict)
        self.promises: defaultdict[int, dict[int, Promise]] = defaultdict(dict)
        for row in _joined(organizations, today):
            self._take(row)

    def _take(self, row: Any) -> None:
        """An organization with one of its keepers, one of its pauses and one of its open promises, where it has any."""
        self.rows.setdefault(row.pk, row)
        if row.keeping is not None:
            known = facts.Keeping(row.keeper, row.kept_as, row.kept_since, row.kept_until)
            self.keepings[row.pk][row.keeping] = known
        pause, promise = getattr(row, "paused", None), getattr(row, "promised", None)
        if pause is not None:
            self.pauses[row.pk][pause.pk] = pause
        if promise is not None:
            self.promises[row.pk][promise.pk] = promise


def look(partners: Partners, known: Known) -> Batch:
    """Return what is known of these organizations.

    `active` says no more than whether they are a partner today, `attended` holds the first training and the last.
    """
    seen = _Glance(partners, known)
    return Batch(
        program=known.program,
        today=partners.today,
        organizations=partners.rows,
        facts={pk: seen.words(row) for pk, row in partners.rows.items()},
        agreements={pk: some[0].agreement for pk, some in seen.circle.parties.items()},
        pauses={pk: pause for group in partners.pauses.values() for pk, pause in group.items()},
        invitations={seat.pk: seat for group in seen.invitations.values() for seat in group},
        promises={pk: promise for group in partners.promises.values() for pk, promise in group.items()},
        users=known.users,
        contacts={pk: one for group in seen.contacts.rows.values() for pk, one in group.items()},
        parties=seen.parties,
        circles=seen.circle.parties,
        week=seen.week,
    )


class _Glance:
    """What else was read about them, by organization, in five queries."""

    def __init__(self, partners: Partners, known: Known) -> None:
        self.partners = partners
        self.contacts = Contacts(partners.rows)
        self.circle, self.parties = _circle(partners.rows)
        self.invitations = by_organization(_invitations(partners.rows))
        self.colleagues = colleagues(known.users)
        self.week = working_week(known.program, partners.today)

    def words(self, row: Any) -> facts.Organization:
        """Return one organization in the words of the rules."""
        pk, today = row.pk, self.partners.today
        pauses = sorted(
            self.partners.pauses[pk].values(), key=lambda pause: (pause.starts_on, pause.pk), reverse=True
        )
        promises = sorted(
            self.partners.promises[pk].values(), key=lambda promise: (promise.due_on, promise.pk)
        )
        came = [(row.came_first, row.known_first), (row.came_last, row.came_last)]
        return facts.Organization(
            id=pk,
            entered_on=row.entered_on,
            approval_lead_days=row.approval_lead_days or 0,
            approval_lead_set_on=row.approval_lead_set_on,
            partner_since=row.partner_since,
            active=((today, today),) if row.active_today else (),
            people=self._people(row),
            agreements=tuple(self.circle.facts(self.parties[pk])),
            cadence=cadence_facts(getattr(row, "cadence", None)),
            attended=tuple(facts.Attended(on, entered_on) for on, entered_on in came if on is not None),
            seats=tuple(self._seats(pk)),
            pauses=tuple(pause_facts(pause) for pause in pauses if pause.withdrawn_on is None),
            promises=tuple(
                facts.Promise(p.pk, p.due_on, p.entered_on, p.changed_on, p.user_id) for p in promises
            ),
            week=self.week,
        )

    def _seats(self, organization: int) -> Iterator[facts.Seat]:
        seat: Any  # with whether they came
        for seat in self.invitations[organization]:
            yield seat_facts(seat, attended=seat.came, present=seat.present)

    def _people(self, row: Organization) -> facts.People:
        return facts.People(
            contacts=self.contacts.of(row.pk),
            holdings=tuple(self.contacts.holdings[row.pk]),
            mailbox=row.role_mailbox,
            colleagues=self.colleagues,
            keepings=tuple(self.partners.keepings[row.pk].values()),
        )


def _joined(organizations: QuerySet[Organization], today: date) -> QuerySet[Organization]:
    """Organizations with what hangs on each, a row for each keeper, pause and open promise: they are few."""
    partner = Standing.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        organization=OuterRef("pk"),
        status=Status.ACTIVE,
        since__lte=today,
    )
    came = Attendance.objects.filter(organization=OuterRef("pk")).order_by("attended_on", "entered_on")
    open_ = Q(promises__kept_on__isnull=True, promises__dropped_on__isnull=True)
    found = Organization.objects.filter(pk__in=organizations.values("pk")).annotate(
        active_today=Exists(partner),
        came_first=Subquery(came.values("attended_on")[:1]),
        known_first=Subquery(came.values("entered_on")[:1]),
        came_last=Subquery(came.order_by("-attended_on").values("attended_on")[:1]),
        keeping=F("assignments__pk"),
        keeper=F("assignments__user"),
        kept_as=F("assignments__kind"),
        kept_since=F("assignments__since"),
        kept_until=F("assignments__until"),
        paused=FilteredRelation("pauses"),
        promised=FilteredRelation("promises", condition=open_),
    )
    joined: QuerySet[Organization] = found.select_related("cadence", "paused", "promised")  # type: ignore[misc]
    return joined.order_by("name", "pk")


def _circle(rows: Collection[int]) -> tuple[Circle, defaultdict[int, list[Party]]]:
    """Every party of these organizations' agreements, in one query: by agreement, and their own by organization."""
    own = Party.objects.filter(organization__in=rows).order_by().values("agreement")
    found = Party.objects.filter(agreement__in=own).select_related("agreement__kind")
    parties: dict[int, dict[int, Party]] = {}
    reviews: defaultdict[int, set[tuple[date, int]]] = defaultdict(set)
    known = found.annotate(
        review=F("agreement__reviews__pk"), reviewed_on=F("agreement__reviews__reviewed_on")
    )
    for party in known.order_by("pk"):  # a row for each review
        parties.setdefault(party.agreement_id, {})[party.pk] = party
        if party.review is not None and party.agreement.expires_on is None:
            reviews[party.agreement_id].add((party.reviewed_on, party.review))
    circle = Circle(
        {pk: list(some.values()) for pk, some in parties.items()},
        {pk: [day for day, _number in sorted(some)] for pk, some in reviews.items()},
    )
    theirs = (one for some in circle.parties.values() for one in some if one.organization_id in rows)
    return circle, by_organization(sorted(theirs, key=lambda party: (not party.original, party.pk)))


def _invitations(rows: Iterable[int]) -> QuerySet[Invitation]:
    """Invitations with their sessions, and whether that person came, or anybody of their organization."""
    there = Attendance.objects.filter(session=OuterRef("session"), organization=OuterRef("organization"))
    found = Invitation.objects.filter(organization__in=rows).select_related("session")
    return found.annotate(came=Exists(there.filter(contact=OuterRef("contact"))), present=Exists(there))
