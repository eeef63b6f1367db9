"""The words of our mails: a dictionary of strings and dates in; subject, plain text and HTML out."""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

KINDS = ("partner", "expiry_today", "digest", "entry", "said", "link", "introduction", "letter", "test")
ITEM_KINDS = ("expiry", "training", "talk", "start", "after", "consent")
LINE = 66
_NBSP = "\N{NO-BREAK SPACE}"

# Stems in English and Spanish, without accents. A word that begins like this tells a stranger who looks at a phone
# what the mail is about. Whole words where the stem is also the beginning of something harmless.
_NAMES_IT = re.compile(
    r"\b(?:traffick|trafico\s+de|trata\b|tratante|exploit|explotacion|explotad|prostitut|prostituc|slave|enslav|esclav"
    r"|survivor|sobrevivient|superviviente|victim|forced\s+labou?r|forced\s+marriage|trabajos?\s+forzad|sex(?:ual|o|\b)"
    r"|commercial\s+sex|pimp|proxenet|csec\b|rescue|rescat|abus)"
)

# Values by which a mail would name the matter, and what stands there instead for a discreet contact.
_NEUTRAL: dict[str, Callable[[], str]] = {
    "program": lambda: _("Partner program"),
    "organization": lambda: _("your organization"),
    "agreement_title": lambda: "",
    "session_title": lambda: "",
    "place": lambda: "",
    "title": lambda: _("An entry about our partnership"),
}


@dataclass(frozen=True)
class Words:
    """One mail as it is read: a subject on one line, plain text, and HTML with its styles in place."""

    subject: str
    text: str
    html: str


def names_trafficking(text: str) -> bool:
    """Whether a text has a word, English or Spanish, that tells a stranger what the partnership is about."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return bool(_NAMES_IT.search(re.sub(r"[_\W]+", " ", plain)))


def why(key: str) -> str:
    """The sentence that tells a reader why a mail came to them: by role, or the given text itself."""
    sentences = {
        "notice": _("You are the contact for notices about our agreement."),
        "signatory": _("You sign our agreement for your organization."),
        "training": _("You arrange training for your organization."),
        "intake": _("You take referrals for your organization."),
        "declarer": _("You told us about the pause."),
        "primary": _("You are our main contact at your organization."),
        "contact": _("You are a contact at your organization."),
        "mailbox": _("This is the shared mailbox of your organization."),
        "invited": _("You were invited to this training."),
        "consenter": _("You agreed that we list your organization."),
        "owner": _("You look after this partner."),
        "deputy": _("You stand in for the person who looks after this partner."),
        "director": _("You are a director of the program."),
    }
    return sentences.get(key, key)


def render(kind: str, context: Mapping[str, Any], *, language: str) -> Words:
    """The words of one mail of a kind of KINDS. Context: strings, numbers, dates and lists of such dictionaries.

    `discreet` in the context keeps every word that names the matter out. Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no mail of the kind {kind!r}")
    with translation.override(_written_in(language)):
        values = _prepared(context)
        subject = " ".join(render_to_string(f"mail/{kind}.subject.txt", values).split())
        if values["discreet"] and names_trafficking(subject):
            subject = _("A note about our partnership")
        text = measured(render_to_string(f"mail/{kind}.txt", values))
        html = _inliner().inline(render_to_string(f"mail/{kind}.html", values))
    return Words(subject, text, html)


def _written_in(language: str) -> str:
    """The asked language if our words exist in it, else the installation's: never one language's dates in another."""
    if language in dict(settings.LANGUAGES):
        with translation.override(language):
            if _("Why you get this:") != "Why you get this:":
                return language
    return settings.LANGUAGE_CODE


def _prepared(context: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as words, item templates by kind, reasons without repeats, and neutral words where asked for."""
    discreet = bool(context.get("discreet"))
    values = {name: _said(name, value, discreet) for name, value in context.items()}
    items = values.get("items", [])
    for item in items:
        if "kind" in item:
            if item["kind"] not in ITEM_KINDS:
                raise ValueError(f"no part of a mail of the kind {item['kind']!r}")
            path = f"mail/items/{item['kind']}"
            item |= {"txt": f"{path}.txt", "html": f"{path}.html", "subject_txt": f"{path}.subject.txt"}
    starts = context.get("starts")
    values |= {"discreet": discreet, "all_day": isinstance(starts, date) and not isinstance(starts, datetime)}
    values["reasons"] = list(dict.fromkeys(why(item["why"]) for item in items if item.get("why")))
    loud = (section for section in values.get("sections", []) if not section.get("quiet"))
    values["count"] = len(items) or sum(len(section["rows"]) for section in loud)
    values["language"] = translation.get_language() or settings.LANGUAGE_CODE
    return values


def _said(name: str, value: Any, discreet: bool) -> Any:
    """A value as it is printed; lists and dictionaries all the way down."""
    if isinstance(value, datetime):
        return date_format(value, "D j M Y, H:i").replace(" ", _NBSP)
    if isinstance(value, date):
        return date_format(value, "D j M Y").replace(" ", _NBSP)
    if isinstance(value, Mapping):
        return {key: _said(key, inner, discreet) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_said(name, inner, discreet) for inner in value]
    if discreet and isinstance(value, str) and name in _NEUTRAL and names_trafficking(value):
        return _NEUTRAL[name]()
    return value


def measured(text: str) -> str:
    """Return plain text with short lines: paragraphs wrapped, list items hanging, never more than one empty line."""
    lines: list[str] = []
    for line in text.splitlines():
        plain = line.strip(" \t")
        if not plain:
            if lines and lines[-1]:
                lines.append("")
            continue
        hang = "  " if plain.startswith("- ") else ""
        lines += textwrap.wrap(
            plain, LINE, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines).strip("\n") + "\n"


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
