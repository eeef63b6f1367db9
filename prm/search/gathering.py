"""From facts to rows: everything findable about a batch of organizations, in a fixed number of queries.

Left out for good: private entries, reasons of pauses, telephone numbers and addresses of mail, and the other partners
of an agreement, which a reader may not be allowed to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from prm.accounts.queries import program
from prm.agreements.models import Party
from prm.outbox.models import Message
from prm.partners.models import Contact, Entry, EntryKind, Organization, Role
from prm.partners.sentences import PARTIES, sentence
from prm.search.folding import fold
from prm.search.models import Findable, Kind

#: So much of a text is searched; longer ones are letters and minutes that stand elsewhere.
LONGEST = 4000


def gather(organizations: Sequence[int], *, today: date) -> list[Findable]:
    """Return unsaved rows for what should be found about these organizations as of `today`."""
    return [
        *_organizations(organizations),
        *_people(organizations, today),
        *_agreements(organizations),
        *_conversations(organizations),
        *_messages(organizations),
    ]


def _row(kind: Kind, key: str, organization: int, title: str, texts: Sequence[Any], day: date) -> Findable:
    title = " ".join(title.split())[:400]
    text = "\n".join(str(text).strip() for text in texts if text)[:LONGEST]
    return Findable(
        kind=kind,
        key=f"{kind}:{key}",
        organization_id=organization,
        title=title,
        text=text,
        folded_title=fold(title)[:400],
        words=fold(f"{title} {text}"),
        happened_on=day,
    )


def _organizations(organizations: Sequence[int]) -> Iterator[Findable]:
    rows = Organization.objects.filter(pk__in=organizations).select_related("sector", "partnership_kind")
    for row in rows:
        place = ", ".join(part for part in (row.city, row.county, row.state) if part)
        kinds = [term.label for term in (row.sector, row.partnership_kind) if term]
        texts = (place, *kinds, row.notes)
        yield _row(Kind.ORGANIZATION, f"{row.pk}", row.pk, row.name, texts, row.entered_on)


def _people(organizations: Sequence[int], today: date) -> Iterator[Findable]:
    held = Role.objects.filter(Q(until__isnull=True) | Q(until__gte=today)).order_by("kind", "since", "id")
    rows = Contact.objects.filter(organization__in=organizations).select_related("organization")
    for row in rows.prefetch_related(Prefetch("roles", held, to_attr="held")):
        roles = dict.fromkeys(str(role.get_kind_display()) for role in row.held)
        about = ", ".join(part for part in (row.title, row.organization.name) if part)
        texts = (about, ", ".join(roles))
        yield _row(Kind.PERSON, f"{row.pk}", row.organization_id, row.name, texts, row.entered_on)


def _agreements(organizations: Sequence[int]) -> Iterator[Findable]:
    rows = Party.objects.filter(organization__in=organizations)
    for row in rows.select_related("agreement__kind", "organization"):
        paper, partner = row.agreement, row.organization
        if partner is None:
            continue
        day = paper.starts_on or paper.signed_on or paper.entered_on
        texts = (partner.name, paper.kind.label)
        yield _row(Kind.AGREEMENT, f"{paper.pk}@{partner.pk}", partner.pk, paper.title, texts, day)


def _conversations(organizations: Sequence[int]) -> Iterator[Findable]:
    told = Entry.objects.filter(~Q(note="") | Q(kind=EntryKind.TALK), organization__in=organizations)
    for row in told.filter(private=False).select_related("organization", "contact", "interaction"):
        kind = row.interaction.label if row.interaction else ""
        who = row.contact.name if row.contact else ""
        texts = (", ".join(part for part in (row.organization.name, who, kind) if part), row.note)
        subject = sentence(_about_them_alone(row))
        yield _row(Kind.CONVERSATION, f"{row.pk}", row.organization_id, subject, texts, row.happened_on)


def _about_them_alone(entry: Entry) -> Entry:
    """Return an entry without the names of other parties: who finds it may be one who must not know them."""
    names = [name for name in PARTIES if entry.data.get(name) != entry.organization.name]
    entry.data = {key: value for key, value in entry.data.items() if key not in names}
    return entry


def _messages(organizations: Sequence[int]) -> Iterator[Findable]:
    zone = ZoneInfo(program().zone)
    rows = Message.objects.filter(organization__in=organizations).exclude(state=Message.State.CANCELLED)
    shown = ("pk", "organization_id", "organization__name", "subject", "recipient_name", "written_at")
    for pk, organization, partner, subject, name, written_at in rows.values_list(*shown):
        about = [_("to %s") % name if name else "", partner]
        texts = (", ".join(part for part in about if part),)
        yield _row(Kind.MESSAGE, f"{pk}", organization, subject, texts, _day(written_at, zone))


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
