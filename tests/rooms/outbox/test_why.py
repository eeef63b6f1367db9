"""Every mail says at its end why it came: each kind there is, in text and HTML, in both languages."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from prm.outbox.wording import ITEM_KINDS, KINDS, render

DAY = date(2027, 9, 30)
NOON = datetime(2027, 9, 30, 12, tzinfo=ZoneInfo("America/New_York"))
ASKS = {"English": ("en", "Why you get this:"), "Spanish": ("es", "Por qué recibe este correo:")}
EVERYBODY = {
    "program": "Partner program",
    "recipient_name": "Anna Reyes",
    "user_name": "Rosa",
    "organization": "Harbor House",
    "owner_name": "Rosa",
    "owner_email": "rosa@example.org",
    "writer_name": "Ben",
}
ITEM = {
    "offset_days": -60,
    "days_left": 60,
    "ends_on": DAY,
    "due_on": DAY,
    "talk_on": DAY,
    "pause_scope": "all",
}
#: What each kind of mail is about, at its least: even then it says why it came.
LEAST: dict[str, dict[str, Any]] = {
    "partner": {"items": [{"kind": kind, "starts_local": NOON} | ITEM for kind in ITEM_KINDS]},
    "expiry_today": {"items": [{"organization": "Harbor House", "agreement_title": "MOU", "ends_on": DAY}]},
    "digest": {"day": DAY, "sections": [{"title": "Today", "rows": [{"subject": "Harbor House"}]}]},
    "entry": {
        "title": "Basics",
        "starts": DAY,
        "ends": DAY,
        "method": "REQUEST",
        "what": "expiry",
        "side": "partner",
    },
    "said": {"kind": "pause", "words": "We are full"},
    "link": {"purpose": "page", "link": "https://example.org/p/x/"},
    "introduction": {"side": "partner", "leaver": "Anna", "heir": "Ben"},
    "letter": {"subject": "Two dates", "body": "we have two dates."},
    "test": {"asked_at": NOON, "sender": "partners@example.org", "mailbox": "partners@example.org"},
}


def test_no_kind_of_mail_is_forgotten() -> None:
    assert set(LEAST) == set(KINDS)


@pytest.mark.parametrize("language", ["English", "Spanish"])
@pytest.mark.parametrize("kind", KINDS)
def test_mail_says_at_its_end_why_it_came(kind: str, language: str) -> None:
    code, asks = ASKS[language]
    words = render(kind, EVERYBODY | LEAST[kind], language=code)
    _before, found, after = words.text.partition(f"---\n{asks}\n")
    assert found, words.text
    reasons = [line for line in after.splitlines() if line.startswith("- ")]
    assert reasons
    assert all(len(reason) > len("- You.") for reason in reasons)
    foot = BeautifulSoup(words.html, "html.parser").select_one(".foot")
    assert foot is not None
    assert asks in foot.get_text()
    assert len(foot.select("li")) == len(reasons)
