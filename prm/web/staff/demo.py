"""The demo goes as a whole: a page that says what goes and what stays, and one button."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.exchange.demo import removal
from prm.outbox.models import Message
from prm.partners.models import Contact
from prm.web.gate import runners


@runners
def demo_removal(request: HttpRequest) -> HttpResponse:
    """`/demo/remove`"""
    if request.method == "POST":
        if removal.demo_organizations():
            messages.success(request, _words(removal.remove()))
        else:
            messages.success(request, _("The demo is gone already."))
        return redirect("first-steps")
    context = {
        "organizations": removal.demo_organizations(),
        "real": removal.real_organizations(),
        "people": Contact.objects.filter(organization__is_demo=True).count(),
        "mails": Message.objects.filter(Q(demo=True) | Q(organization__is_demo=True)).count(),
        "folder": settings.EMAIL_FILE_PATH if settings.EMAIL_BACKEND == settings.FILE_EMAIL_BACKEND else "",
    }
    return render(request, "staff/demo_removal.html", context)


def _words(removed: removal.Removed) -> str:
    gone = ngettext(
        "The demo is gone: %d invented partner, with everything about it.",
        "The demo is gone: %d invented partners, with everything about them.",
        removed.organizations,
    )
    sentences = [gone % removed.organizations]
    if removed.staying:
        stays = _("These people stay, because they can sign in or keep partners: %s.")
        sentences.append(stays % ", ".join(removed.staying))
    return "\n".join(sentences)
