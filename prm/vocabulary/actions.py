"""The only writers of the shared words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, ForeignKey, Max, Model, OuterRef, Q, UniqueConstraint
from django.utils.text import slugify
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.rules.refusal import Refusal
from prm.vocabulary.defaults import default_terms
from prm.vocabulary.models import Term

LONGEST = 200


def write_defaults() -> int:
    """Write the words that a fresh installation starts with and return how many; those that exist stay as they are."""
    before = Term.objects.count()
    Term.objects.bulk_create((Term(**word._asdict()) for word in default_terms()), ignore_conflicts=True)
    return Term.objects.count() - before


def add_term(*, to: str, label: str, key: str = "", phase: str = "") -> Term:
    """Add a word at the end of a list. The key, made from the label where none is given, never changes later."""
    if not label.strip():
        raise Refusal(_("A word needs a label."), field="label")
    if len(label.strip()) > LONGEST:
        raise Refusal(_("A word has at most %d characters.") % LONGEST, field="label")
    key = key or slugify(label).replace("-", "_")[:60]
    if not key:
        raise Refusal(_("A new word needs letters or digits."), field="label")
    if Term.objects.filter(Q(key=key) | Q(label__iexact=label.strip()), list=to).exists():
        raise Refusal(_("The list has “%(label)s” already.") % {"label": label}, field="label")
    last = Term.objects.filter(list=to).aggregate(last=Max("order"))["last"] or 0
    return Term.objects.create(list=to, key=key, label=label.strip(), order=last + 10, phase=phase)


def relabel(term: Term, *, label: str) -> Term:
    """Say a word differently here; what was counted under it stays counted under it."""
    label = label.strip()
    if not label:
        raise Refusal(_("A word needs a label."), field="label")
    if len(label) > LONGEST:
        raise Refusal(_("A word has at most %d characters.") % LONGEST, field="label")
    if Term.objects.filter(list=term.list, label__iexact=label).exclude(pk=term.pk).exists():
        sentence = _("The list has “%(label)s” already. Put the two together instead.")
        raise Refusal(sentence % {"label": label}, field="label")
    term.label = label
    term.save(update_fields=["label"])
    return term


def set_active(term: Term, active: bool) -> Term:
    """Offer a word in new choices, or no longer; records that have it keep it."""
    term.active = active
    term.save(update_fields=["active"])
    return term


def places_of_use() -> list[tuple[type[Model], str]]:
    """Return every column of every table that holds a word, as table and name of the field; none can be forgotten."""
    return [
        (table, field.name)
        for table in apps.get_models(include_auto_created=True)
        if not history.is_history(table)
        for field in table._meta.get_fields()  # noqa: SLF001 - Django documents it for this
        if isinstance(field, ForeignKey) and field.related_model is Term
    ]


def used(terms: Iterable[Term]) -> dict[int, int]:
    """Return how many records have each word, by id: 0 for a word that nobody uses. One query for all places of use."""
    found = {term.pk: 0 for term in terms}
    first, *others = [_counted(table, name, list(found)) for table, name in places_of_use()]
    for pk, number in first.union(*others, all=True):
        found[pk] += number
    return found


def _counted(table: type[Model], name: str, pks: list[int]) -> Any:
    rows: Any = table._default_manager.filter(**{f"{name}__in": pks})  # noqa: SLF001 - of any table
    return rows.order_by().values_list(name).annotate(number=Count("pk"))


@transaction.atomic
def merge(term: Term, *, into: Term) -> int:
    """Give every record that has `term` the word `into` instead, retire `term`, and return how many records moved.

    Where a word stands once in a record, such as a clause of an agreement, and both are there, that of `into` counts
    and the other goes. Both must be words of one list. The emptied word stays, retired: an import that is undone may
    still name it, and a key never means something else later.
    """
    known = {one.pk: one for one in Term.objects.select_for_update().filter(pk__in=[term.pk, into.pk])}
    if len(known) < 2 or known[term.pk].list != known[into.pk].list:
        raise Refusal(_("Choose another word of this list."), field="into")
    if not known[into.pk].active:
        raise Refusal(_("“%(label)s” is retired. Bring it back first.") % {"label": into.label}, field="into")
    moved = 0
    for table, name in places_of_use():
        rows: Any = table._default_manager.filter(**{name: term.pk})  # noqa: SLF001 - of any table
        for others in _once_among(table, name):
            there = table._default_manager.filter(**{name: into.pk, **{one: OuterRef(one) for one in others}})  # noqa: SLF001
            rows.filter(Exists(there)).delete()
        moved += history.update(rows, **{name: into.pk})
    set_active(term, False)
    return moved


def _once_among(table: type[Model], name: str) -> list[list[str]]:
    """Return what else makes a row of this table one of a kind: for each rule that names the column, its others."""
    rules = [rule.fields for rule in table._meta.constraints if isinstance(rule, UniqueConstraint)]  # noqa: SLF001
    rules += [tuple(names) for names in table._meta.unique_together]  # noqa: SLF001 - of tables between two others
    return [[one for one in names if one != name] for names in rules if name in names]
