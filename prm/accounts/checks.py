"""What every room checks about text that people typed, before the database has to refuse it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from prm.rules.refusal import Refusal


def known_zone(zone: str, *, field: str = "zone") -> str:
    """Return the name of a time zone, empty for "the program's"; refuse one that nobody knows."""
    zone = zone.strip()
    try:
        return ZoneInfo(zone).key if zone else ""
    except (KeyError, ValueError, OSError) as unknown:  # ZoneInfo opens a file of that name
        sentence = _("“%(zone)s” is not a time zone. Use a name such as America/New_York.")
        raise Refusal(sentence % {"zone": zone}, field=field) from unknown


def clean_email(address: str, *, field: str = "email") -> str:
    """Return the address in lower case without blanks around it; refuse what is not an address. Empty stays empty."""
    address = address.strip().lower()
    if address:
        try:
            validate_email(address)
        except ValidationError as wrong:
            raise Refusal(
                _("“%(address)s” is not an e-mail address.") % {"address": address}, field=field
            ) from wrong
    return address


def check_lengths(row: models.Model) -> None:
    """Refuse text that is longer than its column; SQLite would keep it, PostgreSQL would stop."""
    for column in row._meta.concrete_fields:  # noqa: SLF001 - Django documents it for this
        value = getattr(row, column.attname)
        if column.max_length and isinstance(value, str) and len(value) > column.max_length:
            sentence = _("This text is too long: at most %(most)d characters fit, it has %(length)d.")
            raise Refusal(sentence % {"most": column.max_length, "length": len(value)}, field=column.name)
