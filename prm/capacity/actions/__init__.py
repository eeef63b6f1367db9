"""The only writers of pauses. A pause ends in a conversation, never in silent reopening."""

from prm.capacity.actions.changing import answer, explain, extend, resume, unanswer, withdraw
from prm.capacity.actions.declaring import TALK_AFTER_MONTHS, NewPause, pause, record_pauses
from prm.capacity.actions.stretches import follow
from prm.capacity.actions.undoing import can_be_undone, undo

__all__ = [
    "TALK_AFTER_MONTHS",
    "NewPause",
    "answer",
    "can_be_undone",
    "explain",
    "extend",
    "follow",
    "pause",
    "record_pauses",
    "resume",
    "unanswer",
    "undo",
    "withdraw",
]
