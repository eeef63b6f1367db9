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
from prm.partners.actions.promises import (
    drop_promise,
    keep_promise,
    make_promise,
    move_promise,
    reopen_promise,
    undo_promise,
)
from prm.partners.actions.recording import NewPromise, record_talk_with_promises
from prm.partners.actions.returning import (
    Return,
    note_done,
    put_back,
    remove_contact,
    restore_links,
    revoke_links,
    situation,
)
from prm.partners.actions.revoking import forget_links, revoke, revoke_all
from prm.partners.actions.sameness import note_same_person
from prm.partners.actions.succession import note_leaving, replace_contact
from prm.partners.actions.talks import NewTalk, record_note, record_talk, record_talks
from prm.partners.actions.undoing import undo_change
from prm.partners.actions.voice import (
    give_consent,
    note_changed,
    note_told,
    reopen,
    say,
    settle,
    take_back,
    withdraw_consent,
)

__all__ = [
    "NewAssignment",
    "NewContact",
    "NewOrganization",
    "NewPromise",
    "NewTalk",
    "Return",
    "add_contact",
    "add_contacts",
    "add_organization",
    "add_organizations",
    "assign",
    "assign_deputy",
    "assign_owner",
    "change_contact",
    "change_organization",
    "drop_promise",
    "end_assignment",
    "end_role",
    "forget_links",
    "give_consent",
    "give_role",
    "keep_promise",
    "make_promise",
    "mark_deliverable",
    "mark_undeliverable",
    "move_promise",
    "note_changed",
    "note_done",
    "note_leaving",
    "note_same_person",
    "note_told",
    "put_back",
    "record_note",
    "record_talk",
    "record_talk_with_promises",
    "record_talks",
    "remove_contact",
    "reopen",
    "reopen_promise",
    "replace_contact",
    "restore_links",
    "revoke",
    "revoke_all",
    "revoke_links",
    "say",
    "set_standing",
    "settle",
    "situation",
    "subscribe",
    "take_back",
    "undo_change",
    "undo_promise",
    "unsubscribe",
    "withdraw_consent",
]
