"""Somebody changes the steps of a series: what is refused, what is written, which plans follow, how it is undone."""

from __future__ import annotations

from datetime import date

import pytest

from prm.accounts.history import history_of
from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reminders.changing import Whose, Wish, change_rule, reset_rule, stamp, undo_rule
from prm.reminders.models import Reminder, Rule
from prm.reminders.queries import now_of
from prm.rules.changing import SERIES
from prm.rules.refusal import Conflict, Refusal
from prm.rules.steps import Step
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, day, make_agreement, make_organization

EVERYONE = Whose("expiry")
NEW = (Step(-45, ("notice",), ("owner",)), Step(7, (), ("director",)))


@pytest.fixture
def rule_of(rosa):
    """Write a wish of Rosa's down, as seen at this moment."""

    def write(whose=EVERYONE, steps=NEW, *, on=True, today=TODAY):
        return change_rule(Wish(whose, steps, on=on), by=rosa, today=today, seen=stamp(whose.row))

    return write


def offsets(state: str = "planned", **of: object) -> list[int]:
    found = Reminder.objects.filter(rule="expiry", offset__isnull=False, state=state, **of)
    return sorted(set(found.values_list("offset", flat=True)))


@pytest.mark.parametrize(
    ("rule", "steps", "field", "words"),
    [
        ("expiry", [(-366, "notice", "")], "days-0", "Use 365 days at most."),
        ("expiry", [(-7, "", "owner"), (-7, "", "owner")], "days-1", "This day is there already."),
        ("expiry", [(7, "notice", "owner")], "partner-0", "After the day nobody at the partner is asked"),
        ("expiry", [(-7, "", "")], "ours-0", "Choose who hears of it."),
        ("expiry", [(-7, "intake", "")], "partner-0", "Please choose one of these."),
        ("expiry", [(-7, "", "everybody")], "ours-0", "Please choose one of these."),
        ("expiry", [], "on", "Keep at least one reminder"),
        ("expiry", [(-n, "", "owner") for n in range(13)], "on", "Use 12 reminders at most."),
        ("review", [(1, "", "owner")], "days-0", "Choose a day before it, or the day itself."),
        ("start", [(0, "invited", "")], "days-0", "Choose a day before it."),
        ("after", [(0, "invited", "")], "days-0", "Choose a day after it."),
        ("after", [(3, "", "")], "partner-0", "Choose who hears of it."),
        ("stuck", [(6, "", "owner")], "days-0", "Use 7 days or more."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(rule_of, rule, steps, field, words):
    wanted = tuple(Step(n, tuple(p.split()), tuple(o.split())) for n, p, o in steps)
    with pytest.raises(Refusal, match=words) as refused:
        rule_of(Whose(rule), wanted)
    assert refused.value.field == field
    assert not Rule.objects.exists()


def test_every_usual_series_may_be_written_down_as_it_is(rule_of):
    for name, series in SERIES.items():
        rule_of(Whose(name), series.usual())
    assert Rule.objects.count() == len(SERIES)


def test_changed_rule_is_what_the_plans_follow_and_what_is_off_is_withdrawn(rule_of, harbor):
    make_agreement(harbor, expires_on=day("2027-12-31"))
    refresh(now=NOW)
    assert offsets() == [-90, -60, -30, -14, -7, 0, 7, 14, 21, 28]
    written = rule_of()
    assert [one["since"] for one in written.steps] == ["2027-06-07", "2027-06-07"]
    assert (written.by.name, written.changed_on) == ("Rosa", TODAY)
    assert not Organization.objects.filter(planned_for=TODAY).exists()
    refresh(now=NOW)
    assert offsets() == [-45, 7]
    assert -90 in offsets("withdrawn")
    rule_of(on=False)
    refresh(now=NOW)
    assert offsets() == []
    rule_of(on=True)
    refresh(now=NOW)
    assert offsets() == [-45, 7]


def test_a_step_keeps_its_day_while_nobody_new_hears_of_it(rule_of):
    rule_of()
    wider = (
        Step(-45, ("notice", "signatory"), ("owner",)),
        Step(-7, (), ("owner",)),
        Step(7, (), ("owner",)),
    )
    later = rule_of(steps=wider, today=date(2027, 8, 1))
    assert [(one["offset"], one["since"]) for one in later.steps] == [
        (-45, "2027-06-07"),
        (-7, "2027-08-01"),
        (7, "2027-06-07"),
    ]
    both = rule_of(steps=(Step(-7, ("notice",), ("owner",)),), today=date(2027, 9, 1))
    assert both.steps[0]["since"] == "2027-09-01"


def test_organization_then_kind_then_everyone(rule_of, harbor):
    lighthouse = make_organization("Lighthouse")
    for one in (harbor, lighthouse):
        make_agreement(one, expires_on=day("2027-12-31"))
    joint = make_organization("Joint")
    make_agreement(joint, kind=term("agreement_kind", "moa"), expires_on=day("2027-12-31"))
    refresh(now=NOW)
    rule_of(Whose("expiry", kind=term("agreement_kind", "mou")), (Step(-20, (), ("owner",)),))
    assert set(Organization.objects.filter(planned_for=None)) == {harbor, lighthouse}
    rule_of(Whose("expiry", organization=harbor), (Step(-10, (), ("owner",)),))
    rule_of()
    refresh(now=NOW)
    assert offsets(organization=harbor) == [-10]
    assert offsets(organization=lighthouse) == [-20]
    assert offsets(organization=joint) == [-45, 7]


def test_back_to_what_holds_for_everyone_sends_nothing_late(rule_of, harbor, rosa):
    make_agreement(harbor, expires_on=day("2027-12-31"))
    whose = Whose("expiry", organization=harbor)
    rule_of(whose, (Step(-10, (), ("owner",)),))
    refresh(now=NOW)
    back = day("2027-11-15")  # after -90, -60 and the last working day before -45
    reset_rule(whose, by=rosa, today=back, seen=stamp(whose.row))
    refresh(now=at("2027-11-15T10:00"))
    assert offsets() == [-30, -14, -7, 0, 7, 14, 21, 28]
    assert set(Reminder.objects.filter(offset=-60).values_list("state", "reason")) == {("skipped", "setting")}
    assert [step.offset for step in now_of("expiry", organization=harbor.pk)] == [
        step.offset for step in SERIES["expiry"].usual()
    ]
    with pytest.raises(Refusal, match="as usual already"):
        reset_rule(EVERYONE, by=rosa, today=TODAY, seen="0")


def test_undo_goes_back_one_change_and_never_over_a_colleagues(rule_of, rosa):
    first = rule_of()
    rule_of(steps=(Step(-10, (), ("owner",)),))
    undone = undo_rule(EVERYONE, by=rosa, today=TODAY, seen=stamp(EVERYONE.row))
    assert [one["offset"] for one in undone.steps] == [-45, 7]
    with pytest.raises(Conflict, match="Somebody else changed this meanwhile"):
        undo_rule(EVERYONE, by=rosa, today=TODAY, seen="0")
    with pytest.raises(Conflict):
        change_rule(Wish(EVERYONE, NEW, on=False), by=rosa, today=TODAY, seen="0")
    assert history_of(Rule).filter(history_relation=first.pk).count() == 3


def test_undo_of_the_first_change_is_the_usual_again(rule_of, rosa):
    rule_of()
    undo_rule(EVERYONE, by=rosa, today=TODAY, seen=stamp(EVERYONE.row))
    assert [step.offset for step in now_of("expiry")] == [step.offset for step in SERIES["expiry"].usual()]
    undo_rule(EVERYONE, by=rosa, today=TODAY, seen=stamp(EVERYONE.row))
    assert [step.offset for step in now_of("expiry")] == [-45, 7]
    with pytest.raises(Refusal, match="nothing to undo"):
        undo_rule(Whose("review"), by=rosa, today=TODAY, seen="0")
