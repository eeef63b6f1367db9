"""Every form of the product is sent what nobody should send: it answers at the field, keeps what was typed, and never
breaks.

The forms are found on the pages, and the pages from the routes: a new one is tried without being named here.
"""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from tests.web.addresses import ALL, KNOWN
from tests.web.every_form import Place, places, world
from tests.web.forms_found import NUMBERED, forms_on
from tests.web.hostile import QUERIES
from tests.web.sending import faults_of, opened
from tests.web.test_every_page import addresses

pytestmark = pytest.mark.usefixtures("monday", "own_cache")
PARTS = 4
#: What pages read from their address, wherever they do.
READ = re.compile(r"GET(?:\.get|\.getlist)?[\[(]\"(\w+)\"")
#: Pages that show and ask nothing, files, and what is only led on from; a rule is asked for in the address, by GET.
SHOWN = set(
    """accesses account_inactive account_reset_password_done account_reset_password_from_key_done
    account_signup account_new_phone agreement colleagues feed first-steps healthz home import import-lines
    import-out import-progress imports-template-csv imports-template-xlsx look-up more mfa_index
    mfa_list_webauthn outbox outbox-export outbox-ledger
    outbox-ledger-export outbox-message outlook outlook-export partner partner-changes
    partner-timeline partners partners-export person portal portal-data portal-data-file portal-full
    portal-talk-entry readyz rule rules today training training-course training-courses training-round
    training-series training-session usersessions_list words""".split()
)
#: Buttons without a field that stand only where there is something to press them for; their own tests do.
PRESSED = set(
    """account-back account_logout agreement-undo closed-days-remove colleagues-second-step demo-removal
    import-discard import-take import-undo outbox-again outbox-cancel outbox-hold outbox-letters outbox-now
    outbox-release outbox-sending outbox-several outbox-words partner-pause-take-back
    partner-pause-undo partner-undo partners-view-remove partners-view-undo person-same person-works
    portal-new promise-undo release rule-save rule-undo said-undo test-mail training-course-offer
    usersessions_end usersessions_end_others mfa_deactivate_totp mfa_generate_recovery_codes
    mfa_remove_webauthn mfa_view_recovery_codes mfa_reauthenticate_webauthn word-together""".split()
)


@pytest.fixture
def made(settings):
    """The house; a quick hash, for nothing here is about how a password is kept."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return world()


@pytest.mark.parametrize("part", range(PARTS))
def test_bad_value_is_answered_at_its_field_and_nothing_typed_is_lost(made, part):
    faults = [fault for place in places(made)[part::PARTS] for fault in faults_of(made, place)]
    assert not faults, "\n".join(faults)


def kind(route, address):
    """Pages of one kind differ only in values."""
    return route, frozenset(name for name, _value in parse_qsl(urlsplit(address).query))


def shape(form):
    """Forms of one shape have the same fields, whatever their numbers."""
    return form.route, frozenset(NUMBERED.sub("", one.name) for one in form.typed)


def test_every_form_is_met(made):
    at = places(made)
    seen, tried, beyond = {kind(one.route, one.address) for one in at}, set(), {}
    for place in at:
        page = opened(made, place)
        tried |= {shape(form) for form in forms_on(page[1], page[0])} if page else set()
        for link in addresses(page[1], page[0]) if page else ():
            name = str(resolve(urlsplit(link).path).url_name)
            beyond.setdefault(kind(name, link), Place(name, link, place.who))
    pages = [page for known, place in beyond.items() if known not in seen and (page := opened(made, place))]
    found = {shape(form) for address, page in pages for form in forms_on(page, address)}
    assert {one for one in found - tried if one[1]} == set(), "places in every_form.py lead to none of these"
    assert set(KNOWN) - {route for route, _fields in tried} - SHOWN - PRESSED == set()
    assert len({one for one in tried if one[1]}) > 70


def test_no_page_breaks_at_what_stands_in_its_address(made):
    sources = (Path(__file__).parents[2] / "prm/web").rglob("*.py")
    names = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    assert {"page", "q", "agreement", "show"} <= names
    for place in places(made):
        for value in QUERIES:
            answer = made.browsers[place.who].get(
                f"{urlsplit(place.address).path}?{urlencode(dict.fromkeys(names | {'lang'}, value))}"
            )
            answer.getvalue()
            assert answer.status_code < 500, (place.address, value)


def test_no_address_of_nothing_breaks(made):
    for name in KNOWN:
        groups = {*ALL[name].pattern.regex.groupindex, *getattr(ALL[name].pattern, "converters", {})}
        for value in ("a\x00b", "²", "9" * 40, "../x", "ñ\ufffe"):
            try:
                there = reverse(name, kwargs=dict.fromkeys(groups, value) | _number(groups, value))
            except (NoReverseMatch, ValueError):
                continue
            answer = made.browsers["director"].get(there)
            answer.getvalue()
            assert answer.status_code < 500, there


def _number(groups, value):
    """The number of a record, where the address has one and the value is one."""
    return {"pk": int(value)} if "pk" in groups and value.isdecimal() else {}
