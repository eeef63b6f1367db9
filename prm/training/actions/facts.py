"""What a session is, beside when and where: checked once for sessions alone, of a series and of a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.rules.refusal import Refusal
from prm.training.actions.courses import check_offered, known_term, link
from prm.training.models import Session, SessionKind

#: What of a session may be said in `facts`.
FACTS = frozenset(
    {
        "title", "kind", "course", "format", "language", "town", "online_link", "host", "capacity",
        "series", "slot_on", "round",
    }
)  # fmt: skip
#: No hall holds more; a number beyond is a slip of the hand.
MOST_SEATS = 100_000


def write_facts(session: Session, facts: Mapping[str, Any]) -> None:
    """Put facts into a session that is not saved yet. Refused at the field that has to change."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"no facts of a session: {sorted(unknown)}")
    if "course" in facts and facts["course"] != session.course:
        check_offered(facts["course"])
    for name, value in facts.items():
        setattr(session, name, value.strip() if isinstance(value, str) else value)
    if not session.title:
        raise Refusal(_("A session needs a title."), field="title")
    if session.kind not in SessionKind.values:
        raise Refusal(_("Choose what kind of session it is."), field="kind")
    if session.capacity is not None and not 0 < session.capacity <= MOST_SEATS:
        raise Refusal(
            _("A session has one seat or more. Leave it empty where seats do not matter."), field="capacity"
        )
    known_term(session.format, "training_format", field="format")
    known_term(session.language, "language", field="language")
    session.online_link = link(session.online_link, field="online_link")
    check_lengths(session)
