"""Words as they are searched: small letters without accents, so that both databases find the same."""

from __future__ import annotations

import re
import unicodedata

#: One word as people write it: an apostrophe inside belongs to it.
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Letters that stay themselves when accents are taken off.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
LONGEST = 100
MOST = 8


def fold(text: str) -> str:
    """Return the words of a text, folded and with one space between: "Casa de los Niños" -> "casa de los ninos"."""
    return " ".join(word for word in map(_fold_word, WORD.findall(text)) if word)


def _fold_word(word: str) -> str:
    bare = re.sub("['’]", "", word).casefold().translate(LETTERS)
    apart = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in apart if letter.isalnum())


def terms(asked: str) -> list[str]:
    """Return the first words of a question, folded; each is found where a word begins with it."""
    return fold(asked[:LONGEST]).split()[:MOST]


def parts(text: str, wanted: list[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it answers one of the wanted terms; together they are the text."""
    pieces: list[tuple[str, bool]] = []
    done = 0
    for match in WORD.finditer(text):
        if _fold_word(match[0]).startswith(tuple(wanted)) and wanted:
            pieces += [(text[done : match.start()], False), (match[0], True)]
            done = match.end()
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def excerpt(text: str, wanted: list[str], length: int = 140) -> str:
    """Return at most about `length` letters of a text, from shortly before the first word that answers."""
    plain = " ".join(text.split())
    hit = next((m.start() for m in WORD.finditer(plain) if _fold_word(m[0]).startswith(tuple(wanted))), 0)
    start = 0 if hit < length // 2 else plain.rfind(" ", 0, hit - length // 3) + 1
    end = start + length
    if end < len(plain):
        end = max(plain.rfind(" ", start, end), hit + 1)
    return ("… " if start else "") + plain[start:end] + (" …" if end < len(plain) else "")
