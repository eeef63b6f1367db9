"""A talk and what was promised in it, written down together or not at all."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.partners.actions.promises import make_promise
from prm.partners.actions.talks import NewTalk, record_talks
from prm.partners.models import Entry, Promise, PromiseSide
from prm.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class NewPromise:
    """What one side (`side`: "ours" or "theirs") will do by a day."""

    side: str
    what: str
    due_on: datetime.date


@transaction.atomic
def record_talk_with_promises(
    talk: NewTalk,
    promises: Sequence[NewPromise],
    *,
    now: datetime.datetime,
    next_talk_on: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> tuple[Entry, list[Promise]]:
    """Write down a talk and what came of it. `next_talk_on`: the day on which we promised to talk again.

    Ours are owed by whoever recorded the talk; on theirs the owner keeps an eye. A refusal about the second promise
    names its field "promise2_due_on", one about the next talk "next_talk_on".
    """
    [entry] = record_talks([talk], now=now, today=today, by=by)
    wanted = [(f"promise{number}_", promise) for number, promise in enumerate(promises, start=1)]
    if next_talk_on is not None:
        wanted.append(("next_talk_on", NewPromise(PromiseSide.OURS, _("Talk again"), next_talk_on)))
    made = [_made(entry, talk, field, promise, now=now, today=today, by=by) for field, promise in wanted]
    return entry, made


def _made(
    entry: Entry,
    talk: NewTalk,
    field: str,
    new: NewPromise,
    *,
    now: datetime.datetime,
    today: datetime.date | None,
    by: User | None,
) -> Promise:
    try:
        return make_promise(
            talk.organization,
            side=new.side,
            what=new.what,
            due_on=new.due_on,
            user=by if new.side == PromiseSide.OURS else None,
            contact=talk.contact,
            entry=entry,
            private=talk.private,
            now=now,
            today=today,
            by=by,
        )
    except Refusal as refusal:
        raise Refusal(str(refusal), field=f"{field}{refusal.field}" if field[-1] == "_" else field) from None
