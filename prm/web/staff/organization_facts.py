"""The facts of a partner: what stands in its list, in which words, and with which field each is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.partners.models import Direction, Organization, Standing, Status, Visibility
from prm.vocabulary.models import Term
from prm.web.forms import EMAIL_ERRORS, TermField, explained, phone_field
from prm.web.staff.facts import Fact
from prm.web.staff.places import zone_choices
from prm.web.typed import DayField
from prm.web.words import plain_day

NO_NAMES = gettext_lazy("Please no names of people you serve.")
SEEN_BY = [
    (
        Visibility.INTERNAL,
        explained(Visibility.INTERNAL.label, gettext_lazy("Everyone on our side sees it.")),
    ),
    (
        Visibility.MEMBERS,
        explained(Visibility.MEMBERS.label, gettext_lazy("Our side, and the partners themselves.")),
    ),
    (
        Visibility.NEED_TO_KNOW,
        explained(Visibility.NEED_TO_KNOW.label, gettext_lazy("Not those on our side who only read.")),
    ),
    (Visibility.PUBLIC, explained(Visibility.PUBLIC.label, gettext_lazy("It may be named to anyone."))),
]

Make = Callable[[Any], forms.Field]


def text(label: Any, most: int, **more: Any) -> Make:
    """A short text, never compulsory unless said."""
    return lambda _record: forms.CharField(label=label, max_length=most, **{"required": False} | more)


def term(name: str, label: Any, column: str) -> Make:
    """A word of a list; one that is not offered any more stays for those who have it."""

    def make(record: Any) -> forms.Field:
        field = TermField(name=name, label=label)
        field.queryset = field.words(keep=getattr(record, f"{column}_id"))
        return field

    return make


def choice(label: Any, choices: Any, *, required: bool = True) -> Make:
    """One of a few, as large rows."""
    return lambda _record: forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=required
    )


def zone(record: Organization) -> forms.Field:
    """The time zone, or that of the program."""
    choices = [("", _("As the program")), *zone_choices(record.zone or "America/New_York")]
    return forms.ChoiceField(
        label=_("Time zone"),
        choices=choices,
        required=False,
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )


def days_of_approval(_record: Organization) -> forms.Field:
    """How long before its end an agreement has to be begun with."""
    return forms.IntegerField(
        label=_("Days it takes"),
        help_text=_("Reminders begin so much earlier."),
        required=False,
        error_messages={"invalid": _("Enter a number of days, such as 30.")},
    )


def label_of(row: Term | None) -> str:
    return row.label if row else ""


def place(row: Organization) -> str:
    """ "Oakland, Alameda CA 94601"."""
    town = ", ".join(part for part in (row.city, row.county) if part)
    return " ".join(part for part in (town, row.state, row.postal_code) if part)


def approval(row: Organization) -> str:
    """ "City council, 30 days"."""
    days = row.approval_lead_days
    takes = ngettext("%d day", "%d days", days) % days if days else ""
    return ", ".join(part for part in (row.approval_body, takes) if part)


def seen_by(row: Organization) -> str:
    """Who may see it, and whether it is confidential."""
    word = str(Visibility(row.visibility).label)
    return _("Confidential, %s") % word.lower() if row.confidential else word


def website(row: Organization) -> str:
    """Where the press on a website leads; what is no address on the web leads nowhere."""
    known = row.website.strip()
    if known.lower().startswith(("http://", "https://")):
        return known
    return f"https://{known}" if "." in known and " " not in known and ":" not in known else ""


def standings(row: Organization) -> list[Standing]:
    """What it was to us, the oldest first; read once for a row."""
    known: dict[str, Any] = vars(row)
    if "known_standings" not in known:
        known["known_standings"] = list(row.standings.order_by("since", "pk"))
    found: list[Standing] = known["known_standings"]
    return found


def standing(row: Organization) -> dict[str, Any]:
    """What stands now, to be followed by something else from a day."""
    last = row.standings.order_by("-since").first()
    return {"status": last.status if last else "", "since": None}


def said_standing(row: Organization) -> str:
    """ "Active since 5 May 2027"."""
    last = standings(row)[-1] if standings(row) else None
    if last is None:
        return ""
    words = {"status": Status(last.status).label, "since": plain_day(last.since)}
    return _("%(status)s since %(since)s") % words


def _direction(row: Organization) -> str:
    return str(Direction(row.direction).label) if row.direction else ""


NAME = text(
    gettext_lazy("Name"), 200, required=True, error_messages={"required": gettext_lazy("Enter the name.")}
)
PLACE = {
    "city": text(gettext_lazy("Town"), 120),
    "county": text(gettext_lazy("County"), 120),
    "state": text(gettext_lazy("State"), 60),
    "postal_code": text(gettext_lazy("ZIP code"), 20),
}
APPROVAL = {
    "approval_body": text(
        gettext_lazy("Who has to approve"), 200, help_text=gettext_lazy("A board or council, for example.")
    ),
    "approval_lead_days": days_of_approval,
}
SEEN = {
    "visibility": choice(gettext_lazy("Who may see it"), SEEN_BY),
    "confidential": lambda _record: forms.BooleanField(
        label=_("The address is confidential"),
        help_text=_("It stands in no list that leaves our side."),
        required=False,
    ),
}
STANDING = {
    "status": choice(gettext_lazy("What they are to us"), Status.choices),
    "since": lambda _record: DayField(
        label=_("From"), error_messages={"required": _("Enter the first day.")}
    ),
}

_ALL = (
    Fact("name", gettext_lazy("Name"), {"name": NAME}, lambda row: row.name, first=False),
    Fact(
        "sector",
        gettext_lazy("Kind of organization"),
        {"sector": term("sector", gettext_lazy("What kind of organization"), "sector")},
        lambda row: label_of(row.sector),
    ),
    Fact("place", gettext_lazy("Place"), PLACE, place),
    Fact(
        "phone",
        gettext_lazy("Phone"),
        {"phone": lambda _record: phone_field()},
        lambda row: row.phone,
        href=lambda row: f"tel:{row.phone}",
    ),
    Fact(
        "mailbox",
        gettext_lazy("Shared mailbox"),
        {
            "role_mailbox": lambda _record: forms.EmailField(
                label=_("Shared mailbox"), required=False, error_messages=EMAIL_ERRORS
            )
        },
        lambda row: row.role_mailbox,
        href=lambda row: f"mailto:{row.role_mailbox}",
    ),
    Fact(
        "website",
        gettext_lazy("Website"),
        {"website": text(gettext_lazy("Website"), 300)},
        lambda row: row.website,
        href=website,
    ),
    Fact(
        "standing",
        gettext_lazy("To us"),
        STANDING,
        said_standing,
        read=standing,
        note=gettext_lazy("What they were before stays in the history."),
    ),
    Fact("approval", gettext_lazy("Approval"), APPROVAL, approval, first=False),
    Fact(
        "kind",
        gettext_lazy("Kind of partnership"),
        {
            "partnership_kind": term(
                "partnership_kind", gettext_lazy("What kind of partnership"), "partnership_kind"
            )
        },
        lambda row: label_of(row.partnership_kind),
        first=False,
    ),
    Fact(
        "direction",
        gettext_lazy("Direction"),
        {
            "direction": choice(
                gettext_lazy("Who sends people to whom"),
                [("", gettext_lazy("Not said")), *Direction.choices],
                required=False,
            )
        },
        _direction,
        first=False,
    ),
    Fact(
        "since",
        gettext_lazy("Partner since"),
        {"partner_since": lambda _record: DayField(label=_("Partner since"), required=False)},
        lambda row: plain_day(row.partner_since),
        first=False,
    ),
    Fact("zone", gettext_lazy("Time zone"), {"zone": zone}, lambda row: row.zone, first=False),
    Fact("visibility", gettext_lazy("Who may see it"), SEEN, seen_by, first=False),
    Fact(
        "notes",
        gettext_lazy("Notes"),
        {
            "notes": text(
                gettext_lazy("Notes"), 5000, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 4})
            )
        },
        lambda row: row.notes,
        first=False,
    ),
)
FACTS = {fact.key: fact for fact in _ALL}
