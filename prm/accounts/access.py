"""Who may see and change what: one place decides, every list asks here.

Our staff see every organization. A viewer does not see those marked confidential or shared on a need-to-know basis.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from prm.accounts.models import User, UserRole

Reader = User | AnonymousUser

#: Roles whose work includes writing facts; a viewer only reads.
WRITERS = frozenset({UserRole.DIRECTOR, UserRole.MANAGER, UserRole.ASSISTANT})

#: Roles that say who we are, when we send and who of us gets in.
RUNNERS = frozenset({UserRole.DIRECTOR, UserRole.MANAGER})


def visible_organizations(reader: Reader, path: str = "") -> Q:
    """Return the condition for organizations that `reader` may see; for the program's own staff lists.

    `path` leads from the filtered table to the organization, such as "organization__" for pauses. Nobody who is not
    signed in, or whose access is closed, sees any: `Model.objects.filter(visible_organizations(user, ...))`.
    """
    if not isinstance(reader, User) or not reader.is_active:
        return Q(pk__in=[])
    if reader.is_superuser or reader.role in WRITERS:
        return Q()
    return Q(**{f"{path}confidential": False}) & ~Q(**{f"{path}visibility": "need_to_know"})


def may_write(reader: Reader) -> bool:
    """Whether `reader` may record facts: everyone active but viewers."""
    return isinstance(reader, User) and reader.is_active and (reader.is_superuser or reader.role in WRITERS)


def may_see_reasons(reader: Reader) -> bool:
    """Whether `reader` sees why a partner takes a pause, and other private notes: the same people who write."""
    return may_write(reader)


def may_run_program(reader: Reader) -> bool:
    """Whether `reader` changes the program itself, its closed days and its people: directors and managers."""
    return isinstance(reader, User) and reader.is_active and (reader.is_superuser or reader.role in RUNNERS)


def may_switch_sending(reader: Reader) -> bool:
    """Whether `reader` turns sending on and off: whoever runs the program."""
    return may_run_program(reader)


def roles_to_give(reader: Reader) -> tuple[UserRole, ...]:
    """The roles that `reader` may give to somebody new: only a director makes another director."""
    if not isinstance(reader, User) or not may_run_program(reader):
        return ()
    directs = reader.is_superuser or reader.role == UserRole.DIRECTOR
    return tuple(role for role in UserRole if directs or role != UserRole.DIRECTOR)


def may_close_access(reader: Reader, person: User) -> bool:
    """Whether `reader` closes and reopens the access of `person`: nobody their own, only a director a director's."""
    if not isinstance(reader, User) or reader.pk == person.pk:
        return False
    role = UserRole.DIRECTOR if person.is_superuser else UserRole(person.role)
    return role in roles_to_give(reader)
