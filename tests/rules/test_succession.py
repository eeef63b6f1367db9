"""Who is asked on the day, and who when nobody is left."""

from dataclasses import replace
from datetime import date

import pytest

from prm.rules.facts import Colleague, Contact, Holding, Keeping, People, Side, State
from prm.rules.plan import desired, diff
from prm.rules.succession import Recipient, our_recipients, partner_recipients, reachable, recipients
from tests.rules.world import (
    ANNA,
    ENTERED,
    PEOPLE,
    SAM,
    TARA,
    agreement,
    apply,
    day,
    gone,
    handed_over,
    harbor,
    plan,
    replanned,
    row,
)

TODAY = day("2027-03-01")


def asked(
    people: People, *audience: str, on: date = TODAY, category: str = "renewal", person: int | None = None
) -> list[str]:
    return [r.address.split("@")[0] for r in partner_recipients(people, audience, on, category, person)]


def held(**roles: int | tuple[int, ...]) -> People:
    """The three contacts with exactly these roles."""
    holdings = tuple(
        Holding(contact, role, ENTERED)
        for role, contacts in roles.items()
        for contact in ((contacts,) if isinstance(contacts, int) else contacts)
    )
    return replace(PEOPLE, holdings=holdings)


# --- the partner --------------------------------------------------------------------------------------------------


def test_every_holder_of_every_role_is_asked_each_address_once() -> None:
    assert asked(held(notice=(1, 3), signatory=2), "notice", "signatory") == ["anna", "tara", "sam"]
    assert asked(held(notice=1, signatory=1), "notice", "signatory") == ["anna"]
    same = replace(PEOPLE, contacts=(ANNA, replace(SAM, address="Anna@Harbor.example")))
    assert asked(same, "notice", "signatory") == ["anna"]


@pytest.mark.parametrize(
    ("audience", "roles", "expected"),
    [
        ("notice", {"signatory": 2, "primary": 3}, "sam"),
        ("notice", {"primary": 3}, "tara"),
        ("signatory", {"notice": 2, "primary": 3}, "sam"),
        ("signatory", {"primary": 3}, "tara"),
        ("training", {"primary": 3, "notice": 2}, "tara"),
        ("intake", {"primary": 3, "training": 2}, "tara"),
        ("declarer", {"primary": 3, "notice": 2}, "tara"),
        ("primary", {"notice": 3}, "anna"),  # the earliest entered
        ("notice", {"training": 3}, "anna"),
        ("training", {"notice": 3}, "anna"),
    ],
)
def test_fallback_follows_its_chain(audience: str, roles: dict[str, int], expected: str) -> None:
    assert asked(held(**roles), audience) == [expected]


def test_fallback_starts_only_when_none_of_the_roles_has_anyone() -> None:
    assert asked(held(signatory=2, primary=3), "notice", "signatory") == ["sam"]
    assert asked(held(primary=3), "notice", "signatory") == ["tara"]


def gone_since(contact: Contact) -> Contact:
    return replace(contact, left_on=day("2027-02-28"))


@pytest.mark.parametrize(
    "lost",
    [
        gone_since(ANNA),
        replace(ANNA, undeliverable=True),
        replace(ANNA, unsubscribed=frozenset({"renewal"})),
        replace(ANNA, address=""),
    ],
)
def test_whoever_cannot_be_reached_is_passed_over(lost: Contact) -> None:
    assert not reachable(lost, TODAY, "renewal")
    people = replace(held(notice=1, signatory=2), contacts=(lost, SAM, TARA))
    assert asked(people, "notice") == ["sam"]


def test_last_day_is_still_inside() -> None:
    people = replace(held(notice=1, signatory=2), contacts=(gone_since(ANNA), SAM))
    assert asked(people, "notice", on=day("2027-02-28")) == ["anna"]
    until = replace(
        PEOPLE, holdings=(Holding(2, "notice", ENTERED, TODAY), Holding(3, "notice", day("2027-03-02")))
    )
    assert asked(until, "notice") == ["sam"]
    assert asked(until, "notice", on=day("2027-03-02")) == ["tara"]


def test_unsubscribing_from_one_category_leaves_the_others() -> None:
    people = replace(
        held(notice=1, primary=3), contacts=(replace(ANNA, unsubscribed=frozenset({"training"})), TARA)
    )
    assert asked(people, "notice") == ["anna"]
    assert asked(people, "notice", category="training") == ["tara"]


def test_earliest_entered_active_contact_is_the_end_of_each_chain() -> None:
    people = People(contacts=(replace(SAM, entered=9), replace(TARA, entered=4), gone_since(ANNA)))
    assert asked(people, "notice") == ["tara"]


