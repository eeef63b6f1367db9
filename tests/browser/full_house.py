"""A house with everything in it that makes a page look different: states, people, pauses, agreements, mail."""

from datetime import timedelta

from prm.agreements.actions import Signer
from prm.capacity.actions import pause
from prm.continuity import leaving, saying
from prm.outbox.models import Message
from prm.partners.actions import add_contact, note_leaving, record_talk, say, set_standing, settle
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Organization, Purpose
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.training.actions import (
    Teacher,
    add_trainer,
    cancel_session,
    enter_course,
    invite,
    note_last_training,
    retire_course,
)
from prm.vocabulary.queries import term
from tests.cast import (
    NOW,
    TODAY,
    at,
    ben,
    carla,
    daniel,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_session,
    rosa,
)
from tests.web.addresses import learning


def fill() -> None:
    """Four partners in different states, and mail in every state."""
    for person in (ben, carla, daniel):
        person()
    harbor = harbor_house(
        sector=term("sector", "dv_sa"), city="Oakland", county="Alameda", phone="555 0100", website="harbor.example",
        confidential=True, notes="Ring twice", approval_body="Board", approval_lead_days=120,
    )  # fmt: skip
    make_agreement(harbor, expires_on=day("2027-08-31"))
    pause(harbor, scope="referrals", starts_on=TODAY, months=1, reason="Two are ill", now=NOW)
    pause(
        harbor,
        scope="training",
        starts_on=day("2027-04-01"),
        ends_on=day("2027-05-31"),
        now=at("2027-04-01T10:00"),
    )
    record_talk(harbor, note="All is well", by=rosa(), now=NOW, two_way=True, private=True)
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    refresh(now=NOW)
    _partners_speak(harbor)
    note_leaving(harbor.contacts.get(), last_day=TODAY, now=NOW)
    add_contact(
        harbor, name="Ben Cho", title="Advocate", email="ben@harbor.example", phone="555 0101", now=NOW
    )
    _lighthouse()
    _training(harbor)
    _mail_in_every_state()


def _partners_speak(harbor: Organization) -> None:
    """Every answer by link, some of them settled: rows of Today."""
    holder, mou = Holder(harbor.pk, harbor.contacts.get().pk), harbor.agreement_parties.get().agreement
    page, again = issue([(holder, Wish(Purpose.PAGE)), (holder, Wish(Purpose.PAGE))], now=NOW)
    leaving.announce(page, last_day=TODAY, successor_name="Mai Tran", note="Thank you", now=NOW)
    saying.answer_renewal(page, mou, choice="talk", note="After the board met", now=NOW)
    saying.we_are_full(page, scope="training", months=3, now=NOW)
    say(page, kind="correction", data={"about": "me", "phone": "555 0100"}, now=NOW)
    seen = saying.answer_renewal(again, mou, choice="not_me", now=NOW)
    settle(seen, outcome="seen", now=NOW, by=rosa())


def _lighthouse() -> None:
    lighthouse = make_organization("Lighthouse", county="Marin", is_demo=True)
    make_agreement(lighthouse, expires_on=day("2027-05-31"))
    note_last_training(lighthouse, attended_on=day("2027-03-01"), entered_on=TODAY, now=NOW)
    chapel = make_organization("Chapel", owner=ben())
    make_agreement(chapel, term="evergreen", expires_on=None)
    pause(
        chapel, scope="all", starts_on=TODAY - timedelta(days=60), ends_on=TODAY - timedelta(days=2), now=NOW
    )
    clinic = make_organization("Clinic")
    make_agreement(clinic, parties=[Signer(clinic), Signer(None)])
    set_standing(clinic, status="prospect", since=TODAY, now=NOW)
    refresh(now=NOW)


def _training(harbor: Organization) -> None:
    """Sessions planned alone, in a series and in a round; one cancelled, one over, a consultant without a fee."""
    learning(harbor)
    asked = make_session(place="12 Alder Street", place_confidential=True, host=harbor, capacity=20)
    invite(asked, [harbor.contacts.get(name="Ben Cho")], now=NOW)
    add_trainer(asked, Teacher(name="Maya", role="consultant"))
    cancel_session(make_session("2027-06-30T10:00"), now=NOW)
    make_session("2027-05-20T10:00")
    retire_course(enter_course(title="Of old", review_on=TODAY, now=NOW), now=NOW)


def _mail_in_every_state() -> None:
    waiting = list(Message.objects.order_by("pk"))
    assert len(waiting) >= 2
    states = [Message.State.SENT, Message.State.DELIVERED, Message.State.BOUNCED, Message.State.FAILED,
              Message.State.CANCELLED, Message.State.WAITING]  # fmt: skip
    first = waiting[0]
    for number, state in enumerate(states):
        first.pk, first.key = None, f"example-{number}"
        first.state, first.sent_at = state, NOW if state != Message.State.WAITING else None
        first.last_error = "550 no such mailbox" if state == Message.State.BOUNCED else ""
        first._state.adding = True
        first.save()
