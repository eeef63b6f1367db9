"""The links in a mail: marks in its frozen words, tokens in its bytes, nothing of use in its preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from prm.outbox.models import Message
from prm.partners import links
from prm.partners.links import Holder, Wish
from prm.partners.models import Link, Purpose

#: What a preview shows instead of a token.
GREYED = "\N{HORIZONTAL ELLIPSIS}"


def issue_links(pairs: Iterable[tuple[Message, Iterable[Wish]]], *, now: datetime) -> None:
    """Make the links of mails that are about to be written, and note with each mail which are its own."""
    asked = [
        (row, wish) for row, wishes in pairs for wish in wishes if wish.organization or row.organization_id
    ]
    made = links.issue([(_holder(row, wish), wish) for row, wish in asked], now=now)
    for (row, wish), link in zip(asked, made, strict=True):
        row.links[wish.mark] = link.pk


def _holder(row: Message, wish: Wish) -> Holder:
    """Whose link it becomes: of the one who is written to; a row of our desk is our reader's."""
    person = (None, row.user_id) if wish.purpose == Purpose.DESK else (row.contact_id, None)
    return Holder(wish.organization or row.organization_id or 0, *person)


def links_of(messages: Iterable[Message]) -> dict[int, Link]:
    """Return the links that belong to these mails, by id: one query, or none where no mail has any."""
    ids = {pk for message in messages for pk in message.links.values()}
    return links.by_id(ids) if ids else {}


def tokens(message: Message, rows: Mapping[int, Link]) -> dict[str, str]:
    """Return mark -> token of the links that belong to this mail. Nowhere else does a token of a mail come to be.

    `rows` are those of `links_of`. ValueError where a token cannot be made: see `links.token_of`.
    """
    return {mark: links.token_of(rows[pk]) for mark, pk in message.links.items() if pk in rows}


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return a text with its own marks turned into tokens; others, typed by whomever, stay as they are."""
    if not known:
        return text
    return links.MARK.sub(lambda match: known.get(match[0], match[0]), text)


def greyed(message: Message, text: str) -> str:
    """Return a text of this mail as people may see it: its links lead nowhere."""
    return filled(text, dict.fromkeys(message.links, GREYED))


def unsubscribing(known: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of RFC 2369 and RFC 8058 by which a mail reader offers less mail at one click.

    The click is offered for HTTPS addresses only, as RFC 8058 wants it; others lead to the page.
    """
    token = next((token for mark, token in known.items() if mark.startswith(f"~{Purpose.UNSUBSCRIBE}")), "")
    if not token:
        return {}
    address = links.page_address(token)
    one_click = (
        {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if address.startswith("https:") else {}
    )
    return {"List-Unsubscribe": f"<{address}>", **one_click}
