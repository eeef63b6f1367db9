"""A wrong environment stops every process with one line that names the variable, and with exit status 2."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tasks.stack import ROOT, free_port

SECRET = "only-for-tests-" + "z" * 40
PROCESSES = {
    "manage.py": ["manage.py", "check"],
    "gunicorn": ["-m", "gunicorn", "config.wsgi"],
    "celery worker": ["-m", "celery", "-A", "config", "worker"],
    "celery beat": ["-m", "celery", "-A", "config", "beat"],
    "make run": ["-m", "config.supervise"],
}


def start(folder: Path, *command: str, **values: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment | values,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("process", PROCESSES)
def test_wrong_value_stops_every_process_with_one_line(process: str, tmp_path: Path) -> None:
    done = start(tmp_path, *PROCESSES[process], PRM_TIME_ZONE="Mars/Olympus")
    assert done.returncode == 2
    assert done.stderr == (
        "PRM cannot start: PRM_TIME_ZONE must be a time zone such as America/New_York, not 'Mars/Olympus'.\n"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("PRM_WEBHOOK_SECRET_FILE", "/nowhere/secret"),
        ("RSVP_ADDRESS", "two words"),
        ("DATABASE_URL", "mysql://somewhere/prm"),
        ("DATABASE_URL", "postgresql://host:notaport/prm"),
        ("CELERY_BROKER_URL", "carrier-pigeon://loft"),
        ("CACHE_URL", "nothing"),
        ("EMAIL_URL", "smtp://relay:notaport"),
        ("EMAIL_BACKEND", "no.such.Backend"),
        ("SITE_URL", "prm.example.org"),
        ("DEBUG", "perhaps"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PRM_SENDING", "maybe"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("PRM_HOLIDAY_COUNTRY", "Atlantis"),
    ],
)
def test_wrong_value_is_named_and_never_shown_where_it_is_secret(
    name: str, value: str, tmp_path: Path
) -> None:
    done = start(tmp_path, "manage.py", "check", **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"PRM cannot start: {name} ")
    assert len(done.stderr.splitlines()) == 1
    assert "somewhere" not in done.stderr


def test_secret_may_come_from_a_file_but_not_twice(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    file = {"SECRET_KEY_FILE": str(tmp_path / "key")}
    assert start(tmp_path, "manage.py", "check", SECRET_KEY="", **file).returncode == 0
    assert "is set twice" in start(tmp_path, "manage.py", "check", **file).stderr


def test_folder_that_cannot_be_made_ends_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = start(tmp_path / "file" / "var", "manage.py", "check")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "PRM_DATA_DIR is" in done.stderr


def test_unwritable_folder_ends_in_one_line() -> None:
    done = start(Path("/proc"), "manage.py", "check")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "PRM_DATA_DIR is" in done.stderr


def test_taken_port_ends_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = start(tmp_path, "-m", "config.supervise", PORT=str(port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"PRM cannot start: PORT {port} cannot be used: Address already in use.")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "db.sqlite3").exists()


def test_first_file_holds_a_new_key_for_its_owner_only(tmp_path: Path) -> None:
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-m", "config.environment"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
            check=True,
        )
    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().count("SECRET_KEY=") == 1
