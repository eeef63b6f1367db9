"""The three ways to run it for real: each service comes up as its file says, and the files fit the code."""

import ast
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.tasks import compose as files
from tests.tasks.compose import BIN, DEPLOY, UNITS, WAYS, Machine
from tests.tasks.conftest import REDIS, sql
from tests.tasks.stack import ROOT, Sink, free_port, lose_the_broker

COMPOSE = files.compose()
SERVICES = COMPOSE["services"]
OURS = files.by_compose()
SECRETS = ["database_password", "database_url", "email_url", "secret_key"]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app")
    files.build(folder)
    return folder


def make_secrets(folder: Path) -> dict[str, str]:
    subprocess.run(["sh", DEPLOY / "secrets.sh", folder], check=True, capture_output=True)
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def make_database(name: str, password: str) -> None:
    """An empty database whose owner signs in with a password, as in the container `db`."""
    for statement in (
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"DROP ROLE IF EXISTS {name}",
        f"CREATE ROLE {name} LOGIN PASSWORD '{password}'",
        f"CREATE DATABASE {name} OWNER {name}",
    ):
        sql(statement)


def redis_here(worker_id: str) -> dict[str, str]:
    """The Redis of `make test` for the one that the files name: two of its databases for each test process."""
    first = 8 + 2 * (int(worker_id.removeprefix("gw")) % 4 if worker_id.startswith("gw") else 0)
    hosts = [(host, number) for host in ("redis", "127.0.0.1") for number in (0, 1)]
    return {f"redis://{host}:6379/{number}": f"{REDIS}/{first + number}" for host, number in hosts}


@pytest.fixture
def machine(app: Path, tmp_path: Path, worker_id: str) -> Iterator[Machine]:
    """PostgreSQL and Redis of `make test` in the place of `db` and `redis`, and secrets as files."""
    name, secrets = f"compose_{worker_id}", make_secrets(tmp_path / "secrets")
    make_database(name, secrets["database_password"])
    address = secrets["database_url"].replace("//prm:", f"//{name}:")
    address = address.replace("@db:5432/prm", f"@localhost:{os.environ['PGPORT']}/{name}")
    (tmp_path / "secrets" / "database_url").unlink()
    (tmp_path / "secrets" / "database_url").write_text(address)
    for folder in ("data", "tmp"):
        (tmp_path / folder).mkdir()
    places = redis_here(worker_id) | {
        "/run/secrets": str(tmp_path / "secrets"),
        "%d": str(tmp_path / "secrets"),
        "/data": str(tmp_path / "data"),
        "/var/lib/prm": str(tmp_path / "data"),
        "/tmp/pulse": str(tmp_path / "tmp" / "pulse"),
        "/app/public": str(app / "public"),
        "/opt/prm/.venv/bin": str(BIN),
        "8000": str(free_port()),
    }
    broker = {"CELERY_BROKER_URL": places["redis://redis:6379/0"]}
    machine = Machine(broker, Sink(), tmp_path, app=app, places=places)
    try:
        lose_the_broker(machine)
        yield machine
    finally:
        machine.end()


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("way", WAYS)
def test_every_service_comes_up_and_answers_its_health_check(way: str, machine: Machine) -> None:
    services = WAYS[way]()
    machine.finish(services.pop("migrate"))
    before = list(files.contents(machine.app))
    assert services.keys() == {"web", "worker", "beat"}
    assert [name for name, service in services.items() if machine.is_healthy(service)] == []
    for service in services.values():
        machine.begin(service)
    for service in services.values():
        machine.wait_until(lambda service=service: machine.is_healthy(service), 30)
    assert {name: process.poll() for name, process in machine.processes.items()} == dict.fromkeys(services)
    assert list(files.contents(machine.app)) == before  # the image's root may be read-only


