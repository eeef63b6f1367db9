"""The form that writes an agreement down: what it is, how long it runs, who is a party, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.agreements.actions import Signer
from prm.agreements.models import AgreementTerm
from prm.partners.models import Organization
from prm.vocabulary.models import Term
from prm.web.forms import Form, explained, note_field
from prm.web.typed import DayField

NO_NAMES = gettext_lazy("Please no names of people you serve.")
TERMS = [
    (
        AgreementTerm.FIXED,
        explained(gettext_lazy("From a day to a day"), gettext_lazy("Both days stand in the paper.")),
    ),
    (
        AgreementTerm.FROM_LAST_SIGNATURE,
        explained(
            gettext_lazy("From the last signature, for some months"),
            gettext_lazy("It begins when everyone has signed."),
        ),
    ),
    (
        AgreementTerm.EVERGREEN,
        explained(gettext_lazy("Until someone ends it"), gettext_lazy("We remind you to look it through.")),
    ),
]
STANDS = [
    ("signed", gettext_lazy("Everyone has signed")),
    (
        "sent",
        explained(gettext_lazy("Signatures are still missing"), gettext_lazy("Some may be there already.")),
    ),
    ("draft", explained(gettext_lazy("It is a draft"), gettext_lazy("Nobody was asked to sign yet."))),
]
#: Which argument of the action is said where.
FIELDS = {"parties": "find"}


def number_field(label: Any, *, most: int, help_text: Any = "") -> forms.IntegerField:
    """A small whole number that need not be given."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=most,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control short"}),
        error_messages={"invalid": gettext_lazy("Write it as a number, such as 12.")},
    )


class AgreementForm(Form):
    """`sides` are the parties in order, None for our program; each has three fields of its own."""

    kind: Any = forms.ModelChoiceField(
        label=gettext_lazy("What is it?"),
        queryset=None,
        empty_label=None,
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Leave it empty, and it is called by what it is and by the partner."),
        max_length=300,
        required=False,
    )
    term = forms.ChoiceField(
        label=gettext_lazy("How long does it run?"),
        choices=TERMS,
        widget=forms.RadioSelect,
        initial=AgreementTerm.FIXED,
    )
    starts_on = DayField(label=gettext_lazy("First day"), required=False)
    expires_on = DayField(label=gettext_lazy("Last valid day"), required=False)
    months = number_field(gettext_lazy("For how many months?"), most=600)
    review_every_months = number_field(gettext_lazy("Look it through every … months"), most=600)
    termination_days = number_field(
        gettext_lazy("Days of notice to end it"),
        most=3650,
        help_text=gettext_lazy("Leave it empty if the paper does not say."),
    )
    stands = forms.ChoiceField(
        label=gettext_lazy("Where does it stand?"),
        choices=STANDS,
        widget=forms.RadioSelect,
        initial="signed",
    )
    sent_on = DayField(label=gettext_lazy("Sent for signature on"), required=False)
    signed_on = DayField(
        label=gettext_lazy("Last signature"),
        required=False,
        help_text=gettext_lazy("Leave it empty if nobody knows the day."),
    )
    find = forms.CharField(
        label=gettext_lazy("Add another partner: part of the name"), max_length=100, required=False
    )
    notes = note_field(gettext_lazy("Notes"), help_text=NO_NAMES)

    def __init__(
        self,
        *args: Any,
        sides: Sequence[Organization | None],
        names: dict[str, str],
        **kwargs: Any,
    ) -> None:
        self.sides = list(sides)
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.queryset = Term.objects.filter(list="agreement_kind", active=True).order_by("order", "label")
        for side in self.sides:
            self._add(key_of(side), names.get(key_of(side), ""))
        self.dress()

    def _add(self, key: str, who: str) -> None:
        self.fields[f"signed_{key}"] = forms.BooleanField(label=_("Has signed already"), required=False)
        self.fields[f"day_{key}"] = DayField(label=_("Signed on"), required=False)
        self.fields[f"who_{key}"] = forms.CharField(
            label=_("Who signed for them?"), max_length=200, required=False, initial=who
        )

    def rows(self) -> Iterator[tuple[Organization | None, Any, Any, Any]]:
        """Each side with its three fields."""
        for side in self.sides:
            signed, on, who = (self[f"{part}_{key_of(side)}"] for part in ("signed", "day", "who"))
            yield side, signed, on, who

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("find", "").strip():
            self.add_error("find", _("Choose one of the partners below, or empty this field."))
        term, stands = said.get("term"), said.get("stands")
        if term == AgreementTerm.FIXED and stands == "signed" and not self._given("expires_on"):
            self.add_error("expires_on", _("Until when is it valid? A fixed agreement needs its last day."))
        if term == AgreementTerm.FROM_LAST_SIGNATURE and not self._given("months"):
            self.add_error("months", _("For how many months does it run from the last signature?"))
        lasts = term == AgreementTerm.FROM_LAST_SIGNATURE and stands == "signed"
        if (
            lasts
            and not self._given("signed_on")
            and not any(said.get(f"day_{key_of(s)}") for s in self.sides)
        ):
            self.add_error("signed_on", _("On which day was the last signature? The term begins with it."))
        return said

    def _given(self, name: str) -> bool:
        """Whether a field is filled in, or wrong already in a way that is answered."""
        return name in self.errors or bool(self.cleaned_data.get(name))

    def signers(self) -> list[Signer]:
        """The parties as the action wants them."""
        return [self._signer(side) for side in self.sides]

    def _signer(self, side: Organization | None) -> Signer:
        said, key = self.cleaned_data, key_of(side)
        on, who = said[f"day_{key}"], said[f"who_{key}"]
        if said["stands"] == "draft":
            return Signer(side)
        if said["stands"] == "signed":
            return Signer(side, signed=True, signed_on=on or said["signed_on"], signatory_name=who)
        signed = said[f"signed_{key}"] or on is not None
        return Signer(side, signed=signed, signed_on=on, signatory_name=who if signed else "")


def key_of(side: Organization | None) -> str:
    """What stands for a side in the names of its fields."""
    return str(side.pk) if side is not None else "ours"
