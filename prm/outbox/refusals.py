"""What a relay or a mail service means when it would not take a mail, and its words for people."""

import smtplib

from anymail import exceptions as anymail

from prm.rules import delivery


def ends_the_matter(error: Exception) -> bool:
    """Whether trying the same mail again is of no use: refused for good, or it cannot be built into octets."""
    if isinstance(error, anymail.AnymailAPIError):
        return delivery.is_final_over_http(error.status_code)
    if isinstance(error, anymail.AnymailError):
        return not isinstance(error, anymail.AnymailConfigurationError)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(delivery.is_final(code) for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return delivery.is_final(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, ValueError | TypeError | LookupError) and not isinstance(error, OSError)


def reason_of(error: Exception) -> str:
    """What a person reads under a message that did not go: the relay's own words where it said some, without NUL,
    which PostgreSQL does not store."""
    return _said_by(error).replace("\x00", "").strip() or type(error).__name__


def _said_by(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = [f"{code} {_words(text)}" for code, text in error.recipients.values()]
        return "; ".join(said)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return str(error)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
