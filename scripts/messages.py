"""Collect what partners read, for translation, and compile what was translated: `make messages`.

Only texts that partners see are collected: pages by link, mails, calendar entries and the refusals on their way there.
Staff pages stay in English for now. `--check` changes nothing and says what is missing.
"""

import filecmp
import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es",)
SOURCES = (
    "prm/accounts/checks.py",
    "prm/agreements/models.py",
    "prm/calendars",
    "prm/capacity",
    "prm/continuity",
    "prm/outbox/wording.py",
    "prm/partners/actions",
    "prm/partners/models",
    "prm/reminders/entries.py",
    "prm/training/actions",
    "prm/training/models",
    "prm/vocabulary/spoken.py",
    "prm/web/feeds.py",
    "prm/web/portal",
    "prm/web/typed.py",
    "prm/web/words.py",
    "templates/components",
    "templates/mail",
    "templates/portal",
)
#: Mails to our own side, which are English for now.
OURS = ("digest.*", "expiry_today.*", "said.*", "test.*")


def main() -> int:
    check = "--check" in sys.argv[1:]
    missing = [name for name in ("xgettext", "msgfmt", "msgmerge") if shutil.which(name) is None]
    if missing:
        print(f"{', '.join(missing)} missing. On Debian: apt-get install gettext")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return max([_language(Path(folder), language, check=check) for language in LANGUAGES])


def _language(folder: Path, language: str, *, check: bool) -> int:
    """Bring one language up to date, or with `check` say in what it is not."""
    home = Path("locale") / language / "LC_MESSAGES"
    tree = folder / language
    for source in SOURCES:
        _copy(ROOT / source, tree / source)
    _copy(ROOT / home, tree / home) if (ROOT / home).exists() else (tree / home).mkdir(parents=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "-l", language),
            *("--no-location", "--no-obsolete", "--no-wrap", "-v0"),
        ],
        cwd=tree,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
    )
    catalogue, compiled = tree / home / "django.po", tree / home / "django.mo"
    _without_dates(catalogue)
    left = _untranslated(catalogue)
    subprocess.run(["msgfmt", "--check-format", "-o", compiled, catalogue], check=True)
    if not check:
        _copy(tree / home, ROOT / home)
        print(f"{language}: {left} not translated yet")
        return 0
    same = _same(ROOT / home / "django.mo", compiled) and filecmp.cmp(
        ROOT / home / "django.po", catalogue, False
    )
    if left or not same:
        print(
            f"{language}: {left} not translated{'' if same else '; not in step with the sources: make messages'}"
        )
    return int(bool(left) or not same)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(
            source, target, ignore=shutil.ignore_patterns("__pycache__", *OURS), dirs_exist_ok=True
        )
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _without_dates(catalogue: Path) -> None:
    """Leave out the moment of collecting: the same sources make the same file."""
    lines = catalogue.read_text().splitlines(keepends=True)
    catalogue.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date')))


def _untranslated(catalogue: Path) -> int:
    """How many texts have no translation, or one that was only guessed."""
    found = subprocess.run(
        ["msgattrib", "--no-obsolete", "--untranslated", catalogue],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.count("\nmsgid ")
    guessed = subprocess.run(
        ["msgattrib", "--no-obsolete", "--only-fuzzy", catalogue], capture_output=True, text=True, check=True
    ).stdout.count("\nmsgid ")
    return max(found - 1, 0) + max(guessed - 1, 0)


def _same(one: Path, other: Path) -> bool:
    """Whether two compiled catalogues say the same, whatever program wrote them."""
    return one.exists() and _said(one) == _said(other)


def _said(compiled: Path) -> dict[object, str]:
    with compiled.open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # noqa: SLF001 - no public way


if __name__ == "__main__":
    sys.exit(main())
