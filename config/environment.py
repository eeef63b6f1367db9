"""Reads one value at a time from the environment; a wrong one ends the process with one line that names it."""

import os
import sys
from collections.abc import Callable
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryFile
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def stop(name: str, why: str) -> NoReturn:
    """End the process with exit status 2 and one line; never a traceback, and never the value of a secret."""
    print(f"PRM cannot start: {name} {why}", file=sys.stderr)
    raise SystemExit(2)


def read_file(path: Path) -> None:
    """Take the names of a `.env` file into the environment; what is already set there wins."""
    if not path.is_file():
        return
    try:
        environ.Env.read_env(path)
    except (OSError, UnicodeDecodeError) as problem:
        stop(str(path), f"cannot be read: {problem.__class__.__name__}.")


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to; without a default it must be set."""
    value = os.environ.get(name, "").strip()
    file = os.environ.get(f"{name}_FILE", "").strip()
    if value and file:
        stop(name, f"is set twice: as {name} and as {name}_FILE. Keep one.")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            stop(f"{name}_FILE", "points to a file that cannot be read.")
    if value:
        return value
    if default is None:
        stop(name, "is not set. `make run` writes one into .env; elsewhere set it or its _FILE form.")
    return default


def flag(name: str, default: bool) -> bool:
    value = text(name, "").lower()
    if value and value not in TRUE | FALSE:
        stop(name, f"must be on or off, not {value!r}.")
    return value in TRUE if value else default


def number(name: str, default: int, lowest: int, highest: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not lowest <= int(value) <= highest:
        stop(name, f"must be a whole number from {lowest} to {highest}, not {value!r}.")
    return int(value)


def names(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in text(name, "").split(",") if part.strip()] or default


def choice(name: str, default: str, allowed: tuple[str, ...], called: str = "") -> str:
    """One of the allowed values; `called` says what they are where there are too many to list."""
    value = text(name, default)
    if value not in allowed:
        stop(name, f"must be {called or 'one of ' + ', '.join(allowed)}, not {value!r}.")
    return value


def zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        stop(name, f"must be a time zone such as America/New_York, not {value!r}.")
    return value


def site(name: str, default: str) -> str:
    """An address such as https://prm.example.org, without a path."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        good = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.path and parts.port != 0
        )
    except ValueError:
        good = False
    if not good:
        stop(name, f"must look like https://prm.example.org, not {value!r}.")
    return value


def address(name: str, default: str, parse: Callable[[str], Any], schemes: tuple[str, ...]) -> Any:
    """A URL that may hold a password (so it is never repeated in the message), parsed into settings."""
    value = text(name, default)
    if value.split(":", 1)[0] not in schemes:
        stop(name, f"must begin with one of {', '.join(scheme + '://' for scheme in schemes)}.")
    try:
        return parse(value)
    except Exception:  # noqa: BLE001 - whatever the parser stumbles over, the answer is the same line
        stop(name, "is not a well-formed address.")


def prefixed(prefix: str) -> dict[str, str]:
    """Every value whose name begins with the prefix, keyed by the rest; NAME_FILE is understood too."""
    found = {name.removesuffix("_FILE") for name in os.environ if name.startswith(prefix)}
    return {name.removeprefix(prefix): text(name) for name in sorted(found)}


def together(*wanted: str) -> dict[str, str]:
    """Values that make sense only together: all of them, or nothing where none is set."""
    found = {name: text(name, "") for name in wanted}
    missing = [name for name, value in found.items() if not value]
    if missing and len(missing) < len(found):
        stop(missing[0], f"is not set, but others of {', '.join(wanted)} are. Set all of them, or none.")
    return {} if missing else found


def origin(name: str, value: str) -> str:
    """Scheme and host of an address that must be safe on its way: https, or on this very machine."""
    parts = urlsplit(value)
    here = parts.hostname in {"localhost", "127.0.0.1"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        stop(name, "must look like https://login.example.org, with https.")
    return f"{parts.scheme}://{parts.netloc}"


def elsewhere(name: str) -> str:
    """An address on another machine that is asked for; empty where none is set. It may hold a secret."""
    value = text(name, "")
    if value and not (urlsplit(value).scheme in {"http", "https"} and urlsplit(value).hostname):
        stop(name, "must look like https://monitor.example.org/ping/1234.")
    return value


def mailbox(name: str, default: str) -> str:
    """An e-mail address, with or without a name before it."""
    value = text(name, default)
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        stop(
            name, f"must be an e-mail address such as Partner program <partners@example.org>, not {value!r}."
        )
    return value


def backend(name: str, default: str) -> str:
    """The dotted path of a class whose module is installed."""
    value = text(name, default)
    try:
        found = find_spec(value.rpartition(".")[0])
    except (ImportError, ValueError):
        found = None
    if found is None:
        stop(name, f"must be a mail backend such as anymail.backends.amazon_ses.EmailBackend, not {value!r}.")
    return value


def folder(name: str, default: Path) -> Path:
    """A folder this process can write to (it is tried); it is made when it is missing."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as problem:
        stop(name, f"is {path}, which cannot be written to: {problem.strerror}.")
    return path


def write_first_file(path: Path) -> None:
    """Write a `.env` with a generated key, readable by its owner only, unless there is one already."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(
                f"# Made by make. Every name is explained in docs/operate.md.\nSECRET_KEY={token_urlsafe(48)}\n"
            )
    except FileExistsError:
        return
    except OSError as problem:
        stop(str(path), f"cannot be written: {problem.strerror}.")


if __name__ == "__main__":
    write_first_file(Path(".env"))
