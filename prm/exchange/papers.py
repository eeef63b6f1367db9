"""What one row says of the agreement: kind, signing, start and end in the ways people write them."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from prm.exchange.headings import words_of
from prm.exchange.row import Row, is_nothing
from prm.exchange.words import plain

LONGEST_TITLE = 300
MOST_MONTHS = 600
EVERGREEN = re.compile(
    r"\b(ever ?green|no end( date)?|no expir\w*|does not expire|never( expires)?|ongoing|open ended|open end|"
    r"auto(matic(ally)?)? ?renew\w*|self renewing|indefinite(ly)?|perpetual|permanent|continu(ous|ing)|rolling|"
    r"until (terminated|cancell?ed|ended)|indefinido|sin fecha( de vencimiento)?)\b"
)
KINDS: tuple[tuple[str, str], ...] = (
    ("letter_of_commitment", r"\b(letter of )?commitment( letter)?\b|\bloc\b"),
    ("letter_of_support", r"\b(letter of )?support( letter)?\b|\blos\b"),
    ("interagency_agreement", r"\binter ?agency( agreement)?\b|\biaa\b"),
    ("sub_award", r"\bsub ?(award|grant|contract|recipient)( agreement)?\b"),
    ("data_sharing", r"\bdata (sharing|use)( agreement)?\b|\bdua\b"),
    ("joinder", r"\bjoinder( agreement| page)?\b"),
    (
        "informal",
        r"\binformal( agreement| summary( unsigned)?)?\b|\bverbal( agreement)?\b|\bhandshake\b|\bunsigned\b",
    ),
    ("moa", r"\bmoa\b|\bmemorandum of agreement\b"),
    ("mou", r"\bmou\b|\bmemorandum of understanding\b|\bmemorandum\b"),
    ("mou", r"\b(agreement|contract|convenio|acuerdo|formal|yes|signed|si)\b"),
)
NOT_YET = re.compile(
    r"\b(draft|drafting|pending|in progress|negotiat\w*|proposed|awaiting|not signed|in process|in the works)\b"
)
YES = frozenset("yes y x si s true 1 signed".split())
NOT_SIGNED = frozenset({"no", "n", "false", "0", "not yet", "unsigned"})
SMALL = ("one", "two", "three", "four", "five")
YEARS = re.compile(rf"(\d{{1,2}}|{'|'.join(SMALL)}) ?(?:years?|yrs?|anos?)")
NONE = re.compile(r"(no|none|without|sin|never)\b")
# Spreadsheets know no empty date: this year stands for "never ends".
FAR_FUTURE = re.compile(r"9999")


@dataclass(frozen=True, slots=True)
class Paper:
    """An agreement as one row tells of it. `ends_on` None means evergreen unless `months` counts from the signature;
    `signed_on` None means signed on a day nobody knows, `draft` that it is not signed at all."""

    kind: str
    title: str = ""
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    months: int | None = None
    draft: bool = False


def read_paper(row: Row, today: date) -> Paper | None:
    """The agreement of the row, or None where nothing tells of one.

    Where only one of start and signing day is told it stands for both, unless it still lies ahead: then the signing day
    is not known. A signing day without any end is kept as evergreen, with a warning.
    """
    kind, evergreen, draft = _kind(row)
    evergreen = any([_end_is_open(row, "agreement_end"), _end_is_open(row, "agreement_months"), evergreen])
    ends_on = None if evergreen else row.date("agreement_end")
    signed_on, said = _signing(row)
    starts_on = row.date("agreement_start")
    if not (kind or evergreen or ends_on or signed_on or starts_on or said == "yes"):
        return None
    draft = draft or said == "no"
    months = _months(row)
    if evergreen and row.cells.get("agreement_end") and "agreement_end" not in row.taken:
        row.note(
            "agreement_end",
            _("contradicts the kind, which says evergreen: kept in the notes"),
        )
    if months and (ends_on or evergreen or not (signed_on or starts_on)):
        row.note("agreement_months")
        months = None
    if not (ends_on or evergreen or months or draft) and not row.wrong_at_all:
        _warn_endless(row)
    _check_order(row, signed_on, starts_on, ends_on)
    title = row.value("agreement_title")
    if len(title) > LONGEST_TITLE:
        row.note("agreement_title", _("is too long for its place: kept in the notes"))
        title = ""
    starts_on = starts_on or signed_on
    signed_on = signed_on or starts_on
    if signed_on and signed_on > today:
        if row.cells.get("agreement_signed"):
            row.odd(
                "agreement_signed",
                _("lies ahead: it is kept as the start, and the agreement as signed"),
            )
        signed_on = None
    return Paper(kind or "mou", title, signed_on, starts_on, ends_on, months, draft)


def _kind(row: Row) -> tuple[str, bool, bool]:
    """Key of the kind ("" where none is told), whether it says evergreen, whether it is not signed yet."""
    text = row.text("agreement_kind")
    words = plain(text)
    if (
        text
        and not NOT_YET.search(words)
        and (is_nothing(text) or (NONE.match(words) and not EVERGREEN.search(words)))
    ):
        row.note("agreement_kind")
        return "", False, False
    evergreen, draft = bool(EVERGREEN.search(words)), bool(NOT_YET.search(words))
    for key, pattern in KINDS:
        if re.search(pattern, words):
            rest = NOT_YET.sub("", EVERGREEN.sub("", re.sub(pattern, "", words, count=1)))
            if set(rest.split()) - {"a", "of", "with", "and", "the"}:
                row.note("agreement_kind")
            return key, evergreen, draft
    if words and not evergreen and not draft:
        row.note(
            "agreement_kind",
            _("is no kind of agreement that is known here: kept in the notes"),
        )
    return ("mou" if draft else ""), evergreen, draft


def _signing(row: Row) -> tuple[date | None, str]:
    """The day of signing, or what stands in place of it: "yes" (a day nobody knows), "no" (not signed yet)."""
    words = plain(row.cells.get("agreement_signed", ""))
    if words in YES:
        row.taken.add("agreement_signed")
        return None, "yes"
    if words in NOT_SIGNED or NOT_YET.search(words):
        row.note("agreement_signed")
        return None, "no"
    return row.date("agreement_signed"), ""


def _months(row: Row) -> int | None:
    """The length of the agreement in months, told in months or years."""
    text = row.cells.get("agreement_months", "")
    if "agreement_months" in row.taken:  # it said evergreen
        return None
    if match := YEARS.fullmatch(plain(text)):
        row.taken.add("agreement_months")
        return (int(match[1]) if match[1].isdigit() else SMALL.index(match[1]) + 1) * 12
    number = row.number("agreement_months", MOST_MONTHS)
    heading = words_of(row.headings.get("agreement_months", ""))
    in_years = heading & {"years", "year", "yrs", "yr"} and not re.search(r"(?i)m", text)
    return (number * 12 if in_years else number) if number else None


def _end_is_open(row: Row, meaning: str) -> bool:
    text = row.cells.get(meaning, "")
    if EVERGREEN.search(plain(text)) or FAR_FUTURE.search(text):
        row.taken.add(meaning)
        if EVERGREEN.sub("", plain(text)).strip() or FAR_FUTURE.search(text):
            row.note(meaning, _("is read as evergreen"))
        return True
    return False


def _warn_endless(row: Row) -> None:
    known = ("agreement_end", "agreement_signed", "agreement_start", "agreement_kind")
    told = next(meaning for meaning in known if row.cells.get(meaning))
    row.odd(
        told,
        _("speaks of an agreement without an end: kept as evergreen, to be reviewed every 12 months"),
    )


def _check_order(row: Row, signed_on: date | None, starts_on: date | None, ends_on: date | None) -> None:
    begins = starts_on or signed_on
    if ends_on and begins and ends_on < begins:
        row.wrong("agreement_end", _("lies before the day on which the agreement begins"))
    elif ends_on and signed_on and ends_on < signed_on:
        row.wrong("agreement_end", _("lies before the day of signing"))
