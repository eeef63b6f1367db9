"""Who passes at each address of the product, written down once more beside the gates that say so.

A route that is not here fails `test_access_of_routes`: whoever adds one says in this table whom it is for.
"""

from dataclasses import dataclass
from enum import Enum


class Door(Enum):
    """Who passes. Nobody is somebody who is not signed in."""

    OPEN = frozenset({"nobody", "viewer", "assistant", "manager", "director"})
    STAFF = frozenset({"viewer", "assistant", "manager", "director"})
    WRITERS = frozenset({"assistant", "manager", "director"})
    RUNNERS = frozenset({"manager", "director"})
    DIRECTORS = frozenset({"director"})
    OWN = frozenset[str]()  # signed in, and then only one's own records: those of others are not there


@dataclass(frozen=True)
class Route:
    """Who reads at an address, who acts there (the same, unless said), and what `pk` in it is the number of.

    `link`: the token in the address is the key, whoever brings it; one that is wrong is answered with 404.
    """

    read: Door
    act: Door
    pk: str = ""
    link: bool = False


def same(door: Door, pk: str = "") -> Route:
    return Route(door, door, pk)


def by_link(pk: str = "") -> Route:
    return Route(Door.OPEN, Door.OPEN, pk, link=True)


OPEN, STAFF, WRITERS = same(Door.OPEN), same(Door.STAFF), same(Door.WRITERS)
RUNNERS, DIRECTORS = same(Door.RUNNERS), same(Door.DIRECTORS)
SWITCHERS = RUNNERS  # who turns sending on and off: today the same people
CONTACT = same(Door.WRITERS, "contact")
PROMISE = same(Door.WRITERS, "promise")
AGREEMENT = same(Door.WRITERS, "agreement")
STATEMENT, IMPORT, PERSON = (
    same(Door.WRITERS, "said"),
    same(Door.WRITERS, "import"),
    same(Door.RUNNERS, "person"),
)

