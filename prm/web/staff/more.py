"""The rest: who is signed in, light or dark, the way out. On a phone it is the last place of the bar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from prm.accounts.access import may_see_accesses
from prm.web.frame import THEME_COOKIE, THEMES
from prm.web.gate import staff

YEAR = 365 * 24 * 3600
CHOICES = [
    ("", _("As my device"), "circle-half"),
    ("light", _("Light"), "sun"),
    ("dark", _("Dark"), "moon-stars"),
]


@staff
def more(request: HttpRequest) -> HttpResponse:
    """`/more/`"""
    context = {"themes": CHOICES, "sees_accesses": may_see_accesses(request.user)}
    return render(request, "staff/more.html", context)


@staff
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie of this browser; anything else means as the device wishes."""
    answer = redirect("more")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer
