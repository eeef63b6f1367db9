"""Harbor House takes a breath."""

import pytest

from prm.capacity.actions import answer, explain, extend, pause, resume, unanswer, withdraw
from prm.capacity.models import Pause
from prm.capacity.queries import current_pauses, pauses_of, to_be_confirmed
from prm.partners.actions import add_contact
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, at, day, make_organization

NOVEMBER = day("2027-11-30")


def take(harbor, **facts) -> Pause:
    return pause(harbor, **{"scope": "all", "starts_on": NOVEMBER, "now": NOW} | facts)


def test_three_months_from_the_end_of_november_end_on_leap_day(harbor, anna):
    breath = take(harbor, months=3, declared_by=anna, reason="Many arrivals")
    assert (breath.ends_on, breath.talk_on) == (day("2028-02-29"), day("2028-02-29"))
    assert (breath.effect, breath.reach, breath.entered_on) == ("closed", "us", TODAY)


def test_unknown_end_is_talked_about_after_three_months(harbor):
    breath = take(harbor)
    assert (breath.ends_on, breath.talk_on) == (None, day("2028-02-29"))


def test_chosen_day_to_talk_is_kept(harbor):
    assert take(harbor, months=3, talk_on=day("2028-01-10")).talk_on == day("2028-01-10")


def test_reason_stays_out_of_the_timeline(harbor):
    take(harbor, months=3, reason="The director is ill")
    entry = harbor.entries.first()
    assert entry.event == "pause_recorded"
    assert "ill" not in f"{entry.note}{entry.data}"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"scope": "everything"}, "scope"),
        ({"scope": "service"}, "service"),
        ({"service": "Beds"}, "service"),
        ({"effect": "shut"}, "effect"),
        ({"reach": "them"}, "reach"),
        ({"months": 0}, "months"),
        ({"ends_on": day("2027-11-29")}, "ends_on"),
        ({"talk_on": day("2027-11-29")}, "talk_on"),
        ({"scope": "service", "service": "x" * 121}, "service"),
    ],
)
def test_wrong_pause_is_refused_with_the_field_to_mend(harbor, facts, field):
    with pytest.raises(Refusal) as refused:
        take(harbor, **facts)
    assert refused.value.field == field
    assert not Pause.objects.exists()


def test_declared_by_somebody_elses_contact_is_refused(harbor):
    stranger = add_contact(make_organization("Task Force"), name="Li", now=NOW)
    with pytest.raises(Refusal):
        take(harbor, declared_by=stranger)


def test_overlap_of_the_same_scope_is_refused_other_scopes_are_not(harbor):
    take(harbor, months=3)
    with pytest.raises(Refusal):
        take(harbor, starts_on=day("2028-02-29"))
    assert take(harbor, starts_on=day("2028-03-01")).pk
    assert take(harbor, scope="training").pk
    assert take(harbor, scope="service", service="Beds").pk
    with pytest.raises(Refusal):
        take(harbor, scope="service", service="beds")


def test_extended_pause_asks_its_question_anew(harbor):
    breath = take(harbor, months=3)
    answer(breath, answer="longer", now=NOW)
    extend(breath, ends_on=day("2028-05-31"), now=at("2028-02-20T10:00"))
    breath.refresh_from_db()
    assert (breath.ends_on, breath.talk_on) == (day("2028-05-31"), day("2028-05-31"))
    assert (breath.changed_on, breath.answered_on, breath.answer) == (day("2028-02-20"), None, "")


def test_extended_without_an_end_talks_in_three_months(harbor):
    breath = extend(take(harbor, months=3), ends_on=None, now=at("2028-02-20T10:00"))
    assert (breath.ends_on, breath.talk_on) == (None, day("2028-05-20"))


def test_extension_into_another_pause_is_refused(harbor):
    first = take(harbor, months=3)
    take(harbor, starts_on=day("2028-04-01"))
    with pytest.raises(Refusal):
        extend(first, ends_on=day("2028-04-01"), now=NOW)
    assert Pause.objects.get(pk=first.pk).ends_on == day("2028-02-29")


def test_same_end_again_changes_nothing(harbor):
    breath, before = take(harbor, months=3), harbor.entries.count()
    extend(breath, ends_on=day("2028-02-29"), now=at("2028-02-20T10:00"))
    assert breath.changed_on == TODAY
    assert harbor.entries.count() == before


def test_resumed_pause_ended_yesterday(harbor):
    breath = resume(take(harbor, months=3), now=at("2028-01-10T10:00"))
    assert (breath.ends_on, breath.answered_on) == (day("2028-01-09"), day("2028-01-10"))
    assert breath.withdrawn_on is None
    assert Organization.objects.get().plan_stale_at == at("2028-01-10T10:00")


@pytest.mark.parametrize("today", ["2027-11-20", "2027-11-30"])
def test_resumed_before_it_began_never_was(harbor, today):
    breath = resume(take(harbor, months=3), now=at(f"{today}T10:00"))
    assert breath.withdrawn_on == day(today)
    assert list(pauses_of(harbor)) == []


def test_resumed_after_its_end_keeps_its_days(harbor):
    breath = resume(take(harbor, months=3), now=at("2028-03-15T10:00"))
    assert (breath.ends_on, breath.answered_on) == (day("2028-02-29"), day("2028-03-15"))


def test_taken_back_pause_makes_room_and_is_left_alone(harbor):
    breath = withdraw(take(harbor, months=3), now=NOW)
    assert take(harbor, months=3).pk
    with pytest.raises(Refusal):
        extend(breath, ends_on=None, now=NOW)


def test_ended_pause_reads_to_be_confirmed_until_answered(harbor):
    breath = take(harbor, months=3)
    take(harbor, scope="training", months=3)
    assert [p.scope for p in current_pauses(harbor, day("2028-02-29"))] == ["all", "training"]
    assert to_be_confirmed(harbor, day("2028-02-29")) == []
    assert to_be_confirmed(harbor, day("2028-03-01")) == [breath]
    answer(breath, answer="back", now=at("2028-03-02T10:00"))
    assert to_be_confirmed(harbor, day("2028-03-02")) == []


def test_answer_taken_back_is_asked_for_again(harbor):
    breath = answer(take(harbor, months=3), answer="back", now=NOW)
    unanswer(breath, now=NOW)
    assert (breath.answered_on, breath.answer) == (None, "")
    assert to_be_confirmed(harbor, day("2028-03-01")) == [breath]
    entries = harbor.entries.count()
    assert unanswer(breath, now=NOW).answered_on is None
    assert harbor.entries.count() == entries


def test_reason_given_later_stays_out_of_the_timeline_too(harbor):
    breath = explain(take(harbor, months=3), reason=" A burst pipe ", now=NOW)
    assert breath.reason == "A burst pipe"
    entry = harbor.entries.first()
    assert entry.event == "pause_explained"
    assert "pipe" not in f"{entry.note}{entry.data}"
