"""What a mail server or service answered, in words that say what to do. The answer itself stays under "details"."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

#: Patterns of an answer and what it means, the first that fits. Codes are those of RFC 5321 and RFC 3463.
MEANINGS: tuple[tuple[str, object], ...] = (
    (
        r"5\.7\.(?:8|9)\b|\b53[0458]\b|authenticat|credentials|api key|unauthorized|forbidden",
        lazy(
            "Our own mail server did not accept our sign-in. Whoever runs this installation must check its settings."
        ),
    ),
    (
        r"spam|block(?:ed|list)|blacklist|reputation|\bspf\b|\bdkim\b|\bdmarc\b|policy|5\.7\.\d",
        lazy(
            "Their mail server does not trust mail from us. Ask them to let our address through, and whoever runs your "
            "mail to check SPF, DKIM and DMARC."
        ),
    ),
    (
        r"5\.2\.2|4\.2\.2|\b[45]52\b.*(?:full|quota|storage)|mailbox (?:is )?full|over ?quota|quota exceeded",
        lazy("Their mailbox is full. Call them, and send it again when there is room."),
    ),
    (
        r"5\.3\.4|5\.2\.3|too (?:large|big)|size limit|exceeds .*size",
        lazy("The mail is too large for them. Send the file in another way."),
    ),
    (
        r"5\.1\.2|4\.1\.2|domain (?:not found|does not exist)|no such domain|host unknown|unrouteable|no mx",
        lazy(
            "The part of the address after the @ does not exist. Look for a typing mistake, or ask for the address."
        ),
    ),
    (
        r"5\.2\.1|disabled|inactive|suspended|deactivated",
        lazy("This mailbox was closed. Perhaps the person left: call, and ask for another address."),
    ),
    (
        r"5\.1\.\d|user unknown|unknown user|no such (?:user|mailbox)|not exist|unavailable|not found|\b550\b",
        lazy(
            "This mailbox does not exist, or not any more. Look for a typing mistake, or call and ask for the address."
        ),
    ),
    (
        r"refused|timed? ?out|unreachable|getaddrinfo|name or service|failure in name|connection|network|reset by",
        lazy("Our mail server could not be reached. If this stays so, tell whoever runs this installation."),
    ),
    (
        r"greylist|graylist|try (?:again )?later|\b4\d\d\b|4\.\d\.\d|too many|rate|throttl|busy",
        lazy("Their mail server was busy and asked to try later."),
    ),
    (
        r"\b5\d\d\b|^[A-Z]\w+Error$",
        lazy(
            "The mail server would not take it. Whoever runs your mail can read its answer under “Details”."
        ),
    ),
)
#: An answer of a server: it begins with its code, or was no sentence of ours.
OURS_ENDS = re.compile(r"[.]$")
CODE = re.compile(r"\b[245]\d\d\b|\b[45]\.\d\.\d|Errno|Error|timed? ?out|refused", re.IGNORECASE)


def in_plain_words(answer: str) -> str:
    """Return what an answer means and what to do; our own sentences come back as they are, "" stays ""."""
    if not answer or (OURS_ENDS.search(answer) and not CODE.search(answer)):
        return answer
    for pattern, words in MEANINGS:
        if re.search(pattern, answer, re.IGNORECASE):
            return str(words)
    return _("It could not be handed to the mail server. Its answer stands under “Details”.")
