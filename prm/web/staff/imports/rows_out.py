"""The rows that stayed out, as a file to correct and bring in again: the same headings and cells, nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from prm.accounts.actions import note_access
from prm.exchange.table_out import Table
from prm.exchange.table_out_files import CSV, TYPES, write_csv
from prm.web.frame import frame_of
from prm.web.gate import writers
from prm.web.staff.imports.finding import import_or_404
from prm.web.staff.imports.state import report_in


@writers
def rows_out(request: HttpRequest, pk: int) -> HttpResponse:
    """`/imports/<id>/out.csv`"""
    source = import_or_404(pk)
    skipped: Sequence[Mapping[str, Any]] = report_in(source).get("skipped", [])
    if not skipped:
        raise Http404
    file = BytesIO()
    write_csv([table(skipped, source.columns)], file)
    name = f"{slugify(PurePath(source.name).stem) or 'list'}-{slugify(_('stayed out'))}.csv"
    by: Any = request.user
    note_access(kind="export", about=f"import:{pk}", rows=len(skipped), by=by, now=frame_of(request).now)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type=TYPES[CSV], headers=headers)


def table(skipped: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> Table:
    """The rows under the headings of their sheets, in the order of the file; without what the file leaves empty."""
    told = {heading for row in skipped for heading in row["cells"]}
    written = [heading for sheet in columns.values() for heading in sheet["headings"] if heading in told]
    headings = list(dict.fromkeys([*written, *(heading for row in skipped for heading in row["cells"])]))
    rows = [[row["cells"].get(heading, "") for heading in headings] for row in skipped]
    return Table(_("Stayed out"), headings, rows)
