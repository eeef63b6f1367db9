"""The list of sessions: what is to come, and what has been."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prm.training.queries import gone_by, to_come
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.change import visible
from prm.web.staff.training.rows import filled, rows

PER_PAGE = 50


@staff
def training(request: HttpRequest) -> HttpResponse:
    """`/training/`; `?when=past` shows what has been."""
    frame = frame_of(request)
    past = request.GET.get("when") == "past"
    sessions = gone_by(frame.now) if past else to_come(frame.now)
    pages = Paginator(filled(sessions, visible(request)), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "rows": rows(page.object_list, frame.now), "past": past}
    return render(request, "staff/training/list.html", context)