def test_mailbox_comes_last_and_then_nobody() -> None:
    people = People(contacts=(gone_since(ANNA),), mailbox="office@harbor.example")
    assert partner_recipients(people, ("notice",), TODAY, "renewal") == (Recipient("office@harbor.example"),)
    assert partner_recipients(replace(people, mailbox=""), ("notice",), TODAY, "renewal") == ()


def test_empty_audience_never_means_everybody() -> None:
    assert len(partner_recipients(PEOPLE, (), TODAY, "renewal")) <= 1


def test_declarer_is_the_person_who_declared() -> None:
    assert asked(PEOPLE, "declarer", person=2) == ["sam"]
    assert asked(replace(PEOPLE, contacts=(ANNA, gone_since(SAM))), "declarer", person=2) == ["anna"]


# --- our side -----------------------------------------------------------------------------------------------------

ROSA, BEN, DINA, ROOT = (
    Colleague(1, "Rosa", "rosa@program.example"),
    Colleague(2, "Ben", "ben@program.example"),
    Colleague(3, "Dina", "dina@program.example", role="director"),
    Colleague(4, "Root", "root@program.example", superuser=True),
)


def staff(*colleagues: Colleague, owner: int | None = None, deputy: int | None = None) -> People:
    keepings = [Keeping(u, k, ENTERED) for k, u in (("owner", owner), ("deputy", deputy)) if u is not None]
    return People(colleagues=colleagues, keepings=tuple(keepings))


def told(people: People, *audience: str, on: date = TODAY) -> list[str]:
    return [r.name for r in our_recipients(people, audience, on)]


def test_whoever_of_our_roles_exists_is_told() -> None:
    everyone = staff(
        ROSA, BEN, DINA, replace(DINA, id=5, name="Dora", address="dora@program.example"), owner=1, deputy=2
    )
    assert told(everyone, "owner", "deputy", "director") == ["Rosa", "Ben", "Dina", "Dora"]
    assert told(staff(ROSA, owner=1), "owner", "deputy", "director") == ["Rosa"]


def test_nobody_of_our_roles_passes_on_in_order() -> None:
    assert told(staff(ROSA, BEN, DINA, deputy=2), "owner") == ["Ben"]
    assert told(staff(ROSA, DINA, ROOT), "owner") == ["Dina"]
    assert told(staff(ROSA, DINA, owner=1), "deputy") == ["Dina"]
    assert told(staff(ROSA, ROOT, owner=1), "deputy") == ["Rosa"]
    assert told(staff(ROSA, ROOT), "owner", "deputy") == ["Root"]
    assert told(staff(ROSA), "owner") == []


def test_successor_is_told_from_the_day_after_the_handover() -> None:
    keepings = (Keeping(1, "owner", ENTERED, TODAY), Keeping(2, "owner", day("2027-03-02")))
    people = People(colleagues=(ROSA, BEN), keepings=keepings)
    assert told(people, "owner") == ["Rosa"]
    assert told(people, "owner", on=day("2027-03-02")) == ["Ben"]


def test_owner_who_is_no_active_user_counts_as_nobody() -> None:
    assert told(staff(BEN, owner=1, deputy=2), "owner") == ["Ben"]


def away(
    colleague: Colleague, stand_in: int | None, first: str = "2027-03-01", last: str = "2027-03-05"
) -> Colleague:
    return replace(colleague, away_from=day(first), away_until=day(last), stand_in=stand_in)


def test_whoever_stands_in_is_told_as_well_on_the_days_of_absence_both_inside() -> None:
    people = staff(away(ROSA, 2), BEN, DINA, owner=1)
    days = ("2027-02-28", "2027-03-01", "2027-03-05", "2027-03-06")
    assert [told(people, "owner", "director", on=day(one)) for one in days] == [
        ["Rosa", "Dina"],
        ["Rosa", "Ben", "Dina"],
        ["Rosa", "Ben", "Dina"],
        ["Rosa", "Dina"],
    ]


def test_stand_in_who_is_away_as_well_passes_on_and_nobody_is_told_twice() -> None:
    people = staff(away(ROSA, 2), away(BEN, 3), away(DINA, 1), owner=1, deputy=2)
    assert told(people, "owner", on=day("2027-03-02")) == ["Rosa", "Ben", "Dina"]
    assert told(people, "owner", "deputy", "director", on=day("2027-03-02")) == ["Rosa", "Ben", "Dina"]


