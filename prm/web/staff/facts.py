"""What is known of a record as a list of facts: each has its words, its fields and its own small form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise

from prm.partners.edits import as_text
from prm.web.forms import Form

Words = str | Promise
Fields = Mapping[str, Callable[[Any], forms.Field]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the list: `fields` by column, each made for the record that it stands in.

    `said` puts the value into words (empty: nothing is known), `href` where a press on it leads. What is not `first`
    unfolds.
    """

    key: str
    word: Words
    fields: Fields
    said: Callable[[Any], str]
    note: Words = ""
    href: Callable[[Any], str] | None = None
    first: bool = True
    ours: bool = False  # seen only by those who may read reasons
    read: Callable[[Any], Mapping[str, Any]] | None = None

    def values(self, record: models.Model) -> dict[str, Any]:
        """Return the columns as they stand."""
        if self.read:
            return dict(self.read(record))
        columns = {column.name: column for column in record._meta.concrete_fields}  # noqa: SLF001 - documented
        return {name: getattr(record, columns[name].attname) for name in self.fields}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact on the page; `edit` is where it is changed, for those who may."""

    key: str
    word: Words
    said: str
    href: str = ""
    edit: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """The lines of a record: those that always stand there, and those that unfold."""

    first: list[Line] = field(default_factory=list)
    more: list[Line] = field(default_factory=list)


def lines(
    record: models.Model,
    facts: Mapping[str, Fact],
    *,
    address: Callable[[str], str] | None,
    reasons: bool = True,
) -> Facts:
    """Return the facts of a record as lines; without `address`, for those who only read, what is known."""
    found = Facts()
    for fact in facts.values():
        said = fact.said(record)
        if (fact.ours and not reasons) or not (said or address):
            continue
        href = fact.href(record) if fact.href and said else ""
        line = Line(fact.key, fact.word, said, href, address(fact.key) if address else "", fact.first)
        (found.first if fact.first or not address else found.more).append(line)
    return found


class FactForm(Form):
    """The form of one fact, with what its reader saw."""

    def __init__(self, data: Any = None, *, fact: Fact, record: models.Model, **initial: Any) -> None:
        self.fact = fact
        self.stored = fact.values(record)
        super().__init__(data, auto_id=f"fact_{fact.key}_%s", initial={**self.stored, **initial})
        for name, make in fact.fields.items():
            self.fields[name] = make(record)
        self.dress()
        for one in self.fields.values():
            one.help_text = one.help_text or ""

    @property
    def seen(self) -> dict[str, str] | None:
        """What the reader saw when the form was opened, by column; None where the form did not say."""
        found = {name: self.data[f"seen_{name}"] for name in self.fact.fields if f"seen_{name}" in self.data}
        return found if len(found) == len(self.fact.fields) else None

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form carries along for `seen`: what was seen first, even when it comes back with an error."""
        sent = self.seen if self.is_bound else None
        known = sent if sent is not None else {name: as_text(value) for name, value in self.stored.items()}
        return [(f"seen_{name}", text) for name, text in known.items()]

    def told(self, name: str, value: Any) -> str:
        """A value of a field as its reader knows it: the word of a choice, not its key."""
        text = as_text(value)
        one: Any = self.fields[name]
        choices = dict(_flat(getattr(one, "choices", ())))
        return str(choices.get(text, text))


def _flat(choices: Any) -> Any:
    """Choices without their groups, keys as text."""
    for key, word in choices:
        if isinstance(word, list | tuple):
            yield from _flat(word)
        else:
            yield str(getattr(key, "value", key)), word
