"""Partner links: made for one person and purpose, recognized by a hash, ended by time, by hand or with the role.

No usable link is stored. The words of a mail hold a mark (`Wish.mark`), the row a random number and the hash of its
token; the token itself is made from that number and the secret key in the moment in which the bytes of the mail are
built. A copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from prm.accounts.access import may_write
from prm.partners.models import Contact, Link, Organization, Purpose, Role

#: How long a link opens its door (domain.md, section 8, rule 10), and which ones do until somebody revokes them.
LIFETIME = datetime.timedelta(days=30)
#: Those of our own morning mail: a week, for the next mail brings new ones.
DESK_LIFETIME = datetime.timedelta(days=7)
LASTING = frozenset({Purpose.UNSUBSCRIBE, Purpose.FEED})

TOKEN_BYTES = 24  # 192 bits
MARK = re.compile(r"(?<=/p/)~[a-z]+(?:\.[a-z0-9:,-]+)?~(?=/)")


class Standing(StrEnum):
    """What a link is worth today."""

    LIVE = "live"
    EXPIRED = "expired"  # too old: a new one goes to the known address
    ENDED = "ended"  # revoked, or its person no longer has the role: no new one


@dataclass(frozen=True, slots=True)
class Wish:
    """A link that a mail shall carry. `about` and `role` are those of `Link`.

    `organization` where the mail is about several: whose matter the link is (0: that of the mail).
    """

    purpose: Purpose
    about: str = ""
    role: str = ""
    organization: int = 0

    @property
    def mark(self) -> str:
        """What stands in the frozen words where the token will be."""
        return f"~{self.purpose}.{self.about}~" if self.about else f"~{self.purpose}~"

    @property
    def address(self) -> str:
        """The link's address with the mark in it."""
        return page_address(self.mark)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose link it is; without a contact it is that of the organization's shared mailbox, or of a `user` of ours."""

    organization: int
    contact: int | None
    user: int | None = None


def always(contact: int | None, categories: Iterable[str], role: str = "") -> tuple[Wish, ...]:
    """Return the links of every mail to a partner: full, leaving, their page, and less mail of these categories.

    A shared mailbox has no person who could leave or want less mail.
    """
    found = [Wish(Purpose.PAUSE, role=role), Wish(Purpose.PAGE, role=role)]
    if contact is not None:
        found.append(Wish(Purpose.LEAVING, role=role))
        found.append(Wish(Purpose.UNSUBSCRIBE, ",".join(categories)))
    return tuple(found)


def page_address(token: str) -> str:
    """Return the whole address of the page that a token opens."""
    return f"{settings.SITE_URL}/p/{token}/"


def feed_address(token: str) -> str:
    """Return the whole address of the calendar that a token opens."""
    return f"{settings.SITE_URL}/feeds/{token}.ics"


def issue(wishes: Sequence[tuple[Holder, Wish]], *, now: datetime.datetime) -> list[Link]:
    """Make a link for each wish, in their order; one that lasts is made once and given again."""
    lasting = _lasting([(holder, wish) for holder, wish in wishes if wish.purpose in LASTING])
    rows: list[Link] = []
    fresh: list[Link] = []
    for holder, wish in wishes:
        place = (holder.organization, holder.contact, wish.purpose, wish.about)
        row = lasting.get(place)
        if row is None:
            row = _drafted(holder, wish, now)
            fresh.append(row)
            if wish.purpose in LASTING:
                lasting[place] = row
        rows.append(row)
    Link.objects.bulk_create(fresh)
    return rows


def _lasting(wishes: Sequence[tuple[Holder, Wish]]) -> dict[tuple[int, int | None, str, str], Link]:
    if not wishes:
        return {}
    known = Link.objects.filter(
        organization__in={holder.organization for holder, _wish in wishes},
        purpose__in=LASTING,
        revoked_at__isnull=True,
    )
    return {(row.organization_id, row.contact_id, row.purpose, row.about): row for row in known}


def _drafted(holder: Holder, wish: Wish, now: datetime.datetime) -> Link:
    row = Link(
        organization_id=holder.organization,
        contact_id=holder.contact,
        user_id=holder.user,
        purpose=wish.purpose,
        about=wish.about,
        role=wish.role,
        nonce=secrets.token_hex(16),
        issued_at=now,
        expires_at=None if wish.purpose in LASTING else now + lifetime(wish.purpose),
    )
    row.token_hash = fingerprint(_token(row.nonce))
    return row


def lifetime(purpose: str) -> datetime.timedelta:
    """Return how long a link opens its door, unless it lasts."""
    return DESK_LIFETIME if purpose == Purpose.DESK else LIFETIME


def token_of(link: Link) -> str:
    """Return the token of a link: 192 bits, url-safe. ValueError where the secret key is another one than at issue."""
    token = _token(link.nonce)
    if not hmac.compare_digest(fingerprint(token), link.token_hash):
        raise ValueError(
            _("Its links cannot be made any more: SECRET_KEY is another one than when it was written.")
        )
    return token


def _token(nonce: str) -> str:
    key = hashlib.sha256(b"prm.partners.links" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.new(key, nonce.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def fingerprint(token: str) -> str:
    """Return what the table knows of a token. It is long and random, so a fast hash is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Link | None:
    """Return the link of a token, live or not, or None."""
    found = Link.objects.filter(token_hash=fingerprint(token))
    return found.select_related("organization", "contact", "user").first()


def by_id(ids: Iterable[int]) -> dict[int, Link]:
    """Return links by id, for mails that are about to be built."""
    return Link.objects.in_bulk(list(ids))


def standing(link: Link, *, now: datetime.datetime, today: datetime.date) -> Standing:
    """Return what a link is worth at `now`; `today` is the program's local day.

    It ends with the person: with the day after their last one, or when they no longer hold the role as which they
    were written to. A lasting link ends with the person too, but outlives roles. One of our side ends with their
    access, and when they may not record facts any more.
    """
    if link.revoked_at is not None or not _ours_may(link):
        return Standing.ENDED
    contact = link.contact
    if _has_gone(link, today):
        return Standing.ENDED
    if contact is not None and link.role and not _holds(contact, link.role, today):
        return Standing.ENDED
    if link.expires_at is not None and link.expires_at <= now:
        return Standing.EXPIRED
    return Standing.LIVE


def _ours_may(link: Link) -> bool:
    return link.purpose != Purpose.DESK or (link.user is not None and may_write(link.user))


def _has_gone(link: Link, today: datetime.date) -> bool:
    contact = link.contact
    return contact is not None and contact.left_on is not None and contact.left_on < today


def _holds(contact: Contact, role: str, today: datetime.date) -> bool:
    return _holding(contact.roles.filter(kind=role), today).exists()


def _holding(roles: QuerySet[Role], today: datetime.date) -> QuerySet[Role]:
    return roles.filter(since__lte=today).filter(Q(until__isnull=True) | Q(until__gte=today))


def live_links(organization: Organization, *, now: datetime.datetime, today: datetime.date) -> list[Link]:
    """Return the links of an organization's people that `standing` calls live, latest first, in two queries.

    What our own mail carries about it is not theirs.
    """
    theirs = organization.links.exclude(purpose=Purpose.DESK)
    open_ = theirs.filter(revoked_at__isnull=True).select_related("contact")
    known = open_.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    held = _holding(Role.objects.filter(organization=organization), today)
    here = set(held.values_list("contact", "kind"))
    return [link for link in known if not _has_gone(link, today) and _still_asked(link, here)]


def _still_asked(link: Link, here: set[tuple[int, str]]) -> bool:
    return link.contact_id is None or not link.role or (link.contact_id, link.role) in here
