"""How often an organization wants training."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from prm.accounts.history import History
from prm.partners.models import Organization


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
