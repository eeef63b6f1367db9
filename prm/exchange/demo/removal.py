"""Takes the demo away as a whole: no room has an action that unmakes history, and only invented history may go."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from prm.accounts.models import User
from prm.agreements.models import Agreement, Party
from prm.exchange.demo.coalition import COLLEAGUES
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.training.models import Session


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
    can sign in, since they may be the only ones who can, or who keep a real partner.
    """
    demo = Organization.objects.filter(is_demo=True)
    number = demo.count()
    _remove_agreements()
    _remove_sessions()
    Message.objects.filter(Q(demo=True) | Q(organization__in=demo)).delete()
    demo.delete()
    users, staying = _remove_users()
    return Removed(number, users, staying)


def _remove_agreements() -> None:
    """Agreements with real parties stay with them; their reminders are counted anew."""
    real = Party.objects.filter(agreement=OuterRef("pk"), organization__is_demo=False)
    ours = Agreement.objects.filter(parties__organization__is_demo=True)
    alone = list(ours.filter(~Exists(real)).values_list("pk", flat=True))
    Agreement.objects.filter(Q(pk__in=alone) | Q(renews__in=alone)).update(renews=None)
    Agreement.objects.filter(pk__in=alone).delete()
    shared = Party.objects.filter(organization__is_demo=True)
    agreements = list(shared.values_list("agreement", flat=True))
    shared.delete()
    remaining = Organization.objects.filter(agreement_parties__agreement__in=agreements)
    remaining.update(planned_for=None)


def _remove_sessions() -> None:
    real = Q(invitations__organization__is_demo=False) | Q(attendances__organization__is_demo=False)
    demo = Q(invitations__organization__is_demo=True) | Q(attendances__organization__is_demo=True)
    kept = Session.objects.filter(real).values("pk")
    Session.objects.filter(demo).exclude(pk__in=kept).delete()


def _remove_users() -> tuple[int, tuple[str, ...]]:
    ours = User.objects.filter(email__in=[colleague.email for colleague in COLLEAGUES])
    going = [user for user in ours if not user.can_sign_in and not user.assignments.exists()]
    staying = tuple(user.email for user in ours if user not in going)
    User.objects.filter(pk__in=[user.pk for user in going]).delete()
    return len(going), staying
