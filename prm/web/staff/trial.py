"""The one button of a test mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.desk.trial import send_trial
from prm.rules.refusal import Refusal
from prm.web.frame import frame_of
from prm.web.gate import runners


@runners
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Write a test mail to whoever asks, and show it in the outbox."""
    try:
        sent = send_trial(request.user, now=frame_of(request).now)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("first-steps")
    messages.success(request, _("The test mail is written and leaves within a minute."))
    return redirect("outbox-message", pk=sent.pk)
