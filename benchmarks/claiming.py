"""Whether a long history makes the queue slower: claim 500 due messages among few and among many rows."""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.counting import expect
from prm.outbox import actions
from prm.outbox.models import Message

NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
OWNER = "benchmark"
REPEATS = 9
BATCH = 500

# The few places in which the two databases say the same in other words: a key of 64 digits, and a moment in the past.
KEY = {"postgresql": "lpad(i::text, 64, '0')", "sqlite": "printf('%%064d', i)"}
PAST = {
    "postgresql": "%(now)s::timestamptz - i * interval '1 minute'",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', %(now)s, '-' || i || ' minutes')",
}
# Sent history, straight into the table, with short words: a million rows of 5 kB would only fill the disk.
HISTORY = """
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < %(rows)s)
INSERT INTO outbox_message (
    key, message_id, provider_id, kind, recipient, recipient_name, from_name, reply_to, subject, text, html, language,
    links, keys, about, calendar_method, calendar_uid, calendar_body, demo, written_at, state, due_at, lease_owner,
    attempts, last_error, sent_at)
SELECT {key}, {key}, '', 'partner', 'anna@harbor.example', 'Anna Reyes', '', '', 'Our agreement ends', %(text)s, '',
    'en', '{{}}', '[]', '', '', '', '', {false}, {past}, 'sent', {past}, '', 1, '', {past}
FROM number
"""


def measure(rows: int, *, batch: int = BATCH, repeats: int = REPEATS) -> dict[str, Any]:
    """Fill the outbox to `rows`, then claim `batch` again and again; what was claimed is given back in between."""
    enter(rows, batch)
    expect(Message.objects.count(), rows, "rows in the outbox")
    figures = {"rows": rows, "claimed": batch, **_times(batch, repeats), "plan": plan(batch)}
    backlog = fall_behind()
    later = {f"backlog_{key}": figure for key, figure in _times(batch, repeats).items()}
    return figures | {"backlog": backlog} | later | {"backlog_plan": plan(batch)}


def _times(batch: int, repeats: int) -> dict[str, float]:
    """In milliseconds. One claim goes before: what is read for the first time comes from the disk."""
    _once(batch)
    times = sorted(_once(batch) * 1000 for _ in range(repeats))
    found = {"median_ms": median(times), "shortest_ms": times[0], "longest_ms": times[-1]}
    return {key: round(time, 2) for key, time in found.items()}


def enter(rows: int, batch: int) -> None:
    """Twice `batch` messages are due, as many wait for a later day, all others were sent."""
    vendor = connection.vendor
    statement = HISTORY.format(
        key=KEY[vendor], past=PAST[vendor], false="false" if vendor == "postgresql" else "0"
    )
    now = connection.ops.adapt_datetimefield_value(NOW)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"rows": rows - 4 * batch, "text": "How are you? " * 12, "now": now})
    for name, due_at in (("due", NOW - timedelta(hours=3)), ("later", NOW + timedelta(days=1))):
        Message.objects.bulk_create(
            (_waiting(f"{name}-{n}", due_at + timedelta(seconds=n)) for n in range(2 * batch)), batch_size=500
        )
    _take_statistics()


def fall_behind() -> int:
    """Every tenth row of the history is due after all, as after days on hold. Returns how many that are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message SET state = 'waiting', sent_at = NULL WHERE state = 'sent' AND id %% 10 = 0",
            (),
        )
        behind = int(cursor.rowcount)
    _take_statistics()
    return behind


def _take_statistics() -> None:
    """As PostgreSQL's autovacuum does by itself within a minute; SQLite has nothing like it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE outbox_message")


def _waiting(key: str, due_at: datetime) -> Message:
    return Message(
        key=key,
        message_id=f"<{key}@example.org>",
        kind="partner",
        recipient="anna@harbor.example",
        subject="Our agreement ends",
        text="How would you like to go on? " * 50,
        html="<p>How would you like to go on?</p>" * 90,
        written_at=NOW - timedelta(days=1),
        due_at=due_at,
    )


def _once(batch: int) -> float:
    start = perf_counter()
    claimed = actions.claim(now=NOW, owner=OWNER, limit=batch)
    seconds = perf_counter() - start
    expect(len(claimed), batch, "messages claimed")
    expect(actions.release(claimed, owner=OWNER), batch, "messages given back")
    return seconds


def plan(batch: int) -> list[str]:
    """How the database goes about the very statement that was measured: its scans and sorts."""
    with CaptureQueriesContext(connection) as said:
        _once(batch)
    claim = next(query["sql"] for query in said if "RETURNING" in query["sql"])
    explain = "EXPLAIN (COSTS OFF)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {claim}")
        lines = [str(row[-1]).strip().removeprefix("->").strip() for row in cursor.fetchall()]
    return [
        line for line in lines if any(word in line for word in ("Scan", "Sort", "SCAN", "SEARCH", "B-TREE"))
    ]
