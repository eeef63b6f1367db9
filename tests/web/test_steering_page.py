"""The outbox as a desk: the minute with Cancel, holding, other words, a second try, several at once."""

import pytest

from prm.accounts.models import Program
from prm.outbox.models import Message
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.reminders.models import Handover, Reminder
from prm.reporting.outlook import became
from tests.cast import NOW, at, day, harbor_house, make_agreement, rosa
from tests.web.test_outbox_page import letter

LATER = at("2027-07-02T10:00")  # the working day on which the mail of 60 days before goes


def page(browser, mail):
    return " ".join(browser.get(f"/outbox/{mail.pk}/").content.decode().split())


def state(mail):
    mail.refresh_from_db()
    return mail.state


@pytest.fixture
def mail(monday):
    return letter(organization_id=harbor_house().pk)


def test_mail_that_waits_offers_what_can_be_done_and_only_to_those_who_write(desk, window, mail):
    for act in ("cancel", "hold"):
        assert f"/outbox/{mail.pk}/{act}" in page(desk, mail)
        assert f"/outbox/{mail.pk}/{act}" not in page(window, mail)
        assert window.post(f"/outbox/{mail.pk}/{act}").status_code == 403
        assert desk.get(f"/outbox/{mail.pk}/{act}").status_code == 405
    assert state(mail) == "waiting"


def test_hold_and_release(desk, mail):
    desk.post(f"/outbox/{mail.pk}/hold")
    assert state(mail) == "held"
    assert "Held back by Rosa, 7 Jun, 11:00." in page(desk, mail)
    assert desk.post(f"/outbox/{mail.pk}/release").status_code == 302
    assert state(mail) == "waiting"


def test_what_left_meanwhile_is_said_in_one_sentence(desk, mail):
    Message.objects.update(state="sent", sent_at=NOW)
    for act in ("cancel", "hold", "now", "release"):
        told = desk.post(f"/outbox/{mail.pk}/{act}", follow=True).content.decode()
        assert "It has left already. Nothing was changed." in told
    assert state(mail) == "sent"
    assert "It has left already" in desk.get(f"/outbox/{mail.pk}/words", follow=True).content.decode()


def test_while_sending_is_held_the_page_says_that_it_waits(desk):
    mail = letter(organization_id=harbor_house().pk, started_by_id=rosa().pk)
    Program.objects.update(sending="held")
    assert "Sending is held, so this mail waits." in page(desk, mail)


def test_minute_is_told_and_what_was_started_and_left_says_so(desk):
    mail = letter(organization_id=harbor_house().pk, started_by_id=rosa().pk)
    Message.objects.update(due_at=at("2027-06-07T11:01"))
    told = page(desk, mail)
    assert "Leaves at 11:01:00." in told
    assert 'data-seconds="60"' in told
    Message.objects.update(state="sent", sent_at=NOW)
    assert "It left at 11:00 and cannot be stopped any more." in page(desk, mail)


def test_words_are_held_changed_and_released_on_one_path(desk, mail):
    answer = desk.post(f"/outbox/{mail.pk}/hold", {"then": "words"})
    assert answer["Location"] == f"/outbox/{mail.pk}/words"
    form = desk.get(f"/outbox/{mail.pk}/words").context["form"]
    sent = {"subject": "Other words", "text": "Dear Anna,", "seen": form["seen"].value(), "release": "yes"}
    assert desk.post(f"/outbox/{mail.pk}/words", sent)["Location"] == f"/outbox/{mail.pk}/"
    mail.refresh_from_db()
    assert (mail.subject, mail.text, mail.state) == ("Other words", "Dear Anna,\n", "waiting")


def test_what_was_typed_is_kept_where_a_link_is_missing(desk, monday):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    mail = Message.objects.get(kind="partner")
    answer = desk.post(f"/outbox/{mail.pk}/words", {"subject": "A", "text": "No link here.", "seen": ""})
    form = answer.context["form"]
    assert "[link 1] is missing" in form.errors["text"][0]
    assert "No link here." in answer.content.decode()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 <x@y.example>: User unknown", "This mailbox does not exist, or not any more."),
        ("552 5.2.2 Mailbox full", "Their mailbox is full."),
        ("554 5.7.1 Message blocked as spam", "does not trust mail from us"),
        ("535 5.7.8 Authentication failed", "did not accept our sign-in"),
        ("550 5.1.2 Domain not found", "after the @ does not exist"),
        ("[Errno 111] Connection refused", "could not be reached"),
        ("552 5.3.4 message too large", "too large for them"),
        ("ValueError", "would not take it"),
    ],
)
def test_failed_mail_tells_why_in_plain_words_with_the_answer_below(desk, answer, words):
    mail = letter(state="failed", last_error=answer, organization_id=harbor_house().pk)
    shown = desk.get(f"/outbox/{mail.pk}/").context["letter"]
    assert words in shown.reason
    assert shown.answer == answer


