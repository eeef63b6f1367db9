"""Reading the shared words."""

from __future__ import annotations

from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


def term(list: str, key: str) -> Term:
    """Return one term; a `Refusal` where the list has no such key."""
    found = Term.objects.filter(list=list, key=key).first()
    if found is None:
        raise Refusal(f"The list “{list}” has no term “{key}”.")
    return found


def labels(list: str) -> dict[str, str]:
    """Return key -> label of the active terms of a list, in the order of the list."""
    return dict(
        Term.objects.filter(list=list, active=True).order_by("order", "label").values_list("key", "label")
    )
