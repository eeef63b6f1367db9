"""Stretches of one pause: closed until one day, then ask first until another, without a gap between them.

Each stretch is a row that `continues` the one before. Where the end of one moves, the start of the next moves with it.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.models import User
from prm.capacity.actions.declaring import TALK_AFTER_MONTHS, NewPause, record_pauses
from prm.capacity.actions.noting import note, span
from prm.capacity.models import Pause
from prm.capacity.queries import follower
from prm.partners.timeline import lock
from prm.rules.dates import ONE_DAY, add_months
from prm.rules.refusal import Refusal


@transaction.atomic
def follow(
    pause: Pause,
    *,
    effect: str,
    now: datetime.datetime,
    ends_on: datetime.date | None = None,
    months: int | None = None,
    talk_on: datetime.date | None = None,
    reason: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Pause:
    """Write down what holds after a pause, from the day after its end: the same thing, less or more closed.

    Without `ends_on` and `months` the end is unknown. Refused where the pause has no last day, where something follows
    already, and where nothing would change: then the pause is made longer.
    """
    lock([pause.organization])
    pause.refresh_from_db()
    _check_may_go_on(pause, effect)
    start = (pause.ends_on or pause.starts_on) + ONE_DAY
    new = NewPause(
        organization=pause.organization,
        scope=pause.scope,
        service=pause.service,
        effect=effect,
        reach=pause.reach,
        starts_on=start,
        ends_on=ends_on,
        months=months,
        talk_on=talk_on,
        reason=reason,
        declared_by=pause.declared_by,
        continues=pause,
    )
    return record_pauses([new], now=now, today=today, by=by)[0]


def _check_may_go_on(pause: Pause, effect: str) -> None:
    if pause.withdrawn_on is not None:
        raise Refusal(_("This pause was taken back."))
    if pause.ends_on is None:
        raise Refusal(_("Nobody knows yet when this pause ends. Give it a last day first."))
    if follower(pause) is not None:
        raise Refusal(_("Something follows this pause already. Change that one."))
    if effect == pause.effect:
        raise Refusal(
            _("That is how it is now. Choose something else, or make the pause longer."), field="effect"
        )


def moved(pause: Pause, ends_on: datetime.date | None, day: datetime.date) -> list[Pause]:
    """Return the stretch after a pause with its new start, not saved: where `pause` ends with `ends_on` from now on.

    Refused where the pause would have no end, or would cover all of what follows.
    """
    following = follower(pause)
    if following is None or ends_on == pause.ends_on:
        return []
    if ends_on is None:
        raise Refusal(_("Something follows this pause, so it needs a last day."), field="ends_on")
    start = ends_on + ONE_DAY
    if following.ends_on is not None and start > following.ends_on:
        sentence = _(
            "That would leave nothing of what follows, which ends on %(day)s. Choose an earlier day."
        )
        raise Refusal(sentence % {"day": following.ends_on.isoformat()}, field="ends_on")
    following.starts_on, following.changed_on = start, day
    if following.talk_on < start:
        following.talk_on = following.ends_on or add_months(start, TALK_AFTER_MONTHS)
    return [following]


def make_room(rows: list[Pause]) -> None:
    """Set rows aside until they are saved with their new days: the database lets no two overlap on the way."""
    history.begin(Pause, [row.pk for row in rows])
    for row in rows:
        Pause.objects.filter(pk=row.pk, withdrawn_on__isnull=True).update(withdrawn_on=row.changed_on)


def save_moved(rows: list[Pause], **about: Any) -> None:
    """Save stretches whose start moved; `about` is that of `note`."""
    for row in rows:
        row.save(update_fields=["starts_on", "talk_on", "changed_on", "withdrawn_on"])
        note(row, "pause_start_moved", data=span(row), **about)


def let_go(rows: list[Pause], day: datetime.date, **about: Any) -> None:
    """Take back stretches that were still to come: whoever is open again needs none of them."""
    for row in rows:
        row.withdrawn_on = row.changed_on = day
        row.save(update_fields=["withdrawn_on", "changed_on"])
        note(row, "pause_let_go", data=span(row), **about)
