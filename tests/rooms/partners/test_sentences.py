"""The timeline in words."""

import re
from pathlib import Path

import pytest

from prm.agreements.actions import correct_end, renew, sign
from prm.capacity.actions import pause, resume
from prm.partners import sentences
from prm.partners.actions import change_organization, replace_contact, set_standing
from prm.partners.models import Entry
from prm.partners.sentences import PLAINER, SENTENCES, sentence
from prm.training.actions import invite, note_last_training, set_cadence
from tests.cast import NOW, day, make_agreement, make_session

ROOMS = Path(sentences.__file__).parent.parent


def last(organization) -> str:
    return sentence(organization.entries.order_by("-id")[0]).replace("\u00a0", " ")


def test_every_event_that_a_room_records_has_a_sentence():
    files = ROOMS.glob("*/actions/*.py")
    words = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', "".join(path.read_text() for path in files)))
    starts = (
        "agreement",
        "pause",
        "promise",
        "contact",
        "session",
        "invitation",
        "training",
        "rhythm",
        "address",
    )
    events = {word for word in words if word.split("_")[0] in starts} - {"agreement_kind", "training_format"}
    assert len(events) > 25
    assert events <= SENTENCES.keys()


def test_plainer_sentences_need_fewer_values():
    for event, plain in PLAINER.items():
        needed = [set(re.findall(r"%\((\w+)\)", str(words))) for words in (plain, SENTENCES[event])]
        assert needed[0] < needed[1]


@pytest.mark.parametrize("event", SENTENCES)
def test_event_without_values_is_still_named(event):
    assert sentence(Entry(event=event, data={})).strip()
    assert "%(" not in sentence(Entry(event=event, data={}))


def test_event_of_a_later_version_is_named():
    assert sentence(Entry(event="moon_seen", data={})) == "Moon seen"


def test_people(harbor, anna):
    replace_contact(anna, name="Maria Diaz", last_day=day("2027-06-30"), now=NOW)
    assert last(harbor) == "Maria Diaz follows Anna Reyes, whose last day is 30 Jun 2027"


def test_organization(harbor):
    change_organization(harbor, approval_lead_days=120, city="Tampa", now=NOW)
    assert last(harbor) == "Details changed: days approval takes, town"
    set_standing(harbor, status="former", since=day("2027-09-01"), now=NOW)
    assert last(harbor) == "Former from 1 Sep 2027"


def test_agreements(harbor):
    mou = make_agreement(harbor)
    assert last(harbor) == "Agreement entered: MOU with Harbor House, valid through 30 Sep 2027"
    correct_end(mou, expires_on=day("2027-12-31"), now=NOW)
    assert last(harbor) == "Last day of MOU with Harbor House corrected to 31 Dec 2027 (was 30 Sep 2027)"
    renewed = renew(mou, signed=False, expires_on=day("2028-12-31"), now=NOW)
    sign(renewed.parties.get(organization=None), now=NOW)
    assert last(harbor) == "We signed: MOU with Harbor House"


def test_pauses(harbor):
    breath = pause(harbor, scope="service", service="Beds", starts_on=day("2027-06-01"), months=3, now=NOW)
    assert last(harbor) == "Paused: Beds, from 1 Jun 2027 through 1 Sep 2027; talk again on 1 Sep 2027"
    resume(breath, now=NOW)
    assert last(harbor) == "Open again: Beds"
    pause(harbor, scope="all", starts_on=day("2027-07-01"), now=NOW)
    assert last(harbor) == "Paused: everything, from 1 Jul 2027, end not known; talk again on 1 Oct 2027"


def test_training(harbor, anna):
    set_cadence(harbor, every_months=3, now=NOW)
    assert last(harbor) == "Training every 3 months"
    note_last_training(harbor, attended_on=day("2027-03-02"), entered_on=day("2027-06-07"), now=NOW)
    assert last(harbor) == "Last training before this list began: 2 Mar 2027"
    invite(make_session(), [anna], now=NOW)
    assert last(harbor) == "Invited to Red flags and what to do on 16 Sep 2027"
