"""The mail to oneself: it takes the way of every other, once a minute, and not while sending is held."""

from datetime import timedelta

import pytest

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.desk.trial import send_trial, trials
from prm.outbox.delivery import drain
from prm.outbox.models import Message
from prm.rules.refusal import Refusal
from tests.cast import NOW, make_program


def test_trial_leaves_at_once_and_says_what_to_look_at(rosa, mailoutbox):
    make_program()
    sent = send_trial(rosa, now=NOW)
    assert (sent.recipient, sent.due_at, sent.demo) == ("rosa@example.org", NOW, False)
    drain(now=lambda: NOW, owner="test")
    [mail] = mailoutbox
    assert mail.subject == "A test mail from Bay Area Coalition"
    assert "Mon 7 Jun 2027, 11:00" in mail.body.replace("\xa0", " ")
    assert mail.reply_to == ["partners@example.org"]
    assert trials().get().state == "sent"


def test_trial_is_not_written_twice_within_a_minute(rosa, ben):
    send_trial(rosa, now=NOW)
    with pytest.raises(Refusal, match="less than a minute ago"):
        send_trial(rosa, now=NOW + timedelta(seconds=59))
    send_trial(ben, now=NOW)
    send_trial(rosa, now=NOW + timedelta(seconds=60))
    assert Message.objects.count() == 3


def test_held_means_held(rosa):
    set_sending(program(), "held", now=NOW)
    with pytest.raises(Refusal, match="held"):
        send_trial(rosa, now=NOW)
    assert not Message.objects.exists()
