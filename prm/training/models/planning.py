"""Sessions that were planned together: a series through the year, a round through several towns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from prm.accounts.history import History
from prm.training.models.courses import Course


class Series(models.Model):
    """The nth weekday of chosen months, or of every so many months, at one time on the wall of one zone.

    `week` is 1 to 4 or -1 for the last, Monday is weekday 0. Sessions stand on the days from `starts_on` through
    `ends_on`; what they say of place and seats was copied from one to the other when they were planned.
    """

    title = models.CharField(max_length=300)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="series")
    zone = models.CharField(max_length=64)
    week = models.SmallIntegerField()
    weekday = models.PositiveSmallIntegerField()
    months = models.JSONField(default=list)
    every_months = models.PositiveIntegerField(null=True, blank=True)
    wall_time = models.TimeField()
    minutes = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    entered_on = models.DateField()

    history = History("series")

    class Meta:
        db_table = "training_series"
        ordering = ("starts_on", "id")
        verbose_name_plural = "series"
        constraints = (
            models.CheckConstraint(name="series_week_known", condition=Q(week__in=[1, 2, 3, 4, -1])),
            models.CheckConstraint(name="series_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="series_every_positive", condition=Q(every_months__isnull=True) | Q(every_months__gt=0)
            ),
            models.CheckConstraint(name="series_minutes_positive", condition=Q(minutes__gt=0)),
            models.CheckConstraint(name="series_end_not_first", condition=Q(ends_on__gte=F("starts_on"))),
        )

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """The same matter in several towns, planned at one desk and reported in one line."""

    title = models.CharField(max_length=300)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="rounds")
    zone = models.CharField(max_length=64)
    entered_on = models.DateField()

    history = History("round")

    class Meta:
        db_table = "training_round"
        ordering = ("entered_on", "id")

    def __str__(self) -> str:
        return self.title
