"""Organizations and what they are to us."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths, clean_email, known_zone
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.actions.slugs import free_slugs
from prm.partners.edits import Edit, data_of, edited, made, own_changes, record_of, standing_of
from prm.partners.models import Direction, EntryKind, Organization, Standing, Status, Visibility
from prm.partners.timeline import draft, record, record_all
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Conflict, Refusal

CHANGEABLE = frozenset(
    {
        "name",
        "sector",
        "partnership_kind",
        "direction",
        "city",
        "county",
        "state",
        "postal_code",
        "zone",
        "approval_body",
        "approval_lead_days",
        "role_mailbox",
        "phone",
        "website",
        "notes",
        "is_demo",
        "confidential",
        "visibility",
        "partner_since",
    }
)
LONGEST_LEAD_DAYS = 3650


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """An organization to be added; `facts` are the changeable columns besides the name."""

    name: str
    slug: str = ""
    status: str = Status.ACTIVE
    facts: Mapping[str, Any] = field(default_factory=dict)


def add_organization(
    *,
    name: str,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    slug: str = "",
    status: str = Status.ACTIVE,
    **facts: Any,
) -> Organization:
    """Add an organization, active unless said otherwise, and its first standing."""
    return add_organizations([NewOrganization(name, slug, status, facts)], now=now, today=today, by=by)[0]


@transaction.atomic
def add_organizations(
    new: Sequence[NewOrganization],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Organization]:
    """Add organizations with their first standings, all of them or, where one is refused, none.

    `today` is the day of entry (default: the program's local date at `now`). A standing begins on `partner_since`
    where that is known and past, else on the day of entry.
    """
    entered_on = today or local_today(now)
    slugs = free_slugs([one.slug or one.name for one in new])
    rows = [_drafted(one, slug, entered_on) for one, slug in zip(new, slugs, strict=True)]
    Organization.objects.bulk_create(rows)
    standings = Standing.objects.bulk_create(
        Standing(organization=row, status=one.status, since=min(row.partner_since or entered_on, entered_on))
        for one, row in zip(new, rows, strict=True)
    )
    about: dict[str, Any] = {"kind": EntryKind.ORGANIZATION, "event": "organization_entered"}
    entries = [draft(row, now=now, by=by, happened_on=entered_on, **about) for row in rows]
    if len(new) == 1:  # of many nobody takes back one: an import has a way back of its own
        entries[0].data |= data_of(made(rows[0]), made(standings[0]))
    record_all(entries, now=now)
    return rows


def _drafted(new: NewOrganization, slug: str, entered_on: datetime.date) -> Organization:
    checked = _checked({"name": new.name, **new.facts})
    row = Organization(entered_on=entered_on, slug=slug, **checked)
    check_lengths(row)
    _check_status(new.status)
    return row


@transaction.atomic
def change_organization(
    organization: Organization,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    seen: Mapping[str, str] | None = None,
    **changes: Any,
) -> Organization:
    """Change what is known of an organization. Values that are the same already change nothing and record nothing.

    `seen`: what the writer saw, by column (`edits.as_text`). Raises Conflict where a colleague changed the same since.
    """
    day = today or local_today(now)
    organization.refresh_from_db(from_queryset=Organization.objects.select_for_update())
    checked = own_changes(organization, _checked(changes), seen)
    before = {name: getattr(organization, name) for name in checked}
    changed = {name: value for name, value in checked.items() if value != before[name]}
    if not changed:
        return organization
    if "approval_lead_days" in changed and day > organization.entered_on:
        changed["approval_lead_set_on"] = day
    was = standing_of(organization, changed)
    for name, value in changed.items():
        setattr(organization, name, value)
    check_lengths(organization)
    organization.save(update_fields=list(changed))
    fields = sorted(changed.keys() & CHANGEABLE)
    data = {"fields": fields, "was": {name: _shown(before[name]) for name in fields if name != "notes"}}
    _note(organization, "organization_changed", data, [edited(organization, was)], now=now, by=by, on=day)
    return organization


def _note(
    organization: Organization,
    event: str,
    data: dict[str, Any],
    edits: Sequence[Edit],
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
) -> None:
    about: dict[str, Any] = {"kind": EntryKind.ORGANIZATION, "event": event, "by": by, "happened_on": on}
    record(organization, now=now, data={**data, **data_of(*edits)}, record=record_of(organization), **about)


@transaction.atomic
def set_standing(
    organization: Organization,
    *,
    status: str,
    now: datetime.datetime,
    since: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
    seen: str | None = None,
) -> Standing:
    """Say what an organization is to us from `since` on (default: today); the standing before ends the day before.

    A standing that began on the same day is corrected in place. Refused where one begins later. `seen`: the status that
    the writer saw; raises Conflict where a colleague has set another one since.
    """
    _check_status(status)
    day = today or local_today(now)
    first_day = since or day
    organization.refresh_from_db(from_queryset=Organization.objects.select_for_update())
    last = organization.standings.order_by("-since").first()
    if seen is not None and last is not None and last.status not in (seen, status):
        raise Conflict(_("Somebody else has changed this since you opened it."), fields=["status"])
    if last is not None and last.since > first_day:
        sentence = _("What they are to us is already written down from %(since)s on. Choose a later day.")
        raise Refusal(sentence % {"since": last.since.isoformat()}, field="since")
    if last is not None and last.until is None and last.status == status:
        return last
    standing, edits = _follow(organization, last, status, first_day)
    data = {"status": status, "since_on": first_day}
    _note(organization, "standing_set", data, edits, now=now, by=by, on=day)
    return standing


def _follow(
    organization: Organization, last: Standing | None, status: str, since: datetime.date
) -> tuple[Standing, list[Edit]]:
    """Write the new standing; return it and what changed."""
    edits = []
    if last is not None and (last.since == since or last.until is None or last.until >= since):
        was = standing_of(last, ["status", "until"])
        if last.since == since:
            last.status, last.until = status, None
        else:
            last.until = since - ONE_DAY
        last.save(update_fields=["status", "until"])
        edits.append(edited(last, was))
        if last.since == since:
            return last, edits
    new = Standing.objects.create(organization=organization, status=status, since=since)
    return new, [*edits, made(new)]


def _check_status(status: str) -> None:
    if status not in Status.values:
        raise Refusal(_("Choose prospect, active or former."), field="status")


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not a changeable part of an organization: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in facts.items()
    }
    if "name" in values and not values["name"]:
        raise Refusal(_("An organization needs a name."), field="name")
    if "zone" in values:
        values["zone"] = known_zone(values["zone"])
    if "role_mailbox" in values:
        values["role_mailbox"] = clean_email(values["role_mailbox"], field="role_mailbox")
    lead_days = values.get("approval_lead_days")
    if lead_days is not None and not 0 <= lead_days <= LONGEST_LEAD_DAYS:
        raise Refusal(_("Approval takes between 0 and 3650 days."), field="approval_lead_days")
    if values.get("direction", "") not in ("", *Direction.values):
        raise Refusal(_("Choose one way or both ways."), field="direction")
    if values.get("visibility", Visibility.INTERNAL) not in Visibility.values:
        raise Refusal(_("Choose who may see this organization."), field="visibility")
    return values


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) or value is None else str(value)
