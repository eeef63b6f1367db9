"""What one partner's timeline may tell of another one: a reader who may not see that one does not read its name."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from prm.accounts.access import Reader, may_see_reasons, visible_organizations
from prm.partners.models import Entry, Organization
from prm.partners.sentences import PARTIES


def keep_names(entries: Collection[Entry], reader: Reader) -> None:
    """Let entries say "Another partner" where they name one that the reader may not see.

    One query where anybody is named; none for those who see every partner.
    """
    named = {entry.data[name] for entry in entries for name in PARTIES if entry.data.get(name)}
    if not named or may_see_reasons(reader):
        return
    known = Organization.objects.filter(name__in=named)
    hidden = set(known.exclude(visible_organizations(reader)).values_list("name", flat=True))
    for entry in entries:
        told = {name: _("Another partner") for name in PARTIES if entry.data.get(name) in hidden}
        entry.data = {**entry.data, **told}
