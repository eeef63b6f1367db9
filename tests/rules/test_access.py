"""The policy of access, written out once more so that a person can read it, and every combination compared with it."""

import itertools

import pytest

from prm.partners.models import Visibility
from prm.rules.access import (
    LETS_IN,
    WITH_PARTNERS,
    Program,
    Role,
    Tier,
    With,
    may,
    may_let_in,
    may_with,
    tier_of,
)

#: A line for each act, a column for each tier; in it who does it: D(irector), M(anager), A(ssistant), V(iewer).
PARTNERS = """
               public   members   internal   need_to_know   confidential
see            DMAV     DMAV      DMAV       DMA            DMA
export         DMAV     DMAV      DMAV       DMA            DMA
see_reasons    DMA      DMA       DMA        DMA            DMA
write          DMA      DMA       DMA        DMA            DMA
"""

PROGRAM = """
enter            DMA
run_program      DM
switch_sending   DM
see_accesses     D
"""

#: Who lets in whom, and closes whose access.
PEOPLE = """
director    DMAV
manager     MAV
assistant   -
viewer      -
"""

LETTER = {role: role[0].upper() for role in Role}


def partners():
    """Every act with every tier by every role, and whether it is allowed."""
    heads, *rows = (line.split() for line in PARTNERS.strip().splitlines())
    for act, *cells in rows:
        for tier, cell in zip(heads, cells, strict=True):
            for role in Role:
                yield With(act), Tier(tier), role, LETTER[role] in cell


def program():
    for line in PROGRAM.strip().splitlines():
        act, cell = line.split()
        for role in Role:
            yield Program(act), role, LETTER[role] in cell


def people():
    for line in PEOPLE.strip().splitlines():
        by, cell = line.split()
        for other in Role:
            yield Role(by), other, LETTER[other] in cell


@pytest.mark.parametrize(("act", "tier", "role", "allowed"), [*partners()])
def test_who_does_what_with_a_partner(act, tier, role, allowed):
    assert may_with(role, act, tier) is allowed


@pytest.mark.parametrize(("act", "role", "allowed"), [*program()])
def test_who_does_what_with_the_program(act, role, allowed):
    assert may(role, act) is allowed


@pytest.mark.parametrize(("by", "other", "allowed"), [*people()])
def test_who_lets_in_whom(by, other, allowed):
    assert may_let_in(by, other) is allowed
    assert (other in LETS_IN[by]) is allowed


def test_the_tables_above_leave_nothing_out():
    assert {case[:3] for case in partners()} == set(itertools.product(With, Tier, Role))
    assert {case[:2] for case in program()} == set(itertools.product(Program, Role))
    assert {case[:2] for case in people()} == set(itertools.product(Role, Role))


def test_nobody_does_nothing():
    assert not any(may_with(None, act, tier) for act in With for tier in Tier)
    assert not any(may(None, act) for act in Program)
    assert not any(may_let_in(None, role) for role in Role)


def test_confidential_goes_before_every_other_tier():
    assert {tier_of(one, confidential=True) for one in Visibility.values} == {Tier.CONFIDENTIAL}
    assert {tier_of(one, confidential=False) for one in Visibility.values} == set(Tier) - {Tier.CONFIDENTIAL}


def test_what_is_seen_may_be_taken_along_as_a_file():
    """A list on a screen can be copied anyway; a file is at least written down (docs/decisions/0007)."""
    assert WITH_PARTNERS[With.EXPORT] == WITH_PARTNERS[With.SEE]


def test_nobody_writes_or_takes_out_what_they_do_not_see():
    for act, tier, role in itertools.product(With, Tier, Role):
        assert may_with(role, With.SEE, tier) or not may_with(role, act, tier)
