"""One session: when and where it is, who teaches, and who pays for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.accounts.models import User
from prm.partners.models import Contact, Organization
from prm.training.models.courses import Course
from prm.training.models.planning import Round, Series
from prm.vocabulary.models import Term


class SessionStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("Planned")
    CANCELLED = "cancelled", _("Cancelled")


class SessionKind(models.TextChoices):
    TRAINING = "training", _("Training")
    AWARENESS = "awareness", _("Awareness event")
    BRIEFING = "briefing", _("Briefing for policymakers")
    JOB_FAIR = "job_fair", _("Job fair")
    SUMMIT = "summit", _("Summit")


class TrainerRole(models.TextChoices):
    LEAD = "lead", _("Lead trainer")
    CO_TRAINER = "co_trainer", _("Co-trainer")
    CONSULTANT = "consultant", _("Survivor consultant")
    OFFICER = "officer", _("Officer")
    ADVOCATE = "advocate", _("Advocate")


class Session(models.Model):
    """One training on one day. Times are kept in UTC; `zone` is where it takes place.

    `slot_on` is the day of the series' rule for which it was planned; moving it by hand leaves that day as it is.
    """

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=SessionKind.choices, default=SessionKind.TRAINING)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="sessions")
    format = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    town = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=300, blank=True)
    place_confidential = models.BooleanField(default=False)
    online_link = models.CharField(max_length=500, blank=True)
    host = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="hosted_sessions"
    )
    capacity = models.PositiveIntegerField(null=True, blank=True)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="sessions")
    slot_on = models.DateField(null=True, blank=True)
    round = models.ForeignKey(Round, models.SET_NULL, null=True, blank=True, related_name="sessions")
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
            models.CheckConstraint(name="session_kind_known", condition=Q(kind__in=SessionKind.values)),
            models.CheckConstraint(
                name="session_capacity_positive", condition=Q(capacity__isnull=True) | Q(capacity__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.title


class SessionTrainer(models.Model):
    """Who teaches: one of ours, a partner's contact, or somebody known by name alone. Fees are in whole units of money.

    Empty fees are not known; 0 is a fee of nothing.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="trainers")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=10, choices=TrainerRole.choices, default=TrainerRole.LEAD)
    fee_offered = models.PositiveIntegerField(null=True, blank=True)
    fee_agreed = models.PositiveIntegerField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)

    history = History("sessiontrainer")

    class Meta:
        db_table = "training_trainer"
        ordering = ("session", "id")
        constraints = (
            models.CheckConstraint(name="trainer_role_known", condition=Q(role__in=TrainerRole.values)),
            models.CheckConstraint(
                name="trainer_is_one_person",
                condition=Q(user__isnull=False, contact__isnull=True, name="")
                | Q(user__isnull=True, contact__isnull=False, name="")
                | (Q(user__isnull=True, contact__isnull=True) & ~Q(name="")),
            ),
            models.UniqueConstraint(fields=["session", "user"], name="trainer_of_ours_once"),
            models.UniqueConstraint(fields=["session", "contact"], name="trainer_of_partner_once"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.role}"


class SessionFunder(models.Model):
    """One of those who pay for a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="funders", db_index=False)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "training_funder"
        ordering = ("session", "id")
        constraints = (models.UniqueConstraint(fields=["session", "name"], name="funder_once"),)

    def __str__(self) -> str:
        return self.name
