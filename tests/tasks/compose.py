"""Runs what docker-compose.yml, the Procfile and the systemd units name, as processes of this machine.

No container engine is needed: the image's files are copied as its Dockerfile copies them, the environment is the one
that the files give, and only places are exchanged (`db` for the PostgreSQL here, /data for a folder, and so on).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.tasks.stack import ROOT, Stack

BIN = Path(sys.executable).parent
DEPLOY = ROOT / "deploy"
VARIABLE = re.compile(r"\$\{(\w+):-([^${}]*)\}")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@dataclass(frozen=True)
class Service:
    """One process: what starts it, what it is told, and how it is asked whether it is well."""

    name: str
    commands: list[list[str]]
    environment: dict[str, str]
    health: list[str]


def compose(**values: str) -> dict[str, Any]:
    """docker-compose.yml, read as Compose reads it: first YAML, then `${NAME:-default}` in every text."""
    loaded: dict[str, Any] = filled_in(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), values)
    return loaded


def filled_in(part: Any, values: dict[str, str]) -> Any:
    """The same with each variable replaced, the inner ones first."""
    if isinstance(part, dict):
        return {name: filled_in(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [filled_in(value, values) for value in part]
    while isinstance(part, str) and VARIABLE.search(part):
        part = VARIABLE.sub(lambda found: values.get(found[1]) or found[2], part)
    return part


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the image's last stage, in order."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    last = whole.rpartition("\nFROM ")[2]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in last.splitlines()[1:] if line)]


def instruction(name: str) -> str:
    """The one instruction of this name."""
    (rest,) = [rest for found, rest in dockerfile() if found == name]
    return rest


def image_environment() -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in shlex.split(instruction("ENV")))


def copied() -> list[str]:
    """What the image takes from the repository."""
    copies = [rest.split() for name, rest in dockerfile() if name == "COPY" and "--from" not in rest]
    return [source.rstrip("/") for parts in copies for source in parts[:-1]]


def shell(test: list[str]) -> list[str]:
    """The command of a health check."""
    return test[1:] if test[0] == "CMD" else ["sh", "-c", test[1]]


def by_compose(**values: str) -> dict[str, Service]:
    """Our own services of docker-compose.yml."""
    return {
        name: Service(
            name,
            [told["command"]],
            image_environment() | told["environment"],
            shell(told["healthcheck"].get("test", ["CMD", "true"])),
        )
        for name, told in compose(**values)["services"].items()
        if "build" in told
    }


def by_procfile() -> dict[str, Service]:
    """The Procfile's lines; it says nothing of an environment, so they get what the compose file gives, and a port."""
    services = by_compose()
    lines = dict(line.split(": ", 1) for line in (DEPLOY / "Procfile").read_text().splitlines())
    lines["migrate"] = lines.pop("release")
    return {
        name: Service(
            name,
            [["sh", "-c", line if "&&" in line else f"exec {line}"]],
            services["worker"].environment | {"PORT": "8000"},
            services[name].health,
        )
        for name, line in lines.items()
    }


def by_units() -> dict[str, Service]:
    """The systemd units, with the environment file that docs/operate.md proposes."""
    services = by_compose()
    example = (DEPLOY / "prm.env.example").read_text().splitlines()
    file = dict(shlex.split(line)[0].split("=", 1) for line in example if not line.startswith("#"))
    found = {}
    for unit in UNITS:
        name, told = unit.stem.removeprefix("prm-"), unit_settings(unit)
        given = dict(pair.split("=", 1) for line in told["Environment"] for pair in shlex.split(line))
        commands = [shlex.split(line) for line in told["ExecStart"]]
        # systemd asks nobody's health; a worker shows its pulse here all the same
        environment = file | given | {"PRM_PULSE_PATH": "/tmp/pulse"}
        found[name] = Service(name, commands, environment, services[name].health)
    return found


def unit_settings(unit: Path) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            settings.setdefault(name, []).append(value)
    return settings


WAYS = {"compose": by_compose, "procfile": by_procfile, "systemd": by_units}


@dataclass
class Machine(Stack):
    """Where the services run; `places` says what stands here for what the files name."""

    app: Path = ROOT
    places: dict[str, str] = field(default_factory=dict)

    def here(self, text: str) -> str:
        names = "|".join(map(re.escape, sorted(self.places, key=len, reverse=True)))
        return re.sub(rf"(?:{names})(?!\w)", lambda found: self.places[found[0]], text)

    def environment_of(self, service: Service) -> dict[str, str]:
        told = {name: self.here(value) for name, value in service.environment.items()}
        return told | {"PATH": f"{BIN}:{os.environ['PATH']}", "TMPDIR": str(self.folder / "tmp")}

    def begin(self, service: Service) -> None:
        """Start a service and leave it running."""
        (command,) = service.commands
        with (self.folder / f"{service.name}.log").open("ab") as log:
            self.processes[service.name] = subprocess.Popen(
                [self.here(word) for word in command],
                cwd=self.app,
                env=self.environment_of(service),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def finish(self, service: Service) -> None:
        """Run a service that ends by itself, and expect that it ends well."""
        for command in service.commands:
            done = self.call(command, service)
            assert done.returncode == 0, done.stdout + done.stderr

    def is_healthy(self, service: Service) -> bool:
        return self.call(service.health, service).returncode == 0

    def call(self, command: list[str], service: Service) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.here(word) for word in command],
            cwd=self.app,
            env=self.environment_of(service),
            capture_output=True,
            text=True,
            check=False,
        )


def build(app: Path) -> None:
    """Make the image's folder /app as the Dockerfile does."""
    for source in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, app / source)
    environment = image_environment() | {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PRM_STATIC_DIR": str(app / "public"),
    }
    (line,) = [rest for name, rest in dockerfile() if name == "RUN" and "manage.py" in rest]
    subprocess.run(["sh", "-c", line], cwd=app, env=environment, check=True)


def contents(app: Path) -> Iterator[tuple[str, int]]:
    """Every file below, with when it was written: what a read-only root keeps as it is.

    Python keeps what it compiled in `__pycache__`, and does without where it may not write.
    """
    for path in sorted(app.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            yield str(path.relative_to(app)), path.stat().st_mtime_ns
