"""Links that end before their time, because somebody says so."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from prm.accounts.models import User
from prm.partners.models import EntryKind, Link
from prm.partners.timeline import record


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