def test_stand_in_without_access_is_told_nothing() -> None:
    assert told(staff(away(ROSA, 2), DINA, owner=1), "owner", on=day("2027-03-02")) == ["Rosa"]
    assert told(staff(away(ROSA, None), BEN, owner=1), "owner", on=day("2027-03-02")) == ["Rosa"]


def test_calendar_of_a_stand_in_stays_as_it_is() -> None:
    people = staff(away(ROSA, 2), BEN, owner=1)
    found = our_recipients(people, ("owner",), day("2027-03-02"), stand_ins=False)
    assert [r.name for r in found] == ["Rosa"]


def test_recipients_keep_the_sides_apart() -> None:
    assert [r.contact for r in recipients(PEOPLE, Side.PARTNER, ("notice",), TODAY, "renewal")] == [1]
    assert [r.user for r in recipients(PEOPLE, Side.OURS, ("owner",), TODAY, "renewal")] == [1]


# --- nobody to tell -----------------------------------------------------------------------------------------------

NOBODY = replace(PEOPLE, contacts=(), holdings=())
KEY = "agreement:17:expiry-90d:2027-09-30:org-4:partner"


def test_owner_is_told_where_nobody_at_the_partner_can_be() -> None:
    touches = plan(harbor(agreements=(agreement("2027-09-30"),), people=NOBODY), "2027-01-04")
    assert (touches[KEY].state, touches[KEY].reason.code) == (State.SKIPPED, "no_contact")
    gap = touches[f"{KEY}:nobody"]
    assert (gap.side, gap.audience, gap.day, gap.state) == (
        Side.OURS,
        ("owner",),
        day("2027-07-02"),
        State.PLANNED,
    )
    assert not [key for key in touches if "expiry-entry" in key and key.endswith("partner")]


def test_gap_is_withdrawn_when_somebody_is_found() -> None:
    organization = replanned(harbor(agreements=(agreement("2027-09-30"),), people=NOBODY), day("2027-01-04"))
    found = replanned(replace(organization, people=PEOPLE), day("2027-01-05"))
    assert found.past[KEY].state is State.PLANNED
    assert found.past[f"{KEY}:nobody"].state is State.WITHDRAWN


def test_gap_is_known_ahead_when_a_contact_leaves_before_the_day() -> None:
    people = replace(PEOPLE, contacts=(replace(ANNA, left_on=day("2027-08-31")),))
    touches = plan(harbor(agreements=(agreement("2027-09-30"),), people=people), "2027-01-04")
    assert touches[KEY].state is State.PLANNED
    assert f"{KEY.replace('-90d', '-14d')}:nobody" in touches


def test_gap_goes_out_once() -> None:
    organization = replanned(harbor(agreements=(agreement("2027-09-30"),), people=NOBODY), day("2027-07-02"))
    organization = handed_over(organization, [f"{KEY}:nobody"])
    for today in ("2027-07-02", "2027-07-06"):
        wanted = desired(organization, day(today), day("2027-10-01"))
        assert not [t for t in wanted if t.key == f"{KEY}:nobody" and t.state is State.PLANNED]
        past = apply(dict(organization.past), diff(organization.past, wanted, day(today)))
        assert past[f"{KEY}:nobody"].state is State.HANDED_OVER


def test_gap_missed_in_an_outage_is_still_told() -> None:
    organization = replanned(harbor(agreements=(agreement("2027-09-30"),), people=NOBODY), day("2027-07-02"))
    later = plan(organization, "2027-07-06")
    assert row(later, KEY, ":nobody").state is State.PLANNED


def test_successor_receives_what_was_planned_for_the_one_who_left() -> None:
    people = replace(
        PEOPLE,
        contacts=(replace(ANNA, left_on=day("2027-06-30")), SAM),
        holdings=(Holding(1, "notice", ENTERED, day("2027-06-30")), Holding(2, "notice", day("2027-07-01"))),
    )
    touch = row(plan(harbor(agreements=(agreement("2027-09-30"),), people=people), "2027-01-04"), KEY)
    assert touch.day is not None
    assert [r.name for r in recipients(people, touch.side, touch.audience, touch.day, touch.category)] == [
        "Sam Ode"
    ]


def test_gap_told_for_the_old_end_leaves_the_corrected_one_its_touch() -> None:
    past = gone(f"{KEY}:nobody", on="2027-07-02")
    corrected = agreement("2027-12-31", known_on=day("2027-07-12"))
    touches = plan(harbor(agreements=(corrected,), past=past), "2027-07-12")
    assert row(touches, "agreement:17:expiry-90d:2027-12-31", "partner").state is State.PLANNED
