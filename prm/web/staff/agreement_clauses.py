"""The clause checklist of an agreement: what is in it, what is missing, and what nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.agreements.actions import Found, note_clauses
from prm.agreements.models import Agreement, Clause, ClauseState
from prm.rules.clauses import WATCHED, gaps
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term
from prm.web.forms import Form, note_field
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_door import agreement_or_404, told

ANSWERS = [
    ("", gettext_lazy("Not yet")),
    (ClauseState.PRESENT, gettext_lazy("There")),
    (ClauseState.ABSENT, gettext_lazy("Missing")),
    (ClauseState.NOT_NEEDED, gettext_lazy("Not needed")),
]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How far somebody went through the clauses; the warnings name what an agreement should have, in its words."""

    number: int
    all: int
    missing: list[str]
    unseen: list[str]
    found: list[Clause]

    @property
    def warns(self) -> bool:
        return bool(self.missing or self.unseen)


def words_in_use(known: Iterable[Clause]) -> list[Term]:
    """The words that are offered, and those that are not any more but have an answer here."""
    answered = {clause.kind_id for clause in known}
    words = Term.objects.filter(list="clause").order_by("order", "label")
    return [word for word in words if word.active or word.pk in answered]


def looked_at(agreement: Agreement) -> LookedAt:
    """What is known about the clauses of an agreement, in two queries."""
    known = list(agreement.clauses.select_related("kind"))
    words = words_in_use(known)
    labels = {word.key: word.label for word in words}
    open_ = gaps((word.key for word in words if word.active), {one.kind.key: one.state for one in known})
    return LookedAt(
        number=len(known),
        all=len(words),
        missing=[labels[key] for key in open_.missing],
        unseen=[labels[key] for key in open_.unseen],
        found=known,
    )


class ClausesForm(Form):
    """Three fields for each clause: the answer, where it stands, and a note."""

    def __init__(self, *args: Any, words: Iterable[Term], known: Iterable[Clause], **kwargs: Any) -> None:
        self.words, self.known = list(words), {clause.kind_id: clause for clause in known}
        super().__init__(*args, **kwargs)
        for word in self.words:
            self._add(word, self.known.get(word.pk))
        self.dress()

    def _add(self, word: Term, clause: Clause | None) -> None:
        name = {"word": word.label}
        self.fields[f"state_{word.pk}"] = forms.ChoiceField(
            label=word.label,
            choices=ANSWERS,
            required=False,
            widget=forms.RadioSelect,
            initial=clause.state if clause else "",
        )
        self.fields[f"place_{word.pk}"] = forms.CharField(
            label=_("Page or section: %(word)s") % name,
            required=False,
            max_length=120,
            initial=clause.place if clause else "",
        )
        self.fields[f"note_{word.pk}"] = note_field(_("Note: %(word)s") % name, rows=2)
        self.fields[f"note_{word.pk}"].initial = clause.note if clause else ""

    def rows(self) -> Iterator[tuple[Term, bool, Any, Any, Any]]:
        """Each word, whether an agreement should have it, and its three fields."""
        for word in self.words:
            state, place, note = (self[f"{part}_{word.pk}"] for part in ("state", "place", "note"))
            yield word, word.key in WATCHED, state, place, note

    def found(self) -> list[Found]:
        """What was said about each clause; words alone, without an answer, are taken as "it is there"."""
        return [self._found(word) for word in self.words]

    def _found(self, word: Term) -> Found:
        said = [self.cleaned_data[f"{part}_{word.pk}"].strip() for part in ("state", "place", "note")]
        if not said[0] and said[1]:
            said[0] = ClauseState.PRESENT
        return Found(word, *said)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for word in self.words:
            lonely = said.get(f"note_{word.pk}") and not said.get(f"place_{word.pk}")
            if lonely and not said.get(f"state_{word.pk}"):
                self.add_error(f"state_{word.pk}", _("Say whether it is there, then your note is kept."))
        return said


@writers
def clauses(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/clauses`"""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame, by = frame_of(request), request.user
    known = list(agreement.clauses.select_related("kind"))
    form = ClausesForm(request.POST or None, words=words_in_use(known), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            changed = note_clauses(agreement, form.found(), now=frame.now, by=by)  # type: ignore[arg-type]
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            sentence = ngettext("%d clause changed.", "%d clauses changed.", changed) % changed
            return told(request, organization, agreement, sentence)
    context = {"form": form, "organization": organization, "agreement": agreement, "rows": list(form.rows())}
    return render(request, "staff/agreement_clauses.html", context)
