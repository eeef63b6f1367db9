"""What can be learned: courses, and the order in which they follow each other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.vocabulary.models import Term


class Origin(models.TextChoices):
    """Who made the material. Empty: nobody has said yet."""

    DEVELOPED = "developed", _("Developed by survivors")
    INFORMED = "informed", _("Informed by survivors")
    NEITHER = "neither", _("Neither")


class Course(models.Model):
    """Something that we teach. Its sessions copy what they need, so that a course may change later."""

    title = models.CharField(max_length=300)
    topic = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    objectives = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(default=60)
    format = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    languages = models.ManyToManyField(
        Term, db_table="training_course_language", related_name="+", blank=True
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, blank=True)
    review_on = models.DateField(null=True, blank=True)
    materials_link = models.CharField(max_length=500, blank=True)
    on_demand_link = models.CharField(max_length=500, blank=True)
    funder = models.CharField(max_length=200, blank=True)
    accreditation = models.CharField(max_length=500, blank=True)
    entered_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    history = History("course")

    class Meta:
        db_table = "training_course"
        ordering = ("title", "id")
        constraints = (
            models.CheckConstraint(name="course_minutes_positive", condition=Q(minutes__gt=0)),
            models.CheckConstraint(name="course_origin_known", condition=Q(origin__in=["", *Origin.values])),
        )

    def __str__(self) -> str:
        return self.title


class LearningPath(models.Model):
    """Courses that follow each other: foundation, advanced, refresher."""

    title = models.CharField(max_length=300)
    entered_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)
    courses = models.ManyToManyField(Course, through="PathStep", related_name="paths")

    history = History("learningpath")

    class Meta:
        db_table = "training_path"
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class PathStep(models.Model):
    """One course of a learning path, first is 1."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps", db_index=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()

    class Meta:
        db_table = "training_path_step"
        ordering = ("path", "position")
        constraints = (
            models.UniqueConstraint(fields=["path", "course"], name="path_step_once"),
            models.UniqueConstraint(fields=["path", "position"], name="path_step_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.path_id}.{self.position}"
