"""The meanings a column can have, grouped and in plain words: for choosing them, for the template, for exports.

Each word is also a heading that the import understands by itself, so what we write can be read again.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from prm.exchange.heading_people import PLACES
from prm.partners.models import RoleKind

ORGANIZATION = {
    "name": gettext_lazy("Organization"),
    "sector": gettext_lazy("Sector"),
    "status": gettext_lazy("Status"),
    "partnership_kind": gettext_lazy("Partnership type"),
    "partner_since": gettext_lazy("Partner since"),
    "city": gettext_lazy("City"),
    "county": gettext_lazy("County"),
    "state": pgettext_lazy("part of a country", "State"),
    "postal_code": gettext_lazy("ZIP code"),
    "zone": gettext_lazy("Time zone"),
    "phone": gettext_lazy("Main phone"),
    "mailbox": gettext_lazy("General e-mail"),
    "website": gettext_lazy("Website"),
    "approval_body": gettext_lazy("Approved by whom"),
    "approval_lead_days": gettext_lazy("Approval time in days"),
    "confidential": gettext_lazy("Confidential location"),
    "owner": gettext_lazy("Owner"),
    "deputy": gettext_lazy("Deputy"),
    "notes": gettext_lazy("Notes"),
}
AGREEMENT = {
    "agreement_kind": gettext_lazy("Agreement type"),
    "agreement_title": gettext_lazy("Agreement title"),
    "agreement_signed": gettext_lazy("Agreement signed"),
    "agreement_start": gettext_lazy("Agreement start"),
    "agreement_end": gettext_lazy("Agreement end"),
    "agreement_months": gettext_lazy("Agreement length in months"),
}
PAUSE = {
    "pause_scope": gettext_lazy("Pause of what"),
    "pause_from": gettext_lazy("Paused from"),
    "pause_until": gettext_lazy("Paused until"),
    "pause_resumes": gettext_lazy("Resumes"),
    "pause_reason": gettext_lazy("Pause reason"),
}
TRAINING = {
    "last_training": gettext_lazy("Last training"),
    "training_every": gettext_lazy("Training every (months)"),
}
PERSON = {
    "name": gettext_lazy("name"),
    "first": gettext_lazy("first name"),
    "last": gettext_lazy("last name"),
    "title": gettext_lazy("job title"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
}
#: Of the people whom a sheet names, those with every detail; of the others it tells name, e-mail and phone.
WHOLE = ("primary", "second")
BRIEF = ("name", "email", "phone")
#: How a heading calls the people of a row; who holds only a role is called by it.
CALLED = {
    "primary": gettext_lazy("Contact"),
    "second": gettext_lazy("Second contact"),
    "signatory": gettext_lazy("Signatory"),
    "notice": gettext_lazy("Notice contact"),
    "training": gettext_lazy("Training coordinator"),
    "intake": gettext_lazy("Intake contact"),
    "programme_lead": gettext_lazy("Program coordinator"),
    "board_liaison": gettext_lazy("Board liaison"),
    "emergency": gettext_lazy("Emergency contact"),
}


def groups() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each group's heading with its meanings: meaning -> words."""
    yield _("The organization"), _words(ORGANIZATION)
    first = _people("primary")
    yield _("Its first contact"), first | {"languages": _("Languages"), "discreet": _("Discreet")}
    yield _("Its second contact"), _people("second")
    yield _("The agreement"), _words(AGREEMENT)
    yield _("A pause"), _words(PAUSE)
    yield _("Training"), _words(TRAINING)
    others: dict[str, str] = {}
    for place in PLACES:
        if place not in WHOLE:
            others |= _people(place)
    yield _("Who holds a role"), others


def words() -> dict[str, str]:
    """Return every meaning with its words."""
    return {meaning: text for _heading, group in groups() for meaning, text in group.items()}


def _words(group: Mapping[str, object]) -> dict[str, str]:
    return {meaning: str(text) for meaning, text in group.items()}


def _people(place: str) -> dict[str, str]:
    whose = str(CALLED.get(place) or RoleKind(place).label)
    return {
        f"{place}.{what}": f"{whose} {text}"
        for what, text in PERSON.items()
        if place in WHOLE or what in BRIEF
    }
