"""The only writers of the shared words."""

from __future__ import annotations

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from prm.rules.refusal import Refusal
from prm.vocabulary.defaults import default_terms
from prm.vocabulary.models import Term


def write_defaults() -> int:
    """Write the words that a fresh installation starts with and return how many; those that exist stay as they are."""
    before = Term.objects.count()
    Term.objects.bulk_create((Term(**word._asdict()) for word in default_terms()), ignore_conflicts=True)
    return Term.objects.count() - before


def add_term(*, to: str, label: str, key: str = "", phase: str = "") -> Term:
    """Add a word at the end of a list. The key, made from the label where none is given, never changes later."""
    key = key or slugify(label).replace("-", "_")[:60]
    if not key:
        raise Refusal(_("A new word needs letters or digits."), field="label")
    if Term.objects.filter(list=to, key=key).exists():
        raise Refusal(_("The list has “%(label)s” already.") % {"label": label}, field="label")
    last = Term.objects.filter(list=to).aggregate(last=Max("order"))["last"] or 0
    return Term.objects.create(list=to, key=key, label=label.strip(), order=last + 10, phase=phase)


def relabel(term: Term, *, label: str) -> Term:
    """Say a word differently here; what was counted under it stays counted under it."""
    if not label.strip():
        raise Refusal(_("A word needs a label."), field="label")
    term.label = label.strip()
    term.save(update_fields=["label"])
    return term


def set_active(term: Term, active: bool) -> Term:
    """Offer a word in new choices, or no longer; records that have it keep it."""
    term.active = active
    term.save(update_fields=["active"])
    return term
