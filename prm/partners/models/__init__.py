"""The tables of the relationship: who is who and what happened, and what partners say for themselves."""

from prm.partners.models.promises import Promise, PromiseSide
from prm.partners.models.relationship import (
    Assignment,
    AssignmentKind,
    Contact,
    Direction,
    Entry,
    EntryKind,
    Organization,
    Role,
    RoleKind,
    Standing,
    Status,
    Visibility,
    english,
    not_before,
)
from prm.partners.models.voice import Consent, Link, Outcome, Purpose, Statement, StatementKind

__all__ = [
    "Assignment",
    "AssignmentKind",
    "Consent",
    "Contact",
    "Direction",
    "Entry",
    "EntryKind",
    "Link",
    "Organization",
    "Outcome",
    "Promise",
    "PromiseSide",
    "Purpose",
    "Role",
    "RoleKind",
    "Standing",
    "Statement",
    "StatementKind",
    "Status",
    "Visibility",
    "english",
    "not_before",
]
