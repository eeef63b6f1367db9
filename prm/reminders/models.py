"""The ledger: one row for every touch that ever existed, and to which addresses it went."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from prm.accounts.history import History
from prm.outbox.models import Message
from prm.partners.models import Contact, Organization
from prm.rules.facts import Side, State


def _choices(values: type[Side | State]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Reminder(models.Model):
    """One touch: one thing to say to one side of one organization about one reference date, under its natural key.

    `day` is the local sending day (empty: held, end unknown), `due_at` the moment from which it may go. `reason` is a
    stable code with the values of its sentence in `reason_data`.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="reminders", db_index=False)
    key = models.CharField(max_length=200, unique=True)
    record = models.CharField(max_length=60)
    rule = models.CharField(max_length=30)
    offset = models.IntegerField(null=True, blank=True)
    reference_on = models.DateField()
    side = models.CharField(max_length=10, choices=_choices(Side))
    audience: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    person = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=20)
    nominal_on = models.DateField()
    day = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    at_once = models.BooleanField(default=False)
    nobody = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=_choices(State))
    reason = models.CharField(max_length=30)
    reason_data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "reminders_reminder"
        ordering = ("day", "id")
        constraints = (
            models.CheckConstraint(
                name="reminder_state_known",
                condition=Q(state__in=[s.value for s in State]),
            ),
            models.CheckConstraint(
                name="reminder_side_known",
                condition=Q(side__in=[s.value for s in Side]),
            ),
            models.CheckConstraint(
                name="reminder_planned_has_day",
                condition=~Q(state=State.PLANNED.value) | Q(day__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_handed_over_when",
                condition=~Q(state=State.HANDED_OVER.value) | Q(handed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "day"], name="reminder_by_organization"),
            models.Index(
                fields=["due_at"],
                condition=Q(state=State.PLANNED.value),
                name="reminder_due",
            ),
            models.Index(fields=["side", "day"], name="reminder_by_day"),
            models.Index(
                fields=["handed_at"],
                condition=Q(state=State.HANDED_OVER.value),
                name="reminder_handed_over",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Rule(models.Model):
    """A rule where somebody changed its steps: for everyone, one kind of agreement or one organization.

    `steps` is a list of `{"offset": days, "partner": [roles], "ours": [roles], "since": day or null}`; "since" is the
    day on which a step newly came here: what lay in the past then is not sent. The nearest holds: organization, kind,
    everyone, then what `prm/rules` says.
    """

    rule = models.CharField(max_length=30)
    kind = models.ForeignKey("prm.Term", models.CASCADE, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="rules"
    )
    steps: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    on = models.BooleanField(default=True)
    changed_on = models.DateField()
    by = models.ForeignKey("prm.User", models.SET_NULL, null=True, blank=True, related_name="+")

    history = History("rule")

    class Meta:
        db_table = "reminders_rule"
        ordering = ("rule", "id")
        constraints = (
            models.CheckConstraint(
                name="rule_of_one", condition=Q(kind__isnull=True) | Q(organization__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(kind__isnull=True, organization__isnull=True),
                name="rule_of_everyone",
            ),
            models.UniqueConstraint(
                fields=["rule", "kind"], condition=Q(kind__isnull=False), name="rule_of_kind"
            ),
            models.UniqueConstraint(
                fields=["rule", "organization"],
                condition=Q(organization__isnull=False),
                name="rule_of_organization",
            ),
        )

    def __str__(self) -> str:
        return self.rule


class Handover(models.Model):
    """A touch went into a message to one address: never twice to the same one."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="handovers", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="handovers")
    recipient = models.CharField(max_length=320)

    class Meta:
        db_table = "reminders_handover"
        constraints = (models.UniqueConstraint(fields=["reminder", "recipient"], name="handover_once"),)

    def __str__(self) -> str:
        return f"{self.reminder_id}"
