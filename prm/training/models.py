"""Learning together: how often, the sessions, who is invited and who came."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.partners.models import Contact, Organization


class SessionStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("Planned")
    CANCELLED = "cancelled", _("Cancelled")


class Answer(models.TextChoices):
    NONE = "none", _("No answer yet")
    ACCEPTED = "accepted", _("Coming")
    TENTATIVE = "tentative", _("Maybe")
    DECLINED = "declined", _("Not coming")


class Cadence(models.Model):
    """How often an organization wants training. No rhythm at all is allowed, but needs a reason."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="cadence")
    every_months = models.PositiveIntegerField(null=True, blank=True)
    anchor_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    entered_on = models.DateField()
    changed_on = models.DateField()

    history = History("cadence")

    class Meta:
        db_table = "training_cadence"
        constraints = (
            models.CheckConstraint(
                name="cadence_months_or_reason", condition=Q(every_months__isnull=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="cadence_months_positive", condition=Q(every_months__isnull=True) | Q(every_months__gt=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.every_months}"


class Session(models.Model):
    """One training on one day. Times are kept in UTC; `zone` is where it takes place."""

    title = models.CharField(max_length=300)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    place = models.CharField(max_length=300, blank=True)
    place_confidential = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED)
    entered_on = models.DateField()
    moved_on = models.DateField(null=True, blank=True)
    moved_from_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    recorded_on = models.DateField(null=True, blank=True)

    history = History("session")

    class Meta:
        db_table = "training_session"
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(name="session_end_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_status_known", condition=Q(status__in=SessionStatus.values)),
        )

    def __str__(self) -> str:
        return self.title


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
