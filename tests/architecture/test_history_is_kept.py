"""Django's own bulk changes pass history by: each one in prm is about a table without one, or stands here with why."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from prm.accounts.history import is_history, keeps_history

ROOT = Path(__file__).resolve().parent.parent.parent
HISTORY = ROOT / "prm/accounts/history.py"
PLANNING = "when it is planned is no fact about a partner"
GOING = "of records that go with the next line"

#: Module and receiver -> why nothing is lost. A new one goes through prm/accounts/history.py, or has a reason too.
MEANT = {
    ("prm/accounts/actions.py", "User.objects.filter(pk=user.pk)"): "the day of the last digest",
    ("prm/accounts/actions.py", "Program.objects.filter(pk=1)"): "the heartbeat, and when mail last left",
    (
        "prm/accounts/actions.py",
        "Program.objects.filter(pk=1, mail_stuck_at=None)",
    ): "since when mail is stuck",
    ("prm/partners/actions/plans.py", "concerned"): PLANNING,
    ("prm/partners/timeline.py", "rows"): PLANNING,
    (
        "prm/partners/actions/voice.py",
        "earlier.exclude(pk=statement.pk).exclude(choice='not_me').filter(outcome='')",
    ): "statements, which have none",
    (
        "prm/capacity/actions/stretches.py",
        "Pause.objects.filter(pk=row.pk, withdrawn_on__isnull=True)",
    ): "set aside until they are saved, a line later",
    (
        "prm/reminders/actions.py",
        "Organization.objects.filter(pk__in=batch.organizations)",
    ): PLANNING,
    ("prm/exchange/undo.py", "Agreement.objects.filter(pk__in=agreements)"): GOING,
    ("prm/exchange/undo.py", "rows"): GOING,
    (
        "prm/exchange/demo/removal.py",
        "Agreement.objects.filter(Q(pk__in=some) | Q(renews__in=some))",
    ): GOING,
    (
        "prm/exchange/demo/removal.py",
        "Organization.objects.filter(agreement_parties__agreement__in=some)",
    ): PLANNING,
}
#: Querysets with names of their own, of tables without history.
ELSEWHERE = {
    "prm/desk/actions.py",  # rows put off
    "prm/jobs/actions.py",  # jobs
    "prm/outbox/actions.py",  # messages
    "prm/outbox/steering.py",  # messages
}


def bulk_changes() -> Iterator[tuple[str, str]]:
    """Module and receiver of each `.update(name=...)` and `.bulk_update(...)` in prm."""
    for module in sorted((ROOT / "prm").rglob("*.py")):
        if module == HISTORY or "migrations" in module.parts:
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            changes = node.func.attr == "bulk_update" or (node.func.attr == "update" and node.keywords)
            receiver = ast.unparse(node.func.value)
            if changes and receiver != "history":
                yield str(module.relative_to(ROOT)), receiver


def test_no_bulk_change_passes_history_by() -> None:
    tables = apps.get_app_config("prm").get_models()
    free = {table.__name__ for table in tables if not keeps_history(table) and not is_history(table)}
    found = {
        (module, receiver)
        for module, receiver in bulk_changes()
        if receiver.partition(".")[0] not in free and module not in ELSEWHERE
    }
    assert found == set(MEANT)
