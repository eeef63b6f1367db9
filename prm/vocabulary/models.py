"""The words we share: lists of terms that staff may edit, under keys that never change."""

from __future__ import annotations

from django.db import models

from prm.accounts.history import History


class Term(models.Model):
    """One word of one list, such as `faith` of the list `sector`. The label may change, the key does not."""

    list = models.CharField(max_length=40)
    key = models.SlugField(max_length=60, db_index=False)
    label = models.CharField(max_length=200)
    order = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    phase = models.CharField(max_length=40, blank=True)

    history = History("term")

    class Meta:
        db_table = "vocabulary_term"
        ordering = ("list", "order", "label")
        constraints = (models.UniqueConstraint(fields=["list", "key"], name="term_once_per_list"),)

    def __str__(self) -> str:
        return self.label
