"""Sends a form, with one value that is bad, and says what is wrong with the answer."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from tests.web.every_form import PASSWORD, Place, World, passes
from tests.web.forms_found import (
    Field,
    Found,
    Sent,
    controls,
    forms_on,
    led_to,
    present,
    read,
    said_on_top,
    same_form,
    told_at,
)
from tests.web.hostile import SCRIPT, Bad, bad_values

GOOD = {
    "date": "2027-06-07",
    "email": "new@harbor.example",
    "number": "12",
    "time": "10:00",
    "textarea": "Two words",
    "password": "a lighthouse in the fog",
}
#: Where what stands there, or the first answer of all, leads away from what is to be tried.
CHOICES = {
    "training-course-new": {"materials_link": "https://x.example", "on_demand_link": "https://x.example"},
    "training-course-change": {"materials_link": "https://x.example", "on_demand_link": "https://x.example"},
    "training-path": {f"course_{number}": "" for number in range(3, 9)},
    "training-session-new": {"host": "", "online_link": "", "day": "2027-09-16", "ends": "12:00"},
    "training-session-change": {"host": "", "online_link": ""},
    "portal-leaving": {"follows": "somebody"},
    "partner-pause": {"scope": "service"},
    "agreement-new": {"find": ""},
    "portal": {"due_on": "2027-06-08"},
    "account_login": {"login": "daniel@example.org", "password": PASSWORD},
    "account_change_password": {"oldpassword": PASSWORD},
    "account_reauthenticate": {"password": PASSWORD},
}
#: Where an empty field is an answer, and only one column may hold the names.
AS_IT_STANDS = {"import-columns"}
#: Forms that take nothing from us: a code of this minute, a key of this device, a file.
NEVER_TAKEN = {
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "imports",
    "training-series-new",  # the first press only shows the days; tests/web/test_training_plans.py presses twice
    "training-series-rule",
    "training-round-new",
    "training-path-new",  # two different courses
}
#: What can be chosen hangs on what was chosen beside it.
DEPENDS = {"holiday_subdivision": "holiday_country"}
#: Written at every visit.
LOGS = {"django_session", "usersessions_usersession", "prm_cache"}
#: Django's own sentences: none of them says what to do.
NOT_OURS = re.compile(
    r"(?i)ensure this|this field (is|cannot|may)|select a valid|enter a valid|null char|not one of the av|\binvalid\b"
)
UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def good(found: Found) -> Sent:
    """What somebody would send who means well: what stands there, and something in every empty field."""
    sent = dict(found.present)
    for one in found.fields:
        empty = not any(sent.get(one.name, ())) and found.route not in AS_IT_STANDS
        if empty and one.kind not in {"file", "hidden"}:
            offered = [value for value in one.offered if value]
            sent[one.name] = offered[:1] if one.offered else [GOOD.get(one.kind, "Harbor")]
    return sent | {name: [value] for name, value in CHOICES.get(found.route, {}).items()}


class Writing:
    """The statements that wrote and were not taken back."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split()
        if words[0] in {"INSERT", "UPDATE", "DELETE", "SAVEPOINT"}:
            self.done.append(sql)
        if words[:3] == ["ROLLBACK", "TO", "SAVEPOINT"]:
            self.done = self.done[: self.done.index(f"SAVEPOINT {words[3]}") + 1]
        return execute(sql, params, many, context)

    def tables(self) -> set[str]:
        found = {
            name
            for sql in self.done
            for name in re.findall(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        }
        return found - LOGS


@contextmanager
def taken_back(browser: Client) -> Iterator[Writing]:
    """What happens inside is noted, then it never was."""
    cache.clear()
    writing, cookies = Writing(), copy.deepcopy(browser.cookies)
    with transaction.atomic():
        with connection.execute_wrapper(writing):
            yield writing
        transaction.set_rollback(True)
    browser.cookies = cookies


def opened(made: World, place: Place) -> tuple[str, BeautifulSoup] | None:
    """The page at a place, and the address at which it came in the end; None where it is no page."""
    cache.clear()
    answer = made.browsers[place.who].get(place.address, follow=True)
    if answer.streaming:
        answer.getvalue()
        return None
    if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
        return None
    return (answer.redirect_chain[-1][0] if answer.redirect_chain else place.address), read(answer.content)


def at_home(made: World, place: Place) -> list[Found]:
    """The forms of a page, without those that have a page of their own where they are met as a whole."""
    page = opened(made, place)
    found = list(forms_on(page[1], page[0])) if page else []
    return [one for one in found if one.route == place.route or not _elsewhere(made, place, one)]


def _elsewhere(made: World, place: Place, found: Found) -> bool:
    own = opened(made, Place(found.route, found.action, place.who))
    names = {one.name for one in found.fields}
    return own is not None and any(
        names <= {field.name for field in one.fields}
        for one in forms_on(own[1], own[0])
        if one.route == found.route
    )


def faults_of(made: World, place: Place) -> Iterator[str]:
    """All that is wrong with the answers of one page."""
    for found in at_home(made, place):
        if found.typed:
            yield from _well_meant(made, place, found)
        for one in [*found.typed, *(field for field in found.fields if field.kind == "hidden")]:
            for bad in bad_values(one):
                where = f"{place.address} -> {found.route}, {one.name} ({one.kind}), {bad.name}: "
                yield from (where + fault for fault in _faults(made, place, found, one, bad))


def _well_meant(made: World, place: Place, found: Found) -> Iterator[str]:
    with taken_back(made.browsers[place.who]):
        answer = made.browsers[place.who].post(found.action, good(found))
        if not passes(answer) and found.route not in NEVER_TAKEN:
            told = said_on_top(read(answer.content))[:300]
            yield f"{place.address} -> {found.route}, ALL (-), good values: refused: {told}"


def _faults(made: World, place: Place, found: Found, field: Field, bad: Bad) -> Iterator[str]:
    sent = good(found) | {field.name: [bad.value]}
    browser = made.browsers[place.who]
    with taken_back(browser) as writing:
        try:
            answer = browser.post(found.action, sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            yield f"breaks: {type(error).__name__}: {str(error)[:150]}"
            return
        tables = writing.tables()
        if passes(answer):
            if field.chosen or bad.never:
                yield f"is taken silently, written: {sorted(tables)}"
            elif (
                SCRIPT in bad.value
                and SCRIPT in browser.get(answer["Location"], follow=True).content.decode()
            ):
                yield "comes out as a tag"
        elif answer.status_code >= 500:
            yield f"answers {answer.status_code}"
        elif field.kind == "hidden" or answer.status_code in (403, 404):
            pass
        else:
            yield from _refused(read(answer.content), found, field, bad, sent)
            if tables:
                yield f"is refused and writes {sorted(tables)}"


def _refused(page: BeautifulSoup, found: Found, field: Field, bad: Bad, sent: Sent) -> Iterator[str]:
    form = same_form(page, found, field.name)
    if form is None:
        yield f"the form is not there again: {said_on_top(page)[:150]}"
        return
    told = told_at(page, form, field.name)
    anywhere = {
        one: text for one in {c["name"] for c in controls(form)} if (text := told_at(page, form, one))
    }
    if not told and (bad.never or not (anywhere or said_on_top(page))):
        yield f"nothing is said at the field; {anywhere or said_on_top(page)[:150]}"
    for name, text in anywhere.items():
        if NOT_OURS.search(text):
            yield f"not our words at {name}: {text}"
        if not led_to(page, form, name):
            yield f"no link on top leads to {name}"
    yield from _lost(present(form), found, field, bad, sent)


def _lost(again: Sent, found: Found, field: Field, bad: Bad, sent: Sent) -> Iterator[str]:
    for one in found.typed:
        chosen = one.name == field.name and one.chosen
        if one.kind in {"password", "file"} or chosen or DEPENDS.get(one.name) == field.name:
            continue
        before, after = ([_plain(x) for x in where.get(one.name, ()) if _plain(x)] for where in (sent, again))
        if bool(before) != bool(after) if one.kind == "checkbox" and not one.chosen else before != after:
            yield f"{one.name} is lost: {str(after)[:60]} instead of {str(before)[:60]}"


def _plain(text: str) -> str:
    """As it can be compared: a browser and a page may fold blanks, and what nobody can type may go."""
    return " ".join(UNTYPED.sub("", text).split())
