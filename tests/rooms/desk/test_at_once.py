"""What cannot wait for the morning: the owner hears of it within a heartbeat, once."""

import pytest

from prm.accounts.actions import set_sending
from prm.accounts.models import Program
from prm.capacity.actions import pause
from prm.desk.at_once import tell_at_once
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.actions import assign_owner, say, settle, take_back
from prm.partners.links import Holder, Wish
from prm.partners.models import Purpose
from tests.cast import NOW, TODAY, ben, daniel, day, harbor_house, make_agreement, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    make_program()
    return harbor_house()


def link_of(harbor, purpose=Purpose.PAGE):
    [link] = links.issue([(Holder(harbor.pk, harbor.contacts.get().pk), Wish(purpose))], now=NOW)
    return link


def full(harbor):
    known = pause(harbor, scope="referrals", starts_on=TODAY, months=3, reason="Two are ill", now=NOW)
    return say(link_of(harbor, Purpose.PAUSE), kind="pause", record_key=f"pause:{known.pk}", now=NOW)


def leaves(harbor, **data):
    facts = {"note": "Thank you", "data": {"last_on": day("2027-06-30"), **data}}
    return say(link_of(harbor, Purpose.LEAVING), kind="leaving", now=NOW, **facts)


def test_one_that_cannot_be_told_holds_up_no_other(harbor):
    leaves(harbor, last_on="the day after")
    full(harbor)
    assert [tell_at_once(now=NOW), tell_at_once(now=NOW)] == [1, 0]
    assert Message.objects.get().subject == "Harbor House: we are full"


def test_pause_is_told_once_and_not_why(harbor):
    full(harbor)
    assert [tell_at_once(now=NOW), tell_at_once(now=NOW)] == [1, 0]
    mail = Message.objects.get()
    assert (mail.recipient, mail.subject) == ("rosa@example.org", "Harbor House: we are full")
    plain = " ".join(mail.text.replace("\xa0", " ").split())
    assert "Anna Reyes says they are full. Referrals paused until 7 Sep 2027." in plain
    assert "by the link “We are full” of 7 Jun 2027" in plain
    assert "/today/" in mail.text
    assert "ill" not in plain.split()  # the reason is for those who may see it, on the page


def test_leaving_is_told_with_the_successor_and_the_note(harbor):
    leaves(harbor, successor_name="Mai Tran", successor_email="mai@harbor.example")
    tell_at_once(now=NOW)
    plain = " ".join(Message.objects.get().text.replace("\xa0", " ").split())
    assert "Anna Reyes leaves; the last day is 30 Jun 2027. Mai Tran (mai@harbor.example) follows." in plain
    assert "They add: Thank you" in plain


@pytest.mark.parametrize(("choice", "told"), [("not_me", 1), ("unchanged", 0), ("talk", 0)])
def test_of_answers_about_an_agreement_only_not_me_is_told(harbor, choice, told):
    mou = make_agreement(harbor)
    facts = {"record_key": f"agreement:{mou.pk}", "reference_on": mou.expires_on, "choice": choice}
    say(link_of(harbor, Purpose.RENEWAL), kind="renewal", now=NOW, **facts)
    assert tell_at_once(now=NOW) == told


@pytest.mark.parametrize(
    "undone", [take_back, lambda one, now: settle(one, outcome="seen", now=now, by=None)]
)
def test_what_was_taken_back_or_seen_by_then_is_not_told(harbor, undone):
    undone(full(harbor), now=NOW)
    assert tell_at_once(now=NOW) == 0


def test_held_sending_holds_it_and_release_tells_it(harbor):
    set_sending(Program.objects.get(), "held", by=daniel(), now=NOW)
    full(harbor)
    assert tell_at_once(now=NOW) == 0
    set_sending(Program.objects.get(), "on", by=daniel(), now=NOW)
    assert tell_at_once(now=NOW) == 1


def test_without_an_owner_the_directors_are_told(harbor):
    harbor.assignments.all().delete()
    daniel()
    leaves(harbor)
    tell_at_once(now=NOW)
    assert [mail.recipient for mail in Message.objects.all()] == ["daniel@example.org"]


def test_who_owns_it_now_is_told(harbor):
    assign_owner(harbor, ben(), now=NOW, today=TODAY)
    leaves(harbor)
    tell_at_once(now=NOW)
    assert Message.objects.get().recipient == "ben@example.org"


def test_demo_partner_stays_in_the_demo():
    make_program()
    full(harbor_house(is_demo=True))
    tell_at_once(now=NOW)
    assert Message.objects.get().demo


def test_several_are_told_in_a_fixed_number_of_queries(harbor, django_assert_num_queries):
    leaves(harbor)
    with django_assert_num_queries(16):
        assert tell_at_once(now=NOW) == 1
    for _number in range(3):
        leaves(harbor)
    with django_assert_num_queries(16):
        assert tell_at_once(now=NOW) == 3


def test_heartbeat_tells_and_sends_it(harbor, mailoutbox):
    full(harbor)
    assert heartbeat(NOW)["told"] == 1
    assert [mail.subject for mail in mailoutbox][:1] == ["Harbor House: we are full"]
