"""Promises on paper: agreements, who signed them, and when they were looked through."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.history import History
from prm.accounts.models import User
from prm.partners.models import Organization, not_before
from prm.vocabulary.models import Term


class AgreementTerm(models.TextChoices):
    FIXED = "fixed", _("Fixed start and end")
    FROM_LAST_SIGNATURE = "from_last_signature", _("From the last signature")
    EVERGREEN = "evergreen", _("Until someone ends it")


class AgreementStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Waiting for signatures")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Signature(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SIGNED = "signed", _("Signed")


class ClauseState(models.TextChoices):
    PRESENT = "present", _("It is there")
    ABSENT = "absent", _("It is missing")
    NOT_NEEDED = "not_needed", _("Not needed here")


class Agreement(models.Model):
    """One term of one paper. `expires_on` is the last valid day; a renewal is a new row that `renews` this one.

    `termination_days`: how long before its end a party must say so. Once one has (`notice_given_on`, `notice_by` in
    words), it stays in force until `ended_on`, its last day.
    """

    kind = models.ForeignKey(Term, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    term = models.CharField(max_length=20, choices=AgreementTerm.choices)
    starts_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    months = models.PositiveIntegerField(null=True, blank=True)
    review_every_months = models.PositiveIntegerField(default=12)
    status = models.CharField(max_length=10, choices=AgreementStatus.choices, default=AgreementStatus.DRAFT)
    sent_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    termination_days = models.PositiveIntegerField(null=True, blank=True)
    notice_given_on = models.DateField(null=True, blank=True)
    notice_by = models.CharField(max_length=200, blank=True)
    end_note = models.TextField(blank=True)
    renews = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="renewed_by")
    notes = models.TextField(blank=True)
    entered_on = models.DateField()
    term_set_on = models.DateField()
    entered_at = models.DateTimeField()

    history = History("agreement")

    class Meta:
        db_table = "agreements_agreement"
        ordering = ("-entered_at", "-id")
        constraints = (
            models.CheckConstraint(name="agreement_term_known", condition=Q(term__in=AgreementTerm.values)),
            models.CheckConstraint(
                name="agreement_status_known", condition=Q(status__in=AgreementStatus.values)
            ),
            models.CheckConstraint(
                name="agreement_end_after_start",
                condition=Q(starts_on__isnull=True) | not_before("starts_on", "expires_on"),
            ),
            models.CheckConstraint(
                name="agreement_evergreen_without_end",
                condition=~Q(term=AgreementTerm.EVERGREEN) | Q(expires_on__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_in_force_with_end",
                condition=~Q(status=AgreementStatus.IN_FORCE)
                | Q(term=AgreementTerm.EVERGREEN)
                | Q(expires_on__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_length_known",
                condition=~Q(term=AgreementTerm.FROM_LAST_SIGNATURE) | Q(months__gt=0, months__isnull=False),
            ),
            models.CheckConstraint(name="agreement_review_rhythm", condition=Q(review_every_months__gt=0)),
            models.CheckConstraint(
                name="agreement_not_its_own_renewal", condition=Q(renews__isnull=True) | ~Q(renews=F("id"))
            ),
        )
        indexes = (models.Index(fields=["status", "expires_on"], name="agreement_by_end"),)

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """One signing side of an agreement; without an organization it is the program itself.

    The original circle decides when the agreement comes in force; a later joiner (`original` false) counts from its
    own signature and may have its own end. Where a council, board or head office has to agree first, it stands in
    `approval_body`: the paper lies before it since `before_body_on`, until it agreed (`approved_on`).
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="agreement_parties"
    )
    original = models.BooleanField(default=True)
    signature = models.CharField(max_length=10, choices=Signature.choices, default=Signature.WAITING)
    signed_on = models.DateField(null=True, blank=True)
    signatory_name = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    approval_body = models.CharField(max_length=200, blank=True)
    before_body_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    entered_on = models.DateField()

    history = History("party")

    class Meta:
        db_table = "agreements_party"
        ordering = ("-original", "id")
        verbose_name_plural = "parties"
        constraints = (
            models.UniqueConstraint(fields=["agreement", "organization"], name="party_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(organization__isnull=True), name="party_program_once"
            ),
            models.CheckConstraint(
                name="party_signed_when_dated",
                condition=Q(signed_on__isnull=True) | Q(signature=Signature.SIGNED),
            ),
            models.CheckConstraint(name="party_signature_known", condition=Q(signature__in=Signature.values)),
            models.CheckConstraint(
                name="party_end_after_signature",
                condition=Q(signed_on__isnull=True) | not_before("signed_on", "expires_on"),
            ),
            models.CheckConstraint(
                name="party_approved_after_asking",
                condition=Q(before_body_on__isnull=True) | not_before("before_body_on", "approved_on"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}:{self.organization_id}"


class Review(models.Model):
    """The day on which someone looked an agreement through."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reviews")
    reviewed_on = models.DateField()
    entered_on = models.DateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    history = History("review")

    class Meta:
        db_table = "agreements_review"
        ordering = ("-reviewed_on", "-id")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.reviewed_on}"


class Clause(models.Model):
    """What somebody found about one clause of the checklist in one agreement; no row, nobody has looked yet."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses", db_index=False)
    kind = models.ForeignKey(Term, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ClauseState.choices)
    place = models.CharField(max_length=120, blank=True)  # page or section
    note = models.TextField(blank=True)

    history = History("clause")

    class Meta:
        db_table = "agreements_clause"
        ordering = ("kind__order", "id")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "kind"], name="clause_once"),
            models.CheckConstraint(name="clause_state_known", condition=Q(state__in=ClauseState.values)),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind_id} {self.state}"
