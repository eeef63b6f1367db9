"""Links that end before their time because somebody says so, and those of our own mail that are long over."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from prm.accounts.models import User
from prm.partners.models import EntryKind, Link, Purpose
from prm.partners.timeline import record

#: How long after its end a link of our own mail still says "this link is old" instead of leading nowhere.
OLD_FOR = datetime.timedelta(days=60)
BATCH, MOST = 500, 20


def revoke(link: Link, *, now: datetime.datetime, by: User | None = None) -> Link:
    """End a link before its time. Twice is once."""
    revoke_all([link], now=now, by=by)
    return link


@transaction.atomic
def revoke_all(links: Sequence[Link], *, now: datetime.datetime, by: User | None = None) -> int:
    """End links of one person and purpose, with one line in the timeline however many mails brought one.

    Those that have ended stay as they are. Returns how many ended.
    """
    open_ = [link for link in links if link.revoked_at is None]
    if not open_:
        return 0
    Link.objects.filter(pk__in=[link.pk for link in open_]).update(revoked_at=now)
    for link in open_:
        link.revoked_at = now
    first = open_[0]
    data = {"contact": first.contact.name if first.contact else None, "purpose": first.purpose}
    about = {"kind": EntryKind.PEOPLE, "event": "link_revoked", "contact": first.contact, "data": data}
    record(first.organization, now=now, by=by, **about)
    return len(open_)


def forget_links(*, now: datetime.datetime) -> int:
    """Remove the links of our own morning mail that ended 60 days ago, the oldest first; return how many.

    A mail brings one for each of its rows. At most 10,000 go at once, in short transactions; the rest go next time.
    Links of partners stay: what they said hangs on them.
    """
    over = Link.objects.filter(purpose=Purpose.DESK, expires_at__lt=now - OLD_FOR).order_by("expires_at")
    gone = 0
    for _batch in range(MOST):
        some = list(over.values_list("pk", flat=True)[:BATCH])
        Link.objects.filter(pk__in=some).delete()
        gone += len(some)
        if len(some) < BATCH:
            break
    return gone
