"""What partners say takes effect, says exactly what it moved, and can be unsaid: full, back, longer, call me."""

import pytest

from prm.capacity.actions import extend, pause
from prm.capacity.models import Pause
from prm.continuity import saying
from prm.management.commands.tick import heartbeat
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Purpose, Statement
from prm.reminders import facts
from prm.reminders.models import Reminder
from prm.rules.pausing import Openness, openness
from prm.rules.refusal import Refusal
from prm.training.actions import invite
from tests.cast import NOW, TODAY, at, day, make_agreement, make_program, make_session

pytestmark = pytest.mark.django_db
NOVEMBER = at("2027-11-30T10:00")  # a Tuesday


@pytest.fixture(autouse=True)
def _program():
    make_program()


@pytest.fixture
def link(harbor, anna):
    return issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAUSE))], now=NOW)[0]


def state(organization):
    """Every reminder as it stands, and whose invitations stand."""
    rows = Reminder.objects.filter(organization=organization).exclude(state="withdrawn")
    return {row.key: (row.state, row.day, row.reason) for row in rows if not row.key.startswith("pause:")}


def open_for_referrals(organization, today):
    known = facts.load([organization], today=today).facts[organization.pk]
    return openness(known.pauses, today)


def changed(statement):
    return statement.data["changed"]


def test_session_that_is_over_is_not_looked_forward_to(link, anna):
    invite(make_session("2027-06-10T10:00"), [anna], now=NOW)
    heartbeat(NOW)
    assert (
        changed(saying.we_are_full(link, scope="referrals", months=1, now=NOW))["session_on"] == "2027-06-10"
    )
    link.statements.update(outcome="seen", settled_at=NOW)
    later = at("2027-07-12T10:00")
    assert changed(saying.we_are_full(link, scope="referrals", months=1, now=later)).get("session_on") is None


# --- we are full ------------------------------------------------------------------------------------------------


def test_referrals_for_three_months_from_30_november_end_on_29_february(link, anna):
    said = saying.we_are_full(link, scope="referrals", months=3, now=NOVEMBER)
    known = Pause.objects.get()
    assert (known.starts_on, known.ends_on, known.talk_on) == (
        day("2027-11-30"),
        day("2028-02-29"),
        day("2028-02-29"),
    )
    assert (known.effect, known.reach, known.declared_by) == ("closed", "us", anna)
    assert (said.kind, said.choice, said.record, said.contact) == (
        "pause",
        "referrals",
        f"pause:{known.pk}",
        anna,
    )
    told = changed(said)
    assert (told["asked_on"], told["talk_on"], told["entry"]) == ("2028-02-22", "2028-02-29", True)
    assert (told["moved"], told["waiting"], told["ours"], told["cancelled"]) == ([], 0, 0, [])


def test_everything_moves_reminders_cancels_invitations_and_leaves_renewal_to_us(harbor, link, anna):
    make_agreement(harbor)
    invite(make_session("2027-07-15T10:00"), [anna], now=NOW)
    invite(make_session("2027-08-12T10:00"), [anna], now=NOW)
    heartbeat(NOW)
    told = changed(saying.we_are_full(link, scope="all", months=3, now=at("2027-06-08T10:00")))
    held = Reminder.objects.filter(side="partner", state="held", reason="held")
    assert [row["on"] for row in told["moved"]] == sorted({row.day.isoformat() for row in held})
    assert told["moved"] == [{"on": "2027-09-09", "count": 2}]
    assert told["cancelled"] == ["2027-07-15", "2027-08-12"]
    assert told["ours"] == Reminder.objects.filter(side="partner", reason="paused").count() == 3
    assert "session_on" not in told


def test_training_goes_on_where_referrals_pause(harbor, link, anna):
    invite(make_session("2027-07-15T10:00"), [anna], now=NOW)
    told = changed(saying.we_are_full(link, scope="referrals", months=3, now=NOW))
    assert (told["session_on"], told["cancelled"]) == ("2027-07-15", [])


def test_unknown_end_holds_training_until_we_talked(harbor, link):
    told = changed(saying.we_are_full(link, scope="training", now=NOW))
    assert told["waiting"] > 0
    assert told["moved"] == []
    assert told["talk_on"] == "2027-09-07"


