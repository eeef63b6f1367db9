"""The sheet to begin with, to be filled in and brought back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prm.exchange.template_out import template_tables
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.export import as_file


@staff
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """`/imports/template.csv` and `.xlsx`."""
    return as_file(template_tables(frame_of(request).today), kind, _("partners-template"))