def test_own_sentences_stay_as_they_are(desk):
    ours = "No longer needed: the facts changed before it went."
    shown = desk.get(f"/outbox/{letter(state='cancelled', last_error=ours).pk}/").context["letter"]
    assert (shown.reason, shown.answer) == (ours, "")


def test_second_try_is_a_mail_of_its_own_and_the_first_one_leads_there(desk, window):
    mail = letter(state="failed", last_error="550 No such user", organization_id=harbor_house().pk)
    assert window.post(f"/outbox/{mail.pk}/again").status_code == 403
    new = Message.objects.get(pk=desk.post(f"/outbox/{mail.pk}/again")["Location"].split("/")[2])
    assert (new.again_of, new.state, new.started_by) == (mail, "waiting", rosa())
    assert f'href="/outbox/{new.pk}/"' in page(desk, mail)
    assert f"/outbox/{mail.pk}/again" not in page(desk, mail)
    assert "sent again already" in desk.post(f"/outbox/{mail.pk}/again", follow=True).content.decode()


def test_reminder_of_a_second_try_becomes_what_the_new_mail_becomes(desk):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    mail = Message.objects.get(kind="partner")
    Message.objects.filter(pk=mail.pk).update(state="failed", last_error="550 No such user")
    desk.post(f"/outbox/{mail.pk}/again")
    reminder = Reminder.objects.get(key=mail.keys[0])
    states = Handover.objects.filter(reminder=reminder).values_list("message__state", flat=True)
    assert became(reminder.state, states) == "handed_over"


def test_several_are_turned_at_once_and_what_left_is_counted(desk, window):
    harbor = harbor_house()
    mails = [letter(organization_id=harbor.pk, about=str(n)) for n in range(3)]
    Message.objects.filter(pk=mails[2].pk).update(state="sent", sent_at=NOW)
    ticked = {"mail": [mail.pk for mail in mails], "back": "/outbox/?state=waiting"}
    assert window.post("/outbox/several", ticked | {"act": "hold"}).status_code == 403
    answer = desk.post("/outbox/several", ticked | {"act": "hold"}, follow=True)
    assert answer.redirect_chain[0][0] == "/outbox/?state=waiting"
    told = answer.content.decode()
    assert "2 mails are held back." in told
    assert "1 has left already, or waits no more." in told
    for act, states in (("release", "waiting"), ("cancel", "cancelled")):
        desk.post("/outbox/several", ticked | {"act": act})
        assert [state(mail) for mail in mails] == [states, states, "sent"]
    desk.post("/outbox/several", ticked | {"act": "again"})
    assert Message.objects.filter(again_of__in=mails, state="waiting").count() == 3


@pytest.mark.parametrize(
    "sent",
    [{"act": "burn"}, {"act": "hold", "back": "//elsewhere.example/"}, {"act": "hold", "back": "x://y"}],
)
def test_nothing_unknown_is_done_and_nobody_is_led_elsewhere(desk, mail, sent):
    answer = desk.post("/outbox/several", {"mail": mail.pk} | sent)
    assert answer["Location"] == "/outbox/"
    assert state(mail) == ("held" if sent["act"] == "hold" else "waiting")


def test_nothing_ticked_is_said(desk, mail):
    told = desk.post("/outbox/several", {"act": "hold", "back": "/outbox/"}, follow=True).content.decode()
    assert "Tick the mails first" in told


def test_mail_released_after_hours_says_that_it_waits_and_can_be_sent_now(desk, mail):
    Message.objects.update(state="held", kind="partner")
    Program.objects.update(sending_from=at("2027-06-07T11:30").time())
    answer = desk.post(f"/outbox/{mail.pk}/release", follow=True)
    assert "Their office is closed now, so it leaves when it opens." in answer.content.decode()
    mail.refresh_from_db()
    assert mail.due_at == at("2027-06-07T11:30")
    told = page(desk, mail)
    assert "It leaves on 7 Jun, 11:30. Until then nothing has been sent." in told
    assert f"/outbox/{mail.pk}/now" in told
    desk.post(f"/outbox/{mail.pk}/now")
    mail.refresh_from_db()
    assert mail.due_at == NOW
