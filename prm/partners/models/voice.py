"""What partners say for themselves, without an account: the links they hold, what they said, what they consent to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.accounts.models import User
from prm.partners.models.relationship import Contact, Organization, not_before


class Purpose(models.TextChoices):
    PAGE = "page", _("Their own page")
    PAUSE = "pause", _("We are full")
    TALK = "talk", _("Answer about a pause")
    RENEWAL = "renewal", _("Answer about an agreement")
    LEAVING = "leaving", _("I am leaving")
    UNSUBSCRIBE = "unsubscribe", _("Less mail")
    FEED = "feed", _("Calendar feed")
    DESK = "desk", _("A row of Today, for our side")


class StatementKind(models.TextChoices):
    PAUSE = "pause", _("We are full")
    TALK = "talk", _("About a pause")
    RENEWAL = "renewal", _("About an agreement")
    LEAVING = "leaving", _("I am leaving")
    CORRECTION = "correction", _("Something is not right")


class Outcome(models.TextChoices):
    OPEN = "", _("Open")
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Corrected")
    SEEN = "seen", _("Seen")


class Link(models.Model):
    """One door for one person of one organization and one purpose. Whoever has its token may pass.

    The person is a contact of it, or, for a row of Today in our own mail, a `user` of ours.

    The token stands nowhere: `links.token_of` makes it from `nonce` and the secret key, `token_hash` recognizes it.
    `about` says what it is about where that matters: "agreement:17:2027-09-30", "pause:5", categories of mail. `role`
    is the role as which the person was written to: the link ends when they no longer hold it.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="links", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="links")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="links")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    about = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=30, blank=True)
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "partners_link"
        ordering = ("-issued_at", "-id")
        constraints = (
            models.CheckConstraint(name="link_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(
                name="link_lasts_only_where_it_may",
                condition=Q(expires_at__isnull=False) | Q(purpose__in=[Purpose.UNSUBSCRIBE, Purpose.FEED]),
            ),
            models.CheckConstraint(
                name="link_desk_for_our_side",
                condition=Q(purpose=Purpose.DESK, user__isnull=False, contact__isnull=True)
                | (~Q(purpose=Purpose.DESK) & Q(user__isnull=True)),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-issued_at"], name="link_by_organization"),
            models.Index(fields=["expires_at"], name="link_by_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Statement(models.Model):
    """What a partner said by a link, word for word. It stands until it is taken back; `outcome` is what we made of it.

    `record` and `reference_on` name what it is about ("agreement:17" and its last day); `data` holds the rest of what
    was said, and under "changed" what it moved.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="statements", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="statements")
    link = models.ForeignKey(Link, models.SET_NULL, null=True, blank=True, related_name="statements")
    kind = models.CharField(max_length=12, choices=StatementKind.choices)
    choice = models.CharField(max_length=20, blank=True)
    record = models.CharField(max_length=60, blank=True)
    reference_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    said_on = models.DateField()
    said_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(
        null=True, blank=True
    )  # our side was written to at once, where policy.md says so

    class Meta:
        db_table = "partners_statement"
        ordering = ("-said_at", "-id")
        constraints = (
            models.CheckConstraint(name="statement_kind_known", condition=Q(kind__in=StatementKind.values)),
            models.CheckConstraint(name="statement_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="statement_settled_with_outcome",
                condition=Q(settled_at__isnull=True, outcome="")
                | (Q(settled_at__isnull=False) & ~Q(outcome="")),
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-said_at"], name="statement_by_organization"),
            models.Index(
                fields=["said_at"],
                condition=Q(outcome="", taken_back_at__isnull=True),
                name="statement_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.choice}".strip()


class Consent(models.Model):
    """Consent to be listed: what, given by whom, how and when. It ends by itself; withdrawn, it counts no longer."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="consents", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="consents")
    what = models.CharField(max_length=30, default="listing")
    given_by = models.CharField(max_length=200)
    how = models.CharField(max_length=30, default="link")
    given_on = models.DateField()
    ends_on = models.DateField()  # the last day on which it counts
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    history = History("consent")

    class Meta:
        db_table = "partners_consent"
        ordering = ("-given_on", "-id")
        constraints = (
            models.CheckConstraint(
                name="consent_end_after_start", condition=not_before("given_on", "ends_on")
            ),
        )
        indexes = (models.Index(fields=["organization", "ends_on"], name="consent_by_organization"),)

    def __str__(self) -> str:
        return f"{self.what} {self.given_on}"
