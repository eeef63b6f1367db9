"""The rooms' tables, so that Django finds them under one label. Nobody imports this file."""

from prm.accounts.models import Access, Holiday, Program, User
from prm.agreements.models import Agreement, Clause, Party, Review
from prm.calendars.models import Invite
from prm.capacity.models import Pause
from prm.desk.models import Snooze, View
from prm.exchange.models import Import, Trace
from prm.jobs.models import Job
from prm.outbox.models import Message
from prm.partners.models import (
    Assignment,
    Consent,
    Contact,
    Entry,
    Link,
    Organization,
    Promise,
    Role,
    Standing,
    Statement,
)
from prm.reminders.models import Handover, Reminder, Rule
from prm.search.models import Findable, Stale
from prm.training.models import (
    Attendance,
    Cadence,
    Course,
    Invitation,
    LearningPath,
    PathStep,
    Round,
    Series,
    Session,
    SessionFunder,
    SessionTrainer,
)
from prm.vocabulary.models import Term

__all__ = [
    "Access",
    "Agreement",
    "Assignment",
    "Attendance",
    "Cadence",
    "Clause",
    "Consent",
    "Contact",
    "Course",
    "Entry",
    "Findable",
    "Handover",
    "Holiday",
    "Import",
    "Invitation",
    "Invite",
    "Job",
    "LearningPath",
    "Link",
    "Message",
    "Organization",
    "Party",
    "PathStep",
    "Pause",
    "Program",
    "Promise",
    "Reminder",
    "Review",
    "Role",
    "Round",
    "Rule",
    "Series",
    "Session",
    "SessionFunder",
    "SessionTrainer",
    "Snooze",
    "Stale",
    "Standing",
    "Statement",
    "Term",
    "Trace",
    "User",
    "View",
]
