"""Breathing: the times in which a partner cannot take everything."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.partners.models import Contact, Organization, not_before


class Scope(models.TextChoices):
    REFERRALS = "referrals", _("Referrals")
    TRAINING = "training", _("Training and meetings")
    ALL = "all", _("Everything")
    SERVICE = "service", _("One service")


class Effect(models.TextChoices):
    CLOSED = "closed", _("Closed")
    LIMITED = "limited", _("Ask first")
    WAITING_LIST = "waiting_list", _("Waiting list")


class Reach(models.TextChoices):
    US = "us", _("Only from us")
    EVERYONE = "everyone", _("From everyone")


class Pause(models.Model):
    """From `starts_on` to `ends_on`, both inside; without an end until someone resumes or dates it.

    A pause ends in a conversation, which is why `talk_on` is never empty. The reason stays on our side. Stretches that
    follow each other ("closed until March, then ask first") are linked: each `continues` the one before.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="pauses", db_index=False)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    service = models.CharField(max_length=120, blank=True)
    effect = models.CharField(max_length=20, choices=Effect.choices, default=Effect.CLOSED)
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.US)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    talk_on = models.DateField()
    reason = models.TextField(blank=True)
    declared_by = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    imported = models.BooleanField(default=False)
    entered_on = models.DateField()
    changed_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=60, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    continues = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="continued_by")

    history = History("pause")

    class Meta:
        db_table = "capacity_pause"
        ordering = ("-starts_on", "-id")
        constraints = (
            models.CheckConstraint(
                name="pause_end_after_start", condition=not_before("starts_on", "ends_on")
            ),
            models.CheckConstraint(name="pause_scope_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(
                name="pause_service_named",
                condition=(Q(scope=Scope.SERVICE) & ~Q(service=""))
                | (~Q(scope=Scope.SERVICE) & Q(service="")),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "starts_on"], name="pause_by_organization"),
            models.Index(fields=["ends_on"], name="pause_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.starts_on}"
