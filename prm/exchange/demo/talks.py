"""Reads the conversations of the year from `talks.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from prm.exchange.demo.shapes import Said

TEXT = Path(__file__).with_name("talks.txt")
LINE = re.compile(r"(?P<day>-\d+) (?P<kind>\w+)(?P<tried>\??)(, (?P<person>[^:]+))?: (?P<note>.+)")


def _read(text: str) -> Iterator[Said]:
    partner = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            partner = line.strip("[]")
            continue
        found = LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"talks.txt: not a conversation: {line}")
        yield Said(
            int(found["day"]),
            partner,
            found["kind"],
            found["person"] or "",
            found["note"],
            two_way=not found["tried"],
        )


TALKS = tuple(_read(TEXT.read_text(encoding="utf-8")))
