"""How often an organization wants training."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import EntryKind, Organization
from prm.partners.timeline import record
from prm.rules.refusal import Refusal
from prm.training.models import Cadence


@transaction.atomic
def set_cadence(
    organization: Organization,
    *,
    every_months: int | None,
    now: datetime.datetime,
    anchor_on: datetime.date | None = None,
    reason: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Cadence:
    """Set the rhythm of an organization's training in months from an anchor, or none for a reason.

    The same rhythm again changes nothing.
    """
    day = today or local_today(now)
    if every_months is None and not reason.strip():
        raise Refusal(_("No training at all? Say why in a few words."), field="reason")
    if every_months is not None and every_months < 1:
        raise Refusal(_("Training comes every month at most."), field="every_months")
    Organization.objects.select_for_update().get(pk=organization.pk)
    values = {"every_months": every_months, "anchor_on": anchor_on, "reason": reason.strip()}
    cadence = Cadence.objects.filter(organization=organization).first()
    if cadence is None:
        cadence = Cadence(organization=organization, entered_on=day, changed_on=day, **values)
    elif all(getattr(cadence, name) == value for name, value in values.items()):
        return cadence
    else:
        for name, value in (values | {"changed_on": day}).items():
            setattr(cadence, name, value)
    check_lengths(cadence)
    cadence.save()
    data = {"months": every_months, "anchor_on": anchor_on}
    event = "rhythm_set" if every_months else "rhythm_none"
    kind, note = EntryKind.TRAINING, cadence.reason
    record(organization, kind=kind, event=event, now=now, by=by, happened_on=day, note=note, data=data)
    return cadence
