"""What the head of every page tells beside the program's name, read with it in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When

from prm.accounts.counting import number_of
from prm.accounts.models import Program, Sending, User
from prm.accounts.queries import CAN_SIGN_IN
from prm.desk.trial import trials
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reporting.alarm import late_messages
from prm.web.beginning import Beginning

State = Message.State


@dataclass(frozen=True, slots=True)
class Head:
    """The program, how far its installation is, and how many messages wait or are late."""

    program: Program
    beginning: Beginning
    waiting: int
    late: int


def head(now: datetime) -> Head:
    """Return it fresh: the sending switch must never be remembered."""
    partners = Organization.objects.order_by()
    able = User.objects.filter(CAN_SIGN_IN).order_by()
    on = When(sending=Sending.ON, then=number_of(late_messages(now)))
    asked = {
        "demo": Exists(partners.filter(is_demo=True)),
        "partners": Exists(partners.filter(is_demo=False)),
        "tested": Exists(trials().filter(state__in=(State.SENT, State.DELIVERED))),
        "second": Exists(able.filter(Exists(able.filter(pk__gt=OuterRef("pk"))))),
        "waiting": number_of(Message.objects.filter(state=State.WAITING)),
        "late": Case(on, default=Value(0), output_field=IntegerField()),
    }
    row = Program.objects.annotate(**asked).get(pk=1)
    waiting, behind, *done = (
        getattr(row, name) for name in ("waiting", "late", "demo", "partners", "tested", "second")
    )
    return Head(row, Beginning(*(bool(one) for one in done)), waiting, behind)
