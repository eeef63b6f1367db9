"""Who of us keeps a partner: the owner and the deputy, from a day."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.partners.actions import assign_deputy, assign_owner, end_assignment
from prm.partners.models import Assignment, AssignmentKind, Organization
from prm.partners.queries import holding_on
from prm.partners.timeline import lock
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal
from prm.web.forms import Form, KeeperField
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day

OWNER, DEPUTY = AssignmentKind.OWNER, AssignmentKind.DEPUTY


class KeepersForm(Form):
    owner = KeeperField(label=gettext_lazy("Who keeps this partner"))
    deputy = KeeperField(
        label=gettext_lazy("Deputy"),
        help_text=gettext_lazy("Gets the mail while the owner is away."),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    since = DayField(label=gettext_lazy("From"))


@writers
def keepers(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/keepers`: what stays the same is not touched; a colleague's change is not written over."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    held = holding(organization, frame)
    initial: dict[str, Any] = {kind.value: row.user_id for kind, row in held.items()}
    form = KeepersForm(request.POST or None, initial=initial | {"since": frame.today})
    if request.method == "POST" and form.is_valid():
        try:
            sentences = carry_out(organization, form, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal, {"last_day": "since", "user": "owner"})
        else:
            return done(request, organization, *(sentences or [_("Nothing changed.")]))
    seen = {
        kind.value: request.POST.get(f"seen_{kind.value}", initial.get(kind.value, ""))
        for kind in (OWNER, DEPUTY)
    }
    context = {"form": form, "organization": organization, "seen": seen.items()}
    return render(request, "staff/keepers.html", context)


def holding(organization: Organization, frame: Frame) -> dict[AssignmentKind, Assignment]:
    """Who is owner and deputy today."""
    rows = organization.assignments.filter(holding_on(frame.today)).select_related("user").order_by("since")
    return {AssignmentKind(row.kind): row for row in rows}


@transaction.atomic
def carry_out(organization: Organization, form: KeepersForm, frame: Frame, by: Any) -> list[str]:
    """Assign whoever is new; return what to say. Raises Refusal."""
    lock([organization])
    held, said = holding(organization, frame), form.cleaned_data
    stamp: dict[str, Any] = {"now": frame.now, "by": by}
    sentences = []
    for kind, assign in ((OWNER, assign_owner), (DEPUTY, assign_deputy)):
        row, new = held.get(kind), said[kind.value]
        seen = form.data.get(f"seen_{kind.value}")
        if seen is not None and seen == (str(new.pk) if new else ""):
            continue  # left as it was seen: a colleague's change of it stands
        _check_seen(row, new, seen, kind)
        words = {"day": plain_day(said["since"]), "name": new.name if new else row.user.name if row else ""}
        if new is None and row is not None:
            end_assignment(row, last_day=said["since"] - ONE_DAY, **stamp)
            sentences.append(_("%(name)s is no longer deputy from %(day)s on.") % words)
        elif new is not None and (row is None or row.user_id != new.pk):
            assign(organization, new, since=said["since"], **stamp)
            sentences.append(_SENTENCES[kind] % words)
    return sentences


_SENTENCES = {
    OWNER: gettext_lazy("%(name)s keeps this partner from %(day)s."),
    DEPUTY: gettext_lazy("%(name)s is deputy from %(day)s."),
}


def _check_seen(row: Assignment | None, new: User | None, seen: str | None, kind: AssignmentKind) -> None:
    """Refuse where a colleague named somebody else since the form was opened."""
    now = str(row.user_id) if row else ""
    if seen is None or now == seen or (new and now == str(new.pk)):
        return
    name = row.user.name if row else _("nobody")
    sentence = _("A colleague has changed this meanwhile: now it is %(name)s. Nothing was saved; look again.")
    raise Refusal(sentence % {"name": name}, field=kind.value)
