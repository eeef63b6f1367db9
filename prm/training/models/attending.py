"""Who is asked to a session, what they say, and who came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.partners.models import Contact, Organization
from prm.training.models.sessions import Session


class Answer(models.TextChoices):
    NONE = "none", _("No answer yet")
    ACCEPTED = "accepted", _("Coming")
    TENTATIVE = "tentative", _("Maybe")
    DECLINED = "declined", _("Not coming")


class Invitation(models.Model):
    """One person asked to one session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="invitations", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    invited_on = models.DateField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE)
    answered_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "training_invitation"
        ordering = ("session", "id")
        constraints = (
            models.UniqueConstraint(fields=["session", "contact"], name="invitation_once"),
            models.CheckConstraint(name="invitation_answer_known", condition=Q(answer__in=Answer.values)),
        )

    def __str__(self) -> str:
        return f"{self.session_id}:{self.contact_id}"


class Attendance(models.Model):
    """People of an organization who came, on a local day. Without a session it is known only from before."""

    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="attendances")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="attendances", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField(default=1)
    attended_on = models.DateField()
    entered_on = models.DateField()

    class Meta:
        db_table = "training_attendance"
        ordering = ("attended_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["session", "contact"], name="attendance_once"),
            models.UniqueConstraint(
                fields=["session", "organization"],
                condition=Q(session__isnull=False, contact__isnull=True),
                name="attendance_count_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "attended_on"],
                condition=Q(session__isnull=True),
                name="attendance_day_once",
            ),
            models.CheckConstraint(name="attendance_people", condition=Q(people__gt=0)),
        )
        indexes = (models.Index(fields=["organization", "attended_on"], name="attendance_by_organization"),)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.attended_on}"
