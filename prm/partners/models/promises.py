"""What one side promised the other: said in a talk, due on a day, kept or let go."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.accounts.models import User
from prm.partners.models.relationship import Contact, Entry, Organization


class PromiseSide(models.TextChoices):
    OURS = "ours", _("We promised")
    THEIRS = "theirs", _("They promised")


class Promise(models.Model):
    """One thing that somebody will do by a day (`due_on`, inside). Open until it is kept or let go.

    `user` is who of us owes it, or for theirs who keeps an eye on it (empty: the owner); `contact` is their person.
    `entry` is the talk in which it was made.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="promises", db_index=False)
    side = models.CharField(max_length=10, choices=PromiseSide.choices)
    what = models.CharField(max_length=300)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="promises")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="promises")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="promises")
    made_on = models.DateField()
    due_on = models.DateField()
    changed_on = models.DateField()
    entered_on = models.DateField()
    kept_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    private = models.BooleanField(default=False)

    history = History("promise")

    class Meta:
        db_table = "partners_promise"
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(name="promise_side_known", condition=Q(side__in=PromiseSide.values)),
            models.CheckConstraint(
                name="promise_kept_or_dropped",
                condition=Q(kept_on__isnull=True) | Q(dropped_on__isnull=True),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "due_on"], name="promise_by_organization"),
            models.Index(
                fields=["due_on"],
                name="promise_open",
                condition=Q(kept_on__isnull=True, dropped_on__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.what
