"""The words of a mail that somebody changes: what they may change, and how it becomes text and HTML again.

The links of a mail are marks in its words (`enclosed`). Who changes the words sees `[link 1]` in their place; the
links under a mail and its "why you get this" are not theirs to change.
"""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from prm.outbox.models import Message
from prm.outbox.wording import LINE, measured
from prm.partners.models import Purpose
from prm.rules.refusal import Refusal

FOOT = "\n---\n"
ADDRESS = re.compile(r"\S*/p/~(?P<purpose>[a-z]+)(?:\.[a-z0-9:,-]+)?~/")
SHOWN = re.compile(r"\[\s*link\s*(\d+)\s*\]", re.IGNORECASE)
#: The links that stand under every mail to a partner.
UNDER_EVERY = {Purpose.PAUSE, Purpose.LEAVING, Purpose.PAGE, Purpose.UNSUBSCRIBE}
BELOW_SENDER = re.compile(r'<p class="sender"[^>]*>.*?</p>', re.DOTALL)
FOOT_OF_HTML = re.compile(r'<div class="foot"')


def editable(message: Message) -> str:
    """Return the words of a mail as a person may change them: whole paragraphs, `[link 1]` for an address."""
    head, _foot = _parts(message.text)
    known = {address: f"[link {number}]" for number, address in _addresses(head).items()}
    return ADDRESS.sub(lambda match: known[match[0]], _whole(head))


def reworded(message: Message, text: str) -> tuple[str, str]:
    """Return text and HTML of a mail with other words. Raises Refusal (field "text") where a link of it is missing."""
    head, foot = _parts(message.text)
    addresses = _addresses(head)
    there = {int(number) for number in SHOWN.findall(text)}
    missing = [number for number in addresses if number not in there]
    if missing:
        words = _("[link %d] is missing. It is the reader’s own link: put it back where it belongs.")
        raise Refusal(words % missing[0], field="text")
    if unknown := sorted(there - set(addresses)):
        raise Refusal(_("There is no [link %d] in this mail. Take it out.") % unknown[0], field="text")
    filled = SHOWN.sub(lambda match: addresses[int(match[1])], text)
    with translation.override(message.language):
        html = _html(message.html, filled)
    return measured(filled) + foot, html


def _addresses(head: str) -> dict[int, str]:
    """Return the addresses of links in their order, by number."""
    found = dict.fromkeys(match[0] for match in ADDRESS.finditer(head))
    return dict(enumerate(found, start=1))


def _parts(text: str) -> tuple[str, str]:
    """Return what can be changed of a mail's text, and what stays below it."""
    head, line, why = text.partition(FOOT)
    lines = head.rstrip().split("\n")
    cut = len(lines)
    while cut >= 2 and _is_under_every(lines[cut - 1]):
        cut -= 2  # the address, and the question above it
    foot = "\n".join(lines[cut:])
    below = f"{foot}\n{line.lstrip() if foot else line}{why}" if line else foot
    return "\n".join(lines[:cut]).strip("\n"), f"\n{below}" if below.strip() else ""


def _is_under_every(line: str) -> bool:
    match = ADDRESS.fullmatch(line.strip())
    return match is not None and match["purpose"] in UNDER_EVERY


def _whole(text: str) -> str:
    """Undo the breaks by which a mail's lines were kept short: a break where the next word would have fit stays."""
    lines: list[str] = []
    for line in text.split("\n"):
        plain = line.strip()
        room = LINE - len(lines[-1].rsplit("\n", 1)[-1]) if lines and lines[-1] else LINE
        if lines and lines[-1] and plain and _goes_on(lines[-1], line, room):
            lines[-1] += f" {plain}"
        else:
            lines.append(plain)
    return "\n".join(lines)


def _goes_on(before: str, line: str, room: int) -> bool:
    if ADDRESS.search(before) or ADDRESS.search(line) or line.startswith("- "):
        return False
    return line.startswith("  ") or room <= len(line.split(" ", maxsplit=1)[0]) or len(before) > LINE


def _html(html: str, text: str) -> str:
    """Put other words between the head and the foot of a mail's HTML."""
    if not html:
        return ""
    body = "\n".join(_block(part) for part in re.split(r"\n\s*\n", text.strip()))
    sender, foot = BELOW_SENDER.search(html), FOOT_OF_HTML.search(html)
    if sender is None or foot is None or foot.start() < sender.end():
        return body
    return f"{html[: sender.end()]}\n{body}\n{html[foot.start() :]}"


def _block(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.strip().splitlines()]
    if all(line.startswith("- ") for line in lines):
        rows = "".join(f'<li style="margin: 0 0 4px;">{_linked(line[2:])}</li>' for line in lines)
        return f'<ul style="margin: 0 0 12px; padding-left: 22px;">{rows}</ul>'
    return f'<p style="margin: 0 0 12px;">{"<br>".join(_linked(line) for line in lines)}</p>'


def _linked(line: str) -> str:
    word = escape(_("Open the page"))
    parts = (
        f'<a href="{escape(part)}">{word}</a>' if ADDRESS.fullmatch(part) else escape(part)
        for part in re.split(r"(\S*/p/~[a-z]+(?:\.[a-z0-9:,-]+)?~/)", line)
    )
    return "".join(parts)
