"""Calendar entries that people hold because we mailed them: one row per event and address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Invite(models.Model):
    """What one address was last told about one event. The UID is made once and never computed again."""

    class Method(models.TextChoices):
        REQUEST = "REQUEST"
        CANCEL = "CANCEL"

    class Status(models.TextChoices):
        LIVE = "live"
        CANCELLED = "cancelled"

    uid = models.CharField(max_length=255, unique=True)
    event = models.CharField(
        max_length=200
    )  # the key without its date: agreement:17:expiry-entry:org-4:partner
    organization = models.ForeignKey(
        "prm.Organization", models.CASCADE, null=True, blank=True, related_name="invites"
    )
    contact = models.ForeignKey("prm.Contact", models.SET_NULL, null=True, blank=True, related_name="invites")
    user = models.ForeignKey("prm.User", models.SET_NULL, null=True, blank=True, related_name="invites")
    recipient = models.CharField(max_length=320)

    status = models.CharField(max_length=10, choices=Status, default=Status.LIVE)
    method = models.CharField(max_length=10, choices=Method, default=Method.REQUEST)  # last sent
    sequence = models.IntegerField(default=0)
    said = models.JSONField(default=dict)  # title, time, place as last sent: an equal one needs no mail
    touch_key = models.CharField(max_length=255)
    dtstamp = models.DateTimeField()

    class Meta:
        db_table = "calendars_invite"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="calendars_invite_sequence", condition=Q(sequence__gte=0)),
            models.CheckConstraint(
                name="calendars_invite_method", condition=Q(method__in=["REQUEST", "CANCEL"])
            ),
            models.CheckConstraint(
                name="calendars_invite_status", condition=Q(status__in=["live", "cancelled"])
            ),
            models.CheckConstraint(
                name="calendars_invite_cancel_ends_it", condition=~Q(method="CANCEL") | Q(status="cancelled")
            ),
            models.UniqueConstraint(
                name="calendars_invite_one_live", fields=["event", "recipient"], condition=Q(status="live")
            ),
        )
        indexes = (models.Index(name="calendars_invite_touch", fields=["touch_key"]),)

    def __str__(self) -> str:
        return f"{self.event} for {self.recipient} ({self.status})"
