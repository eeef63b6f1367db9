"""The sheet to begin with: headings that the import knows, two rows of an invented world, and a word on each column."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.exchange import meanings
from prm.exchange.calculated import EXPLAINED
from prm.exchange.table_out import Cell, Table
from prm.rules.dates import add_months

#: meaning -> one sentence on what to write there, in the order of the columns.
WORDS = {
    "name": gettext_lazy("The name of the agency. The only column that must be filled."),
    "sector": gettext_lazy("What kind of agency it is, such as “Police” or “Faith communities”."),
    "status": gettext_lazy("Active, prospect or former. Empty means active."),
    "partner_since": gettext_lazy("The day on which you began to work together."),
    "city": gettext_lazy("The city or town."),
    "county": gettext_lazy("The county."),
    "state": gettext_lazy("The state."),
    "postal_code": gettext_lazy("The ZIP code."),
    "zone": gettext_lazy("Only where their clock differs from yours: Eastern, Central, Mountain, Pacific."),
    "phone": gettext_lazy("The phone number of the house, not of a person."),
    "mailbox": gettext_lazy("A shared address, used when nobody else can be reached."),
    "website": gettext_lazy("The address of their website."),
    "approval_body": gettext_lazy("Who there must approve an agreement, such as a council or a board."),
    "approval_lead_days": gettext_lazy(
        "How many days that approval takes; reminders begin that much earlier."
    ),
    "confidential": gettext_lazy(
        "Yes, where the place must stay secret. Viewers then do not see the agency."
    ),
    "owner": gettext_lazy("The e-mail address of the colleague who looks after this partner."),
    "deputy": gettext_lazy("The e-mail address of the colleague who stands in."),
    "primary.name": gettext_lazy("The person you usually talk to, first and last name in one cell."),
    "primary.title": gettext_lazy("What that person does there."),
    "primary.email": gettext_lazy("Where that person's reminders go. One address."),
    "primary.phone": gettext_lazy("That person's phone number, with an area code."),
    "languages": gettext_lazy(
        "The languages that person likes to be written to in, such as “English, Spanish”."
    ),
    "discreet": gettext_lazy("Yes, where mail must never show what your work is about."),
    "second.name": gettext_lazy("Somebody else there. Put a second person here, not a second row."),
    "second.email": gettext_lazy("That person's address."),
    "second.phone": gettext_lazy("That person's phone number."),
    "signatory.name": gettext_lazy("Who signs agreements, where that is not the first contact."),
    "signatory.email": gettext_lazy("The address of whoever signs."),
    "training.name": gettext_lazy("Who arranges training there, where that is not the first contact."),
    "training.email": gettext_lazy("The address of whoever arranges training."),
    "intake.name": gettext_lazy("Who takes the people you refer, where that is not the first contact."),
    "intake.email": gettext_lazy("The address of whoever takes referrals."),
    "agreement_kind": gettext_lazy("MOU, MOA, letter of support and so on. Empty means an MOU."),
    "agreement_title": gettext_lazy("What the agreement is called, if it has a name."),
    "agreement_signed": gettext_lazy("The day of the last signature. “Pending” where it is not signed yet."),
    "agreement_start": gettext_lazy("The first day, where it is another than the day of signing."),
    "agreement_end": gettext_lazy(
        "The last valid day, or “no end date”. The reminders to renew count from it."
    ),
    "pause_scope": gettext_lazy(
        "What is paused: referrals, training, or everything. Empty means everything."
    ),
    "pause_from": gettext_lazy("The first day of a pause."),
    "pause_until": gettext_lazy("The last day of the pause, or “not known”."),
    "pause_reason": gettext_lazy("Why. Only your own side sees it."),
    "last_training": gettext_lazy("The day of the last training they came to."),
    "training_every": gettext_lazy("How often they want training, in months. “None” for never."),
    "notes": gettext_lazy("Whatever else you keep about them. Nothing about the people you help."),
}


def template_tables(today: date) -> list[Table]:
    """The sheet with its headings and two examples, whose days lie about `today`; and the sheet that explains it."""
    known = meanings.words()
    headings = [known[meaning] for meaning in WORDS]
    rows = [[example.get(meaning) for meaning in WORDS] for example in examples(today)]
    told = [(known[meaning], str(sentence)) for meaning, sentence in WORDS.items()]
    return [Table(_("Partners"), headings, rows), Table(EXPLAINED, (_("Column"), _("What to write")), told)]


def examples(today: date) -> list[dict[str, Cell]]:
    """Two agencies that nobody can take for real: an agreement that ends, and one without end beside a pause."""
    return [_house(today), _police(today)]


def _house(today: date) -> dict[str, Cell]:
    return {
        "name": _("Example House (delete this row)"),
        "sector": _("Domestic violence and sexual assault"),
        "status": _("Active"),
        "partner_since": add_months(today, -30),
        "city": _("Sampleton"),
        "county": _("Example County"),
        "phone": "(555) 555-0100",
        "mailbox": "office@house.example",
        "confidential": True,
        "primary.name": "Eve Example",
        "primary.title": _("Program coordinator"),
        "primary.email": "eve@house.example",
        "primary.phone": "(555) 555-0101",
        "languages": _("English, Spanish"),
        "signatory.name": "Dora Director",
        "signatory.email": "dora@house.example",
        "agreement_kind": "MOU",
        "agreement_title": _("Emergency beds"),
        "agreement_signed": add_months(today, -18),
        "agreement_end": add_months(today, 6) - timedelta(days=1),
        "last_training": add_months(today, -2),
        "training_every": 3,
        "notes": _("Closed on public holidays"),
    }


def _police(today: date) -> dict[str, Cell]:
    return {
        "name": _("Example Police Department (delete this row)"),
        "sector": _("Police"),
        "city": _("Sampleton"),
        "approval_body": _("City council"),
        "approval_lead_days": 120,
        "primary.name": "Sam Sample",
        "primary.email": "sam@police.example",
        "primary.phone": "(555) 555-0102",
        "second.name": "Pat Placeholder",
        "second.email": "pat@police.example",
        "agreement_kind": _("Letter of support"),
        "agreement_signed": add_months(today, -10),
        "agreement_end": _("No end date"),
        "pause_scope": _("Referrals"),
        "pause_from": today,
        "pause_until": add_months(today, 2),
        "pause_reason": _("Two people are on leave"),
    }
