"""The only writers of training: courses, rhythm, sessions, invitations and attendance."""

from prm.training.actions.attendance import (
    LastTraining,
    note_last_training,
    note_last_trainings,
    record_attendance,
)
from prm.training.actions.courses import (
    change_course,
    change_path,
    enter_course,
    enter_path,
    offer_course_again,
    retire_course,
)
from prm.training.actions.invitations import (
    answer_invitation,
    invite,
    pass_back,
    pass_on,
    withdraw_invitation,
)
from prm.training.actions.rhythm import NewCadence, set_cadence, set_cadences
from prm.training.actions.rounds import Stop, WrongStops, plan_round, spans_of
from prm.training.actions.series import (
    Dated,
    SeriesRule,
    change_series,
    dates_of,
    plan_series,
    rule_of,
    shifts_of,
)
from prm.training.actions.sessions import (
    cancel_session,
    change_session,
    concerned,
    move_session,
    plan_session,
)
from prm.training.actions.teaching import (
    Teacher,
    add_trainer,
    change_trainer,
    remove_trainer,
    set_funders,
    unpaid_consultant,
)
from prm.training.actions.times import span

__all__ = [
    "Dated",
    "LastTraining",
    "NewCadence",
    "SeriesRule",
    "Stop",
    "Teacher",
    "WrongStops",
    "add_trainer",
    "answer_invitation",
    "cancel_session",
    "change_course",
    "change_path",
    "change_series",
    "change_session",
    "change_trainer",
    "concerned",
    "dates_of",
    "enter_course",
    "enter_path",
    "invite",
    "move_session",
    "note_last_training",
    "note_last_trainings",
    "offer_course_again",
    "pass_back",
    "pass_on",
    "plan_round",
    "plan_series",
    "plan_session",
    "record_attendance",
    "remove_trainer",
    "retire_course",
    "rule_of",
    "set_cadence",
    "set_cadences",
    "set_funders",
    "shifts_of",
    "span",
    "spans_of",
    "unpaid_consultant",
    "withdraw_invitation",
]
