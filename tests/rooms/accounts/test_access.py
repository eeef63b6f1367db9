"""Who sees what: Carla, a viewer, must not see what is confidential."""

import pytest
from django.contrib.auth.models import AnonymousUser

from prm.accounts.access import (
    may_close_access,
    may_run_program,
    may_see_accesses,
    may_see_reasons,
    may_switch_sending,
    may_write,
    roles_to_give,
    visible_organizations,
)
from prm.accounts.actions import set_active
from prm.accounts.models import UserRole
from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.partners.actions import change_organization
from prm.partners.models import Organization, Visibility
from prm.rules.access import Role, Tier, With, may_with, tier_of
from tests.cast import NOW, TODAY, daniel, make_organization


def seen_by(user) -> set[str]:
    return set(Organization.objects.filter(visible_organizations(user)).values_list("name", flat=True))


@pytest.fixture
def three(harbor):
    make_organization("Safe House", confidential=True)
    make_organization("Task Force", visibility="need_to_know")


def test_viewer_does_not_see_confidential_or_need_to_know(three, carla):
    assert seen_by(carla) == {"Harbor House"}
    assert not may_write(carla)
    assert not may_see_reasons(carla)


@pytest.mark.parametrize("role", ["director", "manager", "assistant"])
def test_staff_who_write_see_everyone(three, rosa, role):
    rosa.role = role
    assert len(seen_by(rosa)) == 3
    assert may_write(rosa)


def test_superuser_sees_everyone_whatever_the_role(three, carla):
    carla.is_superuser = True
    assert len(seen_by(carla)) == 3


def test_nobody_signed_in_sees_nothing(three, rosa):
    assert seen_by(AnonymousUser()) == set()
    set_active(rosa, False)
    assert seen_by(rosa) == set()
    assert not may_write(AnonymousUser())


def test_condition_reaches_through_other_tables(harbor, carla):
    pause(harbor, scope="all", starts_on=TODAY, now=NOW)
    visible = Pause.objects.filter(visible_organizations(carla, "organization__"))
    assert visible.exists()
    change_organization(harbor, confidential=True, now=NOW)
    assert not visible.all().exists()


@pytest.mark.parametrize(
    ("role", "runs", "gives"),
    [
        ("director", True, ["director", "manager", "assistant", "viewer"]),
        ("manager", True, ["manager", "assistant", "viewer"]),
        ("assistant", False, []),
        ("viewer", False, []),
    ],
)
def test_who_runs_the_program_and_which_roles_they_give(rosa, role, runs, gives):
    rosa.role = role
    assert may_run_program(rosa) is may_switch_sending(rosa) is runs
    assert may_see_accesses(rosa) is (role == "director")
    assert list(roles_to_give(rosa)) == gives
    rosa.is_active = False
    assert not may_run_program(rosa)
    assert roles_to_give(rosa) == ()
    assert roles_to_give(AnonymousUser()) == ()


def test_only_a_director_closes_the_access_of_a_director_and_nobody_their_own(rosa, ben, carla):
    director = daniel()
    assert [may_close_access(rosa, one) for one in (rosa, ben, carla, director)] == [False, True, True, False]
    assert [may_close_access(director, one) for one in (rosa, director)] == [True, False]
    assert not may_close_access(carla, ben)
    ben.is_superuser = True
    assert not may_close_access(rosa, ben)
    assert may_close_access(director, ben)


@pytest.mark.parametrize("role", list(Role))
def test_lists_show_what_the_table_allows_tier_by_tier(rosa, role):
    for visibility in Visibility.values:
        for confidential in (False, True):
            name = f"{visibility} {confidential}"
            make_organization(name, visibility=visibility, confidential=confidential)
    rosa.role = role
    facts = Organization.objects.exclude(name="Harbor House")
    tiers = {one.name: tier_of(one.visibility, confidential=one.confidential) for one in facts}
    assert len(tiers) == 8
    wanted = {name for name, tier in tiers.items() if may_with(role, With.SEE, tier)}
    assert seen_by(rosa) == wanted


def test_roles_of_people_are_those_of_the_table():
    assert [*UserRole.values] == [*Role]
    assert {*Visibility.values} == {*Tier} - {Tier.CONFIDENTIAL}