def test_every_name_in_the_environment_is_read_and_explained() -> None:
    given = {name for way in WAYS.values() for service in way().values() for name in service.environment}
    given -= {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    nodes = [
        node for file in (ROOT / "config").glob("*.py") for node in ast.walk(ast.parse(file.read_text()))
    ]
    read = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    explained = (ROOT / "docs" / "operate.md").read_text()
    assert {name for name in given if name.removesuffix("_FILE") not in read} == set()
    assert {name for name in given if f"`{name.removesuffix('_FILE')}`" not in explained} == set()


def test_every_program_that_a_command_names_is_installed() -> None:
    commands = [
        files.shell(told["healthcheck"]["test"])
        for told in SERVICES.values()
        if "build" in told and "test" in told["healthcheck"]
    ]
    commands += [
        command for way in WAYS.values() for service in way().values() for command in service.commands
    ]
    words = {word for command in commands for part in command for word in first_words(part, command)}
    installed = {word for word in words if (BIN / Path(word).name).exists()}
    assert {"gunicorn", "celery", "python"} <= installed
    assert words - installed <= {"sh"}


def first_words(part: str, command: list[str]) -> list[str]:
    """The program of a command, or the programs of the script that `sh -c` runs."""
    if part is command[0]:
        return [part]
    if command[:2] == ["sh", "-c"] and part is command[2]:
        return [shlex.split(line)[0] for line in re.split(r"&& | \| ", part.removeprefix("exec "))]
    return []


def test_port_published_is_the_port_gunicorn_listens_on() -> None:
    listens = OURS["web"].commands[0][-1].rpartition(":")[2]
    published = {port.split(":")[-1] for port in SERVICES["web"]["ports"]}
    asked = re.findall(r"127\.0\.0\.1:(\d+)/healthz", " ".join(OURS["web"].health))
    assert {listens, *published, *asked, files.instruction("EXPOSE")} == {"8000"}
    assert all(port.startswith("127.0.0.1:") for told in SERVICES.values() for port in told.get("ports", []))


def test_image_starts_and_is_asked_as_the_web_service_is() -> None:
    health = files.instruction("HEALTHCHECK").partition("CMD ")[2]
    assert ast.literal_eval(health) == OURS["web"].health
    assert ast.literal_eval(files.instruction("CMD")) == OURS["web"].commands[0]


def test_port_and_address_may_be_chosen() -> None:
    chosen = files.compose(PORT="8090")["services"]["web"]
    assert chosen["ports"] == ["127.0.0.1:8090:8000"]
    assert chosen["environment"]["SITE_URL"] == "http://localhost:8090"
    named = files.by_compose(SITE_URL="https://prm.example.org")["web"]
    assert named.environment["SITE_URL"] == "https://prm.example.org"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_refers_to_is_there(name: str) -> None:
    told = SERVICES[name]
    assert set(told["networks"]) <= COMPOSE["networks"].keys()
    assert set(told.get("secrets", [])) <= COMPOSE["secrets"].keys()
    assert {volume.split(":")[0] for volume in told.get("volumes", [])} <= COMPOSE["volumes"].keys()
    for other, wanted in told.get("depends_on", {}).items():
        assert other in SERVICES
        assert wanted["condition"] != "service_healthy" or "test" in SERVICES[other]["healthcheck"]
    files_named = {
        value
        for key, value in told.get("environment", {}).items()
        if key.endswith("_FILE") and "secrets" in str(value)
    }
    assert files_named == {f"/run/secrets/{secret}" for secret in told.get("secrets", [])}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_as_few_rights_as_it_can(name: str) -> None:
    told = SERVICES[name]
    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert re.fullmatch(r"[\w/]+:[\w.]+", told["image"])
    assert not told["image"].endswith(":latest")
    user = files.instruction("USER") if "build" in told else told["user"]
    assert user.partition(":")[0] not in ("", "root", "0")
    assert "/tmp" in told["tmpfs"]


def test_everything_of_ours_waits_for_the_migration_and_keeps_its_data() -> None:
    for name in OURS.keys() - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert all(SERVICES[name]["volumes"] == ["data:/data"] for name in OURS)
    assert {service.environment["PRM_DATA_DIR"] for service in OURS.values()} == {"/data"}


def test_redis_throws_nothing_away() -> None:
    words = " ".join(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in words
    assert "--appendonly yes" in words


def test_mail_catcher_is_for_development_only() -> None:
    assert [name for name, told in SERVICES.items() if "profiles" in told] == ["mail"]
    assert SERVICES["mail"]["profiles"] == ["dev"]


def test_image_takes_in_only_what_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert allowed == {*files.copied(), "requirements/uv.txt", "requirements/base.txt"}
    assert not re.search("KEY|PASSWORD|_URL", files.instruction("ENV"))


def test_secrets_are_made_once_and_fit_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secrets = make_secrets(folder)
    assert list(secrets) == SECRETS == sorted(COMPOSE["secrets"])
    assert make_secrets(folder) == secrets
    assert folder.stat().st_mode & 0o777 == 0o700
    parts = conninfo_to_dict(secrets["database_url"])
    told = SERVICES["db"]["environment"]
    assert (parts["user"], parts["dbname"], parts["host"]) == (
        told["POSTGRES_USER"],
        told["POSTGRES_DB"],
        "db",
    )
    assert parts["password"] == secrets["database_password"]
    assert len(secrets["secret_key"]) == 64


def test_managing_by_hand_uses_what_the_units_use(tmp_path: Path) -> None:
    make_secrets(tmp_path / "secrets")
    places = {
        "/etc/prm/prm.env": str(DEPLOY / "prm.env.example"),
        "/etc/prm/secrets": str(tmp_path / "secrets"),
        "/var/lib/prm": str(tmp_path / "data"),
        "/opt/prm": str(ROOT),
        "runuser -u prm -- ": "",
    }
    script = (DEPLOY / "manage.sh").read_text()
    for there, here in places.items():
        assert there in script
        script = script.replace(there, here)
    command = ["sh", "-c", script, "manage.sh", "diffsettings", "--all"]
    environment = {"PATH": os.environ["PATH"], "PRM_ENV_FILE": os.devnull}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "DEFAULT_FROM_EMAIL = 'Partner program <partners@example.org>'" in done.stdout
    assert "'HOST': 'db'" in done.stdout
    assert str(tmp_path / "data") in done.stdout


def test_three_ways_start_the_same_worker_and_the_same_clock() -> None:
    for name in ("worker", "beat"):
        commands = []
        for way in WAYS.values():
            (words,) = way()[name].commands
            words = shlex.split(words[2].removeprefix("exec ")) if words[0] == "sh" else words
            commands.append([Path(words[0]).name, *words[1:]])
        assert commands[0] == commands[1] == commands[2]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_is_confined(unit: Path) -> None:
    told = {name: values[-1] for name, values in files.unit_settings(unit).items()}
    assert (told["User"], told["NoNewPrivileges"], told["ProtectSystem"]) == ("prm", "yes", "strict")
    assert told["ReadWritePaths"] == f"/var/lib/{told['StateDirectory']}"
    assert told["CapabilityBoundingSet"] == ""


if shutil.which("systemd-analyze"):

    def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
        for unit in UNITS:
            (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/prm/.venv/bin", str(BIN)))
        command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
