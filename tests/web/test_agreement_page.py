"""The page of one agreement: its terms, its sides, its reminders, its clauses, and the next step."""

import pytest
from bs4 import BeautifulSoup

from prm.agreements.actions import (
    Found,
    Signer,
    give_notice,
    join,
    note_approval,
    note_clauses,
    record_review,
    renew,
    sign,
)
from prm.partners.models import Organization
from prm.reminders import dispatch
from prm.reminders.actions import refresh, replan
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization

QUERIES = 16


@pytest.fixture
def harbor(monday):
    return harbor_house()


def page_of(client, organization, agreement):
    answer = client.get(f"/partners/{organization.slug}/agreements/{agreement.pk}/")
    assert answer.status_code == 200
    return answer, BeautifulSoup(answer.content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split()).replace("\xa0", " ")


def section(page, name):
    return words(page.find("section", {"aria-labelledby": name}))


def buttons(page):
    head = page.find(class_="page-actions")
    return [words(link) for link in head.find_all("a", class_="btn")] if head else []


def primary(page):
    return [words(link) for link in page.select(".page-actions .btn-primary")]


def test_a_term_that_ends_soon_says_so_and_offers_to_renew(desk, harbor):
    mou = make_agreement(harbor, expires_on=day("2027-08-31"))
    replan([harbor.pk], now=NOW)
    _answer, page = page_of(desk, harbor, mou)
    assert words(page.h1) == "MOU with Harbor House"
    assert "Agreement ends 31 Aug 2027" in words(page.find(class_="badges"))
    told = section(page, "terms")
    assert told.startswith("One term after the other This page: 1 Oct 2025 to 31 Aug 2027 First agreement")
    assert told.endswith("from 1 Sep 2027 Renewal not decided")
    assert primary(page) == ["Renew"]
    assert buttons(page) == ["Renew", "End it by notice"]
    assert "60 days before the end to Anna Reyes and you" in section(page, "planned")


def test_reminders_that_went_say_what_became_of_them(desk, harbor):
    mou = make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    _answer, page = page_of(desk, harbor, mou)
    assert "In the outbox" in section(page, "planned")
    assert "30 days before the end" in section(page, "planned")


def test_chain_leads_back_and_forth(desk, harbor):
    old = make_agreement(harbor)
    new = renew(old, now=NOW)
    for one, other in ((old, new), (new, old)):
        answer, page = page_of(desk, harbor, one)
        assert [knot.here for knot in answer.context["chain"]] == [one == old, one == new, False]
        assert f"/partners/harbor-house/agreements/{other.pk}/" in str(page.find(class_="terms"))
    assert "from 1 Oct 2029 Renewal not decided" in section(page, "terms")


def test_sides_say_who_signed_and_who_is_waited_for(desk, harbor):
    lighthouse = make_organization("Lighthouse")
    signers = [Signer(harbor, signed_on=TODAY, signatory_name="Anna Reyes"), Signer(lighthouse), Signer(None)]
    mou = make_agreement(harbor, parties=signers)
    note_approval(mou.parties.get(organization=lighthouse), body="Board", before_body_on=TODAY, now=NOW)
    _answer, page = page_of(desk, harbor, mou)
    told = section(page, "sides")
    assert "1 of 3 signed" in told
    assert "Harbor House Signed by Anna Reyes on 7 Jun 2027" in told
    assert "Lighthouse With Board since 7 Jun" in told
    assert "Our program Has not signed yet" in told
    assert "With Board" in words(page.find(class_="badges"))
    assert primary(page) == ["Record a signature"]
    _answer, theirs = page_of(desk, lighthouse, mou)
    assert "With Board" in words(theirs.find(class_="badges"))


def test_who_joined_later_has_an_end_of_its_own(desk, harbor):
    mou = make_agreement(harbor, term="from_last_signature", months=24, starts_on=None, expires_on=None)
    lighthouse = make_organization("Lighthouse")
    join(mou, lighthouse, signed_on=TODAY, now=NOW)
    _answer, page = page_of(desk, lighthouse, mou)
    assert "Joined later. For them it runs through 6 Jun 2029." in section(page, "sides")
    assert "6 Jun 2029" in section(page, "facts")


