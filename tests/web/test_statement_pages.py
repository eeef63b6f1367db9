"""What partners said, at the press of a button: on Today and on the partner's page."""

import pytest
from bs4 import BeautifulSoup

from prm.continuity import leaving, saying
from prm.partners import links
from prm.partners.links import Holder, Wish
from prm.partners.models import Purpose, Statement
from tests.cast import NOW, day, harbor_house, make_agreement

PARTNER = "/partners/harbor-house/"


def words(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def link_of(harbor, purpose):
    return links.issue([(Holder(harbor.pk, harbor.contacts.get().pk), Wish(purpose))], now=NOW)[0]


@pytest.fixture
def harbor(monday):
    return harbor_house()


@pytest.fixture
def left(harbor):
    link = link_of(harbor, Purpose.LEAVING)
    facts = {"successor_name": "Mai Tran", "successor_email": "mai@harbor.example", "note": "Thank you"}
    return leaving.announce(link, last_day=day("2027-06-30"), now=NOW, **facts)


@pytest.fixture
def renewed(harbor):
    mou = make_agreement(harbor)
    return saying.answer_renewal(link_of(harbor, Purpose.RENEWAL), mou, choice="unchanged", now=NOW)


def buttons(page, heading):
    section = next(one for one in page.select("main section") if words(one.h2).startswith(heading))
    return [words(one) for one in section.select(".knot-action a, .knot-action button")]


@pytest.mark.parametrize(
    ("address", "heading"), [("/today/", "What partners said"), (PARTNER, "What they said")]
)
def test_card_has_its_buttons_on_both_pages(desk, left, address, heading):
    page = soup(desk.get(address))
    assert buttons(page, heading) == ["Confirm", "Correct it", "Seen"]
    assert "Mai Tran (mai@harbor.example) follows." in words(page.main)
    assert "Thank you" in words(page.main)


def test_confirmed_at_one_press_said_so_and_undone_from_done(desk, left):
    answer = desk.post(f"/said/{left.pk}/confirm", {"back": "today"}, follow=True)
    page = soup(answer)
    assert answer.redirect_chain == [("/today/", 302)]
    assert words(page.select_one(".notice")) == (
        "Harbor House: Anna Reyes leaves; the last day is 30 Jun 2027. Mai Tran follows: "
        "main contact, agreement notices, signs agreements, training coordinator, referral intake."
    )
    assert buttons(page, "Done today") == ["Undo"]
    assert "Confirmed, Rosa" in words(page.main)
    undo = page.find(id="done").find_parent("section").select_one("form")["action"]
    page = soup(desk.post(undo, {"back": "today"}, follow=True))
    assert "It is open again, and everything is as it was before." in words(page.select_one(".notice"))
    assert buttons(page, "What partners said") == ["Confirm", "Correct it", "Seen"]


def test_renewal_tells_what_it_moved_and_leads_back_to_the_partner(desk, renewed):
    answer = desk.post(f"/said/{renewed.pk}/confirm", {"back": "partner"}, follow=True)
    assert answer.redirect_chain == [(PARTNER, 302)]
    told = words(soup(answer).select_one(".notice"))
    assert "Harbor House: “MOU with Harbor House” is renewed through 30 Sep 2029." in told
    assert "withdrawn" in told or "planned" in told


def test_second_of_two_at_once_is_told_kindly(desk, renewed):
    desk.post(f"/said/{renewed.pk}/seen")
    page = soup(desk.post(f"/said/{renewed.pk}/confirm", follow=True))
    assert words(page.select_one(".notice.is-late")) == "Somebody was faster: this is done already."


def test_looking_changes_nothing_and_viewers_press_nothing(desk, window, left):
    for act in ("confirm", "seen", "take-back", "undo"):
        assert desk.get(f"/said/{left.pk}/{act}").status_code == 405
        assert window.post(f"/said/{left.pk}/{act}").status_code == 403
    assert Statement.objects.get().outcome == ""


def test_hidden_partner_is_not_there_for_a_viewer(window, monday):
    harbor = harbor_house(confidential=True)
    link = link_of(harbor, Purpose.LEAVING)
    leaving.announce(link, last_day=day("2027-06-30"), now=NOW)
    assert "Harbor House" not in window.get("/today/").content.decode()


def test_correcting_keeps_what_they_said_to_begin_with(desk, left):
    page = soup(desk.get(f"/said/{left.pk}/correct"))
    assert page.find("input", {"name": "name"})["value"] == "Mai Tran"
    assert page.find("input", {"name": "follows", "checked": True})["value"] == "new"
    given = {"last_day": "2027-06-25", "follows": "new", "name": "Mai Tran", "email": "tran@harbor.example"}
    answer = desk.post(f"/said/{left.pk}/correct", given, follow=True)
    assert "the last day is 25 Jun 2027. Mai Tran follows:" in words(soup(answer).select_one(".notice"))
    left.refresh_from_db()
    assert (left.outcome, left.contact.left_on) == ("corrected", day("2027-06-25"))
    assert left.organization.contacts.get(name="Mai Tran").email == "tran@harbor.example"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"last_day": "soon", "follows": "new", "name": "Mai"}, "Write the day like"),
        ({"last_day": "2027-06-25", "follows": "new", "name": ""}, "Enter the name of the new contact."),
        ({"last_day": "2027-06-25", "follows": "known"}, "Choose who follows."),
        (
            {"last_day": "2027-06-25", "follows": "new", "name": "Mai", "email": "anna@harbor.example"},
            "This is the address of Anna Reyes.",
        ),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(desk, left, given, says):
    page = soup(desk.post(f"/said/{left.pk}/correct", given))
    assert any(says in words(one) for one in page.select(".field-error"))
    left.refresh_from_db()
    assert left.outcome == ""


