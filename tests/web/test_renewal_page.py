"""Renewing asks whether those who sign and those who hear of it are still right, and can end in not renewing at all."""

import pytest
from bs4 import BeautifulSoup

from prm.agreements.actions import Found, give_notice, note_clauses
from prm.partners.actions import mark_undeliverable
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization

PAGE = "/partners/harbor-house/renewal"


@pytest.fixture
def harbor(monday):
    return harbor_house()


def asked(client):
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    return " ".join(page.find(class_="still-right").get_text(" ").split()), page


def test_it_says_who_hears_of_it_and_who_signs(desk, harbor):
    make_agreement(harbor)
    told, page = asked(desk)
    assert "Anna Reyes Gets the notices, anna@harbor.example" in told
    assert "Anna Reyes Signs for them, anna@harbor.example" in told
    anna = harbor.contacts.get()
    assert f"/partners/harbor-house/replace?contact={anna.pk}" in str(page)


def test_it_says_whom_mail_does_not_reach(desk, harbor):
    make_agreement(harbor)
    mark_undeliverable(harbor.contacts.get(), on=TODAY, now=NOW)
    assert "mail came back" in asked(desk)[0]


def test_who_leaves_and_a_gap_are_named(desk, harbor):
    make_agreement(harbor)
    anna = harbor.contacts.get()
    anna.left_on = TODAY
    anna.save()
    assert "leaves on 7 Jun 2027" in asked(desk)[0].replace("\xa0", " ")
    bare = make_organization("Lighthouse")
    make_agreement(bare)
    page = desk.get("/partners/lighthouse/renewal").content.decode()
    assert page.count("Find somebody") == 2


def test_it_can_end_instead(desk, harbor):
    mou = make_agreement(harbor)
    assert f"/agreements/{mou.pk}/notice" in str(asked(desk)[1])
    mou.expires_on = day("2027-05-31")
    mou.save()
    assert f"/agreements/{mou.pk}/end" in str(asked(desk)[1])


def test_the_checklist_goes_with_it(desk, harbor):
    mou = make_agreement(harbor)
    note_clauses(mou, [Found(term("clause", "purpose"), "present")], now=NOW)
    assert "The clause checklist goes with it: 1 of 31 looked at." in asked(desk)[0]


def test_what_ends_by_notice_is_not_offered(desk, harbor):
    mou = make_agreement(harbor)
    give_notice(mou, ended_on=day("2027-08-01"), notice_by="us", now=NOW)
    assert "Nothing to renew" in desk.get(PAGE).content.decode()
