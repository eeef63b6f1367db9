"""Reading the shared words."""

from __future__ import annotations

from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


def term(name: str, key: str) -> Term:
    """Return one term of the list `name`; a `Refusal` where the list has no such key."""
    found = Term.objects.filter(list=name, key=key).first()
    if found is None:
        raise Refusal(f"The list “{name}” has no term “{key}”.")
    return found


def labels(name: str) -> dict[str, str]:
    """Return key -> label of the active terms of a list, in the order of the list."""
    return dict(
        Term.objects.filter(list=name, active=True).order_by("order", "label").values_list("key", "label")
    )