def test_notice_stops_the_asking_and_says_so(desk, harbor):
    mou = make_agreement(harbor)
    give_notice(mou, ended_on=day("2027-08-06"), notice_by="Harbor House", now=NOW)
    replan([harbor.pk], now=NOW)
    _answer, page = page_of(desk, harbor, mou)
    assert "Notice given: agreement ends in 60 days (6 Aug)" in words(page.find(class_="badges"))
    assert "notice was given, so nobody is asked to renew it" in section(page, "planned")
    assert "after 6 Aug 2027 It ends: Harbor House gave notice" in section(page, "terms")
    assert buttons(page) == ["Take the notice back"]


def test_evergreen_tells_its_review_and_what_was_found(desk, harbor, django_user_model):
    mou = make_agreement(harbor, term="evergreen", expires_on=None)
    record_review(mou, note="All fine", now=NOW)
    _answer, page = page_of(desk, harbor, mou)
    assert "Next review 20 Sep 2028" in section(page, "facts")
    assert "7 Jun 2027 All fine" in section(page, "reviews")
    assert primary(page) == []


def test_clauses_warn_of_what_is_missing_and_of_what_nobody_looked_at(desk, harbor):
    mou = make_agreement(harbor)
    _answer, page = page_of(desk, harbor, mou)
    assert "Nobody has gone through the clauses yet." in section(page, "clauses")
    absent = Found(term("clause", "release"), "absent", note="Ask for it")
    note_clauses(mou, [absent, Found(term("clause", "purpose"), "present", "page 1")], now=NOW)
    _answer, page = page_of(desk, harbor, mou)
    told = section(page, "clauses")
    assert "Missing, and it should be there: Written consent, limited in time" in told
    assert "Nobody has looked whether this is in it: Names, addresses and legal status" in told
    assert "Purpose and shared aims : It is there, page 1" in told
    assert "2 of 31 looked at" in told


def test_what_happened_can_be_undone_while_it_is_the_last_thing(desk, harbor):
    mou = make_agreement(harbor, parties=[Signer(harbor), Signer(None)])
    sign(mou.parties.get(organization=harbor), signed_on=TODAY, now=NOW)
    answer, page = page_of(desk, harbor, mou)
    form = page.find("section", {"aria-labelledby": "past"}).form
    assert len(page.find("section", {"aria-labelledby": "past"}).find_all("form")) == 1
    back = desk.post(form["action"], follow=True)
    assert back.redirect_chain == [(answer.request["PATH_INFO"], 302)]
    assert "is as it was before" in str(next(iter(back.context["messages"])))
    again = desk.post(form["action"], follow=True)
    assert "Something else happened since" in str(next(iter(again.context["messages"])))


def test_a_viewer_reads_and_gets_no_buttons(window, harbor):
    mou = make_agreement(harbor, parties=[Signer(harbor), Signer(None)])
    _answer, page = page_of(window, harbor, mou)
    assert buttons(page) == []
    assert page.find("main").find_all("form") == []


def test_a_viewer_does_not_learn_the_name_of_a_hidden_party(window, desk, harbor):
    secret = make_organization("Safe House", confidential=True)
    mou = make_agreement(harbor, others=[secret])
    give_notice(mou, ended_on=day("2027-08-06"), notice_by="Safe House", now=NOW)
    answer, page = page_of(window, harbor, mou)
    assert "Safe House" not in answer.content.decode()
    assert "Another partner Signed on 20 Sep 2025" in section(page, "sides")
    assert "Another partner gave notice" in section(page, "past")
    answer, _page = page_of(desk, harbor, mou)
    assert "/partners/safe-house/agreements/" in answer.content.decode()


def test_an_agreement_of_others_is_not_there(desk, harbor):
    mou = make_agreement(make_organization("Lighthouse"))
    assert desk.get(f"/partners/harbor-house/agreements/{mou.pk}/").status_code == 404


def test_partner_page_leads_to_it(desk, harbor):
    mou = make_agreement(harbor)
    assert (
        f"/partners/harbor-house/agreements/{mou.pk}/" in desk.get("/partners/harbor-house/").content.decode()
    )


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_whatever_is_on_it(desk, harbor, django_assert_num_queries, number):
    others = [make_organization(f"House {count}") for count in range(number)]
    mou = make_agreement(harbor, others=others)
    kinds = list(term("clause", "purpose").__class__.objects.filter(list="clause")[: min(number, 31)])
    note_clauses(mou, [Found(kind, "present") for kind in kinds], now=NOW)
    for _count in range(number):
        record_review(mou, now=NOW)
    replan([harbor.pk], now=NOW)
    assert Organization.objects.count() == number + 1
    with django_assert_num_queries(QUERIES):
        page_of(desk, harbor, mou)
