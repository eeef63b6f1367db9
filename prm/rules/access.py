"""Who may do what: the whole policy on one page, role by role. Pure; `prm/accounts/access.py` asks it for everyone."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody on our side is, from the widest to the narrowest."""

    DIRECTOR = "director"
    MANAGER = "manager"
    ASSISTANT = "assistant"
    VIEWER = "viewer"


class Tier(StrEnum):
    """How far a partner may be seen. A confidential one is that first, whatever else is said of it."""

    PUBLIC = "public"
    MEMBERS = "members"
    INTERNAL = "internal"
    NEED_TO_KNOW = "need_to_know"
    CONFIDENTIAL = "confidential"


class With(StrEnum):
    """What is done with one partner."""

    SEE = "see"  # its page, and its rows in every list
    EXPORT = "export"  # the same as a file
    SEE_REASONS = "see_reasons"  # why it takes a pause, private notes, who is discreet
    WRITE = "write"  # record facts, send links, answer what it said


class Program(StrEnum):
    """What is done with the program itself, whatever partner it is about."""

    ENTER = "enter"  # facts at all: new partners, lists brought in from a file, mail that is about nobody
    RUN_PROGRAM = "run_program"  # name, hours, closed days, words, people
    SWITCH_SENDING = "switch_sending"
    SEE_ACCESSES = "see_accesses"  # who took data out


EVERY_TIER = frozenset(Tier)
WIDE = frozenset({Tier.PUBLIC, Tier.MEMBERS, Tier.INTERNAL})
NONE: frozenset[Tier] = frozenset()

#: With which partners each role does what.
WITH_PARTNERS: Mapping[With, Mapping[Role, frozenset[Tier]]] = {
    With.SEE: {
        Role.DIRECTOR: EVERY_TIER,
        Role.MANAGER: EVERY_TIER,
        Role.ASSISTANT: EVERY_TIER,
        Role.VIEWER: WIDE,
    },
    With.EXPORT: {
        Role.DIRECTOR: EVERY_TIER,
        Role.MANAGER: EVERY_TIER,
        Role.ASSISTANT: EVERY_TIER,
        Role.VIEWER: WIDE,
    },
    With.SEE_REASONS: {
        Role.DIRECTOR: EVERY_TIER,
        Role.MANAGER: EVERY_TIER,
        Role.ASSISTANT: EVERY_TIER,
        Role.VIEWER: NONE,
    },
    With.WRITE: {
        Role.DIRECTOR: EVERY_TIER,
        Role.MANAGER: EVERY_TIER,
        Role.ASSISTANT: EVERY_TIER,
        Role.VIEWER: NONE,
    },
}

WRITERS = frozenset({Role.DIRECTOR, Role.MANAGER, Role.ASSISTANT})
RUNNERS = frozenset({Role.DIRECTOR, Role.MANAGER})
DIRECTORS = frozenset({Role.DIRECTOR})

#: Which roles do what with the program.
WITH_PROGRAM: Mapping[Program, frozenset[Role]] = {
    Program.ENTER: WRITERS,
    Program.RUN_PROGRAM: RUNNERS,
    Program.SWITCH_SENDING: RUNNERS,
    Program.SEE_ACCESSES: DIRECTORS,
}

#: Whom each role lets in, and whose access it closes: only a director makes another one, or shuts one out.
LETS_IN: Mapping[Role, tuple[Role, ...]] = {
    Role.DIRECTOR: (Role.DIRECTOR, Role.MANAGER, Role.ASSISTANT, Role.VIEWER),
    Role.MANAGER: (Role.MANAGER, Role.ASSISTANT, Role.VIEWER),
    Role.ASSISTANT: (),
    Role.VIEWER: (),
}


def tier_of(visibility: str, *, confidential: bool) -> Tier:
    """Return the tier of a partner from its two facts. Raises ValueError for a visibility that is none."""
    return Tier.CONFIDENTIAL if confidential else Tier(visibility)


def may_with(role: Role | None, act: With, tier: Tier) -> bool:
    """Return whether a role does this with a partner of a tier; None (nobody, or access closed) does nothing."""
    return role is not None and tier in WITH_PARTNERS[act][role]


def may(role: Role | None, act: Program) -> bool:
    """Return whether a role does this with the program; None does nothing."""
    return role is not None and role in WITH_PROGRAM[act]


def may_let_in(role: Role | None, other: Role) -> bool:
    """Return whether a role gives another one, and closes or opens the access of whoever has it."""
    return role is not None and other in LETS_IN[role]
