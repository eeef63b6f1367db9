"""What a pause must be: choices that exist, days in their order, no two of a kind at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.capacity.models import Effect, Pause, Reach, Scope
from prm.rules.refusal import Refusal


def check_choices(pause: Pause) -> None:
    """Refuse what is no known choice, and a service where none is meant."""
    if pause.scope not in Scope.values:
        raise Refusal(
            _("What is paused? Choose referrals, training, everything or one service."), field="scope"
        )
    if (pause.scope == Scope.SERVICE) != bool(pause.service):
        raise Refusal(_("Name the service where one service is paused, and only there."), field="service")
    if pause.effect not in Effect.values:
        raise Refusal(_("Choose closed, ask first or waiting list."), field="effect")
    if pause.reach not in Reach.values:
        raise Refusal(_("Choose whether the pause is for us or for everyone."), field="reach")
    contact = pause.declared_by
    if contact is not None and contact.organization_id != pause.organization_id:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": contact.name}, field="declared_by"
        )
    check_lengths(pause)


def check_days(pause: Pause, known: Iterable[Pause]) -> None:
    """Check a pause by itself and against the others of its organization that were not taken back."""
    if pause.ends_on is not None and pause.ends_on < pause.starts_on:
        raise Refusal(_("The last day lies before the first one."), field="ends_on")
    if pause.talk_on < pause.starts_on:
        raise Refusal(_("The day to talk again lies before the pause."), field="talk_on")
    other = next((other for other in known if _overlap(pause, other)), None)
    if other is not None:
        sentence = _(
            "Another pause of the same kind covers some of these days: it starts on %(day)s. Change that one."
        )
        raise Refusal(sentence % {"day": other.starts_on.isoformat()}, field="starts_on")


def _overlap(one: Pause, other: Pause) -> bool:
    """Whether two pauses of one organization are of one kind and have a day in common."""
    if one.scope != other.scope or one.service.casefold() != other.service.casefold():
        return False
    if one.pk is not None and one.pk == other.pk:
        return False
    begins_before_end = one.ends_on is None or other.starts_on <= one.ends_on
    return begins_before_end and (other.ends_on is None or other.ends_on >= one.starts_on)
