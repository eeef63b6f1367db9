"""The judge of the chaos suite: it accepts what the promise allows, and nothing more."""

from dataclasses import replace

import pytest

from tests.chaos.sink import AFTER_DATA, Taken, dice, mood
from tests.chaos.verdict import Evidence, Row, Struck, complaints, extra_copies

ANNA, BEN = "anna0@harbor.example", "ben@harbor.example"
TOUCH = "agreement:1:expiry-60d"
FIRST = Taken("<a@x>", ANNA, TOUCH, "same", connection=1, place=4, acknowledged=True)
AGAIN = replace(FIRST, connection=2, place=0)
CALM = Evidence(
    expected=frozenset({(ANNA, TOUCH)}),
    taken=(FIRST,),
    refused={(BEN, ""): "550 no such mailbox"},
    struck=(),
    rows=(Row("<a@x>", ANNA, "sent", ""), Row("<b@x>", BEN, "failed", "550 no such mailbox")),
    keys={
        "<a@x>": f"{TOUCH}:2027-01-20:org-1:partner",
        "<b@x>": "agreement:2:expiry-60d:2027-01-20:org-2:partner",
    },
    messages={"waiting": 0, "sending": 0, "sent": 1, "failed": 1, "cancelled": 0},
    expired_leases=0,
)


def test_a_run_in_which_everything_went_well_has_no_complaint() -> None:
    assert complaints(CALM) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            replace(CALM, expected=CALM.expected | {(ANNA, "agreement:9:expiry-60d")}),
            "never became a message",
        ),
        (replace(CALM, taken=()), "never accepted"),
        (replace(CALM, taken=(replace(FIRST, acknowledged=False),)), "never accepted"),
        (replace(CALM, rows=(replace(CALM.rows[0], state="sending"), CALM.rows[1])), "do not read sent"),
        (replace(CALM, taken=(FIRST, AGAIN)), "came more often"),
        (replace(CALM, taken=(FIRST, replace(AGAIN, message_id="<c@x>"))), "several Message-IDs"),
        (
            replace(CALM, taken=(replace(FIRST, acknowledged=False), replace(AGAIN, likeness="other"))),
            "differ",
        ),
        (replace(CALM, rows=(CALM.rows[0], replace(CALM.rows[1], shown=""))), "not shown as failed"),
        (replace(CALM, messages=dict(CALM.messages) | {"sent": 2}), "queue --json disagrees"),
        (replace(CALM, expired_leases=1), "leases that nobody keeps"),
    ],
)
def test_each_broken_promise_is_named(found: Evidence, words: str) -> None:
    assert any(words in complaint for complaint in complaints(found))


def test_a_copy_is_excused_by_a_connection_that_the_relay_cut() -> None:
    assert complaints(replace(CALM, taken=(replace(FIRST, acknowledged=False), AGAIN))) == []


def test_a_mail_that_a_newer_plan_took_back_and_wrote_again_counts_once() -> None:
    back = replace(CALM.rows[0], state="cancelled")
    again = replace(CALM, rows=(back, *CALM.rows), messages=dict(CALM.messages) | {"cancelled": 1})
    assert complaints(again) == []
    assert any("do not read sent" in one for one in complaints(replace(CALM, rows=(back, CALM.rows[1]))))
    assert any("queue --json disagrees" in one for one in complaints(replace(again, rows=CALM.rows)))


@pytest.mark.parametrize(("place", "excused"), [(5, True), (4, True), (6, False), (3, False)])
def test_a_copy_is_excused_only_by_having_been_in_hand(place: int, excused: bool) -> None:
    found = replace(CALM, taken=(FIRST, AGAIN), struck=(Struck(connection=1, place=place),))
    assert (complaints(found) == []) == excused
    assert extra_copies(found.taken) == 1


def test_one_struck_connection_excuses_one_copy() -> None:
    other = replace(FIRST, message_id="<d@x>", keys="agreement:3", place=5)
    rows = (*CALM.rows, Row("<d@x>", ANNA, "sent", ""))
    both = replace(
        CALM,
        taken=(FIRST, AGAIN, other, replace(other, connection=2, place=1)),
        struck=(Struck(connection=1, place=5),),
        rows=rows,
        keys=dict(CALM.keys) | {"<d@x>": "agreement:3"},
        messages=dict(CALM.messages) | {"sent": 2},
    )
    assert [words.partition(":")[0] for words in complaints(both)] == [
        "1 messages came more often than the faults excuse"
    ]


def test_the_relays_moods_follow_from_the_seed_alone() -> None:
    first = [mood(AFTER_DATA, dice(7, "data", number, 1)) for number in range(2000)]
    assert first == [mood(AFTER_DATA, dice(7, "data", number, 1)) for number in range(2000)]
    assert first != [mood(AFTER_DATA, dice(8, "data", number, 1)) for number in range(2000)]
    assert {name for name, _ in AFTER_DATA} == set(first) - {""}
    assert 0.9 < first.count("") / 2000 < 0.96
