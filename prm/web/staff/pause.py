"""Record a pause: what pauses, from when, until when, why; and what to do when it is over: back, or longer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.capacity import actions
from prm.capacity.models import Effect, Pause, Reach, Scope
from prm.capacity.queries import follower, followers
from prm.partners.models import Organization
from prm.rules.pausing import pause_end, talk_again_on
from prm.rules.refusal import Refusal
from prm.web.forms import ContactField, Form, explained, note_field, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.badges import pause_subject
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day, weekday

MONTHS = (1, 3, 6)
SCOPES = [
    (Scope.REFERRALS, explained(gettext_lazy("New referrals"), gettext_lazy("Training invitations go on."))),
    (Scope.TRAINING, explained(gettext_lazy("Training and meetings"), gettext_lazy("Referrals go on."))),
    (
        Scope.ALL,
        explained(gettext_lazy("Everything"), gettext_lazy("They get no reminders; our side still does.")),
    ),
    (Scope.SERVICE, gettext_lazy("One service")),
]
#: What stands folded away at first: most pauses need three answers.
FOLDED = ("starts_on", "declared_by", "effect", "reach", "talk_on")
#: Arguments of the action, and the fields that carry them.
FIELDS = {"ends_on": "ends_on", "months": "until", "starts_on": "starts_on"}


def until_choices(start: date) -> list[tuple[str, Any]]:
    """1, 3 and 6 months with the day they lead to, another day, or not known."""
    ends = [(months, pause_end(start, months)) for months in MONTHS]
    words = {1: _("1 month"), 3: _("3 months"), 6: _("6 months")}
    spans = [(str(n), explained(words[n], _("until %s") % weekday(end, start))) for n, end in ends]
    talk = _("We talk again on %s.") % weekday(talk_again_on(start, None), start)
    return [*spans, ("date", _("Another day")), ("unknown", explained(_("Nobody knows yet"), talk))]


class UntilForm(Form):
    """The part that recording and prolonging a pause share."""

    until = forms.ChoiceField(label=gettext_lazy("Until when?"), widget=forms.RadioSelect, initial="3")
    ends_on = DayField(label=gettext_lazy("Last day of the pause"), required=False)

    def __init__(self, *args: Any, start: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.choices = until_choices(start)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("until") == "date" and "ends_on" not in self.errors and not said.get("ends_on"):
            self.add_error("ends_on", _("Enter the last day of the pause."))
        return said

    def last_day(self, start: date) -> date | None:
        """The chosen last day; None where nobody knows."""
        until, ends_on = self.cleaned_data["until"], self.cleaned_data["ends_on"]
        if until == "date":
            return ends_on if isinstance(ends_on, date) else None
        return pause_end(start, int(until)) if until.isdigit() else None


class PauseForm(UntilForm):
    scope = forms.ChoiceField(
        label=gettext_lazy("What pauses?"), choices=SCOPES, widget=forms.RadioSelect, initial=Scope.REFERRALS
    )
    service = forms.CharField(label=gettext_lazy("Which service?"), max_length=120, required=False)
    effect = forms.ChoiceField(label=gettext_lazy("How far?"), choices=Effect.choices, initial=Effect.CLOSED)
    reach = forms.ChoiceField(label=gettext_lazy("For whom?"), choices=Reach.choices, initial=Reach.US)
    starts_on = DayField(label=gettext_lazy("First day"))
    talk_on = DayField(
        label=gettext_lazy("Talk again on"),
        required=False,
        help_text=gettext_lazy("Empty: on the last day. Both calendars get it, at 10:00 their time."),
    )
    declared_by = ContactField(
        label=gettext_lazy("Who told us?"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody named"),
    )
    reason = note_field(gettext_lazy("Why"), help_text=gettext_lazy("Seen by our side only."))

    field_order = ("scope", "service", "until", "ends_on", "reason", "starts_on")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declared_by: Any = self.fields["declared_by"]
        declared_by.queryset = people_of(organization)

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away was filled in or needs to be mended."""
        return self.is_bound and any(name in self.errors or name in self.changed_data for name in FOLDED)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("scope") == Scope.SERVICE and not said.get("service"):
            self.add_error("service", _("Name the service that pauses."))
        return said


def carry_out(organization: Organization, form: PauseForm, frame: Frame, by: User) -> Pause:
    """Record the pause. Raises Refusal."""
    said = form.cleaned_data
    return actions.pause(
        organization,
        scope=said["scope"],
        service=said["service"] if said["scope"] == Scope.SERVICE else "",
        effect=said["effect"],
        reach=said["reach"],
        starts_on=said["starts_on"],
        ends_on=form.last_day(said["starts_on"]),
        talk_on=said["talk_on"],
        reason=said["reason"],
        declared_by=said["declared_by"],
        now=frame.now,
        by=by,
    )


def told(pause: Pause) -> list[str]:
    """What is recorded now, in sentences."""
    what = pause_subject(pause)
    if pause.ends_on is None:
        first = _("%(what)s paused, with no end known yet.") % {"what": what}
    else:
        first = _("%(what)s paused until %(day)s.") % {"what": what, "day": plain_day(pause.ends_on)}
    return [first, _("We talk again on %s.") % weekday(pause.talk_on, pause.starts_on)]


@writers
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/pause`"""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    form = PauseForm(
        request.POST or None, organization=organization, start=frame.today, initial={"starts_on": frame.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            recorded = carry_out(organization, form, frame, request.user)  # type: ignore[arg-type]
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            return done(request, organization, *told(recorded))
    return render(request, "staff/pause.html", {"form": form, "organization": organization})


def over(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody else was faster: the pause is gone, and the page says so."""
    messages.warning(request, _("This pause was taken back meanwhile. Nothing else was changed."))
    return redirect("partner", slug)


@writers
def pause_end_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/pauses/<id>`: they are back, or it takes longer, or not as long."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    known = get_object_or_404(organization.pauses, pk=pk)
    if known.withdrawn_on is not None:
        return over(request, slug)
    start = max(known.ends_on or frame.today, known.starts_on, frame.today)
    back = request.POST.get("back") == "yes"
    form = UntilForm(None if back else request.POST or None, start=start)
    if request.method == "POST" and (back or form.is_valid()):
        try:
            sentences = (
                _ended(known, frame, request.user)
                if back
                else _longer(known, form, start, frame, request.user)
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, organization, *sentences)
    context = {
        "form": form,
        "organization": organization,
        "pause": known,
        "what": pause_subject(known),
        "begun": known.starts_on <= frame.today,
        "after": follower(known),
    }
    return render(request, "staff/pause_end.html", context)


def _ended(known: Pause, frame: Frame, by: Any) -> list[str]:
    following = len(followers(known))
    actions.resume(known, now=frame.now, by=by)
    let_go = [_("What was to follow the pause is taken back too.")] if following else []
    return [_("%s: open again.") % pause_subject(known), *let_go]


def _longer(known: Pause, form: UntilForm, start: date, frame: Frame, by: Any) -> list[str]:
    changed = actions.extend(known, ends_on=form.last_day(start), now=frame.now, by=by)
    following = follower(changed)
    if following is None:
        return told(changed)
    return [*told(changed)[:1], _("What follows begins on %s.") % plain_day(following.starts_on)]
