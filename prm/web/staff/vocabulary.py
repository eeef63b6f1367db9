"""The words that everyone chooses from: look them through, add, say differently, retire, put two together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from prm.rules.refusal import Refusal
from prm.vocabulary.actions import LONGEST, add_term, merge, relabel, set_active, used
from prm.vocabulary.models import Term
from prm.web.forms import Form
from prm.web.gate import refuse, runners

log = logging.getLogger(__name__)

#: The lists, as people call them.
LISTS = {
    "sector": gettext_lazy("Sectors"),
    "partnership_kind": gettext_lazy("Kinds of partnership"),
    "agreement_kind": gettext_lazy("Kinds of agreement"),
    "clause": gettext_lazy("Clauses of an agreement"),
    "interaction": gettext_lazy("Kinds of talk"),
    "need": gettext_lazy("Needs"),
    "barrier": gettext_lazy("Barriers"),
    "population": gettext_lazy("Who is served"),
    "coverage": gettext_lazy("Areas covered"),
    "formality": gettext_lazy("How formal a partnership is"),
    "openness": gettext_lazy("How open a partner is"),
    "training_topic": gettext_lazy("Topics of training"),
    "training_format": gettext_lazy("Forms of training"),
    "training_level": gettext_lazy("Levels of training"),
    "language": gettext_lazy("Languages"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word and how many records have it."""

    term: Term
    records: int


class WordForm(Form):
    label = forms.CharField(
        label=gettext_lazy("Word"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the word.")},
    )


class MergeForm(Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("The word that stays"),
        queryset=Term.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose the word that stays."),
            "invalid_choice": gettext_lazy("Choose one of these words."),
        },
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = words_of(term.list).filter(active=True).exclude(pk=term.pk)


def words_of(name: str) -> QuerySet[Term]:
    """The words of one list in their order."""
    return Term.objects.filter(list=name).order_by("order", "label")


def _title(name: str) -> str:
    if name not in LISTS:
        raise Http404
    return str(LISTS[name])


def _word_or_404(name: str, pk: int) -> Term:
    _title(name)
    return get_object_or_404(Term, list=name, pk=pk)


@runners
def lists(request: HttpRequest) -> HttpResponse:
    """`/words/`"""
    found = Term.objects.filter(active=True).order_by().values_list("list").annotate(number=Count("pk"))
    numbers = dict(found)
    rows = [(name, title, numbers.get(name, 0)) for name, title in LISTS.items()]
    return render(request, "staff/vocabulary.html", {"rows": rows})


@runners
def words(request: HttpRequest, name: str) -> HttpResponse:
    """`/words/<list>/`: its words, and a new one."""
    title, form = _title(name), WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_term(to=name, label=form.cleaned_data["label"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("“%s” is in the list.") % added.label)
            return redirect("words-list", name)
    found = list(words_of(name))
    numbers = used(found)
    rows = [Word(term, numbers[term.pk]) for term in found]
    context = {"name": name, "title": title, "rows": rows, "form": form}
    return render(request, "staff/vocabulary_list.html", context)


@runners
def word(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """`/words/<list>/<id>`: one word; posting says it differently."""
    term = _word_or_404(name, pk)
    form = WordForm(request.POST or None, initial={"label": term.label})
    if request.method == "POST" and form.is_valid():
        try:
            relabel(term, label=form.cleaned_data["label"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Now everyone reads “%s”.") % term.label)
            return redirect("words-list", name)
    return _page(request, get_object_or_404(Term, pk=pk), form, MergeForm(term=term))


def _page(
    request: HttpRequest, term: Term, form: Form, merging: Form, into: Term | None = None
) -> HttpResponse:
    context = {
        "term": term,
        "title": _title(term.list),
        "form": form,
        "merging": merging,
        "into": into,
        "records": used([term])[term.pk],
    }
    return render(request, "staff/vocabulary_word.html", context)


@runners
@require_POST
def offer(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Retire a word, or bring it back. Records that have it keep it."""
    term = set_active(_word_or_404(name, pk), request.POST.get("offer") == "again")
    sentence = _("“%s” can be chosen again.") if term.active else _("“%s” is retired. What has it keeps it.")
    messages.success(request, sentence % term.label)
    return redirect("words-list", name)


@runners
def together(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """`/words/<list>/<id>/together`: first how many records move, then, by POST, they do."""
    term = _word_or_404(name, pk)
    merging = MergeForm(request.POST if request.method == "POST" else request.GET or None, term=term)
    if not merging.is_valid():
        return _page(request, term, WordForm(initial={"label": term.label}), merging)
    into = merging.cleaned_data["into"]
    if request.method != "POST":
        return _page(request, term, WordForm(initial={"label": term.label}), merging, into)
    try:
        moved = merge(term, into=into)
    except Refusal as refusal:
        refuse(merging, refusal)
        return _page(request, term, WordForm(initial={"label": term.label}), merging)
    log.info("word %s put into %s by user %s: %s records", term.pk, into.pk, request.user.pk, moved)
    told = ngettext(
        "%(number)s record moved to “%(word)s”.", "%(number)s records moved to “%(word)s”.", moved
    )
    retired = _("“%s” is retired.") % term.label
    messages.success(request, told % {"number": moved, "word": into.label} + f"\n{retired}")
    return redirect("words-list", name)
