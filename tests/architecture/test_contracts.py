"""The import contracts hold, and each of them can fail: it is broken on purpose in a copy of the tree."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LINT = Path(sys.executable).parent / "lint-imports"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

# contract -> (the file that breaks it, the line that does)
BREAKS = {
    "floors": ("prm/partners/queries.py", "import tasks.clock"),
    "rooms": ("prm/partners/queries.py", "import prm.outbox.actions"),
    "furniture": ("prm/partners/models.py", "import prm.partners.actions"),
    "pure": ("prm/rules/dates.py", "import django.utils.timezone"),
    "no-celery": ("prm/desk/digest.py", "import celery"),
    "one-sender": ("prm/reminders/dispatch.py", "import smtplib"),
    "one-calendar": ("prm/calendars/actions.py", "import icalendar"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("config", "tasks", "prm"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path, *contracts: str) -> tuple[int, str]:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    done = subprocess.run(
        [LINT, "--no-cache", *chosen], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_are_kept() -> None:
    status, said = lint(ROOT)
    assert status == 0, said


def test_every_contract_has_a_way_to_break_it() -> None:
    assert {contract["id"] for contract in CONTRACTS} == BREAKS.keys()


@pytest.mark.parametrize("contract", BREAKS)
def test_contract_broken_on_purpose_fails(contract: str, copy: Path) -> None:
    file, line = BREAKS[contract]
    with (copy / file).open("a") as module:
        module.write(f"\n{line}\n")
    status, said = lint(copy, contract)
    assert (status, "BROKEN" in said) == (1, True), said


def test_room_that_no_layer_names_fails(copy: Path) -> None:
    (copy / "prm" / "attic").mkdir()
    (copy / "prm" / "attic" / "__init__.py").touch()
    status, said = lint(copy, "rooms")
    assert (status, "attic" in said) == (1, True), said


def test_web_alone_never_meets_celery() -> None:
    program = """import sys, config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
sys.exit("celery" in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
