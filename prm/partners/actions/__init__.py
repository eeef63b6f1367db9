"""The only writers of the relationship: organizations, people, who keeps whom, and what was said."""

from prm.partners.actions.keeping import assign_deputy, assign_owner, end_assignment
from prm.partners.actions.organizations import add_organization, change_organization, set_standing
from prm.partners.actions.people import (
    add_contact,
    change_contact,
    end_role,
    give_role,
    mark_deliverable,
    mark_undeliverable,
    unsubscribe,
)
from prm.partners.actions.succession import note_leaving, replace_contact
from prm.partners.actions.talks import record_note, record_talk

__all__ = [
    "add_contact",
    "add_organization",
    "assign_deputy",
    "assign_owner",
    "change_contact",
    "change_organization",
    "end_assignment",
    "end_role",
    "give_role",
    "mark_deliverable",
    "mark_undeliverable",
    "note_leaving",
    "record_note",
    "record_talk",
    "replace_contact",
    "set_standing",
    "unsubscribe",
]
