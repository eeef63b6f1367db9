"""What a partner said by link: a card that says it in one sentence, and the buttons that make something of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts.access import visible_organizations
from prm.continuity import leaving
from prm.desk import said, statements
from prm.desk.said import Said
from prm.partners.models import Outcome, Statement, StatementKind
from prm.rules.refusal import Refusal
from prm.web.forms import ContactField, Form, explained, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import plan_words
from prm.web.typed import DayField

ICONS = {
    StatementKind.LEAVING: "person-x",
    StatementKind.PAUSE: "pause-fill",
    StatementKind.TALK: "pause-fill",
    StatementKind.RENEWAL: "file-earmark-text",
    StatementKind.CORRECTION: "pencil",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One button: pressed (`post`), or a link to another page."""

    word: str
    address: str
    post: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One statement for the eye: what was said, and the ways to go from there, the next action first."""

    said: Said
    icon: str
    ways: list[Way]
    back: str
    outcome: str = ""
    undo: str = ""

    @property
    def statement(self) -> Statement:
        return self.said.statement


def cards(found: Iterable[Said], frame: Frame, *, back: str) -> list[Card]:
    """Cards of statements; `back` is where their buttons lead back to: "today" or "partner"."""
    return [_card(one, frame, back) for one in found]


def _card(one: Said, frame: Frame, back: str) -> Card:
    statement = one.statement
    icon = ICONS[StatementKind(statement.kind)]
    if not statement.outcome:
        return Card(one, icon, [_way(one, key) for key in statements.ways(one)], back)
    settled_on = statement.settled_at.astimezone(frame.program_zone).date() if statement.settled_at else None
    today = frame.now.astimezone(frame.program_zone).date()
    undo = reverse("said-undo", args=[statement.pk]) if settled_on == today else ""
    return Card(one, icon, [], back, str(Outcome(statement.outcome).label), undo)


def _way(one: Said, key: str) -> Way:
    statement, slug = one.statement, one.statement.organization.slug
    if key in ("confirm", "seen", "take_back"):
        return Way(
            _pressed(statement, key), reverse(f"said-{key.replace('_', '-')}", args=[statement.pk]), True
        )
    number = statement.record.partition(":")[2]
    whom = f"&contact={statement.contact_id}" if statement.contact_id else ""
    pages = {
        "call": (_("Call them"), reverse("partner-talk", args=[slug]) + f"?said={statement.pk}{whom}"),
        "correct": (_("Correct it"), reverse("said-correct", args=[statement.pk])),
        "signatures": (
            _("With signatures"),
            reverse("partner-renewal", args=[slug]) + f"?agreement={number}&said={statement.pk}",
        ),
        "people": (
            _("Find who decides") if statement.kind == StatementKind.RENEWAL else _("Look at the people"),
            reverse("partner-replacement", args=[slug]) + f"?said={statement.pk}{whom}",
        ),
    }
    if key == "pause":
        address = reverse("partner-pause-end", args=[slug, number]) + f"?said={statement.pk}"
        return Way(_("Correct it"), address, False)
    return Way(*pages[key], False)


def _pressed(statement: Statement, key: str) -> str:
    words = {
        (StatementKind.LEAVING, "confirm"): _("Confirm"),
        (StatementKind.RENEWAL, "confirm"): _("Renew it as it is"),
        (StatementKind.CORRECTION, "confirm"): _("Change it"),
        (StatementKind.PAUSE, "take_back"): _("Undo the pause"),
    }
    return words.get((StatementKind(statement.kind), key)) or _("Seen")


def statement_or_404(request: HttpRequest, pk: int) -> Statement:
    seen = visible_organizations(request.user, "organization__")
    return get_object_or_404(Statement.objects.filter(seen).select_related("organization", "contact"), pk=pk)


@writers
@require_POST
def press(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """`/said/<id>/confirm`, `seen`, `take-back`, `undo`: one press, then back to where it was pressed."""
    statement, frame = statement_or_404(request, pk), frame_of(request)
    acts = {
        "confirm": statements.confirm,
        "seen": statements.see,
        "take-back": statements.take_back,
        "undo": statements.undo,
    }
    by: Any = request.user
    try:
        made = acts[act](statement, now=frame.now, by=by)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        plan = plan_words(made.changes) if made.changes else []
        messages.success(request, "\n".join([_about(statement, made.sentence), *plan]))
    return back(request, statement)


def _about(statement: Statement, sentence: str) -> str:
    return f"{statement.organization.name}: {sentence}"


def back(request: HttpRequest, statement: Statement) -> HttpResponse:
    """Back to Today, or to the partner where it was pressed there."""
    if request.POST.get("back") == "partner":
        return redirect("partner", statement.organization.slug)
    whose = "?whose=all" if request.POST.get("back") == "all" else ""
    return redirect(reverse("today") + whose)


# --- somebody leaves, but not quite as they said ----------------------------------------------------------------

FOLLOWERS = [
    ("known", gettext_lazy("Somebody we know already")),
    ("new", gettext_lazy("Somebody new")),
]
NOBODY = (
    "nobody",
    explained(
        gettext_lazy("Nobody yet"), gettext_lazy("The roles stay empty; we ask whoever else is there.")
    ),
)


class LeavingForm(Form):
    """Last day and successor, as they said to begin with."""

    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("From the day after, mail goes to whoever follows."),
    )
    follows = forms.ChoiceField(label=gettext_lazy("Who follows?"), widget=forms.RadioSelect)
    successor = ContactField(
        label=gettext_lazy("Choose the person"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        error_messages={
            "invalid": gettext_lazy("This is no full e-mail address. Write it like anna@example.org.")
        },
    )

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        told = statement.data
        start = {
            "last_day": date.fromisoformat(told["last_on"]),
            "follows": "new" if told.get("successor_name") else "nobody",
            "name": told.get("successor_name", ""),
            "email": told.get("successor_email", ""),
        }
        super().__init__(*args, initial=start, **kwargs)
        follows: Any = self.fields["follows"]
        follows.choices = FOLLOWERS if told.get("successor_name") else [*FOLLOWERS, NOBODY]
        successor: Any = self.fields["successor"]
        successor.queryset = people_of(statement.organization).exclude(pk=statement.contact_id)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("follows") == "known" and not given.get("successor"):
            self.add_error("successor", _("Choose who follows."))
        if given.get("follows") == "new" and not given.get("name"):
            self.add_error("name", _("Enter the name of the new contact."))
        return given

    def chosen(self) -> dict[str, Any]:
        """The arguments of `leaving.confirm`."""
        given = self.cleaned_data
        new = given["follows"] == "new"
        return {
            "last_day": given["last_day"],
            "successor": given["successor"] if given["follows"] == "known" else None,
            "name": given["name"] if new else "",
            "email": given["email"] if new else "",
        }


#: Arguments of the action, and the fields that carry them.
FIELDS = {"successor_email": "email", "successor_name": "name"}


@writers
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """`/said/<id>/correct`: they leave, with another last day or successor than they said."""
    statement, frame = statement_or_404(request, pk), frame_of(request)
    if statement.kind != StatementKind.LEAVING or statement.outcome:
        return back(request, statement)
    form = LeavingForm(request.POST or None, statement=statement)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            settled = leaving.confirm(statement, now=frame.now, by=by, **form.chosen())
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            messages.success(request, _about(statement, " ".join(statements.left_words(settled))))
            return back(request, statement)
    [told] = said.told(Statement.objects.filter(pk=pk))
    context = {"form": form, "organization": statement.organization, "said": told}
    return render(request, "staff/statement_correct.html", context)
