"""Learning together: what is taught, how often, the sessions, who is invited and who came."""

from prm.training.models.attending import Answer, Attendance, Invitation
from prm.training.models.cadence import Cadence
from prm.training.models.courses import Course, LearningPath, Origin, PathStep
from prm.training.models.planning import Round, Series
from prm.training.models.sessions import (
    Session,
    SessionFunder,
    SessionKind,
    SessionStatus,
    SessionTrainer,
    TrainerRole,
)

__all__ = [
    "Answer",
    "Attendance",
    "Cadence",
    "Course",
    "Invitation",
    "LearningPath",
    "Origin",
    "PathStep",
    "Round",
    "Series",
    "Session",
    "SessionFunder",
    "SessionKind",
    "SessionStatus",
    "SessionTrainer",
    "TrainerRole",
]
