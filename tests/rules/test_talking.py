"""Talk again after a pause, and stay in touch."""

from dataclasses import replace

from prm.rules.facts import Cadence, Organization, Pause
from tests.rules.world import day, going, gone, harbor, pause, plan, row, talk

WINTER = pause("2027-11-30", "2028-02-29", declared_by=2)


def resting(given: Pause = WINTER, **facts: object) -> Organization:
    return harbor("2027-09-01", pauses=(given,), cadence=Cadence(None), **facts)


def talks(organization: Organization, today: str, side: str = "") -> list[tuple[str, str]]:
    found = going(plan(organization, today), "pause", side)
    return [(on, key.removeprefix("pause:5:")) for on, key in found]


def test_talk_again_asks_on_tuesday_the_twenty_ninth_of_february() -> None:
    assert talks(resting(), "2027-11-30", "partner") == [("2028-02-22", "talk-7d")]
    assert talks(resting(), "2027-11-30", "ours") == [
        ("2028-02-22", "talk-7d"),
        ("2028-02-29", "talk-0d"),
        ("2028-03-07", "talk+7d"),
        ("2028-03-14", "talk+14d"),
    ]


def test_talk_again_asks_whom_the_policy_names() -> None:
    touches = plan(resting(), "2027-11-30")
    question = touches["pause:5:talk-7d:2028-02-29:org-4:partner"]
    assert (question.audience, question.person) == (("declarer",), 2)
    ours = {o: row(touches, f"pause:5:talk{o}:", "ours").audience for o in ("-7d", "-0d", "+7d", "+14d")}
    assert ours == {"-7d": ("owner",), "-0d": ("owner",), "+7d": ("deputy",), "+14d": ("director",)}


def test_talk_again_on_closed_days_moves_forward() -> None:
    christmas = pause("2027-11-01", "2027-12-24")  # a Friday, kept as Christmas Day; -7 is worked
    assert talks(resting(christmas), "2027-11-01", "ours")[:2] == [
        ("2027-12-17", "talk-7d"),
        ("2027-12-27", "talk-0d"),
    ]


def test_conversation_ends_the_questions_about_silence() -> None:
    talked = resting(talks=(talk("2028-02-24"),))
    assert talks(talked, "2028-02-24", "ours") == [("2028-02-22", "talk-7d"), ("2028-02-29", "talk-0d")]
    early = resting(talks=(talk("2027-12-24"),))
    assert len(talks(early, "2027-12-24", "ours")) == 4


def test_answered_pause_asks_nothing_more() -> None:
    answered = replace(WINTER, answered_on=day("2028-02-23"))
    assert talks(resting(answered), "2028-02-23") == []


def test_extended_pause_asks_anew_about_its_new_date() -> None:
    longer = replace(
        WINTER, ends_on=day("2028-05-31"), talk_on=day("2028-05-31"), changed_on=day("2028-02-23")
    )
    assert talks(resting(longer), "2028-02-23", "partner") == [("2028-05-24", "talk-7d")]


def test_question_already_passed_when_the_pause_is_declared_comes_once() -> None:
    short = pause("2027-11-30", "2027-12-03")  # -7 was 26 November
    assert talks(resting(short), "2027-11-30", "partner") == [("2027-12-01", "talk-7d")]
    assert talks(resting(short), "2027-11-30", "ours")[:2] == [
        ("2027-12-01", "talk-7d"),
        ("2027-12-03", "talk-0d"),
    ]


def test_calendar_entry_goes_when_the_pause_is_declared() -> None:
    touches = plan(resting(), "2027-11-30")
    entry = touches["pause:5:talk-entry:2028-02-29:org-4:partner"]
    assert (entry.day, entry.audience, entry.person) == (day("2027-11-30"), ("declarer",), 2)
    assert touches["pause:5:talk-entry:2028-02-29:org-4:ours"].audience == ("owner",)


def test_calendar_entry_of_an_imported_pause_goes_with_the_question() -> None:
    touches = plan(resting(replace(WINTER, imported=True)), "2027-11-30")
    assert row(touches, "pause:5:talk-entry", "partner").day == day("2028-02-22")
    assert row(touches, "pause:5:talk-entry", "ours").day == day("2028-02-22")


def test_calendar_entry_moves_at_once_with_a_new_date() -> None:
    longer = replace(WINTER, talk_on=day("2028-05-31"), changed_on=day("2028-01-10"), imported=True)
    past = gone("pause:5:talk-entry:2028-02-29:org-4:partner", "pause:5:talk-entry:2028-02-29:org-4:ours")
    touches = plan(resting(longer, past=past), "2028-01-10")
    assert row(touches, "pause:5:talk-entry:2028-05-31", "partner").day == day("2028-01-10")


# --- stay in touch ------------------------------------------------------------------------------------------------


def touching(organization: Organization, today: str) -> list[tuple[str, str]]:
    return [
        (on, key.removeprefix("organization:4:"))
        for on, key in going(plan(organization, today), "organization:4:touch")
    ]


def test_stay_in_touch_counts_from_the_last_talk() -> None:
    organization = harbor(talks=(talk("2026-12-01"), talk("2027-03-01"), talk("2027-01-15")))
    assert touching(organization, "2027-03-01") == [
        ("2027-06-01", "touch+90d"),  # nominally Sunday 30 May, and Monday is Memorial Day
        ("2027-06-29", "touch+120d"),
    ]
    touches = plan(organization, "2027-03-01")
    assert touches["organization:4:touch+90d:2027-03-01:org-4:ours"].audience == ("owner",)
    assert touches["organization:4:touch+120d:2027-03-01:org-4:ours"].audience == ("owner", "deputy")


def test_stay_in_touch_counts_from_entry_where_no_talk_is_known() -> None:
    assert touching(harbor("2026-11-02"), "2026-11-02") == [
        ("2027-02-01", "touch+90d"),
        ("2027-03-02", "touch+120d"),
    ]


def test_talk_recorded_late_fires_the_latest_passed_offset_once() -> None:
    organization = harbor(talks=(talk("2026-11-10", "2027-02-22"),))  # +90 was 8 February, +120 is 10 March
    assert touching(organization, "2027-02-22") == [("2027-02-23", "touch+90d"), ("2027-03-10", "touch+120d")]
    long_ago = harbor(talks=(talk("2026-03-01", "2026-11-02"),))
    assert touching(long_ago, "2026-11-02") == []


def test_inactive_partner_is_left_alone() -> None:
    assert touching(harbor(active=()), "2026-11-02") == []
    assert touching(harbor(active=((day("2020-01-01"), day("2027-02-01")),)), "2026-11-02") == [
        ("2027-02-01", "touch+90d")
    ]
