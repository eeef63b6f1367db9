"""What happens to one message on its way: its states, its retries and which refusals are final.

Pure: no clock, no dice, no mail library. The outbox and the provider's events ask here.
"""

from datetime import timedelta

WAITING = "waiting"
HELD = "held"  # somebody of ours keeps it back
SENDING = "sending"
SENT = "sent"
DELIVERED = "delivered"
BOUNCED = "bounced"
FAILED = "failed"
CANCELLED = "cancelled"

# From "nothing known" to "the last word": an event may lift a message up this list and never pulls it down.
# A report of what really happened outside (sent, delivered, bounced) weighs more than what we decided or
# believed ourselves (cancelled, failed): after a connection cut behind DATA the provider knows better than we do.
STATES = (WAITING, HELD, SENDING, CANCELLED, FAILED, SENT, DELIVERED, BOUNCED)
OPEN_STATES = (WAITING, SENDING)

# What a provider may report, and the state that each report proves. A complaint or an automatic answer shows
# that the mail arrived; a deferral that it was at least taken in.
PROVED_BY = {
    "claimed": SENDING,
    "withdrawn": CANCELLED,
    "gave_up": FAILED,
    "accepted": SENT,
    "queued": SENT,
    "sent": SENT,
    "deferred": SENT,
    "delivered": DELIVERED,
    "opened": DELIVERED,
    "clicked": DELIVERED,
    "complained": DELIVERED,
    "unsubscribed": DELIVERED,
    "autoresponded": DELIVERED,
    "bounced": BOUNCED,
    "rejected": BOUNCED,
}

MAX_ATTEMPTS = 25
LONGEST_DELAY = timedelta(hours=4)

# HTTP answers of a provider that speak about its account, its load or its own troubles, not about the message.
HTTP_NOT_ABOUT_THE_MESSAGE = frozenset({401, 402, 403, 404, 407, 408, 409, 421, 423, 425, 429})


def next_state(current: str, event: str) -> str:
    """The state after an event. Events may come late, twice and in any order: the end is the same.

    An event nobody knows changes nothing. Raises ValueError for a current state that does not exist.
    """
    proved = PROVED_BY.get(event, current)
    return max(current, proved, key=STATES.index)


def retry_delay(attempt: int, jitter: float, first: timedelta = timedelta(minutes=1)) -> timedelta:
    """How long to wait after the given attempt (1 for the first) failed for now.

    Doubles from `first` up to four hours, times 0.5 to 1.5. `jitter` from 0 (shortest) to 1 (longest) is the
    caller's, so that the same message always gets the same answer.
    """
    if attempt < 1:
        raise ValueError("the first attempt is number 1")
    if not 0 <= jitter <= 1:
        raise ValueError("jitter goes from 0 to 1")
    return min(first * (1 << min(attempt - 1, 16)), LONGEST_DELAY) * (0.5 + jitter)


def jitter_of(key: str) -> float:
    """A number from 0 to 1 out of a message's key (hexadecimal): spread between messages, steady for each."""
    return int(key[:8], 16) / 0xFFFFFFFF


def gives_up(attempt: int) -> bool:
    """Whether the given attempt (1 for the first) was the last one."""
    return attempt >= MAX_ATTEMPTS


def is_final(code: int | None) -> bool:
    """Whether an SMTP reply code (RFC 5321, section 4.2.1) ends the matter: 5xx does. None is a broken network."""
    return code is not None and 500 <= code <= 599


def is_final_over_http(code: int | None) -> bool:
    """Whether a provider's HTTP status ends the matter.

    The other way round from SMTP: 4xx refuses this message for good, 5xx is the provider's own trouble. What is
    about the account or its limits (401, 403, 429 ...) is tried again: a wrong key must not fail every mail.
    """
    return code is not None and 400 <= code <= 499 and code not in HTTP_NOT_ABOUT_THE_MESSAGE