def test_talk_that_was_asked_for_settles_it(desk, harbor):
    mou = make_agreement(harbor)
    said = saying.answer_renewal(link_of(harbor, Purpose.RENEWAL), mou, choice="talk", now=NOW)
    page = soup(desk.get("/today/"))
    call = next(one for one in page.select(".knot-action a") if words(one) == "Call them")["href"]
    form = soup(desk.get(call)).main
    assert words(form.select_one("select[name=contact] option[selected]")) == "Anna Reyes"
    tried = {"happened_on": "2027-06-07", "two_way": "no", "contact": harbor.contacts.get().pk}
    desk.post(call, tried)
    said.refresh_from_db()
    assert said.outcome == ""
    desk.post(call, tried | {"two_way": "yes"})
    said.refresh_from_db()
    assert said.outcome == "seen"


def test_renewal_with_signatures_settles_it(desk, renewed):
    page = soup(desk.get("/today/"))
    way = next(one for one in page.select(".knot-action a") if words(one) == "With signatures")["href"]
    desk.post(way, {"until": "same", "starts_on": "2027-10-01", "signed": "waiting"})
    renewed.refresh_from_db()
    assert renewed.outcome == "corrected"
    page = soup(desk.post(f"/said/{renewed.pk}/undo", follow=True))
    assert words(page.select(".notice")[-1]) == "Harbor House: It is open again."


def test_pause_is_taken_back_from_here(desk, harbor):
    said = saying.we_are_full(link_of(harbor, Purpose.PAUSE), scope="referrals", months=3, now=NOW)
    assert buttons(soup(desk.get("/today/")), "What partners said") == [
        "Seen",
        "Correct it",
        "Undo the pause",
    ]
    page = soup(desk.post(f"/said/{said.pk}/take-back", follow=True))
    assert "It is taken back, as if it had not been said." in words(page.select_one(".notice"))
    assert harbor.pauses.get().withdrawn_on is not None


@pytest.mark.parametrize("number", [1, 3])
def test_partner_page_with_statements_costs_the_same(desk, harbor, django_assert_num_queries, number):
    for count in range(number):
        mou = make_agreement(harbor, title=f"MOU {count}")
        saying.answer_renewal(link_of(harbor, Purpose.RENEWAL), mou, choice="unchanged", now=NOW)
    desk.get(PARTNER)
    with django_assert_num_queries(35):
        desk.get(PARTNER)
