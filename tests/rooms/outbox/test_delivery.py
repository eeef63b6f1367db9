"""Sending for real: an SMTP relay on this machine takes the mails, refuses them or hangs up."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from prm.accounts.models import Program
from prm.outbox import actions
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.delivery import GLANCE, Counts, drain
from prm.outbox.models import Message
from prm.outbox.posts import Post

from .conftest import KEY, MONDAY, Clock, Relay

pytestmark = pytest.mark.django_db
Make = Callable[..., Draft]
OTHER_KEY = "organization:4:training-21d:2027-06-28:org-4:partner"


def go(clock: Clock | None = None, **options: Any) -> Counts:
    return drain(now=clock or Clock(), owner="one", **options)


def several(draft: Make, number: int) -> list[Draft]:
    before = MONDAY - timedelta(hours=1)
    return [
        draft(recipient=f"anna{n}@harbor.example", due_at=before + timedelta(seconds=n))
        for n in range(number)
    ]


def test_a_mail_arrives_with_its_headers(relay: Relay, draft: Make) -> None:
    actions.write([draft(keys=(KEY, OTHER_KEY))], now=MONDAY)
    assert go().sent == 1
    [mail] = relay.mails
    message = Message.objects.get()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-PRM-Key"] == f"{KEY}, {OTHER_KEY}"
    assert mail["Message-ID"] == message.message_id
    assert mail["Reply-To"] == "rosa@example.org"
    assert mail["Date"].datetime == MONDAY
    assert (mail["From"], mail["To"]) == (
        "Partner program <partners@example.org>",
        "Anna Reyes <anna@harbor.example>",
    )
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_many_keys_are_folded_and_read_back_whole(relay: Relay, draft: Make) -> None:
    keys = tuple(f"agreement:{n}:expiry-60d:2027-09-30:org-4:partner" for n in range(100, 160))
    actions.write([draft(keys=keys)], now=MONDAY)
    go()
    assert relay.mails[0]["X-PRM-Key"].split(", ") == sorted(keys)


def test_names_in_any_script_and_quotes_arrive(relay: Relay, draft: Make) -> None:
    subject = "Año 2027: qué sigue " * 6 + "fin"
    names = {"recipient_name": 'Ana "Nita" Muñoz, Dr.', "from_name": "Red de apoyo «Costa»"}
    actions.write([draft(subject=subject, **names)], now=MONDAY)
    go()
    [mail] = relay.mails
    assert mail["To"].addresses[0].display_name == "Ana 'Nita' Muñoz, Dr."
    assert mail["From"].addresses[0].display_name == "Red de apoyo «Costa»"
    assert mail["Subject"].strip() == subject  # folded: the first line may be empty


def test_calendar_mail_has_the_entry_last_and_once_more_as_the_same_file(
    relay: Relay, draft: Make, entry: CalendarPart
) -> None:
    actions.write([draft(calendar=entry)], now=MONDAY)
    go()
    mixed = relay.mails[0]
    assert mixed.get_content_type() == "multipart/mixed"
    alternative, file = mixed.iter_parts()
    assert [p.get_content_type() for p in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(alternative.iter_parts())[-1]
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar["Content-Disposition"] is None
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == entry.body.encode()


def test_one_connection_serves_all(relay: Relay, draft: Make) -> None:
    actions.write(several(draft, 25), now=MONDAY)
    assert go(batch=10) == Counts(sent=25)
    assert relay.connections == 1
    assert relay.recipients == [f"anna{n}@harbor.example" for n in range(25)]


def test_a_soft_refusal_is_tried_again_later_and_arrives_once(relay: Relay, draft: Make) -> None:
    relay.answers = ["451 come back later"]
    actions.write([draft()], now=MONDAY)
    assert go() == Counts(retried=1)
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("waiting", "451 come back later")
    assert go(Clock(message.due_at)) == Counts(sent=1)
    assert len(relay.mails) == 1


def test_a_hard_refusal_fails_with_the_relays_words_and_stops_nobody(relay: Relay, draft: Make) -> None:
    relay.refused = {"anna0@harbor.example": "550 5.1.1 no such person here"}
    actions.write(several(draft, 3), now=MONDAY)
    assert go() == Counts(sent=2, failed=1)
    failed = Message.objects.get(state="failed")
    assert (failed.recipient, failed.last_error) == ("anna0@harbor.example", "550 5.1.1 no such person here")


def test_a_line_lost_after_data_repeats_that_one_with_the_same_message_id(relay: Relay, draft: Make) -> None:
    relay.cut = 1
    actions.write(several(draft, 3), now=MONDAY)
    assert go() == Counts(sent=2, retried=1)
    go(Clock(MONDAY + timedelta(minutes=2)))
    ids = [mail["Message-ID"] for mail in relay.mails]
    assert len(ids) == 4
    assert len(set(ids)) == 3
    assert ids[0] == ids[-1]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_relay_that_is_down_costs_one_message_one_attempt_and_loses_none(
    relay: Relay, draft: Make, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    actions.write(several(draft, 5), now=MONDAY)
    assert go() == Counts(retried=1, stuck=1)
    assert Program.objects.get().mail_stuck_at is not None
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    settings.EMAIL_PORT = relay.port
    assert go(Clock(MONDAY + timedelta(minutes=2))).sent == 5


def test_a_relay_that_stays_down_makes_a_message_fail_after_25_attempts(
    draft: Make, settings: Any, relay: Relay
) -> None:
    settings.EMAIL_PORT = 1
    actions.write([draft()], now=MONDAY)
    for _attempt in range(25):
        go(Clock(Message.objects.get().due_at))
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("failed", 25)
    assert "refused" in message.last_error


@pytest.mark.parametrize(
    "poison",
    [
        {"recipient": "anna@harbor.example\r\nBcc: all@x.example"},
        {"recipient": "Anna"},
        {"recipient": ""},
        {"reply_to": "rosa@example.org\nX-Evil: 1"},
        {"keys": ("agreement:1\r\nX-Evil: 1",)},
    ],
)
def test_a_poisoned_row_fails_alone(relay: Relay, draft: Make, poison: dict[str, Any]) -> None:
    first = draft(due_at=MONDAY - timedelta(days=1), **poison)
    actions.write([first, *several(draft, 3)], now=MONDAY)
    assert go() == Counts(sent=3, failed=1)
    assert Message.objects.get(state="failed").last_error
    assert not any("X-Evil" in mail for mail in relay.mails)


def test_nothing_goes_while_sending_is_held(relay: Relay, draft: Make) -> None:
    Program.objects.update(sending="held")
    actions.write([draft()], now=MONDAY)
    assert go() == Counts()
    assert relay.mails == []
    assert Message.objects.get().attempts == 0


def test_holding_stops_within_a_batch(relay: Relay, draft: Make) -> None:
    actions.write(several(draft, 5), now=MONDAY)

    class Hold(Clock):
        def __call__(self) -> Any:
            if len(relay.mails) == 2:
                Program.objects.update(sending="held")
            return super().__call__()

    assert go(Hold(step=GLANCE)).sent == 2
    assert Message.objects.filter(state="waiting", attempts=0).count() == 3


def test_a_mail_withdrawn_after_it_was_claimed_does_not_go(relay: Relay, draft: Make) -> None:
    actions.write(several(draft, 3), now=MONDAY)
    last = Message.objects.order_by("due_at").last()
    assert last is not None

    class Withdraw(Clock):
        def __call__(self) -> Any:
            if relay.mails:
                actions.cancel(ids=[last.pk])
            return super().__call__()

    assert go(Withdraw(step=GLANCE)).sent == 2
    assert last.recipient not in relay.recipients


def test_sending_stops_before_the_lease_ends_and_goes_on_with_a_new_one(relay: Relay, draft: Make) -> None:
    actions.write(several(draft, 12), now=MONDAY)
    assert go(Clock(step=timedelta(seconds=10))).sent == 12
    assert len(relay.mails) == 12
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_a_drain_ends_when_its_time_is_over(relay: Relay, draft: Make) -> None:
    actions.write(several(draft, 12), now=MONDAY)
    done = go(Clock(step=timedelta(seconds=1)), until=MONDAY + timedelta(seconds=10))
    assert 0 < done.sent < 12
    assert Message.objects.filter(state="waiting").count() == 12 - done.sent


def test_demo_mail_never_reaches_a_real_route(relay: Relay, draft: Make) -> None:
    actions.write([draft(demo=True), draft(recipient="ben@x.example")], now=MONDAY)
    assert go() == Counts(sent=1, refused=1)
    assert relay.recipients == ["ben@x.example"]
    assert Message.objects.get(demo=True).state == "cancelled"


def test_demo_mail_goes_into_files(settings: Any, draft: Make, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "config.mailfile.EmailBackend", str(tmp_path)
    actions.write([draft(demo=True)], now=MONDAY)
    assert go() == Counts(sent=1)
    assert any(tmp_path.rglob("*"))


def test_an_interrupted_drain_gives_back_what_it_held(relay: Relay, draft: Make, monkeypatch: Any) -> None:
    actions.write(several(draft, 4), now=MONDAY)
    send = Post.send

    def stop_at_the_third(post: Post, mail: Any, key: str, **told: Any) -> str:
        if len(relay.mails) == 2:
            raise KeyboardInterrupt
        return send(post, mail, key, **told)

    monkeypatch.setattr(Post, "send", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        go()
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "sent", "waiting", "waiting"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_drains_at_once_send_each_mail_once(relay: Relay, draft: Make) -> None:
    Program.objects.update(sending="on")
    actions.write(
        [draft(recipient=f"anna{n}@harbor.example", due_at=timezone.now()) for n in range(60)], now=MONDAY
    )

    def run(owner: str) -> None:
        try:
            drain(now=timezone.now, owner=owner, batch=7)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(relay.recipients) == sorted(f"anna{n}@harbor.example" for n in range(60))
