"""The words people read: complete, short lines, neutral where asked, and safe in HTML."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from prm.outbox.wording import ITEM_KINDS, Words, names_trafficking, render, why

NOT_ON_ANY_SCREEN = (
    "touch",
    "ladder",
    "audience",
    "entity",
    "token",
    "bounce",
    "stakeholder",
    "cadence",
    "invalid",
    "!",
)
ITEMS: dict[str, dict[str, Any]] = {
    "expiry": {
        "offset_days": -60,
        "agreement_title": "MOU 2026",
        "ends_on": date(2027, 9, 30),
        "days_left": 60,
        "why": "notice",
    },
    "training": {"offset_days": -21, "due_on": date(2027, 8, 30), "why": "training"},
    "consent": {"offset_days": -60, "ends_on": date(2027, 9, 30), "days_left": 60, "why": "consenter"},
    "talk": {
        "pause_scope": "all",
        "ends_on": date(2028, 2, 29),
        "talk_on": date(2028, 2, 29),
        "why": "declarer",
    },
    "start": {
        "offset_days": -7,
        "session_title": "Basics",
        "starts_local": datetime(2027, 7, 6, 10, tzinfo=ZoneInfo("America/New_York")),
        "zone_name": "America/New_York",
        "place": "Town hall",
        "why": "invited",
    },
    "after": {"attended": False, "session_title": "Basics", "next_on": date(2027, 9, 3), "why": "invited"},
}


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def partner(*kinds: str, **fields: Any) -> Words:
    context: dict[str, Any] = {
        "program": "Coastal partners",
        "recipient_name": "Anna Reyes",
        "organization": "Harbor House",
        "owner_name": "Rosa Marín",
        "owner_email": "rosa@example.org",
        "zone_name": "America/New_York",
        "discreet": False,
        "items": [{"kind": kind} | ITEMS[kind] for kind in kinds],
    }
    return render("partner", context | fields, language=fields.pop("language", "en"))


def digest(**fields: Any) -> Words:
    row = {
        "subject": "Harbor House",
        "matter": "agreement ended",
        "when": "4 days late (26 Sep)",
        "next_action": "Call Anna",
    }
    sections = [{"title": "Overdue", "rows": [row]}, {"title": "This week", "rows": [row, row]}]
    start = {
        "program": "Coastal partners",
        "user_name": "Rosa",
        "day": date(2027, 9, 30),
        "sections": sections,
    }
    return render("digest", start | {"held": False, "zone_name": "America/New_York"} | fields, language="en")


def entry(**fields: Any) -> Words:
    start = {"what": "expiry", "method": "REQUEST", "sequence": 0, "title": "MOU with Coastal partners ends"}
    start |= {"starts": date(2027, 9, 30), "place": "", "side": "partner", "program": "Coastal partners"}
    start |= {
        "zone_name": "America/New_York",
        "discreet": False,
        "owner_name": "Rosa",
        "recipient_name": "Anna",
    }
    return render("entry", start | fields, language="en")


def test_an_ending_agreement_names_the_day_and_asks_for_one_of_five_answers() -> None:
    words = partner("expiry")
    assert words.subject == "Our agreement ends on Thu 30 Sep 2027"
    assert "“MOU 2026” is valid through Thu 30 Sep 2027. That is 60 days from now." in plain(words.text)
    answers = [line for line in words.text.splitlines() if line.startswith("- ")][:5]
    assert answers == [
        "- Renew it unchanged",
        "- It needs changes",
        "- Let us talk",
        "- We are not renewing",
        "- I am not the right person any more",
    ]


def test_on_the_last_day_it_says_today() -> None:
    item = {"kind": "expiry"} | ITEMS["expiry"] | {"offset_days": 0, "days_left": 0}
    words = partner(items=[item])
    assert words.subject == "Today is the last day of our agreement"
    assert "valid through today" in plain(words.text)


def test_several_matters_of_one_person_travel_in_one_mail() -> None:
    words = partner("expiry", "training")
    assert words.subject == "2 things about our partnership"
    assert "1. Our agreement ends on Thu 30 Sep 2027" in plain(words.text)
    assert "2. The next training is due around Mon 30 Aug 2027" in plain(words.text)


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_every_mail_ends_with_why_and_the_zone_and_can_be_answered(kind: str) -> None:
    words = partner(kind)
    end = plain(words.text.partition("---")[2])
    assert end.startswith("Why you get this:")
    assert why(ITEMS[kind]["why"]) in end
    assert end.endswith("Days and times are those of America/New_York.")
    assert "rosa@example.org" in words.text


@pytest.mark.parametrize(
    "words", [partner(*ITEM_KINDS), digest(), entry()], ids=["partner", "digest", "entry"]
)
def test_html_says_the_same_and_needs_nothing_from_outside(words: Words) -> None:
    soup = BeautifulSoup(words.html, "html.parser")
    assert not soup.find_all(["img", "link", "script", "a"])
    assert "url(" not in words.html
    assert "http" not in words.html
    assert "prefers-color-scheme: dark" in words.html
    said = plain(soup.body.get_text(" ")) if soup.body else ""
    for line in words.text.split("\n\n"):
        sentence = plain(line).lstrip("- ").split(". ")[0].split(" - ")[0]
        assert (
            sentence.rstrip(".") in said
            or len(sentence) > 66
            or ":" in sentence
            or sentence.startswith("---")
        )


@pytest.mark.parametrize(
    "words", [partner(*ITEM_KINDS), digest(held=True), entry()], ids=["partner", "digest", "entry"]
)
def test_words_are_calm_and_lines_short(words: Words) -> None:
    said = (words.subject + words.text).casefold()
    assert not [word for word in NOT_ON_ANY_SCREEN if word in said]
    assert max(len(line) for line in words.text.splitlines()) <= 66
    assert "\n\n\n" not in words.text
    assert "  " not in words.subject


def test_what_people_typed_stays_text_in_html_and_as_it_is_in_plain_text() -> None:
    words = partner("expiry", recipient_name="Anna <b>& Co</b>")
    assert "Hello Anna <b>& Co</b>," in words.text
    assert "<b>" not in words.html
    assert "Anna &lt;b&gt;&amp; Co&lt;/b&gt;" in words.html


def test_a_discreet_reader_sees_no_word_that_names_the_matter() -> None:
    loud = {"kind": "expiry"} | ITEMS["expiry"] | {"agreement_title": "Anti-Trafficking MOU"}
    session = {"kind": "start"} | ITEMS["start"] | {"session_title": "Trata de personas: lo básico"}
    words = partner(items=[loud, session], discreet=True, program="Human trafficking task force")
    assert not names_trafficking(words.subject + words.text + words.html)
    single = partner(items=[session], discreet=True)
    assert single.subject == "Our training on Tue 6 Jul 2027, 10:00"


def test_a_discreet_calendar_mail_has_a_neutral_title() -> None:
    words = entry(title="MOU on survivor services ends", discreet=True)
    assert words.subject == "An entry about our partnership (Thu 30 Sep 2027)"


@pytest.mark.parametrize(
    "text",
    [
        "Human Trafficking 101",
        "TRATA de personas",
        "Sobrevivientes",
        "víctimas",
        "sexual exploitation",
        "anti-slavery",
        "CSEC",
    ],
)
def test_loud_words_are_found(text: str) -> None:
    assert names_trafficking(text)


@pytest.mark.parametrize(
    "text",
    ["Partner program", "Quarterly training", "contrato", "tratamiento", "Sussex office", "traffic", ""],
)
def test_harmless_words_are_not(text: str) -> None:
    assert not names_trafficking(text)


def test_the_digest_counts_its_lines_and_says_when_sending_is_held() -> None:
    words = digest(held=True)
    assert words.subject == "Your partners on Thu 30 Sep 2027: 3 lines"
    assert "Sending is on hold" in plain(words.text)
    assert "- 4 days late (26 Sep): Harbor House, agreement ended. Call Anna" in plain(words.text)
    assert "on hold" not in digest().text


def test_the_last_day_goes_to_our_side_at_once() -> None:
    items = [{"organization": "Harbor House", "agreement_title": "MOU 2026", "ends_on": date(2027, 9, 30)}]
    words = render("expiry_today", {"program": "P", "user_name": "Rosa", "items": items}, language="en")
    assert words.subject == "Last day today: our agreement with Harbor House"
    assert "Harbor House: MOU 2026 (Thu 30 Sep 2027)" in plain(words.text)


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({}, "MOU with Coastal partners ends (Thu 30 Sep 2027)"),
        ({"sequence": 2}, "Changed: MOU with Coastal partners ends (Thu 30 Sep 2027)"),
        ({"sequence": 3, "method": "CANCEL"}, "Cancelled: MOU with Coastal partners ends (Thu 30 Sep 2027)"),
    ],
)
def test_calendar_mail_says_in_words_what_the_entry_says(fields: dict[str, Any], subject: str) -> None:
    words = entry(**fields)
    assert words.subject == subject
    assert "When: Thu 30 Sep 2027" in plain(words.text)


def test_a_session_tells_time_zone_place_and_how_to_answer_without_buttons() -> None:
    starts = datetime(2027, 7, 6, 10, tzinfo=ZoneInfo("America/New_York"))
    said = plain(entry(what="session", title="Basics", starts=starts, place="Town hall").text)
    assert "When: Tue 6 Jul 2027, 10:00 (America/New_York) Where: Town hall" in said
    assert "reply to this mail with yes, no or maybe" in said


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="no mail of the kind"):
        render("newsletter", {}, language="en")
    with pytest.raises(ValueError, match="no part of a mail"):
        partner(items=[{"kind": "poem"}])


def test_words_and_dates_are_in_one_language() -> None:
    words = partner("expiry", language="es")
    assert ("Why you get this:" in words.text) == ('lang="en"' in words.html) == ("Thu" in words.text)


def test_a_language_nobody_wrote_falls_back_to_the_programs() -> None:
    assert partner("expiry", language="xx").subject == "Our agreement ends on Thu 30 Sep 2027"
