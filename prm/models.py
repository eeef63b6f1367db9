"""The rooms' tables, so that Django finds them under one label. Nobody imports this file."""

from prm.accounts.models import Holiday, Program, User
from prm.agreements.models import Agreement, Party, Review
from prm.capacity.models import Pause
from prm.partners.models import Assignment, Contact, Entry, Organization, Role, Standing
from prm.training.models import Attendance, Cadence, Invitation, Session
from prm.vocabulary.models import Term

__all__ = [
    "Agreement",
    "Assignment",
    "Attendance",
    "Cadence",
    "Contact",
    "Entry",
    "Holiday",
    "Invitation",
    "Organization",
    "Party",
    "Pause",
    "Program",
    "Review",
    "Role",
    "Session",
    "Standing",
    "Term",
    "User",
]
