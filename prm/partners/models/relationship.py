"""The relationship and its memory: organizations, their people, our people for them, and what happened."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.accounts.models import User
from prm.vocabulary.models import Term


class Direction(models.TextChoices):
    ONE_WAY = "one_way", _("One way")
    TWO_WAY = "two_way", _("Both ways")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    MEMBERS = "members", _("Members")
    NEED_TO_KNOW = "need_to_know", _("Need to know")
    INTERNAL = "internal", _("Internal")


class Status(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    FORMER = "former", _("Former")


class RoleKind(models.TextChoices):
    PRIMARY = "primary", _("Main contact")
    NOTICE = "notice", _("Agreement notices")
    SIGNATORY = "signatory", _("Signs agreements")
    TRAINING = "training", _("Training coordinator")
    INTAKE = "intake", _("Referral intake")
    EXECUTIVE = "executive", _("Executive director")
    PROGRAMME_LEAD = "programme_lead", _("Program lead")
    FRONT_DESK = "front_desk", _("Front desk")
    BOARD_LIAISON = "board_liaison", _("Board or council liaison")
    AFTER_HOURS = "after_hours", _("After hours")
    SURVIVOR_CONSULTANT = "survivor_consultant", _("Survivor consultant")
    EMERGENCY = "emergency", _("Emergency")


class AssignmentKind(models.TextChoices):
    OWNER = "owner", _("Owner")
    DEPUTY = "deputy", _("Deputy")


class EntryKind(models.TextChoices):
    TALK = "talk", _("Talk")
    MAIL = "mail", _("Mail")
    NOTE = "note", _("Note")
    AGREEMENT = "agreement", _("Agreement")
    PAUSE = "pause", _("Pause")
    PEOPLE = "people", _("People")
    TRAINING = "training", _("Training")
    ORGANIZATION = "organization", _("Organization")


def not_before(start: str, end: str) -> Q:
    """The condition that `end`, where there is one, does not lie before `start`."""
    return Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)})


def english() -> list[str]:
    return ["en"]


class Organization(models.Model):
    """The other side: an agency we work with, hope to work with, or used to work with."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    sector = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    partnership_kind = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.CharField(max_length=10, choices=Direction.choices, blank=True)
    city = models.CharField(max_length=120, blank=True)
    county = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=60, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    approval_body = models.CharField(max_length=200, blank=True)
    approval_lead_days = models.PositiveIntegerField(null=True, blank=True)
    approval_lead_set_on = models.DateField(null=True, blank=True)
    role_mailbox = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    website = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    visibility = models.CharField(max_length=20, choices=Visibility.choices, default=Visibility.INTERNAL)
    partner_since = models.DateField(null=True, blank=True)
    entered_on = models.DateField()
    plan_stale_at = models.DateTimeField(null=True, blank=True, db_index=True)
    planned_for = models.DateField(null=True, blank=True, db_index=True)

    history = History("organization", without=["plan_stale_at", "planned_for"])

    class Meta:
        db_table = "partners_organization"
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                name="organization_visibility", condition=Q(visibility__in=Visibility.values)
            ),
        )
        indexes = (
            models.Index(fields=["name", "id"], name="organization_by_name"),
            models.Index(fields=["state", "county"], name="organization_by_place"),
            # each page asks whether there is a demo, and mostly there is none
            models.Index(fields=["id"], condition=Q(is_demo=True), name="organization_demo"),
        )

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """What an organization was to us from a day to a day, both inside; open while `until` is empty."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="standings", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    history = History("standing")

    class Meta:
        db_table = "partners_standing"
        ordering = ("since",)
        constraints = (
            models.CheckConstraint(name="standing_end_after_start", condition=not_before("since", "until")),
            models.CheckConstraint(name="standing_status_known", condition=Q(status__in=Status.values)),
        )
        indexes = (models.Index(fields=["organization", "since"], name="standing_by_organization"),)

    def __str__(self) -> str:
        return f"{self.status} {self.since}"


class Contact(models.Model):
    """A person at a partner. `left_on` is the last day there; nobody writes to them afterwards.

    Who serves two organizations stands in each once: `same_as` leads from the later row to the first one.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True, db_index=True)
    phone = models.CharField(max_length=60, blank=True)
    languages = models.JSONField(default=english)
    discreet = models.BooleanField(default=False)
    may_commit = models.BooleanField(default=False)
    undeliverable_on = models.DateField(null=True, blank=True)
    unsubscribed = models.JSONField(default=list, blank=True)
    left_on = models.DateField(null=True, blank=True)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="elsewhere")
    entered_on = models.DateField()
    entered_at = models.DateTimeField()

    history = History("contact")

    class Meta:
        db_table = "partners_contact"
        ordering = ("entered_at", "id")

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What a contact does for their organization, from a day to a day, both inside."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="roles", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=30, choices=RoleKind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    history = History("role")

    class Meta:
        db_table = "partners_role"
        ordering = ("kind", "since", "id")
        constraints = (
            models.CheckConstraint(name="role_end_after_start", condition=not_before("since", "until")),
            models.UniqueConstraint(fields=["contact", "kind", "since"], name="role_begins_once"),
        )
        indexes = (models.Index(fields=["organization", "kind"], name="role_by_organization"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"


class Assignment(models.Model):
    """Who on our side answers for an organization, from a day to a day. Never two owners at once."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="assignments", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=10, choices=AssignmentKind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    history = History("assignment")

    class Meta:
        db_table = "partners_assignment"
        ordering = ("kind", "since", "id")
        constraints = (
            models.CheckConstraint(name="assignment_end_after_start", condition=not_before("since", "until")),
            models.CheckConstraint(name="assignment_kind_known", condition=Q(kind__in=AssignmentKind.values)),
        )
        indexes = (models.Index(fields=["organization", "kind"], name="assignment_by_organization"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"


class Entry(models.Model):
    """One line of an organization's timeline: what happened, on which day, and who wrote it down."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="entries", db_index=False)
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    event = models.SlugField(max_length=60, db_index=False)
    interaction = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    two_way = models.BooleanField(default=False)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    private = models.BooleanField(default=False)
    record = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "partners_entry"
        ordering = ("-happened_on", "-id")
        verbose_name_plural = "entries"
        indexes = (
            models.Index(fields=["organization", "-happened_on", "-id"], name="entry_by_organization"),
            models.Index(
                fields=["organization", "happened_on"], name="entry_talks", condition=Q(two_way=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.happened_on} {self.event}"
