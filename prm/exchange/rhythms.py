"""What one row says of a pause and of training."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from prm.exchange.headings import words_of
from prm.exchange.row import Row
from prm.exchange.words import plain

MOST_MONTHS = 120
LONGEST_SERVICE = 120
OPEN_END = frozenset(
    "unknown|not known|until further notice|further notice|indefinite|indefinitely|tbd|tba|tbc|to be determined|open|"
    "ongoing|yes|y|x|true|1|on hold|paused|si|hasta nuevo aviso|no date|no end|open ended|pending".split("|")
)
NO_PAUSE = frozenset("no|n|false|0|none|na|n a|not paused|active|nil".split("|"))
RHYTHMS = {
    phrase: months
    for months, phrases in {
        1: "monthly|every month|mensual",
        2: "bimonthly|every other month|every second month",
        3: "quarterly|every quarter|each quarter|quarter|trimestral",
        4: "three times a year|trimester",
        6: "semiannually|semi annually|semiannual|semi annual|twice a year|half yearly|every half year|biannual|"
        "biannually|semestral",
        12: "yearly|annually|annual|every year|once a year|anual",
        24: "every other year|every two years|biennial|biennially",
    }.items()
    for phrase in phrases.split("|")
}
EVERY = re.compile(r"(?i)(?:every |each |cada )?(\d{1,3})(?:[.,]0+)?\s*(?:months?|mos?|m|meses)?\.?")
NO_TRAINING = frozenset(
    "none|no|never|0|not required|not needed|na|n a|exempt|no training|ninguno|nunca".split("|")
)
SCOPES = (
    ("all", r"\b(all|everything|full|total|todo)\b"),
    ("training", r"\b(trainings?|meetings?|capacitacion)\b"),
    (
        "referrals",
        r"\b(referrals?|intakes?|new clients?|new people|clients?|referidos)\b",
    ),
)
REFERRALS = frozenset("referral referrals intake intakes client clients admissions cases referidos".split())


@dataclass(frozen=True, slots=True)
class Break:
    """A pause as one row tells of it. `starts_on` None: from the day of entry; `ends_on` None: unknown."""

    starts_on: date | None
    ends_on: date | None
    scope: str = "all"
    service: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """Rhythm and last training of one row. `told` says whether a rhythm was told at all; `months` None then means that
    no training is wanted."""

    told: bool = False
    months: int | None = None
    last_on: date | None = None


def read_break(row: Row, today: date) -> Break | None:
    """The pause of the row, or None. One that is over is not imported, only reported."""
    starts_on = row.date("pause_from")
    _take_return(row)
    until = plain(row.cells.get("pause_until", ""))
    unknown = until in OPEN_END
    ends_on = None
    if unknown:
        row.taken.add("pause_until")
    elif until in NO_PAUSE:
        row.note("pause_until")
        if not starts_on:
            return None
    else:
        ends_on = row.date("pause_until")
    if not (starts_on or ends_on or unknown) or row.wrong_at_all:
        return None
    if starts_on and ends_on and ends_on < starts_on:
        row.wrong("pause_until", _("lies before the first day of the pause"))
    elif ends_on and ends_on < today:
        row.odd("pause_until", _("is past: the pause is over and was not imported"))
        if starts_on:
            row.odd("pause_from", _("begins a pause that is over and was not imported"))
        return None
    elif starts_on is None and ends_on is None:
        row.odd("pause_until", _("is read as a pause from today whose end is not known"))
    scope, service = _scope(row)
    return Break(starts_on, ends_on, scope, service, row.value("pause_reason"))


def _take_return(row: Row) -> None:
    """A first day on which they work again: the day before it is the pause's last."""
    text = row.cells.get("pause_resumes", "")
    if not text or row.cells.get("pause_until"):
        return
    if plain(text) in OPEN_END:
        row.taken.add("pause_resumes")
        row.cells["pause_until"] = text
    elif day := row.date("pause_resumes"):
        row.cells["pause_until"] = (day - timedelta(days=1)).isoformat()
        row.odd("pause_resumes", _("is the first day after the pause: its last day is the day before"))
    row.headings = {**row.headings, "pause_until": row.headings["pause_resumes"]}


def _scope(row: Row) -> tuple[str, str]:
    text = row.value("pause_scope")
    heading = next((row.headings[what] for what in ("pause_until", "pause_from") if row.cells.get(what)), "")
    if not text and words_of(heading) & REFERRALS:  # "No referrals until": nothing else is paused
        return "referrals", ""
    for scope, pattern in SCOPES:
        if re.search(pattern, plain(text)):
            if len(plain(text).split()) > 2:
                row.note("pause_scope")
            return scope, ""
    if len(text) > LONGEST_SERVICE:
        row.note("pause_scope", _("is too long for its place: kept in the notes"))
        return "all", ""
    return ("service", text) if text else ("all", "")


def read_training(row: Row, today: date) -> Training:
    """Rhythm and last training. "None" as a rhythm is a wish, not an empty cell."""
    told, months = _rhythm(row)
    last_on = row.date("last_training", loose=True)
    if last_on and last_on > today:
        row.note(
            "last_training",
            _("lies ahead, so it is not a last training: kept in the notes"),
        )
        last_on = None
    return Training(told, months, last_on)


def _rhythm(row: Row) -> tuple[bool, int | None]:
    words = plain(row.cells.get("training_every", ""))
    if not row.cells.get("training_every"):
        return False, None
    if words in NO_TRAINING or words in RHYTHMS:
        row.taken.add("training_every")
        return True, RHYTHMS.get(words)
    if match := EVERY.fullmatch(row.cells["training_every"]):
        row.taken.add("training_every")
        if 0 < int(match[1]) <= MOST_MONTHS:
            return True, int(match[1])
    if row.strict("training_every"):
        row.wrong(
            "training_every",
            _("is no rhythm: write a number of months, “quarterly” or “none”"),
        )
    return False, None