def test_reason_stays_with_the_pause(harbor, link):
    said = saying.we_are_full(link, scope="referrals", months=1, reason="Two are ill", now=NOW)
    saying.explain(said, reason="A burst pipe", now=NOW)
    assert Pause.objects.get().reason == "A burst pipe"
    for entry in harbor.entries.all():
        assert "pipe" not in f"{entry.note} {entry.data}"
        assert "ill" not in f"{entry.note} {entry.data}"


def test_pressed_twice_is_said_once(harbor, link):
    first = saying.we_are_full(link, scope="referrals", months=3, now=NOW)
    again = saying.we_are_full(link, scope="referrals", months=3, now=at("2027-06-07T11:01"))
    assert again == first
    assert Pause.objects.count() == Statement.objects.count() == 1


def test_pause_that_runs_gets_another_end_and_gets_its_own_back(harbor, anna, link):
    known = pause(harbor, scope="referrals", starts_on=day("2027-05-01"), months=3, now=NOW)
    said = saying.we_are_full(link, scope="referrals", months=3, now=NOW)
    known.refresh_from_db()
    assert (Pause.objects.count(), known.starts_on, known.ends_on) == (
        1,
        day("2027-05-01"),
        day("2027-09-07"),
    )
    saying.take_back(said, now=NOW)
    known.refresh_from_db()
    assert (known.ends_on, known.talk_on, known.withdrawn_on) == (day("2027-08-01"), day("2027-08-01"), None)


def test_pause_that_is_planned_is_named(harbor, link):
    pause(harbor, scope="referrals", starts_on=day("2027-08-01"), months=1, now=NOW)
    with pytest.raises(Refusal, match="known already") as refused:
        saying.we_are_full(link, scope="referrals", months=3, now=NOW)
    assert refused.value.field == "ends_on"
    assert saying.we_are_full(link, scope="referrals", months=1, now=NOW).choice == "referrals"


def test_day_gone_by_is_refused(link):
    with pytest.raises(Refusal, match="from today on"):
        saying.we_are_full(link, scope="referrals", ends_on=day("2027-06-06"), now=NOW)


def test_full_again_answers_the_question_about_the_pause_before(harbor, link):
    old = pause(harbor, scope="referrals", starts_on=day("2027-03-01"), months=3, now=at("2027-03-01T10:00"))
    said = saying.we_are_full(link, scope="referrals", months=1, now=NOW)
    old.refresh_from_db()
    assert (old.answered_on, old.answer) == (TODAY, "longer")
    saying.take_back(said, now=NOW)
    old.refresh_from_db()
    assert old.answered_on is None


def test_taken_back_at_once_everything_is_as_before(harbor, link, anna):
    make_agreement(harbor)
    invite(make_session("2027-07-15T10:00"), [anna], now=NOW)
    heartbeat(NOW)
    before = state(harbor)
    said = saying.we_are_full(link, scope="all", months=3, now=NOW)
    assert state(harbor) != before
    saying.take_back(said, now=NOW)
    assert state(harbor) == before
    assert Pause.objects.get().withdrawn_on == TODAY
    assert saying.take_back(said, now=NOW).taken_back_at == NOW


def test_taken_back_later_they_are_open_again_from_that_day_on(harbor, link):
    said = saying.we_are_full(link, scope="referrals", months=3, now=NOW)
    later = at("2027-06-20T10:00")
    saying.take_back(said, now=later)
    known = Pause.objects.get()
    assert (known.ends_on, known.withdrawn_on) == (day("2027-06-19"), None)
    assert open_for_referrals(harbor, day("2027-06-20")) is Openness.OPEN


def test_said_anew_it_tells_everything_that_is_different_from_before_the_first_word(harbor, link, anna):
    invite(make_session("2027-07-15T10:00"), [anna], now=NOW)
    heartbeat(NOW)
    first = saying.we_are_full(link, scope="all", months=3, now=NOW)
    second = saying.change_full(first, link, scope="all", months=2, now=NOW)
    told = changed(second)
    assert told["cancelled"] == ["2027-07-15"]
    assert {row["on"] for row in told["moved"]} == {"2027-08-09"}
    first.refresh_from_db()
    assert first.taken_back_at == NOW
    assert list(Pause.objects.filter(withdrawn_on=None).values_list("ends_on", flat=True)) == [
        day("2027-08-07")
    ]


# --- back, longer, call -----------------------------------------------------------------------------------------


@pytest.fixture
def breath(harbor, anna):
    """Referrals pause through 14 June; on 7 June they are asked."""
    now = at("2027-04-14T10:00")
    return pause(
        harbor,
        scope="referrals",
        starts_on=day("2027-04-14"),
        months=2,
        declared_by=anna,
        now=now,
        today=now.date(),
    )


