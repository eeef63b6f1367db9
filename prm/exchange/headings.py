"""Headings by meaning: "MOU end date", "Agreement expires" and "Vence" all say the same.

The words of a heading decide, not their order: rules over groups of words for facts (`heading_words`), whose and what
for people (`heading_people`). Whatever remains has no meaning: its cells go into the notes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from prm.exchange.heading_people import contact_of, role_of
from prm.exchange.heading_words import GROUPS, JOINED, RULES
from prm.exchange.words import plain

NAME = "name"
LONGEST_HEADING = 200
# Words of two meanings count only where the other columns leave their place free.
BARE_NAMES = ({"name"}, {"nombre"}, {"full", "name"}, {"legal", "name"})
HOUSES = frozenset(
    "program facility church congregation parish department shelter station school site ministry police law "
    "enforcement dept".split()
)
DUE = ({"due"}, {"due", "date"})
NEVER = ({"signature"}, {"signatures"}, {"status", "training"})
COUNTED = re.compile(r"^\s*\d+\s*[.)]\s*")  # "1. Agency"
OWN = re.compile(r"['’]s\b")  # "Director's e-mail"
NUMERO = re.compile(r"(?i)\bno(?:\.|\s*$)")  # "Tel. No."; "No phone" is something else
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: its place (0 is the first), its heading as written, and its meaning or None."""

    place: int
    heading: str
    meaning: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person made of one sheet: its line of headings, and a meaning for each, "" for "into the notes"."""

    headings: tuple[str, ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    meaning: str
    needed: tuple[frozenset[str], ...]
    allowed: frozenset[str]

    def fits(self, words: frozenset[str]) -> bool:
        return all(words & group for group in self.needed) and words <= self.allowed


def _rule(line: str) -> Rule:
    meaning, _, groups = line.partition(":")
    needed, _, allowed = groups.partition("~")
    told = [GROUPS[name] for name in needed.split()]
    more = [GROUPS[name] for name in allowed.split()]
    return Rule(meaning, tuple(told), frozenset().union(GROUPS["filler"], *told, *more))


_RULES = tuple(_rule(line) for line in RULES.strip().splitlines())


@lru_cache(maxsize=4096)
def words_of(heading: str) -> frozenset[str]:
    """The words of a heading in one spelling: "e-mail" is email, "MoU" and "Memorandum of Understanding" are mou."""
    text = NUMERO.sub("number ", COUNTED.sub("", CAMEL.sub(" ", OWN.sub("", heading))))
    text = f" {plain(text)} "
    for said, word in JOINED:
        text = text.replace(f" {said} ", f" {word} ")
    return frozenset(text.split())


@lru_cache(maxsize=4096)
def meaning_of(heading: str) -> str | None:
    """The meaning of one heading by itself, or None."""
    if len(heading) > LONGEST_HEADING:
        return None
    words = words_of(heading)
    bare = words - GROUPS["filler"]
    if not bare or bare in NEVER:
        return None
    if role := role_of(bare):
        return role
    for rule in _RULES:
        if rule.fits(words):
            return rule.meaning
    return contact_of(bare)


def columns(headings: Sequence[str]) -> list[Column]:
    """Every column with its meaning. Of two columns with one meaning the first keeps it; the second has none, unless
    it repeats "E-mail" or "Phone" after another person's name: then it is that person's."""
    meanings = [meaning_of(heading) for heading in headings]
    _fill_gaps(headings, meanings)
    _follow_names(meanings)
    _prefer_addresses(headings, meanings)
    taken: set[str] = set()
    result = []
    for place, (heading, meaning) in enumerate(zip(headings, meanings, strict=True)):
        kept = meaning if meaning not in taken else None
        taken |= {kept} if kept else set()
        result.append(Column(place, heading or f"({place + 1})", kept))
    return result


def chosen_columns(chosen: Chosen) -> list[Column]:
    """Every column with the meaning that a person gave it."""
    pairs = zip(chosen.headings, chosen.meanings, strict=True)
    return [
        Column(place, heading or f"({place + 1})", meaning or None)
        for place, (heading, meaning) in enumerate(pairs)
    ]


def _fill_gaps(headings: Sequence[str], meanings: list[str | None]) -> None:
    """A bare "Name" (or "Church", "Program") is the organization's where no other column names it, else the contact's;
    a bare "Due" is the end of an agreement where one is told without."""
    found = [words_of(heading) - GROUPS["filler"] for heading in headings]
    if {"first"} in found and {"last"} in found and not {"primary.first", "primary.last"} & {*meanings}:
        meanings[found.index(frozenset({"first"}))] = "primary.first"
        meanings[found.index(frozenset({"last"}))] = "primary.last"
    if NAME not in meanings:
        bare = [place for place, words in enumerate(found) if words in BARE_NAMES]
        houses = [place for place, words in enumerate(found) if words & HOUSES and words <= HOUSES | {NAME}]
        for place in [*bare, *houses][:1]:
            meanings[place] = NAME
    told = {meaning for meaning in meanings if meaning and meaning.startswith("agreement_")}
    if told and "agreement_end" not in told:
        for place in [place for place, words in enumerate(found) if words in DUE][:1]:
            meanings[place] = "agreement_end"


def _follow_names(meanings: list[str | None]) -> None:
    whose = ""
    taken: set[str] = set()
    for place, meaning in enumerate(meanings):
        owner, dot, what = (meaning or "").partition(".")
        if what == NAME:
            whose = owner
        elif dot and meaning in taken and whose not in {"", owner} and f"{whose}.{what}" not in meanings:
            meanings[place] = f"{whose}.{what}"
        if told := meanings[place]:
            taken.add(told)


def _prefer_addresses(headings: Sequence[str], meanings: list[str | None]) -> None:
    """Of two columns for our own people the one with addresses counts: a name alone may be nobody's."""
    for meaning in ("owner", "deputy"):
        places = [place for place, known in enumerate(meanings) if known == meaning]
        with_address = [place for place in places if words_of(headings[place]) & {"email", "correo"}]
        if with_address:
            for place in places:
                meanings[place] = meaning if place == with_address[0] else None


def score(headings: Sequence[str]) -> int:
    """How many columns have a meaning; 0 where none of them is the organization's name."""
    known = [column.meaning for column in columns(headings) if column.meaning]
    return len(known) if NAME in known else 0
