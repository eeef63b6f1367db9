"""How the records and fields of a partner are called on the page that shows what was changed in them."""

from django.db.models import Model
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from prm.agreements.models import Agreement, Clause, Party, Review
from prm.capacity.models import Pause
from prm.partners.models import Assignment, Consent, Contact, Organization, Promise, Role, Standing
from prm.training.models import Cadence

#: What a record is, where its own name stands beside it.
RECORDS: dict[type[Model], Words] = {
    Organization: _("The partner"),
    Standing: _("What they are to us"),
    Contact: _("Contact"),
    Role: _("Role"),
    Assignment: _("Who keeps them"),
    Pause: _("Pause"),
    Promise: _("Promise"),
    Consent: _("Consent to be listed"),
    Cadence: _("Training rhythm"),
    Agreement: _("Agreement"),
    Party: _("Signature"),
    Review: _("Review of an agreement"),
    Clause: _("Clause of an agreement"),
}

_FROM, _UNTIL = _("From"), _("Last day")
_OF: dict[type[Model], dict[str, Words]] = {
    Organization: {
        "name": _("Name"),
        "slug": _("Address of the page"),
        "sector_id": _("Sector"),
        "partnership_kind_id": _("Kind of partnership"),
        "direction": _("Direction"),
        "city": _("Town"),
        "county": _("County"),
        "state": _("State"),
        "postal_code": _("ZIP code"),
        "zone": _("Time zone"),
        "approval_body": _("Who approves"),
        "approval_lead_days": _("Days approval takes"),
        "role_mailbox": _("Shared mailbox"),
        "phone": _("Phone"),
        "website": _("Website"),
        "notes": _("Notes"),
        "confidential": _("Confidential"),
        "visibility": _("Who may see it"),
        "partner_since": _("Partner since"),
    },
    Standing: {"status": _("Standing"), "since": _FROM, "until": _UNTIL},
    Contact: {
        "name": _("Name"),
        "title": _("Title"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "languages": _("Language of mail"),
        "discreet": _("Discreet mail"),
        "may_commit": _("May commit the agency"),
        "undeliverable_on": _("Mail came back on"),
        "unsubscribed": _("Mail they do without"),
        "left_on": _("Last day there"),
        "same_as_id": _("The same person as"),
    },
    Role: {"kind": _("Role"), "contact_id": _("Who has it"), "since": _FROM, "until": _UNTIL},
    Assignment: {"kind": _("Owner or deputy"), "user_id": _("Who"), "since": _FROM, "until": _UNTIL},
    Pause: {
        "scope": _("What it is about"),
        "service": _("Service"),
        "effect": _("How it stands"),
        "reach": _("Whose referrals"),
        "starts_on": _("First day"),
        "ends_on": _UNTIL,
        "talk_on": _("We talk again on"),
        "reason": _("Reason"),
        "declared_by_id": _("Who told us"),
        "answered_on": _("Answered on"),
        "answer": _("Answer"),
        "withdrawn_on": _("Withdrawn on"),
    },
    Promise: {
        "side": _("Who promised"),
        "what": _("What"),
        "user_id": _("Who of us"),
        "contact_id": _("Who of them"),
        "made_on": _("Made on"),
        "due_on": _("Due on"),
        "kept_on": _("Kept on"),
        "dropped_on": _("Let go on"),
        "private": _("Seen by our side only"),
    },
    Consent: {
        "what": _("For what"),
        "contact_id": _("Contact"),
        "given_by": _("Given by"),
        "how": _("How"),
        "given_on": _("Given on"),
        "ends_on": _UNTIL,
        "withdrawn_at": _("Taken back on"),
    },
    Cadence: {
        "every_months": _("Months between trainings"),
        "anchor_on": _("Counted from"),
        "reason": _("Why no training"),
    },
    Agreement: {
        "kind_id": _("Kind"),
        "title": _("Title"),
        "term": _("How long it runs"),
        "starts_on": _("First day"),
        "expires_on": _UNTIL,
        "months": _("Months it runs"),
        "review_every_months": _("Months between reviews"),
        "status": _("Status"),
        "sent_on": _("Sent for signature on"),
        "signed_on": _("Last signature on"),
        "ended_on": _("Ended on"),
        "termination_days": _("Days of notice"),
        "notice_given_on": _("Notice given on"),
        "notice_by": _("Notice given by"),
        "end_note": _("Note on the end"),
        "notes": _("Notes"),
    },
    Party: {
        "signature": _("Signature"),
        "signed_on": _("Signed on"),
        "signatory_name": _("Signed by"),
        "expires_on": _UNTIL,
        "approval_body": _("Who has to agree first"),
        "before_body_on": _("Before them since"),
        "approved_on": _("They agreed on"),
    },
    Review: {"reviewed_on": _("Looked through on"), "by_id": _("By"), "note": _("Note")},
    Clause: {"kind_id": _("Clause"), "state": _("Found"), "place": _("Place"), "note": _("Note")},
}

FIELDS: dict[tuple[type[Model], str], Words] = {
    (table, field): words for table, fields in _OF.items() for field, words in fields.items()
}