def test_back_as_planned_opens_with_the_end(harbor, breath, link):
    told = changed(saying.answer_talk(link, breath, choice="back", now=NOW))
    assert "talk_on" not in told
    assert open_for_referrals(harbor, day("2027-06-14")) is Openness.PAUSED
    assert open_for_referrals(harbor, day("2027-06-15")) is Openness.OPEN
    assert not Reminder.objects.filter(rule="talk", state="planned").exists()


def test_call_me_leaves_it_to_be_confirmed_until_somebody_talked(harbor, breath, link):
    said = saying.answer_talk(link, breath, choice="call", note="Mornings are best", now=NOW)
    breath.refresh_from_db()
    assert breath.answered_on is None
    assert open_for_referrals(harbor, day("2027-06-15")) is Openness.TO_BE_CONFIRMED
    assert Reminder.objects.filter(rule="talk", offset=7, side="ours", state="planned").exists()
    assert (said.note, said.outcome) == ("Mornings are best", "")


def test_longer_counts_from_the_present_end(breath, link):
    told = changed(saying.answer_talk(link, breath, choice="longer", months=3, now=NOW))
    breath.refresh_from_db()
    assert (breath.ends_on, breath.talk_on) == (day("2027-09-14"), day("2027-09-14"))
    assert (told["asked_on"], told["talk_on"]) == ("2027-09-07", "2027-09-14")


@pytest.mark.parametrize("ends_on", ["2027-06-14", "2027-06-01"])
def test_longer_is_later_than_the_present_end(breath, link, ends_on):
    with pytest.raises(Refusal, match="after the present end"):
        saying.answer_talk(link, breath, choice="longer", ends_on=day(ends_on), now=NOW)
    assert not Statement.objects.exists()


def test_last_word_counts(harbor, breath, link):
    words = [
        saying.answer_talk(link, breath, choice=choice, months=months, now=NOW)
        for choice, months in (("longer", 1), ("back", None), ("longer", 6), ("call", None), ("back", None))
    ]
    breath.refresh_from_db()
    assert (breath.ends_on, breath.answer) == (day("2027-06-14"), "back")
    for word in words:
        word.refresh_from_db()
    assert [word.taken_back_at is None for word in words] == [False] * 4 + [True]


def test_answer_to_the_next_question_leaves_the_last_one_alone(breath, link):
    first = saying.answer_talk(link, breath, choice="longer", months=1, now=NOW)
    saying.answer_talk(link, breath, choice="back", now=at("2027-07-08T10:00"))
    first.refresh_from_db()
    breath.refresh_from_db()
    assert first.taken_back_at is None
    assert (breath.ends_on, breath.answer) == (day("2027-07-14"), "back")


@pytest.mark.parametrize(("choice", "months"), [("back", None), ("longer", 2), ("call", None)])
def test_answer_taken_back_opens_the_question_again(harbor, breath, link, choice, months):
    heartbeat(NOW)
    before = state(harbor)
    said = saying.answer_talk(link, breath, choice=choice, months=months, now=NOW)
    saying.take_back(said, now=NOW)
    breath.refresh_from_db()
    assert (breath.ends_on, breath.talk_on, breath.answered_on) == (
        day("2027-06-14"),
        day("2027-06-14"),
        None,
    )
    assert state(harbor) == before


def test_pause_without_an_end_is_over_when_they_are_back_and_runs_again_when_that_was_wrong(
    harbor, link, anna
):
    now = at("2027-03-07T10:00")
    known = pause(harbor, scope="referrals", starts_on=day("2027-03-07"), declared_by=anna, now=now)
    said = saying.answer_talk(link, known, choice="back", now=NOW)
    assert open_for_referrals(harbor, TODAY) is Openness.OPEN
    saying.take_back(said, now=NOW)
    known.refresh_from_db()
    assert (known.ends_on, known.talk_on, known.answered_on) == (None, day("2027-06-07"), None)


def test_what_our_side_changed_since_stays(breath, link):
    said = saying.answer_talk(link, breath, choice="longer", months=1, now=NOW)
    extend(breath, ends_on=day("2027-12-31"), now=NOW)
    saying.take_back(said, now=NOW)
    breath.refresh_from_db()
    assert breath.ends_on == day("2027-12-31")
