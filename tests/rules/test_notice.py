"""An agreement that a side has given notice of: nobody is asked to renew it, and its calendar entry moves."""

from dataclasses import replace

from prm.rules.facts import Organization, State
from prm.rules.ladder import Touch
from tests.rules.world import agreement, day, due, going, gone, handed_over, harbor, plan, replanned

ENDS = "2027-09-30"
ENTRIES = [f"agreement:17:expiry-entry:{ENDS}:org-4:{side}" for side in ("partner", "ours")]


def left(last_day: str, notice: str = "2027-07-20", **facts: object) -> Organization:
    """Harbor House after notice, the last day and the notice written down on one day."""
    one = agreement(last_day, "2026-11-02", notice_on=day(notice), known_on=day(notice))
    return harbor("2026-11-02", agreements=(one,), active=(), **facts)


def entries(touches: dict[str, Touch]) -> list[tuple[str, str]]:
    return sorted((key, str(t.state)) for key, t in touches.items() if t.rule == "expiry-entry")


def test_nothing_is_asked_any_more_neither_of_a_term_nor_of_one_without_an_end():
    assert plan(left("2027-08-31"), "2027-07-20") == {}
    evergreen = agreement(None, "2026-11-02", notice_on=day("2027-07-20"))
    assert plan(harbor("2026-11-02", agreements=(evergreen,), active=()), "2027-07-20") == {}


def test_without_the_notice_the_reminders_come_back():
    organization = left("2027-08-31")
    back = replace(organization, agreements=(replace(organization.agreements[0], notice_on=None),))
    assert going(plan(back, "2027-07-20"), "agreement:17:expiry")


def test_what_is_planned_is_withdrawn_and_what_went_stays():
    before = replanned(harbor(agreements=(agreement(ENDS),)), day("2027-07-02"))
    before = handed_over(before, [t.key for t in due(before, day("2027-07-02"))])
    after = replanned(replace(left("2027-08-31"), past=before.past), day("2027-07-20"))
    states = {past.state for key, past in after.past.items() if ":expiry-" in key and "entry" not in key}
    assert states == {State.HANDED_OVER, State.WITHDRAWN}


def test_who_has_the_entry_gets_it_moved_to_the_last_day_that_is_left():
    organization = left("2027-08-31", past=gone(*ENTRIES, on="2027-07-02"))
    moved = [key.replace(ENDS, "2027-08-31") for key in ENTRIES]
    assert entries(plan(organization, "2027-07-20")) == sorted((key, "planned") for key in moved)
    touches = plan(organization, "2027-07-20").values()
    assert all(t.at_once and t.day == day("2027-07-20") for t in touches)


def test_entry_on_the_same_day_stays_as_it_is():
    organization = left(ENDS, past=gone(*ENTRIES, on="2027-07-02"))
    assert entries(plan(organization, "2027-07-20")) == sorted((key, "handed_over") for key in ENTRIES)
