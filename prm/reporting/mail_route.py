"""Which way mail takes as the installation is set up, and whether it reaches anybody: for pages and the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

#: Domains that are for examples or for one machine: nobody owns them, and no server takes mail from them.
NOBODYS = (".example", "example.org", "example.com", "example.net", ".invalid", "localhost")
#: Ways that end on this machine.
LOCAL = ("django.core.mail.backends.", "anymail.backends.console.", "anymail.backends.test.")


@dataclass(frozen=True, slots=True)
class Route:
    """Where mail goes, in a sentence; `reaches` whether people get it, else `remedy` says what to set."""

    words: str
    reaches: bool
    remedy: str = ""


def mail_route() -> Route:
    """Say where mail goes now. Only the settings are asked: whether a relay takes us, a test mail tells."""
    name = settings.EMAIL_BACKEND
    if name == settings.FILE_EMAIL_BACKEND:
        words = _("Mails are written as files in the folder %(folder)s. Nobody gets them.")
        return Route(words % {"folder": settings.EMAIL_FILE_PATH}, reaches=False, remedy=_to_reach_people())
    smtp = name.endswith("smtp.EmailBackend")
    if name.startswith(LOCAL) and not smtp:
        return Route(_("Mails stay on this machine. Nobody gets them."), False, _to_reach_people())
    if nobody_owns(sender_domain()):
        words = _("Mails leave, but from %(domain)s, a name on the internet that nobody owns.")
        remedy = _("Set DEFAULT_FROM_EMAIL to an address of yours; docs/operate.md says how.")
        return Route(words % {"domain": sender_domain()}, reaches=False, remedy=remedy)
    host = settings.EMAIL_HOST if smtp else name.split(".")[-2].replace("_", " ").title()
    return Route(_("Mails leave through %(host)s.") % {"host": host}, reaches=True)


def _to_reach_people() -> str:
    return _("To reach people, set EMAIL_URL where PRM runs; docs/operate.md says how.")


def sender_domain() -> str:
    """Return the domain that mail comes from, in small letters."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def nobody_owns(domain: str) -> bool:
    """Whether a domain is one of examples or of a machine by itself."""
    return domain.endswith(NOBODYS)
