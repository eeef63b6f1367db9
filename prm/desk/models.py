"""What people do with the rows of their day, and with their lists: put off until a date, and named."""

from __future__ import annotations

from django.db import models

from prm.accounts.models import User
from prm.partners.models import Organization


class Snooze(models.Model):
    """A row of the day that somebody put off until a date, with the reason; everyone who sees the row sees that.

    `rule`, `record` and `reference_on` name the row ("expiry", "agreement:17", its last day): where the reference day
    changes it is another row, and not put off. It counts until `until` comes, or until somebody ended it.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="snoozes", db_index=False)
    rule = models.CharField(max_length=30)
    record = models.CharField(max_length=60, blank=True)
    reference_on = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "desk_snooze"
        ordering = ("until", "id")
        indexes = (
            models.Index(
                fields=["organization", "until"],
                condition=models.Q(ended_at__isnull=True),
                name="snooze_running",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.until}"


class View(models.Model):
    """A list as somebody likes to see it: its filters (the query of its address) under a name, shared or their own."""

    user = models.ForeignKey(User, models.CASCADE, related_name="views", db_index=False)
    page = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "desk_view"
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=["user", "page", "name"], name="view_name_once"),)
        indexes = (models.Index(fields=["page", "shared"], name="view_by_page"),)

    def __str__(self) -> str:
        return self.name
