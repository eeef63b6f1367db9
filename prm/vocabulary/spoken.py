"""Our first words in the reader's language. A word that staff changed is said as they wrote it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from prm.vocabulary.models import Term

#: The kinds of agreement of a fresh installation, for translation: partners read them in mails and calendars.
AGREEMENT_KINDS = (
    gettext_noop("MOU"),
    gettext_noop("MOA"),
    gettext_noop("Letter of commitment"),
    gettext_noop("Letter of support"),
    gettext_noop("Interagency agreement"),
    gettext_noop("Sub-award"),
    gettext_noop("Data sharing agreement"),
    gettext_noop("Joinder"),
    gettext_noop("Informal summary, unsigned"),
)


def spoken(term: Term) -> str:
    """Return a term as the active language says it."""
    return _(term.label)
