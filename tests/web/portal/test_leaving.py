"""I am leaving, by link: two fields and a thank-you; looked at by scanners, changed, taken back, confirmed."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from prm.continuity import leaving
from prm.outbox.models import Message
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Organization, Purpose, Statement
from prm.reminders.models import Reminder
from tests.cast import NEW_YORK, make_program, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    make_program()


def door(harbor: Organization, contact: Contact | None, purpose: Purpose = Purpose.LEAVING) -> str:
    holder = Holder(harbor.pk, contact.pk if contact else None)
    link = issue([(holder, Wish(purpose))], now=timezone.now())[0]
    return f"/p/{token_of(link)}/leaving"


def words(**changed: Any) -> dict[str, Any]:
    soon = timezone.localdate(timezone=NEW_YORK) + timedelta(days=30)
    start = {"last_day": soon.isoformat(), "follows": "somebody", "successor_name": "Ben Ortiz"}
    return start | {"successor_email": "ben@harbor.example", "note": ""} | changed


def read(client: Client, path: str, said: dict[str, Any] | None = None) -> str:
    page = client.get(path) if said is None else client.post(path, said, follow=True)
    assert page.status_code == HTTPStatus.OK
    return " ".join(page.content.decode().split())


def test_said_it_is_kept_and_thanked_for(visitor: Client, harbor: Organization, anna: Contact) -> None:
    path = door(harbor, anna)
    assert "Anna, when is your last day at Harbor House, and who follows?" in read(visitor, path)
    answer = visitor.post(path, words(note="Thank you all"))
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, path)
    seen = read(visitor, path)
    assert "Rosa confirms, then your mail stops on" in seen
    assert "<b>Ben Ortiz</b> gets our mail from then on." in seen
    assert Statement.objects.get().note == "Thank you all"
    anna.refresh_from_db()
    assert anna.left_on is None


def test_a_scanner_that_opens_every_link_twice_changes_nothing(
    visitor: Client, harbor: Organization, anna: Contact
) -> None:
    path = door(harbor, anna)
    before = (Statement.objects.count(), Message.objects.count(), Reminder.objects.count())
    for _time in range(2):
        for address in (path, f"{path}?change=1", f"{path}?do=take_back&last_day=2027-01-01"):
            assert visitor.get(address).status_code == HTTPStatus.OK
            assert visitor.head(address).status_code == HTTPStatus.OK
    assert (Statement.objects.count(), Message.objects.count(), Reminder.objects.count()) == before
    assert not anna.links.filter(used_at__isnull=False).exists()
    assert harbor.entries.filter(event__startswith="said").count() == 0


def test_nobody_follows_yet(visitor: Client, harbor: Organization, anna: Contact) -> None:
    seen = read(visitor, door(harbor, anna), words(follows="unknown", successor_name="left standing"))
    assert "<b>Who follows</b> is not known yet." in seen
    assert Statement.objects.get().data["successor_name"] == ""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_day": ""}, "Please give your last day."),
        ({"last_day": "2027-02-30"}, "February 2027 has 28 days."),
        ({"last_day": "2057-02-20"}, "Please look at the year"),
        ({"successor_name": ""}, "Please give their name, or choose “I do not know yet”."),
        ({"successor_email": "ben at harbor"}, "“ben at harbor” is not an e-mail address."),
        ({"successor_email": "ANNA@harbor.example"}, "This is the address of Anna Reyes."),
        ({"follows": "both"}, "Please choose one of these."),
        ({"note": "x" * 2001}, "Please keep it under 2000 characters."),
    ],
)
def test_slips_are_said_at_the_field_and_what_was_typed_stays(
    visitor: Client, harbor: Organization, anna: Contact, changed: dict[str, Any], sentence: str
) -> None:
    seen = read(visitor, door(harbor, anna), words(note="Kept as typed") | changed)
    assert sentence in seen
    assert "Kept as typed" in seen or "note" in changed
    assert not Statement.objects.exists()


def test_changed_before_it_is_confirmed(visitor: Client, harbor: Organization, anna: Contact) -> None:
    path = door(harbor, anna)
    read(visitor, path, words())
    assert 'value="Ben Ortiz"' in read(visitor, f"{path}?change=1")
    assert "<b>Sam Lee</b>" in read(visitor, path, words(successor_name="Sam Lee", successor_email=""))
    said = leaving.open_leaving(anna)
    assert said is not None
    assert said.data["successor_name"] == "Sam Lee"
    assert Statement.objects.filter(taken_back_at__isnull=True).count() == 1


def test_taken_back_nothing_changes(visitor: Client, harbor: Organization, anna: Contact) -> None:
    path = door(harbor, anna)
    read(visitor, path, words())
    for _twice in range(2):
        assert "It is taken back. Nothing changes." in read(visitor, path, {"do": "take_back"})
    assert leaving.open_leaving(anna) is None
    Statement.objects.update(taken_back_at=timezone.now() - timedelta(days=2))
    assert "It is taken back." not in read(visitor, path)


def test_confirmed_it_says_so_and_is_not_taken_back(
    visitor: Client, harbor: Organization, anna: Contact
) -> None:
    path = door(harbor, anna)
    read(visitor, path, words())
    leaving.confirm(Statement.objects.get(), now=timezone.now(), by=rosa())
    assert "It is confirmed" in read(visitor, path)
    assert "It is confirmed" in read(visitor, path, {"do": "take_back"})
    assert "We know that already." in read(visitor, path, words())
    anna.refresh_from_db()
    assert anna.left_on is not None


def test_a_shared_mailbox_is_asked_to_reply(visitor: Client, harbor: Organization) -> None:
    path = door(harbor, None, Purpose.PAGE)
    for said in (None, words()):
        assert "Please reply to our mail" in read(visitor, path, said)
    assert not Statement.objects.exists()


def test_from_their_own_page_too(visitor: Client, harbor: Organization, anna: Contact) -> None:
    assert "Thank you" in read(visitor, door(harbor, anna, Purpose.PAGE), words())


def test_the_first_page_of_such_a_link_is_the_form(
    visitor: Client, harbor: Organization, anna: Contact
) -> None:
    assert "Your last day" in read(visitor, door(harbor, anna).removesuffix("leaving"))


def test_said_to_nobody_in_particular_where_nobody_keeps_the_partner(
    visitor: Client, harbor: Organization, anna: Contact
) -> None:
    harbor.assignments.all().delete()
    path = door(harbor, anna)
    assert "Tell us" in read(visitor, path)
    past = (timezone.localdate(timezone=NEW_YORK) - timedelta(days=9)).isoformat()
    assert "We confirm, then your mail stops." in read(visitor, path, words(last_day=past))
