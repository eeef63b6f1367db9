"""The only writers of pauses. A pause ends in a conversation, never in silent reopening."""

from prm.capacity.actions.changing import answer, explain, extend, resume, unanswer, withdraw
from prm.capacity.actions.declaring import TALK_AFTER_MONTHS, NewPause, pause, record_pauses

__all__ = [
    "TALK_AFTER_MONTHS",
    "NewPause",
    "answer",
    "explain",
    "extend",
    "pause",
    "record_pauses",
    "resume",
    "unanswer",
    "withdraw",
]
