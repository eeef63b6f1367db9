"""The rooms' tables -> the words of the rules, for a batch of organizations, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Min

from prm.accounts import queries as accounts
from prm.accounts.models import Program, User
from prm.agreements.models import Agreement, Party, Review
from prm.agreements.queries import last_day
from prm.capacity.models import Pause
from prm.partners.models import Consent, Contact, Entry, Organization, Promise, Standing
from prm.reminders.models import Reminder
from prm.reminders.people import Everyone, by_organization
from prm.reminders.queries import rules_of
from prm.rules import facts
from prm.rules.dates import WorkingWeek
from prm.training.models import Attendance, Cadence, Invitation

#: Years of closed days that are known to the rules, before and after the day of planning.
YEARS_BACK, YEARS_AHEAD = 3, 12


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything about some organizations: as rows for words and addresses, as facts for the rules, both by id.

    `parties` of each organization; `circles`: those of each agreement, in the order in which they came in.
    """

    program: Program
    today: date
    week: WorkingWeek
    organizations: dict[int, Organization]
    facts: dict[int, facts.Organization]
    agreements: dict[int, Agreement]
    pauses: dict[int, Pause]
    invitations: dict[int, Invitation]
    promises: dict[int, Promise]
    users: dict[int, User]
    contacts: dict[int, Contact]
    parties: dict[int, list[Party]]
    circles: dict[int, list[Party]]

    def zone(self, organization: int) -> ZoneInfo:
        """Return the zone in which this organization's mail goes out."""
        return ZoneInfo(self.organizations[organization].zone or self.program.zone)


def working_week(program: Program, today: date) -> WorkingWeek:
    """Return the program's working week with its closed days around `today`."""
    closed = accounts.closed_days(program, today.year - YEARS_BACK, today.year + YEARS_AHEAD)
    return WorkingWeek(closed, frozenset(program.working_days))


@dataclass(frozen=True, slots=True)
class Known:
    """What a caller has read already: the program, and everyone on our side who has access, by id."""

    program: Program
    users: dict[int, User]


def everyone() -> dict[int, User]:
    """Return everyone on our side who has access, by id."""
    return {user.pk: user for user in User.objects.filter(is_active=True)}


def load(organizations: Iterable[Organization], *, today: date) -> Batch:
    """Return the facts of these organizations as of `today`, in a fixed number of queries however many there are."""
    known = Known(accounts.program(), everyone())
    tables = _Tables({row.pk: row for row in organizations}, today, known)
    return Batch(
        program=tables.program,
        today=today,
        week=tables.week,
        organizations=tables.rows,
        facts={pk: tables.facts(row) for pk, row in tables.rows.items()},
        agreements=tables.agreements,
        pauses={pause.pk: pause for group in tables.pauses.values() for pause in group},
        invitations={seat.pk: seat for group in tables.invitations.values() for seat in group},
        promises={promise.pk: promise for group in tables.promises.values() for promise in group},
        users=tables.users,
        contacts={pk: one for group in tables.people.contacts.rows.values() for pk, one in group.items()},
        parties=tables.parties,
        circles=tables.circle.parties,
    )


