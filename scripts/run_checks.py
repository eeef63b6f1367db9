"""`make check`: what can be known without running the product. All checks run; one that fails fails the whole."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [str(BIN / "mypy")],
    "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "djlint": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "django": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "locks": [
        str(BIN / "uv"),
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--generate-hashes",
        "--no-annotate",
    ],
}


def locks_in_step() -> str:
    """Whether the hashed locks hold what pyproject.toml asks for, and no address."""
    problems = []
    for name, extra in (("base", []), ("dev", ["--extra", "dev", "-c", "requirements/base.txt"])):
        lock = ROOT / "requirements" / f"{name}.txt"
        if "://" in lock.read_text():
            problems.append(f"{lock.name} holds an address")
        copy = ROOT / "var" / f"lock-{name}.txt"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(lock.read_text())
        command = [
            *CHECKS["locks"],
            "--custom-compile-command",
            "make lock",
            "--quiet",
            *extra,
            "-o",
            str(copy),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            problems.append(done.stderr.strip())
        elif copy.read_text() != lock.read_text():
            problems.append(f"{lock.name} is not in step with pyproject.toml: run make lock")
        copy.unlink()
    return "\n".join(problems)


def run(name: str, command: list[str]) -> str:
    """The output of a check that failed, or nothing."""
    if name == "locks":
        return locks_in_step()
    environment = os.environ | {"PYTHONWARNINGS": "error::DeprecationWarning:prm"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
    return (done.stdout + done.stderr).strip() if done.returncode else ""


def main() -> int:
    failed = 0
    for name, command in CHECKS.items():
        problem = run(name, command)
        print(f"{'FAIL' if problem else 'ok':<5}{name}", flush=True)
        if problem:
            failed += 1
            print(problem, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
