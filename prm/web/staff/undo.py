"""The one Undo of what was changed about a partner: beside what was just saved, and for a day in the timeline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.accounts.access import may_see_reasons
from prm.partners.actions import undo_change
from prm.partners.edits import edits_of
from prm.partners.models import Contact
from prm.partners.sentences import sentence
from prm.rules.refusal import Refusal
from prm.web.frame import frame_of
from prm.web.gate import writers
from prm.web.staff.change import done, organization_or_404

#: What says by itself what was done, where several entries tell the parts of it.
LEADING = ("contact_replaced", "contact_left")


@writers
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/undo/<entry>`: take back what was recorded with it; `back` is where the button stood."""
    organization = organization_or_404(request, slug)
    seen = organization.entries.select_related("organization", "contact")
    if not may_see_reasons(request.user):
        seen = seen.filter(private=False)
    entry = get_object_or_404(seen, pk=pk)
    home, back = reverse("partner", args=[organization.slug]), request.POST.get("back", "")
    to = back if back.startswith(home) else home
    by: Any = request.user
    try:
        told = undo_change(entry, now=frame_of(request).now, by=by)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(home)
    if not told:
        messages.success(
            request, _("Undone: %s is not in the list of partners any more.") % organization.name
        )
        return redirect("partners")
    lead = [one for one in told if one.data.get("undone") in LEADING] or told
    words = "\n".join(f"{sentence(one)}." for one in lead)
    gone = any(edit.now is None and edit.table is Contact for one in told for edit in edits_of(one))
    return done(request, organization, words or _("Undone."), to=home if gone else to, unchanged=None)
