"""Who may pass: signed in to read, more than a viewer to write. Domain refusals become errors of a form."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from prm.accounts.access import may_run_program, may_see_accesses, may_switch_sending, may_write
from prm.rules.refusal import Refusal
from prm.web.frame import frame_of

View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """Only for people who are signed in, in their own time zone; nothing of it stays in a shared cache."""

    @wraps(view)
    def in_their_zone(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with timezone.override(ZoneInfo(frame_of(request).zone)):
            return view(request, *args, **kwargs)

    return login_required(never_cache(in_their_zone))


def writers(view: View) -> View:
    """Only for people who record facts."""
    return _only(view, lambda request: may_write(request.user))


def switchers(view: View) -> View:
    """Only for people who turn sending on and off."""
    return _only(view, lambda request: may_switch_sending(request.user))


def runners(view: View) -> View:
    """Only for people who run the program: its name and hours, its closed days, its people."""
    return _only(view, lambda request: may_run_program(request.user))


def directors(view: View) -> View:
    """Only for directors: who took data out."""
    return _only(view, lambda request: may_see_accesses(request.user))


def _only(view: View, allowed: Callable[[HttpRequest], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not allowed(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff(guarded)


def refuse(form: BaseForm, refusal: Refusal, fields: dict[str, str] | None = None) -> None:
    """Put a refusal where it can be mended: at the field it names (`fields`: argument -> field), else on top."""
    field = (fields or {}).get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
