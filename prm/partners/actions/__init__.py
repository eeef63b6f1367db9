"""The only writers of the relationship: organizations, people, who keeps whom, and what was said."""

from prm.partners.actions.keeping import NewAssignment, assign, assign_deputy, assign_owner, end_assignment
from prm.partners.actions.organizations import (
    NewOrganization,
    add_organization,
    add_organizations,
    change_organization,
    set_standing,
)
from prm.partners.actions.people import (
    NewContact,
    add_contact,
    add_contacts,
    change_contact,
    end_role,
    give_role,
    mark_deliverable,
    mark_undeliverable,
    subscribe,
    unsubscribe,
)
from prm.partners.actions.succession import note_leaving, replace_contact
from prm.partners.actions.talks import NewTalk, record_note, record_talk, record_talks
from prm.partners.actions.voice import (
    give_consent,
    note_changed,
    note_told,
    reopen,
    revoke,
    say,
    settle,
    take_back,
    withdraw_consent,
)

__all__ = [
    "NewAssignment",
    "NewContact",
    "NewOrganization",
    "NewTalk",
    "add_contact",
    "add_contacts",
    "add_organization",
    "add_organizations",
    "assign",
    "assign_deputy",
    "assign_owner",
    "change_contact",
    "change_organization",
    "end_assignment",
    "end_role",
    "give_consent",
    "give_role",
    "mark_deliverable",
    "mark_undeliverable",
    "note_changed",
    "note_leaving",
    "note_told",
    "record_note",
    "record_talk",
    "record_talks",
    "reopen",
    "replace_contact",
    "revoke",
    "say",
    "set_standing",
    "settle",
    "subscribe",
    "take_back",
    "unsubscribe",
    "withdraw_consent",
]
