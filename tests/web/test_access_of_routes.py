"""Every address of the product, opened and posted to by everyone: who passes, who is sent to the door, who is refused.

The table is `access_of_routes.ROUTES`; the addresses are read from `prm/web/urls.py`, so a new one cannot be forgotten.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from prm.accounts.actions import add_user, set_password
from prm.accounts.models import User
from prm.desk.views import save_view
from prm.web.urls import urlpatterns
from tests.cast import NOW, carla, daniel, rosa
from tests.web.access_of_routes import ROUTES, Door, Route
from tests.web.addresses import ALL, KNOWN, House, address, client_of, house, patterns
from tests.web.importing import LIST, imported

NAMES = ("nobody", "viewer", "assistant", "manager", "director")
PASSWORD = "a harbor without wind"
HIDDEN = "Safe House"

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    assistant = add_user(email="eva@example.org", name="Eva", role="assistant", now=NOW)
    found = {"viewer": carla(), "assistant": assistant, "manager": rosa(), "director": daniel()}
    for person in found.values():  # a password and a second step, so that the pages about them are there
        set_password(person, PASSWORD)
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    return {"nobody": None, **found}


@pytest.fixture
def harbor(people: dict[str, User | None]) -> House:
    made = house("Harbor House")
    source = imported(client_of(people["manager"]), LIST + ",Nobody,none@harbor.example,2027-09-30,x\n")
    new = add_user(email="new@example.org", name="New", role="viewer", now=NOW)
    view = save_view(new, page="partners", name="Mine", query="kept=me", shared=False, now=NOW)
    made.numbers |= {"import": source.pk, "person": new.pk, "view": view.pk}
    return made


def answer_of(person: User | None, method: str, path: str) -> Any:
    """What somebody is answered; whatever they did is undone, and guesses of others do not count."""
    cache.clear()
    with transaction.atomic():
        answer = getattr(client_of(person), method)(path)
        answer.body = answer.getvalue()  # read through, so that the file behind it is closed
        transaction.set_rollback(True)
    return answer


def met(answer: Any) -> str:
    """In a word: passes, door (sent to sign in), or the number of a refusal."""
    where = urlsplit(answer.get("Location", ""))
    if answer.status_code == 302 and where.path == reverse("account_login") and "next=" in where.query:
        return "door"
    return (
        str(answer.status_code)
        if answer.status_code in (403, 404, 405) or answer.status_code >= 500
        else "passes"
    )


def wanted(route: Route, method: str, who: str) -> str:
    door = route.read if method == "get" else route.act
    if who in door.value:
        return "passes"
    if who == "nobody":
        return "door"
    return "404" if door is Door.OWN else "403"


def test_every_route_is_classified():
    assert sorted(set(ALL) - set(ROUTES)) == [], "say in tests/web/access_of_routes.py whom these are for"
    assert len(ALL) == len(list(patterns(urlpatterns))), "two routes share a name, or one has none"


@pytest.mark.parametrize("who", NAMES)
def test_everyone_meets_what_the_table_says(people, harbor, who):
    wrong = []
    for name in KNOWN:
        for method in ("get", "post"):
            answer = answer_of(people[who], method, address(name, harbor))
            expected = wanted(ROUTES[name], method, who)
            if met(answer) not in {expected, "405"}:  # where only POST is answered, nobody reads anything
                wrong.append(f"{method} {name}: {answer.status_code} instead of {expected}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("who", ["nobody", "director"])
def test_without_its_link_no_page_of_partners_opens_not_even_for_ours(people, harbor, who):
    linked = [name for name in KNOWN if ROUTES[name].link]
    assert len(linked) >= 17
    for name in linked:
        answer = answer_of(people[who], "get", address(name, harbor, token="a-guess"))
        assert answer.status_code == 404, name


def about_partners() -> list[str]:
    """The routes of staff whose address names a partner or a record of one."""
    return [
        name
        for name in KNOWN
        if not ROUTES[name].link
        and (
            "slug" in ALL[name].pattern.regex.groupindex
            or ROUTES[name].pk in {"said", "pause", "message", "promise", "snooze"}
        )
    ]


@pytest.mark.parametrize("facts", [{"confidential": True}, {"visibility": "need_to_know"}])
def test_for_a_viewer_a_hidden_partner_is_not_there_on_any_route(people, facts):
    hidden = house(HIDDEN, **facts)
    gone = SimpleNamespace(organization=SimpleNamespace(slug="nothing"), numbers={}, tokens={})
    names = about_partners()
    assert len(names) >= 14
    for name in names:
        reads = "viewer" in ROUTES[name].read.value
        for method in ("get", "post"):
            answer = answer_of(people["viewer"], method, address(name, hidden))
            nothing = answer_of(people["viewer"], method, address(name, gone))
            # where a viewer never passes the gate stands first: 403, whatever is behind it
            assert answer.status_code == nothing.status_code, f"{method} {name}"
            assert answer.status_code in {404 if reads else 403, 405}, f"{method} {name}"
            assert HIDDEN.encode() not in answer.body, name


def test_those_who_write_reach_a_hidden_partner_on_every_route(people):
    hidden = house(HIDDEN, confidential=True)
    for name in about_partners():
        for who in ("assistant", "manager", "director"):
            answer = answer_of(people[who], "get", address(name, hidden))
            assert met(answer) in {"passes", "405"}, f"{who} {name}"


def test_no_list_and_no_file_tells_a_viewer_of_a_hidden_partner(people):
    hidden = house(HIDDEN, confidential=True)
    lists = [
        name
        for name in KNOWN
        if not ROUTES[name].link and "viewer" in ROUTES[name].read.value and name not in about_partners()
    ]
    told = {}
    for name in lists:
        for who in ("viewer", "manager"):
            answer = answer_of(people[who], "get", address(name, hidden) + "?q=safe")
            told[name, who] = HIDDEN.encode() in answer.body or b"safe-house" in answer.body
    assert [name for name in lists if told[name, "viewer"]] == []
    assert {name for name in lists if told[name, "manager"]} >= {
        "partners",
        "partners-export",
        "outlook",
        "outbox",
    }
