"""Spreadsheets that somebody brought in by a page: the file, what was chosen, what came of it, and the way back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import User
from prm.jobs.models import Job, JobState
from prm.partners.models import Organization


class ImportState(models.TextChoices):
    CHOOSING = "choosing", _("Columns to be chosen")
    TRYING = "trying", _("Being looked through")
    TRIED = "tried", _("Looked through, not imported")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Stopped")  # only ever a phase: it shows in the job


class Import(models.Model):
    """One uploaded file on its way in. The file stands in the row, so that whichever process does the work has it.

    `layout` is what was found in the file (`imports.Layout.as_json`), `columns` what a person made of it: sheet ->
    place of the column (text) -> meaning, "" for "into the notes". `tried` and `report` are `Report.as_json` of the
    dry run and of the import. Once `forgotten`, only the counts are left of all that.
    """

    name = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.CHOOSING)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    layout = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    day_first = models.BooleanField(null=True, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    tried = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    undone = models.JSONField(default=dict, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    forgotten = models.BooleanField(default=False)

    class Meta:
        db_table = "exchange_import"
        ordering = ("-uploaded_at", "-id")
        constraints = (
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=ImportState.values)),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def phase(self) -> str:
        """The state, or FAILED where the work that it waits for has stopped; `job.error` says why."""
        working = (ImportState.TRYING, ImportState.IMPORTING, ImportState.UNDOING)
        stopped = self.job is None or self.job.state == JobState.FAILED
        return ImportState.FAILED if self.state in working and stopped else self.state


class Trace(models.Model):
    """What one import did to one organization: its rows as they were (`before`, empty for a new one), and a digest of
    them as the import left them. Whoever changed something since made another digest, and undoing leaves it alone."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="traces", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    new = models.BooleanField(default=False)
    before = models.JSONField(default=dict, blank=True)
    after = models.CharField(max_length=64)

    class Meta:
        db_table = "exchange_trace"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="trace_once_an_import", fields=["source", "organization"]),
        )

    def __str__(self) -> str:
        return f"{self.source_id}: {self.organization_id}"
