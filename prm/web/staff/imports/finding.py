"""The import that a page is about, without the file itself, which may be large."""

from __future__ import annotations

import os
import socket
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from prm.exchange import work
from prm.exchange.models import Import


def imports_without_content() -> QuerySet[Import]:
    """All imports, latest first."""
    return Import.objects.defer("content").select_related("job", "uploaded_by")


def import_or_404(pk: int, *, state_only: bool = False) -> Import:
    """The import with its reports, which may be long; `state_only` for a page that asks again and again."""
    found = imports_without_content()
    if state_only:
        found = found.defer("content", "layout", "columns", "tried", "report", "undone")
    return get_object_or_404(found, pk=pk)


def go_on(source: Import, rows: int) -> HttpResponse:
    """Do what was just asked for while the page waits, where it is little; then show how far it is."""
    if rows <= work.AT_ONCE:
        owner = f"web:{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:12]}"
        work.run_jobs(now=timezone.now, owner=owner, only=source.job_id)
    return redirect("import", source.pk)