ROUTES = {
    # the door itself, and whether the house is well
    "home": OPEN,
    "healthz": OPEN,
    "readyz": OPEN,
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_signup": OPEN,
    "account_inactive": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_new_phone": OPEN,
    "openid_connect_login": OPEN,  # only where an agency signs in here
    "openid_connect_callback": OPEN,
    "mfa_authenticate": OPEN,
    "mfa_login_webauthn": OPEN,
    "mfa_list_webauthn": OPEN,
    # one's own account
    "account_reauthenticate": STAFF,
    "account_change_password": STAFF,
    "account_set_password": STAFF,
    "mfa_index": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_add_webauthn": STAFF,
    "mfa_reauthenticate_webauthn": STAFF,
    "mfa_edit_webauthn": same(Door.STAFF, "person"),  # the same
    "mfa_remove_webauthn": same(Door.STAFF, "person"),  # asks for the password first, whoever the passkey is
    "account": STAFF,
    "account-away": STAFF,
    "account-back": STAFF,
    "usersessions_list": STAFF,
    "usersessions_end_others": STAFF,
    "usersessions_end": same(Door.OWN, "person"),
    # what there is to look at
    "today": STAFF,
    "today-keys": STAFF,
    "look-up": STAFF,
    "partners": STAFF,
    "partners-export": STAFF,
    "partners-view-new": STAFF,
    "partners-view": same(Door.OWN, "view"),
    "partners-view-remove": same(Door.OWN, "view"),
    "partners-view-undo": same(Door.OWN, "view"),
    "partner": STAFF,
    "partner-timeline": STAFF,
    "partner-changes": STAFF,
    "agreement": same(Door.STAFF, "agreement"),
    "training": STAFF,
    "training-courses": STAFF,
    "training-course": same(Door.STAFF, "course"),
    "training-session": same(Door.STAFF, "session"),
    "training-series": same(Door.STAFF, "series"),
    "training-round": same(Door.STAFF, "round"),
    "outlook": STAFF,
    "outlook-export": STAFF,
    "outbox": STAFF,
    "outbox-export": STAFF,
    "outbox-message": same(Door.STAFF, "message"),
    "outbox-ledger": STAFF,
    "outbox-ledger-export": STAFF,
    "first-steps": STAFF,
    "colleagues": STAFF,
    "imports-template-csv": STAFF,
    "imports-template-xlsx": STAFF,
    "more": STAFF,
    "more-theme": STAFF,
    # recording facts
    "said-confirm": STATEMENT,
    "said-seen": STATEMENT,
    "said-take-back": STATEMENT,
    "said-undo": STATEMENT,
    "said-correct": STATEMENT,
    "promise-keep": PROMISE,
    "promise-move": PROMISE,
    "promise-drop": PROMISE,
    "promise-undo": PROMISE,
    "training-course-new": WRITERS,
    "training-course-change": same(Door.WRITERS, "course"),
    "training-course-retire": same(Door.WRITERS, "course"),
    "training-course-offer": same(Door.WRITERS, "course"),
    "training-path-new": WRITERS,
    "training-path": same(Door.WRITERS, "path"),
    "training-session-new": WRITERS,
    "training-session-change": same(Door.WRITERS, "session"),
    "training-session-move": same(Door.WRITERS, "session"),
    "training-session-cancel": same(Door.WRITERS, "session"),
    "training-trainer-new": same(Door.WRITERS, "session"),
    "training-trainer": same(Door.WRITERS, "trainer"),
    "training-series-new": WRITERS,
    "training-series-rule": same(Door.WRITERS, "series"),
    "training-round-new": WRITERS,
    "partner-new": WRITERS,
    "partner-fact": WRITERS,
    "partner-undo": same(Door.WRITERS, "entry"),
    "person": same(Door.STAFF, "contact"),
    "person-new": WRITERS,
    "partner-keepers": WRITERS,
    "person-fact": CONTACT,
    "person-roles": CONTACT,
    "person-role": CONTACT,
    "person-works": CONTACT,
    "person-same": CONTACT,
    "partner-write": WRITERS,
    "partner-talk": WRITERS,
    "today-put-off": WRITERS,
    "put-off-back": same(Door.WRITERS, "snooze"),
    "partner-pause": WRITERS,
    "partner-pause-end": same(Door.WRITERS, "pause"),
    "partner-pause-after": same(Door.WRITERS, "pause"),
    "partner-pause-take-back": same(Door.WRITERS, "pause"),
    "partner-pause-undo": same(Door.WRITERS, "pause"),
    "partner-renewal": WRITERS,
    "agreement-new": WRITERS,
    "agreement-sign": AGREEMENT,
    "agreement-approval": AGREEMENT,
    "agreement-join": AGREEMENT,
    "agreement-clauses": AGREEMENT,
    "agreement-notice": AGREEMENT,
    "agreement-undo": AGREEMENT,
    "agreement-send": AGREEMENT,
    "agreement-review": AGREEMENT,
    "agreement-correct": AGREEMENT,
    "agreement-end": AGREEMENT,
    "agreement-withdraw": AGREEMENT,
    "partner-links": WRITERS,
    "partner-links-end": WRITERS,
    "partner-replacement": WRITERS,
    "imports": WRITERS,
    "import": IMPORT,
    "import-columns": IMPORT,
    "import-progress": IMPORT,
    "import-take": IMPORT,
    "import-undo": IMPORT,
    "import-discard": IMPORT,
    "import-lines": IMPORT,
    "import-out": IMPORT,
    "outbox-again": same(Door.WRITERS, "message"),
    "outbox-hold": same(Door.WRITERS, "message"),
    "outbox-release": same(Door.WRITERS, "message"),
    "outbox-cancel": same(Door.WRITERS, "message"),
    "outbox-now": same(Door.WRITERS, "message"),
    "outbox-words": same(Door.WRITERS, "message"),
    "outbox-letters": same(Door.WRITERS, "message"),
    "outbox-several": WRITERS,
    "outbox-new": WRITERS,
    # running the program
    "outbox-sending": SWITCHERS,
    "release": Route(Door.WRITERS, Door.RUNNERS),
    "test-mail": RUNNERS,
    "program": RUNNERS,
    "closed-days": Route(Door.STAFF, Door.RUNNERS),
    "closed-days-right": RUNNERS,
    "closed-days-remove": RUNNERS,
    "colleagues-add": RUNNERS,
    "colleagues-invite": PERSON,
    "colleagues-access": PERSON,
    "colleagues-second-step": PERSON,
    "demo-removal": RUNNERS,
    "words": RUNNERS,
    "words-list": RUNNERS,
    "word": same(Door.RUNNERS, "word"),
    "word-offer": same(Door.RUNNERS, "word"),
    "word-together": same(Door.RUNNERS, "word"),
    "rules": RUNNERS,
    "rule": RUNNERS,
    "rule-save": RUNNERS,
    "rule-undo": RUNNERS,
    "accesses": DIRECTORS,
    # what partners open
    "portal": by_link(),
    "portal-full": by_link(),
    "portal-until": by_link(),
    "portal-said": by_link("told"),
    "portal-talk-entry": by_link("told"),
    "portal-talk": by_link("pause"),
    "portal-renewal": by_link("agreement"),
    "portal-correct": by_link(),
    "portal-corrected": by_link("correction"),
    "portal-mail": by_link(),
    "portal-listing": by_link(),
    "portal-data": by_link(),
    "portal-data-file": by_link(),
    "portal-feed": by_link(),
    "portal-leaving": by_link(),
    "portal-new": by_link(),
    "feed": by_link(),
}
