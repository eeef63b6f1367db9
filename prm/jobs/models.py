"""Long work: one row per job. The rows are the queue, as with mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import User


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """Work that takes longer than a page may: what to do with which arguments, how far it is, and how it ended.

    `done` of `total` are steps of the work (rows of a file); `total` is 0 while nobody knows. Who works on it holds a
    lease, so that the work of a process that died is taken up again.
    """

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "jobs_job"
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="job_running_is_leased",
                condition=~Q(state=JobState.RUNNING) | (Q(lease_until__isnull=False) & ~Q(lease_owner="")),
            ),
        )
        indexes = (
            models.Index(name="job_open", fields=["asked_at"], condition=Q(state__in=["waiting", "running"])),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do it, or does it now."""
        return self.state in (JobState.WAITING, JobState.RUNNING)
