"""The policy of `prm/rules/access.py` for real people and tables: conditions of lists, and answers of yes or no.

Our staff see every organization. A viewer does not see those marked confidential or shared on a need-to-know basis.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from prm.accounts.models import User, UserRole
from prm.rules.access import RUNNERS, WITH_PARTNERS, WRITERS, Program, Role, Tier, With, may, may_let_in

__all__ = [
    "RUNNERS", "WRITERS", "Reader", "may_close_access", "may_run_program", "may_see_accesses", "may_see_reasons",
    "may_switch_sending", "may_write", "role_of", "roles_to_give", "visible_organizations",
]  # fmt: skip

Reader = User | AnonymousUser


def role_of(reader: Reader) -> Role | None:
    """Return as what somebody acts: a superuser as a director, whose access is closed as nobody."""
    if not isinstance(reader, User) or not reader.is_active:
        return None
    return Role.DIRECTOR if reader.is_superuser else Role(reader.role)


def visible_organizations(reader: Reader, path: str = "") -> Q:
    """Return the condition for organizations that `reader` may see; for the program's own staff lists.

    `path` leads from the filtered table to the organization, such as "organization__" for pauses. Nobody who is not
    signed in, or whose access is closed, sees any: `Model.objects.filter(visible_organizations(user, ...))`.
    """
    role = role_of(reader)
    seen = WITH_PARTNERS[With.SEE][role] if role else frozenset[Tier]()
    if not seen:
        return Q(pk__in=[])
    if seen == frozenset(Tier):
        return Q()
    found = Q(**{f"{path}visibility__in": sorted(seen - {Tier.CONFIDENTIAL})})
    plain = Q(**{f"{path}confidential": False})
    return found | ~plain if Tier.CONFIDENTIAL in seen else found & plain


def may_write(reader: Reader) -> bool:
    """Whether `reader` may record facts: everyone active but viewers."""
    return may(role_of(reader), Program.ENTER)


def may_see_reasons(reader: Reader) -> bool:
    """Whether `reader` sees why a partner takes a pause, and other private notes, of whatever partner they see."""
    role = role_of(reader)
    return role is not None and WITH_PARTNERS[With.SEE_REASONS][role] >= WITH_PARTNERS[With.SEE][role]


def may_run_program(reader: Reader) -> bool:
    """Whether `reader` changes the program itself, its closed days and its people: directors and managers."""
    return may(role_of(reader), Program.RUN_PROGRAM)


def may_switch_sending(reader: Reader) -> bool:
    """Whether `reader` turns sending on and off: whoever runs the program."""
    return may(role_of(reader), Program.SWITCH_SENDING)


def may_see_accesses(reader: Reader) -> bool:
    """Whether `reader` looks at who took data out: directors."""
    return may(role_of(reader), Program.SEE_ACCESSES)


def roles_to_give(reader: Reader) -> tuple[UserRole, ...]:
    """The roles that `reader` may give to somebody new: only a director makes another director."""
    return tuple(role for role in UserRole if may_let_in(role_of(reader), Role(role)))


def may_close_access(reader: Reader, person: User) -> bool:
    """Whether `reader` closes and reopens the access of `person`: nobody their own, only a director a director's."""
    if not isinstance(reader, User) or reader.pk == person.pk:
        return False
    standing = Role.DIRECTOR if person.is_superuser else Role(person.role)
    return may_let_in(role_of(reader), standing)
