"""Borders that the import contracts cannot see: who sends, who reads the clock, what a lock file may hold."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUFF = Path(sys.executable).parent / "ruff"
HISTORY = ROOT / "prm/accounts/history.py"  # simple-history hears of changes by signals; nothing else may
SENDING = ("django.core.mail", "anymail", "smtplib")


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_outbox_knows_what_mail_is_made_of() -> None:
    """One file sends; its neighbours make the mail, print it, and read what was said to it."""
    knowing = {
        str(module.relative_to(ROOT))
        for package in ("prm", "tasks")
        for module in (ROOT / package).rglob("*.py")
        if any(name == mail or name.startswith(f"{mail}.") for name in imports(module) for mail in SENDING)
    }
    assert knowing == {f"prm/outbox/{name}.py" for name in ("letters", "posts", "printing", "refusals")}


@pytest.mark.parametrize(
    "line",
    [
        "from django.core.mail import send_mail",
        "from anymail.message import AnymailMessage",
        "import celery",
        "from datetime import datetime\n\nNOW = datetime.now()",
        "from datetime import date\n\nTODAY = date.today()",
        "from django.utils import timezone\n\nNOW = timezone.now()",
        "import time\n\nNOW = time.time()",
    ],
)
def test_ruff_refuses_what_rooms_may_not_do(line: str) -> None:
    command = [RUFF, "check", "--select", "TID251", "--stdin-filename", "prm/partners/queries.py", "-"]
    done = subprocess.run(command, cwd=ROOT, input=f"{line}\n", text=True, capture_output=True, check=False)
    assert (done.returncode, "TID251" in done.stdout) == (1, True)


@pytest.mark.parametrize("lock", ["base", "dev", "uv"])
def test_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "--index" not in text


def test_nothing_writes_through_save_or_signals() -> None:
    words = ("def save(", "post_save", "pre_save", "GenericForeignKey")
    found = [
        (module.name, word)
        for module in (ROOT / "prm").rglob("*.py")
        for word in words
        if module != HISTORY and word in module.read_text()
    ]
    assert found == []
