"""The days ahead, computed and never written."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.partners.actions import note_leaving, replace_contact
from prm.partners.models import Organization
from prm.reporting.outlook import Line, outlook
from prm.training.actions import invite, plan_session
from tests.story import ENTERED, agreement, at, contact, day, partner, person

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"
FIELDS = ["date", "key", "organization", "side", "audience", "recipients", "state", "reason"]


@pytest.fixture
def harbor() -> Organization:
    harbor = partner(owner=person("Rosa"), training=3)
    contact(harbor)
    agreement(harbor, "2027-09-30")
    return harbor


def shown(first: str, days: int = 90) -> list[Line]:
    return list(outlook(from_day=day(first), days=days))


def as_json(*options: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("outlook", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def only(lines: list[Line], step: str, side: str = "partner") -> Line:
    [line] = [line for line in lines if f":{step}:" in line.key and line.side == side and not line.nobody]
    return line


def test_json_has_the_shape_of_the_contract(harbor: Organization) -> None:
    lines = as_json("--from", "2027-07-01", "--days", "30")
    assert {tuple(line) for line in lines} == {tuple(FIELDS)}
    line = next(x for x in lines if ":expiry-60d:" in x["key"] and x["side"] == "partner")
    assert (line["date"], line["organization"], line["state"]) == ("2027-07-30", "harbor-house", "planned")
    assert (line["audience"], line["recipients"]) == (["notice"], [ANNA])
    assert "60 days before" in line["reason"].replace("\xa0", " ")
    assert "moved from 1 Aug 2027" in line["reason"].replace("\xa0", " ")


@pytest.mark.parametrize(("days", "seen"), [("1", True), ("3", True)])
def test_days_counts_the_first_one(harbor: Organization, days: str, seen: bool) -> None:
    first = "2027-07-30" if days == "1" else "2027-07-28"
    found = [line for line in as_json("--from", first, "--days", days) if ":expiry-60d:" in line["key"]]
    assert bool(found) is seen


def test_the_day_after_the_window_is_not_shown(harbor: Organization) -> None:
    assert not [
        line for line in as_json("--from", "2027-07-28", "--days", "2") if ":expiry-60d:" in line["key"]
    ]


def test_held_ones_say_until_when(harbor: Organization) -> None:
    pause(harbor, scope="training", starts_on=day("2027-02-01"), ends_on=day("2027-02-28"), now=ENTERED)
    line = only(shown("2027-01-04"), "training-0d")
    assert (line.state, line.day) == ("held", day("2027-03-01"))
    assert "28\xa0Feb\xa02027" in line.reason


def test_held_without_an_end_has_no_date(harbor: Organization) -> None:
    pause(harbor, scope="training", starts_on=day("2027-02-01"), now=ENTERED)
    lines = as_json("--from", "2027-01-04")
    line = next(x for x in lines if ":training-0d:" in x["key"] and x["side"] == "partner")
    assert (line["state"], line["date"]) == ("held", None)
    assert lines[-1]["date"] is None


def test_skipped_ones_stand_on_their_own_day_with_the_reason(harbor: Organization) -> None:
    pause(harbor, scope="all", starts_on=day("2027-07-01"), months=2, now=ENTERED)
    line = only(shown("2027-07-01"), "expiry-60d")
    assert (line.state, line.day) == ("skipped", day("2027-07-30"))
    assert "pause" in line.reason


def test_what_passed_before_entry_shows_with_the_day_of_entry() -> None:
    harbor = partner(owner=person("Rosa"))
    contact(harbor)
    agreement(harbor, "2027-02-15")
    lines = shown("2027-01-04", 1)
    line = only(lines, "expiry-90d")
    assert (line.state, line.day) == ("skipped", day("2026-11-17"))
    assert [x for x in shown("2027-01-05", 1) if ":expiry-90d:" in x.key] == []


def test_recipients_are_those_of_the_day(harbor: Organization) -> None:
    replace_contact(
        harbor.contacts.get(),
        last_day=day("2027-07-15"),
        name="Cleo",
        email="cleo@harbor.example",
        now=ENTERED,
    )
    lines = shown("2027-06-01", 90)
    assert only(lines, "expiry-90d").recipients == (ANNA,)
    assert only(lines, "expiry-60d").recipients == ("cleo@harbor.example",)


def test_nobody_left_shows_the_owners_line(harbor: Organization) -> None:
    note_leaving(harbor.contacts.get(), last_day=day("2027-06-15"), now=ENTERED)
    lines = shown("2027-06-01", 60)
    assert only(lines, "expiry-90d").state == "skipped"
    [line] = [x for x in lines if x.nobody and "expiry-90d" in x.key]
    assert (line.recipients, line.state) == ((ROSA,), "planned")
    assert line.key.endswith(":partner:nobody")


def test_it_shows_what_a_tick_then_does(harbor: Organization) -> None:
    foretold = {
        line.key
        for line in shown("2027-07-02", 1)
        if line.state == "planned" and line.day == day("2027-07-02")
    }
    heartbeat(at("2027-07-02T09:00"))
    gone = {line.key for line in shown("2027-07-02", 1) if line.state == "sent"}
    assert foretold
    assert gone == foretold


def test_a_late_one_shows_the_day_on_which_it_went(harbor: Organization) -> None:
    heartbeat(at("2027-07-06T09:00"))  # due on Fri 2 Jul
    assert [x for x in shown("2027-07-02", 1) if ":expiry-90d:" in x.key] == []
    assert only(shown("2027-07-06", 1), "expiry-90d").state == "sent"


def test_from_in_the_past_looks_as_of_that_day(harbor: Organization) -> None:
    heartbeat(at("2027-07-02T09:00"))
    line = only(shown("2027-06-25", 14), "expiry-90d")
    assert (line.day, line.state, line.recipients) == (day("2027-07-02"), "sent", (ANNA,))


def test_nothing_is_written(harbor: Organization) -> None:
    with CaptureQueriesContext(connection) as queries:
        as_json("--from", "2027-07-01", "--days", "365")
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_number_of_queries_does_not_grow(number: int) -> None:
    rosa = person("Rosa")
    for n in range(number):
        harbor = partner(f"Harbor House {n}", owner=rosa, training=3)
        contact(harbor)
        agreement(harbor)
    start = at("2027-03-10T10:00")
    session = plan_session(title="Signs", starts_at=start, ends_at=start + timedelta(hours=1), now=ENTERED)
    invite(session, [o.contacts.get() for o in Organization.objects.all()], now=ENTERED)
    heartbeat(ENTERED)
    with CaptureQueriesContext(connection) as queries:
        assert shown("2027-01-04", 90)
    assert len(queries) == 23


def test_one_partner_only(harbor: Organization) -> None:
    agreement(partner("Mill Street"))
    assert {x["organization"] for x in as_json("--from", "2027-07-01")} == {"harbor-house", "mill-street"}
    assert {x["organization"] for x in as_json("--from", "2027-07-01", "--organization", "mill-street")} == {
        "mill-street"
    }


@pytest.mark.parametrize(
    "options",
    [
        ["--organization", "nobody-here"],
        ["--from", "tomorrow"],
        ["--days", "0"],
        ["--days", "-3"],
        ["--from", "9999-12-31"],
        ["--from", "0001-01-01"],
    ],
)
def test_bad_input_is_refused_in_one_line(harbor: Organization, options: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("outlook", *options)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


def test_plain_print_has_a_line_for_each(harbor: Organization) -> None:
    out = StringIO()
    call_command("outlook", "--from", "2027-07-01", "--days", "30", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(shown("2027-07-01", 30))
    assert any(line.startswith("2027-07-30") and "anna@harbor.example" in line for line in lines)
