"""A row of the day is put off until a date, with the reason; or fetched back before it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.desk.models import Snooze
from prm.desk.rows import Row
from prm.partners.models import EntryKind, Organization
from prm.partners.timeline import record
from prm.rules import putting_off
from prm.rules.refusal import Refusal

LONGEST = 300


@transaction.atomic
def snooze(
    row: Row,
    *,
    until: datetime.date,
    reason: str,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Snooze:
    """Put a row off until a day, on which it is back; whoever sees the row reads why. Put off again, this counts.

    Refused for today or earlier, for more than 90 days, and without a reason.
    """
    day, key = today or local_today(now), row.key
    why = _worded(reason)
    _check(until, day)
    organization = Organization.objects.select_for_update().get(pk=key.organization)
    same = Snooze.objects.filter(
        organization=organization, rule=key.rule, record=key.record, reference_on=key.reference_on
    )
    same.filter(ended_at__isnull=True).update(ended_at=now)
    made = Snooze.objects.create(
        organization=organization,
        rule=key.rule,
        record=key.record,
        reference_on=key.reference_on,
        until=until,
        reason=why,
        by=by,
        at=now,
    )
    _note(organization, "row_put_off", row.matter, now=now, by=by, note=why, until=until)
    return made


@transaction.atomic
def wake(snooze: Snooze, *, matter: str, now: datetime.datetime, by: User | None = None) -> bool:
    """Fetch a row back before its day. `matter`: what the row says. False where it is back already."""
    organization = Organization.objects.select_for_update().get(pk=snooze.organization_id)
    waiting = Snooze.objects.filter(pk=snooze.pk, ended_at__isnull=True, until__gt=local_today(now))
    if not waiting.update(ended_at=now):
        return False
    _note(organization, "row_back", matter, now=now, by=by)
    return True


def _worded(reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise Refusal(_("Say in a few words why it waits."), field="reason")
    if len(words) > LONGEST:
        words_for = _("That is too long. Use %(number)d characters at most.")
        raise Refusal(words_for % {"number": LONGEST}, field="reason")
    return words


def _check(until: datetime.date, today: datetime.date) -> None:
    if until < putting_off.first(today):
        raise Refusal(_("Choose a day from tomorrow on."), field="until")
    last = putting_off.last(today)
    if until > last:
        day = date_format(last, "j M Y").replace(" ", "\N{NO-BREAK SPACE}")
        raise Refusal(_("That is too far away. Choose a day through %(day)s.") % {"day": day}, field="until")


def _note(
    organization: Organization,
    event: str,
    matter: str,
    *,
    now: datetime.datetime,
    by: User | None,
    note: str = "",
    until: datetime.date | None = None,
) -> None:
    data = {"matter": matter, "until_on": until}
    record(organization, kind=EntryKind.NOTE, event=event, now=now, by=by, note=note, data=data)
