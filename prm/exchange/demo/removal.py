"""Takes the demo away as a whole: no room has an action that unmakes history, and only invented history may go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from prm.accounts import history
from prm.accounts.models import User
from prm.agreements.models import Agreement, Party
from prm.exchange.demo.coalition import COLLEAGUES
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders.models import Handover, Reminder
from prm.training.models import Attendance, Invitation, Session

AT_ONCE = 500  # rows with all that belongs to them


@dataclass(frozen=True, slots=True)
class Removed:
    """How many organizations and people of ours are gone, and who of the demo's people stays."""

    organizations: int
    users: int
    staying: tuple[str, ...]


def demo_organizations() -> int:
    """Return how many organizations of the demo are here."""
    return Organization.objects.filter(is_demo=True).count()


def real_organizations() -> int:
    """Return how many organizations are here that somebody means in earnest."""
    return Organization.objects.filter(is_demo=False).count()


@transaction.atomic
def remove() -> Removed:
    """Remove the demo organizations with everything that is about them alone.

    What real organizations share with them (a session, an agreement) stays without them. People of the demo stay who
    can sign in, since they may be the only ones who can, or who keep a real partner. Everything goes in portions, so
    that a hundred thousand need no more memory than forty.
    """
    demo = list(Organization.objects.filter(is_demo=True).order_by("pk").values_list("pk", flat=True))
    _remove_agreements()
    _remove_sessions()
    for some in _portions(demo):
        _remove_organizations(some)
    for some in _portions(list(Message.objects.filter(demo=True).values_list("pk", flat=True))):
        Message.objects.filter(pk__in=some).delete()
    users, staying = _remove_users()
    return Removed(len(demo), users, staying)


def _portions(pks: list[int]) -> Iterator[list[int]]:
    return (pks[start : start + AT_ONCE] for start in range(0, len(pks), AT_ONCE))


def _remove_organizations(pks: list[int]) -> None:
    """The reminders first and without looking at each: they are many. The rest follows its organization."""
    messages = Message.objects.filter(organization__in=pks)
    for queryset in (
        Handover.objects.filter(message__in=messages),
        Handover.objects.filter(reminder__organization__in=pks),
        Reminder.objects.filter(organization__in=pks),
    ):
        queryset._raw_delete(queryset.db)  # noqa: SLF001 - the only delete that does not fetch every row
    messages.delete()
    Organization.objects.filter(pk__in=pks).delete()


def _remove_agreements() -> None:
    """Agreements with real parties stay with them; their reminders are counted anew."""
    real = Party.objects.filter(agreement=OuterRef("pk"), organization__is_demo=False)
    demo = Party.objects.filter(agreement=OuterRef("pk"), organization__is_demo=True)
    alone = list(Agreement.objects.filter(Exists(demo), ~Exists(real)).values_list("pk", flat=True))
    for some in _portions(alone):
        history.update(Agreement.objects.filter(Exists(real), renews__in=some), renews=None)
        Agreement.objects.filter(Q(pk__in=some) | Q(renews__in=some)).update(renews=None)
    for some in _portions(alone):
        Agreement.objects.filter(pk__in=some).delete()
    shared = list(Agreement.objects.filter(Exists(demo)).values_list("pk", flat=True))
    for some in _portions(shared):
        Party.objects.filter(agreement__in=some, organization__is_demo=True).delete()
        Organization.objects.filter(agreement_parties__agreement__in=some).update(planned_for=None)


def _remove_sessions() -> None:
    """Sessions to which nobody real was invited and nobody real came."""

    def known(is_demo: bool) -> Q:
        of = {"session": OuterRef("pk"), "organization__is_demo": is_demo}
        return Q(Exists(Invitation.objects.filter(**of))) | Q(Exists(Attendance.objects.filter(**of)))

    alone = Session.objects.filter(known(True)).exclude(known(False))
    for some in _portions(list(alone.values_list("pk", flat=True))):
        Session.objects.filter(pk__in=some).delete()


def _remove_users() -> tuple[int, tuple[str, ...]]:
    ours = User.objects.filter(email__in=[colleague.email for colleague in COLLEAGUES])
    going = [user for user in ours if not user.can_sign_in and not user.assignments.exists()]
    staying = tuple(user.email for user in ours if user not in going)
    User.objects.filter(pk__in=[user.pk for user in going]).delete()
    return len(going), staying
