"""What can be found: one row per findable thing, and the notes of whose rows are out of date."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.partners.models import Organization


class Kind(models.TextChoices):
    ORGANIZATION = "organization", _("Partner")
    PERSON = "person", _("Person")
    AGREEMENT = "agreement", _("Agreement")
    CONVERSATION = "conversation", _("Conversation")
    MESSAGE = "message", _("Message")


class Findable(models.Model):
    """One thing that can be found. `key` names it, as "person:17"; an agreement has one row for each partner in it.

    `folded_title` and `words` are what is searched: `fold` of the title, and of title and text together. The search
    tables and indexes of each database hang on them; migration 0008 lays them.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=60, unique=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="findables")
    title = models.CharField(max_length=400)
    text = models.TextField(blank=True)
    folded_title = models.CharField(max_length=400, db_index=True)
    words = models.TextField()
    happened_on = models.DateField()

    class Meta:
        db_table = "search_findable"
        constraints = (models.CheckConstraint(name="findable_kind_known", condition=Q(kind__in=Kind.values)),)
        indexes = (models.Index(fields=["kind", "-happened_on", "-id"], name="findable_by_day"),)

    def __str__(self) -> str:
        return self.key


class Stale(models.Model):
    """A note that an organization's rows are out of date. The database writes it with each entry and message.

    No foreign key and no uniqueness: writing a note never waits for anybody, and whoever reads several of one
    organization takes them all.
    """

    organization_id = models.BigIntegerField()

    class Meta:
        db_table = "search_stale"

    def __str__(self) -> str:
        return str(self.organization_id)
