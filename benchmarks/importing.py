"""How fast a spreadsheet comes in: every row new, then the same file again."""

import csv
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.counting import expect
from prm.exchange.partners_import import import_partners

NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
TODAY = date(2027, 1, 4)
HEADINGS = (
    "Organization,Sector,City,County,State,ZIP,Primary contact,Title,Email,Phone,Second contact,Second email,"
    "MOU type,MOU signed,MOU expires,Last training,Training every (months),Paused from,Paused until,Owner"
).split(",")


def measure(rows: int) -> dict[str, Any]:
    """Import `rows` generated partners twice. Raises Miscount when a report does not count them all."""
    with tempfile.TemporaryDirectory(prefix="prm-bench-") as folder:
        path = Path(folder) / "partners.csv"
        write_partners(path, min(rows, 20))
        import_partners(path, now=NOW, today=TODAY, dry_run=True)  # what a process does only once
        write_partners(path, rows)
        first, report = _timed(path)
        expect((report.rows, len(report.new), report.skipped), (rows, rows, []), "rows, new, skipped")
        again, report = _timed(path)
        expect((report.rows, report.unchanged, report.skipped), (rows, rows, []), "rows, unchanged, skipped")
    return {
        "rows": rows,
        "new_seconds": round(first, 3),
        "again_seconds": round(again, 3),
        "new_per_second": round(rows / first, 1),
        "again_per_second": round(rows / again, 1),
    }


def write_partners(path: Path, rows: int) -> None:
    """A clean sheet: every partner with two contacts, an agreement, a training and an owner; each tenth paused."""
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADINGS)
        sheet.writerows(_partner(number) for number in range(rows))


def _partner(number: int) -> list[str]:
    signed = date(2025, 2, 3) + timedelta(number % 600)
    paused = number % 10 == 0
    place = f"harbor{number}.example.org"
    return [
        f"Harbor House {number}",
        "Domestic violence and sexual assault",
        "Quincy",
        "Gadsden",
        "FL",
        "32351",
        f"Anna Reyes {number}",
        "Executive Director",
        f"anna@{place}",
        "(850) 555-0138",
        f"Luis Alvarez {number}",
        f"luis@{place}",
        "MOU",
        signed.isoformat(),
        (signed + timedelta(1095)).isoformat(),
        (date(2026, 3, 2) + timedelta(number % 300)).isoformat(),
        "12",
        "2027-01-02" if paused else "",
        "2027-03-31" if paused else "",
        f"owner{number % 5}@program.example.org",
    ]


def _timed(path: Path) -> tuple[float, Any]:
    start = perf_counter()
    report = import_partners(path, now=NOW, today=TODAY)
    return perf_counter() - start, report
