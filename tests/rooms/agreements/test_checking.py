"""The clause checklist, and the body that has to agree first."""

import pytest

from prm.agreements.actions import Found, Signer, note_approval, note_clauses, renew, sign, undo
from prm.agreements.models import Clause
from prm.partners.sentences import sentence
from prm.rules.refusal import Refusal
from prm.vocabulary.actions import merge, write_defaults
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, make_agreement, make_organization


@pytest.fixture
def mou(harbor):
    write_defaults()
    return make_agreement(harbor)


def clause(key):
    return term("clause", key)


def test_what_was_found_is_kept_and_told_once(mou, harbor, rosa):
    found = [
        Found(clause("purpose"), "present", "page 1"),
        Found(clause("release"), "absent", note="Ask Anna"),
    ]
    assert note_clauses(mou, found, now=NOW, by=rosa) == 2
    assert note_clauses(mou, found, now=NOW, by=rosa) == 0
    told = mou.clauses.order_by("kind__order").values_list("kind__key", "state", "place", "note")
    assert list(told) == [("purpose", "present", "page 1", ""), ("release", "absent", "", "Ask Anna")]
    assert harbor.entries.filter(event="agreement_clauses").count() == 1
    entry = harbor.entries.first()
    assert sentence(entry) == "Clauses gone through, 2 so far: MOU with Harbor House"
    assert "Ask Anna" not in str(entry.data)


def test_an_answer_is_changed_and_taken_away(mou):
    note_clauses(mou, [Found(clause("purpose"), "absent")], now=NOW)
    note_clauses(mou, [Found(clause("purpose"), "present", "section 2")], now=NOW)
    assert mou.clauses.get().place == "section 2"
    assert note_clauses(mou, [Found(clause("purpose"))], now=NOW) == 1
    assert not mou.clauses.exists()


def test_what_is_no_answer_is_refused(mou):
    with pytest.raises(Refusal):
        note_clauses(mou, [Found(clause("purpose"), "perhaps")], now=NOW)
    with pytest.raises(Refusal):
        note_clauses(mou, [Found(clause("purpose"), "present", "x" * 121)], now=NOW)
    assert not Clause.objects.exists()


def test_next_term_takes_the_checklist_over_until_it_is_changed(mou):
    note_clauses(mou, [Found(clause("purpose"), "present", "page 1", "fine")], now=NOW)
    new = renew(mou, now=NOW)
    assert list(new.clauses.values_list("kind__key", "state", "place", "note")) == [
        ("purpose", "present", "page 1", "fine")
    ]
    note_clauses(new, [Found(clause("release"), "absent")], now=NOW)
    with pytest.raises(Refusal):
        undo(new, now=NOW)
    note_clauses(new, [Found(clause("release"))], now=NOW)


def test_two_words_put_together_leave_one_clause_of_an_agreement(mou, harbor):
    other = make_agreement(harbor)
    both = [Found(clause("privilege"), "absent"), Found(clause("release"), "present", "page 3")]
    note_clauses(mou, both, now=NOW)
    note_clauses(other, both[:1], now=NOW)
    assert merge(clause("privilege"), into=clause("release")) == 1
    assert list(mou.clauses.values_list("kind__key", "state")) == [("release", "present")]
    assert list(other.clauses.values_list("kind__key", "state")) == [("release", "absent")]


# --- the body that has to agree first -------------------------------------------------------------------------------


def test_paper_goes_before_the_board_and_comes_back(harbor):
    mou = make_agreement(harbor, parties=[Signer(harbor), Signer(None)])
    party = mou.parties.get(organization=harbor)
    note_approval(party, body="County board", before_body_on=day("2027-06-01"), now=NOW)
    assert sentence(harbor.entries.first()).endswith(
        "went before County board of Harbor House on 1\xa0Jun\xa02027"
    )
    party = note_approval(
        party, body="County board", before_body_on=day("2027-06-01"), approved_on=TODAY, now=NOW
    )
    assert sentence(harbor.entries.first()).startswith(
        "County board of Harbor House agreed on 7\xa0Jun\xa02027"
    )
    count = harbor.entries.count()
    note_approval(party, body="County board", before_body_on=day("2027-06-01"), approved_on=TODAY, now=NOW)
    assert harbor.entries.count() == count
    sign(party, now=NOW)
    with pytest.raises(Refusal, match="signed already"):
        note_approval(party, body="Council", before_body_on=TODAY, now=NOW)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": " "}, "approval_body"),
        ({"before_body_on": None}, "before_body_on"),
        ({"before_body_on": day("2027-06-08")}, "before_body_on"),
        ({"approved_on": day("2027-06-01")}, "approved_on"),
    ],
)
def test_steps_that_cannot_be_are_refused(harbor, said, field):
    mou = make_agreement(harbor, parties=[Signer(harbor), Signer(make_organization("Lighthouse"))])
    with pytest.raises(Refusal) as refused:
        note_approval(mou.parties.first(), **{"body": "Board", "before_body_on": TODAY, "now": NOW} | said)
    assert refused.value.field == field
