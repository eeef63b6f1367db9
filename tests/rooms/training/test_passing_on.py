"""An invitation passes from somebody who leaves to whoever follows, and back."""

import pytest

from prm.partners.actions import add_contact, note_leaving
from prm.partners.models import Contact
from prm.rules.refusal import Refusal
from prm.training.actions import (
    answer_invitation,
    cancel_session,
    invite,
    pass_back,
    pass_on,
    withdraw_invitation,
)
from prm.training.models import Answer, Invitation, Session
from tests.cast import NOW, TODAY, at, day, make_session

JULY = at("2027-07-01T10:00")


@pytest.fixture
def session(db) -> Session:
    """Thursday 16 September 2027, 10:00 to 12:00 in New York."""
    return make_session()


@pytest.fixture
def asked(session, anna) -> Invitation:
    return invite(session, [anna], now=NOW)[0]


@pytest.fixture
def sam(harbor) -> Contact:
    return add_contact(harbor, name="Sam Lee", email="sam@harbor.example", now=NOW, today=TODAY)


def test_whoever_follows_is_asked_anew(asked, sam):
    answer_invitation(asked, answer="accepted", now=NOW)
    new = pass_on(asked, sam, now=JULY)
    asked.refresh_from_db()
    assert (asked.withdrawn_on, asked.answer) == (JULY.date(), Answer.ACCEPTED)
    assert (new.contact, new.answer, new.invited_on) == (sam, Answer.NONE, JULY.date())


def test_without_a_successor_it_is_taken_back(asked):
    assert pass_on(asked, None, now=JULY) is None
    asked.refresh_from_db()
    assert asked.withdrawn_on == JULY.date()


def test_who_is_invited_already_keeps_their_answer(session, asked, sam):
    own = invite(session, [sam], now=NOW)[0]
    answer_invitation(own, answer="declined", now=NOW)
    assert pass_on(asked, sam, now=JULY) is None
    own.refresh_from_db()
    assert (own.answer, own.withdrawn_on) == (Answer.DECLINED, None)


def test_back_again_the_old_answer_stands(asked, sam):
    answer_invitation(asked, answer="accepted", now=NOW)
    new = pass_on(asked, sam, now=JULY)
    pass_back(asked, new, now=JULY)
    new.refresh_from_db()
    assert (asked.withdrawn_on, asked.answer) == (None, Answer.ACCEPTED)
    assert new.withdrawn_on == JULY.date()


def test_back_again_from_nobody(asked):
    pass_on(asked, None, now=JULY)
    assert pass_back(asked, None, now=JULY).withdrawn_on is None


def test_not_back_where_somebody_answered_or_changed_it(session, asked, sam, anna):
    new = pass_on(asked, sam, now=JULY)
    answer_invitation(new, answer="accepted", now=JULY)
    with pytest.raises(Refusal, match="The invitation to Red flags and what to do changed since"):
        pass_back(asked, new, now=JULY)
    withdraw_invitation(new, now=JULY)
    invite(session, [anna], now=JULY)
    with pytest.raises(Refusal):
        pass_back(asked, None, now=JULY)


@pytest.mark.parametrize("over", [True, False])
def test_a_session_that_is_over_or_off_stays_as_it_is(session, asked, sam, over):
    new = pass_on(asked, sam, now=JULY)
    if not over:
        cancel_session(session, now=JULY)
    assert pass_back(asked, new, now=at("2027-09-17T10:00") if over else JULY).withdrawn_on == JULY.date()


def test_nobody_is_asked_to_a_session_after_their_last_day(session, anna, sam):
    note_leaving(anna, last_day=day("2027-09-15"), now=NOW)
    note_leaving(sam, last_day=day("2027-09-16"), now=NOW)
    with pytest.raises(Refusal, match="Anna Reyes has left by then"):
        invite(session, [anna], now=JULY)
    assert invite(session, [sam], now=JULY)
