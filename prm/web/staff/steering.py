"""Hold a mail, release it, cancel it, change its words, send it again: one by one or several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from prm.continuity.writing import together
from prm.outbox import steering
from prm.outbox.models import Message
from prm.outbox.queries import UNBEGUN
from prm.outbox.rewording import editable
from prm.reminders.again import send_again
from prm.reminders.hours import let_go
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.letter import Letter
from prm.web.staff.outbox import readable
from prm.web.staff.talk import NO_NAMES
from prm.web.typed import read_number

MOST = 200


def too_late() -> str:
    return _("It has left already. Nothing was changed.")


@writers
@require_POST
def steer(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """`/outbox/<id>/<act>`: hold, release, cancel or now."""
    message, frame = get_object_or_404(readable(request), pk=pk), frame_of(request)
    by: Any = request.user
    if act == "now":
        did = steering.send_now(message, by=by, now=frame.now)
    else:
        did = bool(_act(act)([message], by=by, now=frame.now))
    if not did:
        messages.error(request, too_late())
        return redirect("outbox-message", pk=pk)
    if act == "hold" and request.POST.get("then") == "words":
        return redirect("outbox-words", pk=pk)
    done = {
        "hold": _("It is held back. It leaves when somebody releases it."),
        "cancel": _("Cancelled. Nothing was sent."),
        "now": _("It leaves with the next round."),
    }
    waits = act in ("release", "now") and frame.held
    held = _("Sending is held, so it waits until somebody releases sending.")
    messages.success(request, held if waits else done.get(act) or _released(message))
    return redirect("outbox-message", pk=pk)


def _released(message: Message) -> str:
    message.refresh_from_db(fields=["due_at", "handled_at"])
    if message.handled_at is None or message.due_at <= message.handled_at:
        return _("It is released, and leaves with the next round.")
    return _("It is released. Their office is closed now, so it leaves when it opens.")


def _act(act: str) -> Callable[..., list[Message]]:
    return {"hold": steering.hold, "release": let_go, "cancel": steering.stop}[act]


@writers
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """`/outbox/<id>/again`: write it once more; the new mail waits its minute."""
    message = get_object_or_404(readable(request), pk=pk)
    by: Any = request.user
    try:
        new = send_again(message, by=by, now=frame_of(request).now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("outbox-message", pk=pk)
    messages.success(request, _("It goes once more, with the same words."))
    return redirect("outbox-message", pk=new.pk)


@writers
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """`/outbox/several`: one of the four with every mail that was ticked; `back` is where the list stood."""
    act, back = request.POST.get("act", ""), request.POST.get("back", "")
    numbers = [pk for text in request.POST.getlist("mail")[:MOST] if (pk := read_number(text)) is not None]
    found = list(readable(request).filter(pk__in=numbers).order_by("pk"))
    home = reverse("outbox")
    back = back if back.startswith(home) else home
    if act not in DONE or not found:
        messages.error(request, _("Tick the mails first, then press what is to happen with them."))
        return redirect(back)
    by: Any = request.user
    did = _repeat(found, request) if act == "again" else _act(act)(found, by=by, now=frame_of(request).now)
    told, left = [], len(found) - len(did)
    if did:
        told.append(DONE[act](len(did)) % {"number": len(did)})
    if left:
        told.append(_left(act, left) % {"number": left})
    (messages.success if did else messages.error)(request, "\n".join(told))
    return redirect(back)


def _repeat(found: Sequence[Message], request: HttpRequest) -> list[Message]:
    by: Any = request.user
    new = []
    for message in found:
        try:
            new.append(send_again(message, by=by, now=frame_of(request).now))
        except Refusal:
            continue
    return new


DONE: dict[str, Callable[[int], str]] = {
    "hold": lambda n: ngettext("%(number)d mail is held back.", "%(number)d mails are held back.", n),
    "release": lambda n: ngettext("%(number)d mail is released.", "%(number)d mails are released.", n),
    "cancel": lambda n: ngettext("%(number)d mail is cancelled.", "%(number)d mails are cancelled.", n),
    "again": lambda n: ngettext(
        "%(number)d mail goes once more, in a minute.", "%(number)d mails go once more, in a minute.", n
    ),
}


def _left(act: str, number: int) -> str:
    if act == "release":
        return ngettext("%(number)d was not held.", "%(number)d were not held.", number)
    if act == "again":
        return ngettext("%(number)d could not be repeated.", "%(number)d could not be repeated.", number)
    return ngettext(
        "%(number)d has left already, or waits no more.",
        "%(number)d have left already, or wait no more.",
        number,
    )


class WordsForm(Form):
    """The words of a mail; `seen` tells whether somebody else changed them meanwhile."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=steering.LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=NO_NAMES,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@writers
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """`/outbox/<id>/words`: change subject and text of a mail that has not left."""
    message, frame = get_object_or_404(readable(request), pk=pk), frame_of(request)
    if message.user_id is not None or message.state not in UNBEGUN:
        ours = _("Mail to our own side is written by itself: its words stay as they are.")
        messages.error(request, ours if message.user_id else too_late())
        return redirect("outbox-message", pk=pk)
    known = {"subject": message.subject, "text": editable(message), "seen": steering.mark_of(message)}
    form = WordsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            steering.change(message, **form.cleaned_data, by=by, now=frame.now)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _changed(request, message)
    letter = Letter(message, frame.zone, held=frame.held, now=frame.now)
    context = {"form": form, "message": message, "letter": letter, "links": "[link 1]" in known["text"]}
    return render(request, "staff/mail_words.html", context)


def _changed(request: HttpRequest, message: Message) -> HttpResponse:
    by: Any = request.user
    if "release" in request.POST and let_go([message], by=by, now=frame_of(request).now):
        messages.success(request, "{} {}".format(_("The words are changed."), _released(message)))
    else:
        messages.success(request, _("The words are changed."))
    return redirect("outbox-message", pk=message.pk)


@writers
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """`/outbox/letters/<id>/`: all that was written with one press, and one button that stops what has not left."""
    first, frame = get_object_or_404(readable(request), pk=pk), frame_of(request)
    slim = together(first).select_related("organization").defer("text", "html", "calendar_body")
    found = list(slim.filter(pk__in=readable(request).values("pk")).order_by("recipient_name", "pk"))
    if request.method == "POST":
        by: Any = request.user
        did = len(steering.stop(found, by=by, now=frame.now))
        told = DONE["cancel"](did) % {"number": did} if did else too_late()
        (messages.success if did else messages.error)(request, told)
        return redirect(reverse("outbox-letters", args=[pk]))
    rows = [Letter(message, frame.zone, held=frame.held, now=frame.now) for message in found]
    context = {
        "first": first,
        "rows": rows,
        "waiting": sum(row.waits for row in rows),
        "seconds": max((row.seconds for row in rows), default=0),
        "leaves": first.due_at,
    }
    return render(request, "staff/letters.html", context)
