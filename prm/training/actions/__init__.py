"""The only writers of training: rhythm, sessions, invitations and attendance."""

from prm.training.actions.attendance import (
    LastTraining,
    note_last_training,
    note_last_trainings,
    record_attendance,
)
from prm.training.actions.invitations import (
    answer_invitation,
    invite,
    pass_back,
    pass_on,
    withdraw_invitation,
)
from prm.training.actions.rhythm import NewCadence, set_cadence, set_cadences
from prm.training.actions.sessions import cancel_session, move_session, plan_session

__all__ = [
    "LastTraining",
    "NewCadence",
    "answer_invitation",
    "cancel_session",
    "invite",
    "move_session",
    "note_last_training",
    "note_last_trainings",
    "pass_back",
    "pass_on",
    "plan_session",
    "record_attendance",
    "set_cadence",
    "set_cadences",
    "withdraw_invitation",
]
