"""What people do with a mail: each act only while nobody has begun to send it, each told in the partner's timeline."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from prm.accounts.models import User
from prm.outbox import actions, steering
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.models import Message
from prm.outbox.queries import lost
from prm.partners.actions import mark_undeliverable
from prm.partners.links import Wish
from prm.partners.models import Contact, Link, Organization, Purpose
from prm.rules.refusal import Refusal
from tests.rooms.outbox.conftest import KEY, MONDAY

Make = Callable[..., Draft]
LATER = MONDAY + timedelta(minutes=2)


@pytest.fixture
def letter(draft: Make, harbor: Organization, anna: Contact) -> Callable[..., Message]:
    def make(**fields: Any) -> Message:
        start = {"organization_id": harbor.pk, "contact_id": anna.pk}
        actions.write([draft(**start | fields)], now=MONDAY)
        return Message.objects.latest("pk")

    return make


def claimed(now: Any = MONDAY) -> list[Message]:
    return actions.claim(now=now, owner="one", limit=10)


def told(harbor: Organization) -> list[str]:
    return list(harbor.entries.filter(kind="mail").order_by("pk").values_list("event", flat=True))


def test_held_mail_is_never_claimed_until_it_is_released(
    letter: Callable[..., Message], rosa: User, harbor: Organization
) -> None:
    mail = letter()
    assert steering.hold([mail], by=rosa, now=MONDAY) == [mail]
    assert claimed(now=MONDAY + timedelta(days=2)) == []
    assert steering.let_go([mail], by=rosa, now=LATER) == [mail]
    mail.refresh_from_db()
    assert (mail.due_at, mail.handled_by, mail.handled_at) == (LATER, rosa, LATER)
    assert claimed(now=LATER) == [mail]
    assert told(harbor) == ["mail_held", "mail_let_go"]


def test_cancelled_mail_gives_its_key_free_and_says_who_stopped_it(
    letter: Callable[..., Message], rosa: User, harbor: Organization
) -> None:
    mail = letter()
    assert steering.stop([mail], by=rosa, now=MONDAY) == [mail]
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("cancelled", "Rosa stopped it before it left.")
    assert claimed() == []
    assert told(harbor) == ["mail_stopped"]
    assert letter().pk != mail.pk


@pytest.mark.parametrize("act", [steering.hold, steering.let_go, steering.stop])
def test_what_a_sender_has_in_hand_or_has_left_is_left_alone(
    letter: Callable[..., Message], rosa: User, harbor: Organization, act: Callable[..., list[Message]]
) -> None:
    mail = letter()
    [mine] = claimed()
    assert act([mail], by=rosa, now=MONDAY) == []
    assert not steering.send_now(mail, by=rosa, now=MONDAY)
    with pytest.raises(Refusal, match="It has left already"):
        steering.change(mail, subject="x", text="y", seen="", by=rosa, now=MONDAY)
    assert actions.settle_sent(mine, owner="one", now=MONDAY)
    assert act([mail], by=rosa, now=MONDAY) == []
    assert told(harbor) == []


def test_send_now_ends_the_minute(letter: Callable[..., Message], rosa: User) -> None:
    mail = letter(due_at=steering.leaves_at(MONDAY))
    assert claimed() == []
    assert steering.send_now(mail, by=rosa, now=MONDAY)
    assert claimed() == [mail]


def test_several_are_turned_at_once_in_the_same_number_of_queries(
    letter: Callable[..., Message], rosa: User, django_assert_num_queries: Any
) -> None:
    mails = [letter(recipient=f"anna{n}@harbor.example") for n in range(9)]
    for number in (1, 3, 5):
        some, mails = mails[:number], mails[number:]
        with django_assert_num_queries(
            11
        ):  # look, turn, today, tell, mark the plan, and savepoints around them
            assert len(steering.hold(some, by=rosa, now=MONDAY)) == number


# --- once more ------------------------------------------------------------------------------------------------------


def failed(mail: Message) -> Message:
    [mine] = claimed(now=MONDAY + timedelta(hours=1))
    actions.settle_failed(mine, owner="one", error="550 no such user")
    mail.refresh_from_db()
    return mail


def test_second_try_is_a_message_of_its_own_with_the_same_words_touches_and_calendar_part(
    letter: Callable[..., Message], rosa: User, harbor: Organization, entry: CalendarPart
) -> None:
    mail = failed(letter(calendar=entry))
    new = steering.again(mail, by=rosa, now=MONDAY)
    assert (new.again_of, new.started_by, new.state) == (mail, rosa, "waiting")
    assert new.due_at == MONDAY + timedelta(seconds=60)
    assert {new.key, new.message_id}.isdisjoint({mail.key, mail.message_id})
    assert (new.subject, new.text, new.keys, new.calendar_body) == (
        mail.subject,
        mail.text,
        [KEY],
        entry.body,
    )
    mail.refresh_from_db()
    assert mail.state == "failed"
    assert not lost(Message.objects.all()).exists()
    assert told(harbor) == ["mail_sent_again"]


def test_two_presses_are_one_second_try(letter: Callable[..., Message], rosa: User) -> None:
    mail = failed(letter())
    steering.again(mail, by=rosa, now=MONDAY)
    with pytest.raises(Refusal, match="sent again already"):
        steering.again(mail, by=rosa, now=MONDAY)
    assert Message.objects.count() == 2


def test_second_try_goes_to_the_address_of_today(
    letter: Callable[..., Message], rosa: User, anna: Contact
) -> None:
    mail = failed(letter())
    Contact.objects.filter(pk=anna.pk).update(email="a.reyes@harbor.example")
    assert steering.again(mail, by=rosa, now=MONDAY).recipient == "a.reyes@harbor.example"


def test_second_try_has_links_of_its_own(letter: Callable[..., Message], rosa: User) -> None:
    wish = Wish(Purpose.PAGE)
    mail = failed(letter(text=f"Look: {wish.address}\n", links=(wish,)))
    new = steering.again(mail, by=rosa, now=MONDAY)
    assert new.links.keys() == mail.links.keys()
    assert set(new.links.values()).isdisjoint(mail.links.values())
    assert Link.objects.count() == 2


def test_nobody_is_written_to_where_mail_does_not_arrive(
    letter: Callable[..., Message], rosa: User, anna: Contact
) -> None:
    mail = failed(letter())
    mark_undeliverable(anna, on=MONDAY.date(), now=MONDAY)
    with pytest.raises(Refusal, match="Mail to Anna Reyes came back"):
        steering.again(mail, by=rosa, now=MONDAY)


def test_what_waits_or_lost_its_reason_is_not_repeated_and_what_a_person_stopped_is(
    letter: Callable[..., Message], rosa: User
) -> None:
    mail = letter()
    with pytest.raises(Refusal, match="Nothing to repeat"):
        steering.again(mail, by=rosa, now=MONDAY)
    actions.cancel(ids=[mail.pk])
    with pytest.raises(Refusal, match="Nothing to repeat"):
        steering.again(mail, by=rosa, now=MONDAY)
    stopped = letter(keys=(), about="2")
    steering.stop([stopped], by=rosa, now=MONDAY)
    assert steering.again(stopped, by=rosa, now=MONDAY).state == "waiting"
