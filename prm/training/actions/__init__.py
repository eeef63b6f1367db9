"""The only writers of training: rhythm, sessions, invitations and attendance."""

from prm.training.actions.attendance import note_last_training, record_attendance
from prm.training.actions.invitations import answer_invitation, invite, withdraw_invitation
from prm.training.actions.rhythm import set_cadence
from prm.training.actions.sessions import cancel_session, move_session, plan_session

__all__ = [
    "answer_invitation",
    "cancel_session",
    "invite",
    "move_session",
    "note_last_training",
    "plan_session",
    "record_attendance",
    "set_cadence",
    "withdraw_invitation",
]
