"""What holds after a pause, a pause taken back, and its last change undone: a press each, or one short form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.capacity import actions
from prm.capacity.models import Effect, Pause
from prm.partners.models import Organization
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal
from prm.web.forms import explained, note_field
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.badges import pause_subject
from prm.web.staff.change import done, organization_or_404
from prm.web.staff.pause import UntilForm, over, told
from prm.web.words import plain_day, weekday

HOW = {
    Effect.CLOSED: gettext_lazy("Nothing is sent to them."),
    Effect.LIMITED: gettext_lazy("We call before we send anyone."),
    Effect.WAITING_LIST: gettext_lazy("They take names and call back."),
}


class AfterForm(UntilForm):
    """How it goes on, until when, and why."""

    effect = forms.ChoiceField(label=gettext_lazy("How does it go on?"), widget=forms.RadioSelect)
    reason = note_field(gettext_lazy("Why"), help_text=gettext_lazy("Seen by our side only."))

    field_order = ("effect", "until", "ends_on", "reason")

    def __init__(self, *args: Any, pause: Pause, start: date, **kwargs: Any) -> None:
        super().__init__(*args, start=start, **kwargs)
        effect: Any = self.fields["effect"]
        others = [one for one in (Effect.LIMITED, Effect.WAITING_LIST, Effect.CLOSED) if one != pause.effect]
        effect.choices = [(one.value, explained(one.label, HOW[one])) for one in others]
        effect.initial = others[0].value


def pause_or_404(organization: Organization, pk: int) -> Pause:
    return get_object_or_404(organization.pauses, pk=pk)


@writers
def after(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/pauses/<id>/after`: what holds from the day after its end."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    known = pause_or_404(organization, pk)
    if known.withdrawn_on is not None:
        return over(request, slug)
    start = (known.ends_on or frame.today) + ONE_DAY
    form = AfterForm(request.POST or None, pause=known, start=start)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, request.user
        try:
            new = actions.follow(
                known,
                effect=given["effect"],
                ends_on=form.last_day(start),
                reason=given["reason"],
                now=frame.now,
                by=by,  # type: ignore[arg-type]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, organization, *_told(known, new))
    context = {
        "form": form,
        "organization": organization,
        "pause": known,
        "what": pause_subject(known),
        "start": start,
    }
    return render(request, "staff/pause_after.html", context)


def _told(before: Pause, new: Pause) -> list[str]:
    first = _("%(what)s: from %(day)s it goes on in another way.") % {
        "what": pause_subject(new),
        "day": plain_day(new.starts_on),
    }
    talk = _("We talk again on %s, not before.") % weekday(new.talk_on, before.starts_on)
    return [first, talk]


@writers
@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/pauses/<id>/take-back`: it was written down by mistake, or does not come after all."""
    return _pressed(request, slug, pk, actions.withdraw, _taken_back)


@writers
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/pauses/<id>/undo`: what was done last about it is taken back."""
    return _pressed(request, slug, pk, actions.undo, _undone)


def _pressed(
    request: HttpRequest,
    slug: str,
    pk: int,
    action: Callable[..., Pause],
    words: Callable[[Pause], list[str]],
) -> HttpResponse:
    organization, frame = organization_or_404(request, slug), frame_of(request)
    known = pause_or_404(organization, pk)
    try:
        changed = action(known, now=frame.now, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("partner", slug)
    return done(request, organization, *words(changed))


def _taken_back(pause: Pause) -> list[str]:
    return [_("%s: the pause is taken back.") % pause_subject(pause)]


def _undone(pause: Pause) -> list[str]:
    if pause.withdrawn_on is not None:
        return [_("Undone: %s, no pause is written down.") % pause_subject(pause)]
    return [_("Undone. The pause is as it was."), *told(pause)[:1]]