class _Tables:
    """Every table that has a say about a batch of organizations, read whole and grouped by organization."""

    def __init__(self, rows: dict[int, Organization], today: date, known: Known) -> None:
        self.rows = rows
        self.program, self.users = known.program, known.users
        self.people = Everyone(rows, self.users)
        parties = list(Party.objects.filter(organization__in=rows).select_related("agreement__kind"))
        self.agreements = {party.agreement_id: party.agreement for party in parties}
        self.parties = by_organization(parties)
        self.circle = _circle(self.agreements)
        self.pauses = by_organization(Pause.objects.filter(organization__in=rows, withdrawn_on__isnull=True))
        self.cadences = {c.organization_id: c for c in Cadence.objects.filter(organization__in=rows)}
        seats = Invitation.objects.filter(organization__in=rows).select_related("session")
        self.invitations = by_organization(seats)
        self.attendances = by_organization(Attendance.objects.filter(organization__in=rows))
        self.standings = by_organization(Standing.objects.filter(organization__in=rows, status="active"))
        self.talks = _talks(rows, ZoneInfo(self.program.zone))
        self.consents = by_organization(
            Consent.objects.filter(organization__in=rows, withdrawn_at__isnull=True, ends_on__gte=today)
        )
        self.promises = by_organization(
            Promise.objects.filter(organization__in=rows, kept_on__isnull=True, dropped_on__isnull=True)
        )
        self.rules = rules_of(rows)
        self.past = _past(rows)
        self.week = working_week(self.program, today)

    def facts(self, row: Organization) -> facts.Organization:
        """Return one organization in the words of the rules."""
        pk = row.pk
        return facts.Organization(
            id=pk,
            entered_on=row.entered_on,
            approval_lead_days=row.approval_lead_days or 0,
            approval_lead_set_on=row.approval_lead_set_on,
            partner_since=row.partner_since,
            active=tuple((standing.since, standing.until) for standing in self.standings[pk]),
            people=self.people.of(row),
            agreements=tuple(self.circle.facts(self.parties[pk])),
            cadence=cadence_facts(self.cadences.get(pk)),
            attended=tuple(facts.Attended(a.attended_on, a.entered_on) for a in self.attendances[pk]),
            seats=tuple(_seats(self.invitations[pk], self.attendances[pk])),
            pauses=tuple(pause_facts(pause) for pause in self.pauses[pk]),
            talks=tuple(self.talks[pk]),
            consents=tuple(
                facts.Consent(c.pk, c.given_on, c.ends_on, c.contact_id) for c in self.consents[pk]
            ),
            promises=tuple(
                facts.Promise(p.pk, p.due_on, p.entered_on, p.changed_on, p.user_id)
                for p in self.promises[pk]
            ),
            rules=self.rules.get(pk, ()),
            past=self.past[pk],
            week=self.week,
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """Who signs what, and who looked at it: the parties and the reviews of a batch's agreements, the first first."""

    parties: dict[int, list[Party]]
    reviews: dict[int, list[date]]

    def facts(self, parties: Iterable[Party]) -> Iterator[facts.Agreement]:
        """Yield the agreements of one organization as it has them; a later joiner has its own start and end."""
        for party in parties:
            row = party.agreement
            waiting = self._waiting_since(row, party)
            in_force = row.status == "in_force" and party.signature == "signed"
            if not in_force and waiting is None:
                continue
            joined = not party.original
            yield facts.Agreement(
                id=row.pk,
                entered_on=party.entered_on if joined else row.entered_on,
                in_force=in_force,
                starts_on=(party.signed_on if joined else row.starts_on) or row.starts_on,
                ends_on=last_day(party),
                known_on=max(party.entered_on, row.term_set_on) if joined else row.term_set_on,
                signed_on=(party.signed_on if joined else row.signed_on) or row.signed_on,
                review_every=row.review_every_months,
                reviews=tuple(self.reviews.get(row.pk, ())),
                waiting_since=waiting,
                notice_on=row.notice_given_on,
                kind=row.kind_id,
            )

    def _waiting_since(self, row: Agreement, party: Party) -> date | None:
        """Return since when this party's signature is awaited; the first partner stands for ours alone."""
        if row.status == "in_force" and not party.original and party.signature == "waiting":
            return party.entered_on
        if row.status != "awaiting" or not party.original:
            return None
        circle = [p for p in self.parties[row.pk] if p.original]
        awaited = [p for p in circle if p.signature == "waiting" and p.organization_id is not None]
        partners = [p for p in circle if p.organization_id is not None]
        if party.pk not in {p.pk for p in awaited or partners[:1]}:
            return None
        signed = [p.signed_on for p in circle if p.signed_on is not None]
        return max([row.sent_on or row.entered_on, *signed])


def _circle(agreements: Iterable[int]) -> Circle:
    """Read it, in two queries."""
    parties: defaultdict[int, list[Party]] = defaultdict(list)
    for party in Party.objects.filter(agreement__in=agreements).order_by("pk"):
        parties[party.agreement_id].append(party)
    reviews: defaultdict[int, list[date]] = defaultdict(list)
    for review in Review.objects.filter(agreement__in=agreements).order_by("reviewed_on", "pk"):
        reviews[review.agreement_id].append(review.reviewed_on)
    return Circle(parties, reviews)


def pause_facts(row: Pause) -> facts.Pause:
    """Return a pause in the words of the rules."""
    return facts.Pause(
        id=row.pk,
        scope=row.scope,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        talk_on=row.talk_on,
        entered_on=row.entered_on,
        changed_on=row.changed_on,
        declared_by=row.declared_by_id,
        imported=row.imported,
        answered_on=row.answered_on,
        effect=row.effect,
        continues=row.continues_id,
    )


def cadence_facts(row: Cadence | None) -> facts.Cadence:
    """Return a rhythm in the words of the rules; none where nothing is recorded."""
    return facts.Cadence(row.every_months, row.anchor_on, row.changed_on) if row else facts.Cadence()


def _seats(invitations: Iterable[Invitation], attendances: Iterable[Attendance]) -> Iterator[facts.Seat]:
    came = {(a.session_id, a.contact_id) for a in attendances if a.session_id is not None}
    present = {session for session, _ in came}
    for row in invitations:
        attended = (row.session_id, row.contact_id) in came
        yield seat_facts(row, attended=attended, present=row.session_id in present)


def seat_facts(row: Invitation, *, attended: bool, present: bool) -> facts.Seat:
    """Return an invitation in the words of the rules; `present`: anybody of the organization came."""
    session = row.session
    return facts.Seat(
        id=row.pk,
        session=session.pk,
        contact=row.contact_id,
        on=session.starts_at.astimezone(ZoneInfo(session.zone)).date(),
        invited_on=row.invited_on,
        answer=row.answer,
        answered_on=row.answered_on,
        withdrawn_on=row.withdrawn_on,
        cancelled_on=session.cancelled_on,
        moved_on=session.moved_on,
        moved_from=session.moved_from_on,
        recorded_on=session.recorded_on,
        attended=attended,
        present=present,
    )


def _talks(rows: Iterable[int], zone: ZoneInfo) -> defaultdict[int, list[facts.Talk]]:
    """Return each organization's days of two-way talk, with the day on which each was first written down."""
    talks: defaultdict[int, list[facts.Talk]] = defaultdict(list)
    found = Entry.objects.filter(organization__in=rows, two_way=True).order_by()
    for pk, on, at in found.values_list("organization", "happened_on").annotate(Min("recorded_at")):
        talks[pk].append(facts.Talk(on, at.astimezone(zone).date()))
    return talks


def _past(rows: Iterable[int]) -> defaultdict[int, dict[str, facts.Past]]:
    """Return the ledger of each organization by natural key."""
    past: defaultdict[int, dict[str, facts.Past]] = defaultdict(dict)
    columns = (
        "organization",
        "key",
        "state",
        "day",
        "reason",
        "reason_data",
        "audience",
    )
    for pk, key, state, day, reason, data, audience in Reminder.objects.filter(
        organization__in=rows
    ).values_list(*columns):
        values = tuple(sorted(data.items()))
        past[pk][key] = facts.Past(facts.State(state), day, facts.Reason(reason, values), tuple(audience))
    return past
