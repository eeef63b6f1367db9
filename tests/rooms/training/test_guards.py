"""What the database refuses of training, past every action."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from prm.training.models import Attendance, Cadence, Invitation, Session
from tests.cast import TODAY, make_session


def refused(write) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_session_that_ends_as_it_starts_or_before_is_refused(db):
    make_session()
    refused(lambda: Session.objects.update(ends_at=F("starts_at")))
    refused(lambda: Session.objects.update(ends_at=F("starts_at") - timedelta(hours=1)))
    refused(lambda: Session.objects.update(status="perhaps"))


@pytest.mark.parametrize("values", [{"every_months": None, "reason": ""}, {"every_months": 0}])
def test_rhythm_without_months_or_reason_is_refused(harbor, values):
    dated = {"entered_on": TODAY, "changed_on": TODAY}
    refused(lambda: Cadence.objects.create(organization=harbor, **dated, **values))


def test_second_rhythm_is_refused(harbor):
    dated = {"organization": harbor, "every_months": 3, "entered_on": TODAY, "changed_on": TODAY}
    Cadence.objects.create(**dated)
    refused(lambda: Cadence.objects.create(**dated))


def test_same_person_invited_twice_is_refused(harbor, anna):
    row = {"session": make_session(), "organization": harbor, "contact": anna, "invited_on": TODAY}
    Invitation.objects.create(**row)
    refused(lambda: Invitation.objects.create(**row))
    refused(lambda: Invitation.objects.update(answer="perhaps"))


def test_same_attendance_twice_and_nobody_is_refused(harbor, anna):
    row = {"organization": harbor, "attended_on": TODAY, "entered_on": TODAY}
    session = make_session()
    for kind in ({"session": session, "contact": anna}, {"session": session}, {}):
        Attendance.objects.create(**row, **kind)
        refused(lambda kind=kind: Attendance.objects.create(**row, **kind))
    refused(lambda: Attendance.objects.update(people=0))
