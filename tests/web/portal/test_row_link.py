"""The link beside a row of the morning mail: what was said there is done as its reader, without a sign-in."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from prm.accounts.actions import set_active
from prm.accounts.models import User
from prm.desk import today as desk
from prm.desk.models import Snooze
from prm.management.commands.tick import heartbeat
from prm.outbox.enclosed import links_of, tokens
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.actions import make_promise, say
from prm.partners.links import Holder, Wish, live_links
from prm.partners.models import Entry, Link, Promise, Purpose, Statement
from prm.reporting.held import held
from tests.cast import TODAY, at, day, harbor_house, make_agreement, make_organization, make_program, rosa

pytestmark = pytest.mark.django_db

MAY = {"now": at("2027-05-03T10:00"), "today": day("2027-05-03")}
MORNING = at("2027-06-07T08:00")


@pytest.fixture
def harbor():
    """A Monday morning: a promise is due, an agreement ended, Anna said something, and the mail has just gone."""
    cache.clear()
    make_program()
    found = harbor_house(**MAY)
    make_agreement(found, expires_on=day("2027-05-31"), **MAY)
    make_promise(found, side="ours", what="Send 200 flyers", due_on=TODAY, **MAY)
    holder = Holder(found.pk, found.contacts.get().pk)
    [page] = links.issue([(holder, Wish(Purpose.PAGE))], now=MAY["now"])
    say(
        page,
        kind="correction",
        data={"about": "me", "phone": "555 0100"},
        note="In confidence",
        now=MAY["now"],
    )
    heartbeat(MORNING)
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield found


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


def doors(who="Rosa"):
    """What each link of the latest mail is about -> its address."""
    mail = Message.objects.filter(kind="digest", user__name=who).latest("pk")
    known = links_of([mail])
    made = tokens(mail, known)
    return {known[pk].about: f"/p/{made[mark]}/" for mark, pk in mail.links.items()}


def door(rule):
    return next(address for about, address in doors().items() if f":{rule}:" in about)


def words(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(page.main.get_text(" ").replace("\xa0", " ").split())


def groups():
    found = desk.day_of(rosa(), everyone=False, now=MORNING + timedelta(hours=2)).groups
    return {key: [row.matter for row in group.rows] for key, group in found.items() if group.rows}


def test_each_row_has_a_link_of_its_own_for_its_reader_and_a_week(harbor):
    mail = Message.objects.get(kind="digest")
    rows = Link.objects.filter(purpose=Purpose.DESK)
    assert set(rows.values_list("user__name", "contact", "expires_at")) == {
        ("Rosa", None, MORNING + timedelta(7))
    }
    assert rows.count() == len(mail.links) == len(re.findall(r"/p/~desk\.", mail.text))
    assert {"promise", "expiry", "said"} <= {one.about.split(":")[1] for one in rows}


def test_page_says_what_the_mail_said_and_no_more(harbor, visitor):
    mail = " ".join(Message.objects.get(kind="digest").text.replace("\xa0", " ").split())
    for rule in ("promise", "expiry", "said"):
        page = visitor.get(door(rule))
        assert page.status_code == HTTPStatus.OK
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        lead = BeautifulSoup(page.content, "html.parser").select_one(".lead").get_text()
        assert lead.replace("\xa0", " ") in mail
        assert "In confidence" not in page.content.decode()
        assert "anna@harbor.example" not in page.content.decode()
    assert not visitor.cookies


def dump():
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }


def test_scanner_that_opens_every_link_twice_changes_nothing(harbor, visitor):
    addresses = list(doors().values())
    before = dump()
    for address in addresses * 2:
        assert visitor.get(address).status_code == HTTPStatus.OK
        assert visitor.head(address).status_code == HTTPStatus.OK
        visitor.get(f"{address}?do=keep&done=keep")
    assert dump() == before


def test_promise_is_kept_as_the_reader_and_the_timeline_says_by_link(harbor, visitor):
    address = door("promise")
    answer = visitor.post(address, {"do": "keep"}, follow=True)
    assert answer.redirect_chain == [(f"{address}?done=keep", HTTPStatus.SEE_OTHER)]
    assert "The promise is kept. Thank you." in words(answer)
    assert Promise.objects.get().kept_on == TODAY
    told = list(
        Entry.objects.filter(event__in=("promise_kept", "by_desk_link")).values_list("event", "by__name")
    )
    assert sorted(told) == [("by_desk_link", "Rosa"), ("promise_kept", "Rosa")]
    assert "today" not in groups() or not any("flyers" in one for one in groups()["today"])
    assert "Nothing to do here" in words(visitor.post(address, {"do": "keep"}))
    assert Entry.objects.filter(event="promise_kept").count() == 1
    assert Link.objects.get(about__contains=":promise:").used_at == MORNING + timedelta(hours=1)


def test_promise_is_moved_and_a_day_that_is_over_is_answered_at_its_field(harbor, visitor):
    address = door("promise")
    wrong = visitor.post(address, {"do": "move", "due_on": "2027-06-01"})
    assert "The new day is over already." in words(wrong)
    assert 'value="2027-06-01"' in wrong.content.decode()
    visitor.post(address, {"do": "move", "due_on": "2027-06-18"})
    assert Promise.objects.get().due_on == day("2027-06-18")
    assert "Nothing to do here" in words(visitor.get(address))  # it is another row now


def test_row_is_put_off_with_a_reason_and_fetched_back(harbor, visitor):
    address = door("expiry")
    assert "Say in a few words why it waits." in words(
        visitor.post(address, {"do": "off", "until": "2027-06-14"})
    )
    far = visitor.post(address, {"do": "off", "until": "date", "day": "2028-01-01", "reason": "x"})
    assert "That is too far away." in words(far)
    said = visitor.post(address, {"do": "off", "until": "2027-06-14", "reason": "Their board"}, follow=True)
    assert "Put off until Mon 14 Jun: Their board" in words(said)
    assert groups()["off"] == ["Agreement has ended, still working together"]
    assert Snooze.objects.get().by == rosa()
    visitor.post(address, {"do": "back"})
    assert "off" not in groups()


def test_talk_of_today_restarts_the_clock(harbor, visitor):
    visitor.post(door("expiry"), {"do": "talked", "note": "They sign next week"})
    talk = Entry.objects.get(event="talked")
    assert (talk.two_way, talk.note, talk.by.name, talk.contact.name) == (
        True,
        "They sign next week",
        "Rosa",
        "Anna Reyes",
    )
    assert talk.happened_on == TODAY


def test_what_a_partner_said_is_confirmed_or_seen(harbor, visitor):
    address = door("said")
    visitor.post(address, {"do": "confirm"})
    assert Statement.objects.get().outcome == "confirmed"
    assert harbor.contacts.get().phone == "555 0100"
    assert "Nothing to do here" in words(visitor.get(address))


@pytest.mark.parametrize("do", ["", "keep", "again", "drop", "confirm"])
def test_what_a_row_does_not_offer_is_not_done(harbor, visitor, do):
    before = dump()
    assert visitor.post(door("expiry"), {"do": do}).status_code == HTTPStatus.OK
    assert dump() == before


@pytest.mark.parametrize("how", ["closed", "viewer", "old", "ended"])
def test_link_ends_with_its_reader_and_leads_kindly_to_the_door(harbor, visitor, how):
    address, who = door("promise"), rosa()
    if how == "closed":
        set_active(who, active=False)
    if how == "viewer":
        User.objects.filter(pk=who.pk).update(role="viewer")
    if how == "ended":
        Link.objects.filter(purpose=Purpose.DESK).update(revoked_at=MORNING)
    with time_machine.travel(MORNING + timedelta(8 if how == "old" else 0, hours=1), tick=False):
        for page in (
            visitor.get(address),
            visitor.post(address, {"do": "keep"}),
            visitor.post(f"{address}new"),
        ):
            assert page.status_code == HTTPStatus.GONE
            assert "Sign in instead" in words(page)
            assert "Harbor" not in page.content.decode()
    assert Promise.objects.get().kept_on is None
    assert not Message.objects.filter(kind="link").exists()


def test_link_opens_no_page_of_the_partner(harbor, visitor):
    for page in ("full", "leaving", "mail", "correct", "data", "listing"):
        assert visitor.get(f"{door('promise')}{page}").status_code == HTTPStatus.NOT_FOUND


def test_viewer_gets_the_mail_without_links(harbor):
    User.objects.update(role="viewer", digested_on=None)
    heartbeat(at("2027-06-08T08:00"))
    assert Message.objects.filter(kind="digest").latest("pk").links == {}


def test_links_of_ours_are_none_of_the_partners(harbor):
    assert Link.objects.filter(purpose=Purpose.DESK, organization=harbor).exists()
    live = live_links(harbor, now=MORNING, today=TODAY)
    assert {link.purpose for link in live} & {Purpose.DESK} == set()
    assert "desk" not in str(held(harbor.contacts.get(), now=MORNING))


def test_mail_about_two_partners_has_links_of_each(harbor):
    elm = make_organization("Elm Street", owner=rosa(), **MAY)
    make_agreement(elm, others=[harbor], expires_on=day("2027-05-20"), **MAY)
    heartbeat(at("2027-06-08T08:00"))
    found = Link.objects.filter(pk__in=Message.objects.filter(kind="digest").latest("pk").links.values())
    assert set(found.values_list("organization__name", flat=True)) == {"Harbor House", "Elm Street"}
    assert all(one.about.startswith(f"{one.organization_id}:") for one in found)
