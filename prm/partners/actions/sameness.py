"""One person who serves two organizations: each has a row of its own, and the later leads to the first."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.edits import data_of, edited, record_of, standing_of
from prm.partners.models import Contact, EntryKind
from prm.partners.timeline import lock, record
from prm.rules.refusal import Refusal


@transaction.atomic
def note_same_person(
    contact: Contact, other: Contact, *, now: datetime.datetime, by: User | None = None
) -> Contact:
    """Write down that `contact` is the same person as `other` elsewhere; return the row that leads the others.

    The timeline does not name the other organization: whoever reads one need not see the other.
    """
    if contact.organization_id == other.organization_id:
        raise Refusal(_("Both stand at the same organization. Use one of them."), field="other")
    lock([contact.organization, other.organization])
    for row in (contact, other):
        row.refresh_from_db()
    leads = {(row.same_as or row).pk: row.same_as or row for row in (contact, other)}
    first, *later = sorted(leads.values(), key=lambda row: (row.entered_at, row.pk))
    if not later:
        return first
    edits = []
    for row in (later[0], *later[0].elsewhere.all()):
        was = standing_of(row, ["same_as"])
        row.same_as = first
        row.save(update_fields=["same_as"])
        edits.append(edited(row, was))
    about: dict[str, Any] = {
        "kind": EntryKind.PEOPLE,
        "event": "person_elsewhere",
        "by": by,
        "contact": contact,
    }
    about |= {"happened_on": local_today(now), "record": record_of(contact)}
    record(contact.organization, now=now, data={"contact": contact.name, **data_of(*edits)}, **about)
    return first
