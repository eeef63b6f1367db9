"""Who holds a link, how it is ended, and how one is sent; and mail whose links lead nowhere on our pages."""

import re

import pytest
from bs4 import BeautifulSoup

from prm.outbox.enclosed import filled, links_of, tokens
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.actions import give_consent, note_leaving
from prm.partners.links import MARK, Holder, Wish
from prm.partners.models import Link, Purpose
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement

PAGE = "/partners/harbor-house/"
LATER = at("2027-07-02T10:00")


def words(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def section(client):
    return soup(client.get(PAGE)).find(id="links").find_parent("section")


def lines(client):
    return [words(one) for one in section(client).select("li")]


def issue(harbor, *wishes, contact=None, now=NOW):
    holder = Holder(harbor.pk, contact if contact is not None else harbor.contacts.get().pk)
    return links.issue([(holder, wish) for wish in wishes], now=now)


@pytest.fixture
def harbor(monday):
    return harbor_house()


def test_nobody_holds_a_link_at_first(desk, harbor):
    assert "Nobody here holds a link at the moment." in words(section(desk))


def test_links_of_one_purpose_are_one_line_with_the_last_day_and_use(desk, harbor):
    issue(harbor, Wish(Purpose.PAGE), now=at("2027-06-01T10:00"))
    [used] = issue(harbor, Wish(Purpose.PAGE))
    Link.objects.filter(pk=used.pk).update(used_at=NOW)
    issue(harbor, Wish(Purpose.FEED))
    assert lines(desk) == [
        "Their own page until 7 Jul, used 7 Jun, 11:00 End it : Their own page, Anna Reyes",
        "Calendar feed until you end it, not used yet End it : Calendar feed, Anna Reyes",
    ]


def test_links_that_open_nothing_are_not_shown(desk, harbor):
    issue(harbor, Wish(Purpose.PAGE), now=at("2027-05-01T10:00"))  # too old
    issue(harbor, Wish(Purpose.PAUSE, role="executive"))  # not her role
    assert lines(desk) == []
    issue(harbor, Wish(Purpose.LEAVING))
    note_leaving(harbor.contacts.get(), last_day=day("2027-06-06"), now=NOW)
    assert lines(desk) == []


def test_ended_link_opens_nothing(desk, harbor):
    first, second, other = issue(harbor, Wish(Purpose.PAGE), Wish(Purpose.PAGE), Wish(Purpose.PAUSE))
    form = section(desk).select_one("form")
    fields = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    page = soup(desk.post(form["action"], fields, follow=True))
    assert "opens nothing any more" in words(page.select_one(".notice"))
    standing = {one.pk: links.standing(one, now=NOW, today=TODAY).value for one in Link.objects.all()}
    assert standing == {first.pk: "ended", second.pk: "ended", other.pk: "live"}


def test_viewer_sees_links_and_ends_none(window, harbor):
    issue(harbor, Wish(Purpose.PAGE))
    assert section(window).select("form, a") == []
    assert window.post(f"{PAGE}links/end", {"purpose": "page"}).status_code == 403
    assert window.get(f"{PAGE}links").status_code == 403


def test_link_is_sent_to_the_known_address(desk, harbor):
    page = soup(desk.get(f"{PAGE}links"))
    assert page.find("input", {"name": "what", "checked": True})["value"] == "page"
    answer = desk.post(f"{PAGE}links", {"whom": harbor.contacts.get().pk, "what": "pause"}, follow=True)
    told = words(soup(answer).select_one(".notice"))
    assert told == "The link is on its way to Anna Reyes (anna@harbor.example)."
    mail = Message.objects.get()
    [link] = Link.objects.filter(purpose="pause")
    assert (mail.recipient, link.contact) == ("anna@harbor.example", harbor.contacts.get())


def test_where_no_address_works_the_form_says_so(desk, harbor):
    harbor.contacts.update(email="")
    page = soup(desk.post(f"{PAGE}links", {"whom": harbor.contacts.get().pk, "what": "page"}))
    assert "No address that works is known here." in words(page.select_one(".field-error"))
    assert not Message.objects.exists()


def test_shared_mailbox_has_its_page_but_does_not_leave(desk, monday):
    harbor = harbor_house(role_mailbox="desk@harbor.example")
    page = soup(desk.post(f"{PAGE}links", {"whom": "mailbox", "what": "leaving"}))
    assert "A shared mailbox cannot leave." in words(page.select_one(".field-error"))
    desk.post(f"{PAGE}links", {"whom": "mailbox", "what": "page"})
    assert (Message.objects.get().recipient, Link.objects.get().contact) == ("desk@harbor.example", None)
    assert harbor.links.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_link_and_three(desk, harbor, django_assert_num_queries, number):
    for _count in range(number):
        issue(harbor, Wish(Purpose.PAGE), Wish(Purpose.PAUSE))
    desk.get(PAGE)
    with django_assert_num_queries(45):
        desk.get(PAGE)


def test_consent_is_told_with_its_last_day(desk, harbor):
    give_consent(harbor, contact=harbor.contacts.get(), now=NOW)
    assert "Listing Agreed until 6 Jun 2028 Anna Reyes" in words(soup(desk.get(PAGE)).main)


def test_notice_contact_out_of_date_is_said_on_the_page_and_in_the_list(desk, monday):
    harbor = harbor_house(now=at("2027-05-03T10:00"), today=day("2027-05-03"))
    make_agreement(harbor)
    said = "Notice contact is out of date"
    assert said not in words(soup(desk.get(PAGE)).main)
    note_leaving(harbor.contacts.get(), last_day=day("2027-06-04"), now=NOW)
    assert said in words(soup(desk.get(PAGE)).select_one(".badges"))
    assert said in words(soup(desk.get("/partners/")).select_one("tbody"))


@pytest.fixture
def mail(harbor):
    """A reminder with its links, written and waiting."""
    make_agreement(harbor)
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    return Message.objects.get(kind="partner")


def test_mail_shows_its_links_as_words_that_lead_nowhere(desk, mail):
    assert MARK.search(mail.text)
    assert MARK.search(mail.html)
    for address in (
        f"/outbox/{mail.pk}/",
        f"/outbox/{mail.pk}/?as=plain",
        PAGE,
        "/outbox/",
        f"{PAGE}timeline.csv",
    ):
        answer = desk.get(address)
        text = answer.getvalue().decode() if answer.streaming else answer.content.decode()
        assert not MARK.search(text), address
        assert not re.search(r"/p/[\w=-]{20,}", text), address
    page = soup(desk.get(f"/outbox/{mail.pk}/"))
    assert page.select(".letter-body a") == []
    assert [words(one) for one in page.select(".letter-body .no-link")][-1] == "Less mail"
    assert words(page.main).count("Links work only in the mail itself.") == 1


def test_the_mail_itself_has_working_links(mail):
    body = filled(mail.text, tokens(mail, links_of([mail])))
    token = re.search(r"/p/([\w=-]{20,})/", body)[1]
    assert links.find(token).organization_id == mail.organization_id
