"""Writing an agreement down: three forms of term, several parties, signed or waiting; nothing typed is lost."""

import pytest
from bs4 import BeautifulSoup

from prm.agreements.models import Agreement
from prm.vocabulary.queries import term
from tests.cast import TODAY, day, harbor_house, make_organization

PAGE = "/partners/harbor-house/agreements/new"
SIGNED = {
    "term": "fixed",
    "starts_on": "2027-01-01",
    "expires_on": "2028-12-31",
    "stands": "signed",
    "signed_on": "2026-12-15",
    "ours": "yes",
}


@pytest.fixture
def harbor(monday):
    return harbor_house()


def said(**changed):
    return {"kind": term("agreement_kind", "mou").pk} | SIGNED | changed


def kept(client, **changed):
    """The agreement that was written down, and what its page says."""
    answer = client.post(PAGE, said(**changed), follow=True)
    made = Agreement.objects.order_by("-pk").first()
    assert answer.redirect_chain == [(f"/partners/harbor-house/agreements/{made.pk}/", 302)], answer.context[
        "form"
    ].errors
    return made, str(next(iter(answer.context["messages"]))).replace("\xa0", " ")


def refused(client, **changed):
    answer = client.post(PAGE, said(**changed))
    assert answer.status_code == 200
    assert not Agreement.objects.exists()
    return answer.context["form"].errors


def names(page):
    return [side.name if side else None for side, *_fields in page.context["rows"]]


def test_a_signed_one_is_in_force_at_once_and_its_reminders_are_planned(desk, harbor):
    made, told = kept(desk)
    assert told.startswith("“MOU with Harbor House” is in force through 31 Dec 2028.")
    assert "reminders are planned" in told
    assert (made.term, made.starts_on, made.expires_on) == ("fixed", day("2027-01-01"), day("2028-12-31"))
    sides = [(party.organization, party.signed_on, party.signatory_name) for party in made.parties.all()]
    assert sides == [(harbor, day("2026-12-15"), ""), (None, day("2026-12-15"), "")]


def test_from_the_last_signature_each_with_a_day_of_its_own(desk, harbor):
    own = {f"day_{harbor.pk}": "2027-05-01", f"who_{harbor.pk}": "Anna Reyes", "day_ours": "2027-05-09"}
    made, _told = kept(desk, term="from_last_signature", months="24", signed_on="", **own)
    assert (made.starts_on, made.expires_on) == (day("2027-05-09"), day("2029-05-08"))
    assert made.parties.get(organization=harbor).signatory_name == "Anna Reyes"


def test_without_an_end_it_has_a_rhythm_and_days_of_notice(desk, harbor):
    made, told = kept(desk, term="evergreen", review_every_months="6", termination_days="60")
    assert "runs until someone ends it" in told
    assert (made.expires_on, made.review_every_months, made.termination_days) == (None, 6, 60)


def test_one_that_waits_knows_who_signed_already(desk, harbor):
    made, told = kept(desk, stands="sent", sent_on="2027-06-01", signed_ours="on", who_ours="Rosa")
    assert "waits for signatures" in told
    assert (made.status, made.sent_on) == ("awaiting", day("2027-06-01"))
    assert made.parties.get(organization=None).signature == "signed"
    assert made.parties.get(organization=harbor).signature == "waiting"


def test_a_draft_needs_no_day_at_all(desk, harbor):
    made, told = kept(desk, stands="draft", starts_on="", expires_on="", title="Beds in winter")
    assert told.startswith("“Beds in winter” is written down as a draft.")
    assert made.status == "draft"


def test_what_is_chosen_in_the_address_is_chosen_on_the_page(desk, harbor):
    page = desk.get(f"{PAGE}?kind=data_sharing")
    assert page.context["form"]["kind"].value() == term("agreement_kind", "data_sharing").pk
    assert names(page) == ["Harbor House", None]


# --- several parties ------------------------------------------------------------------------------------------------


def test_partners_are_found_added_and_left_out_without_losing_a_word(desk, harbor):
    lighthouse, chapel = make_organization("Lighthouse"), make_organization("Chapel of Light")
    typed = said(title="Task force", find="light", notes="Typed already", months="many")
    page = desk.post(PAGE, typed | {"act": "find"})
    assert [one.name for one in page.context["matches"]] == ["Lighthouse", "Chapel of Light"]
    page = desk.post(PAGE, typed | {"act": f"add:{lighthouse.pk}"})
    assert names(page) == ["Harbor House", None, "Lighthouse"]
    assert page.context["form"]["find"].value() == ""
    both = {"with": [lighthouse.pk, chapel.pk]}
    page = desk.post(PAGE, typed | both | {"act": f"drop:{lighthouse.pk}"})
    assert names(page) == ["Harbor House", None, "Chapel of Light"]
    text = page.content.decode()
    for word in ("Task force", "Typed already", "many", "2028-12-31"):
        assert word in text
    assert "Nothing is saved yet" not in text
    assert not Agreement.objects.exists()


def test_our_program_is_left_out_and_added_again(desk, harbor):
    page = desk.post(PAGE, said(act="drop:ours"))
    assert names(page) == ["Harbor House"]
    page = desk.post(PAGE, said(act="add:ours") | {"ours": ""})
    assert names(page) == ["Harbor House", None]


def test_all_chosen_are_parties_and_planned_anew(desk, harbor):
    lighthouse, chapel = make_organization("Lighthouse"), make_organization("Chapel")
    made, _told = kept(desk, **{"with": [lighthouse.pk, chapel.pk, harbor.pk]})
    assert [party.organization for party in made.parties.all()] == [harbor, None, lighthouse, chapel]
    chapel.refresh_from_db()
    assert chapel.planned_for == TODAY


def test_a_name_that_was_typed_but_not_chosen_is_asked_about(desk, harbor):
    make_organization("Lighthouse")
    page = desk.post(PAGE, said(find="light"))
    assert page.context["form"].errors == {"find": ["Choose one of the partners below, or empty this field."]}
    assert [one.name for one in page.context["matches"]] == ["Lighthouse"]


def test_enter_keeps_the_form_and_does_not_look_for_partners(desk, harbor):
    page = BeautifulSoup(desk.get(PAGE).content, "html.parser")
    assert not page.find("main").find("button").has_attr("name")


# --- what is missing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"expires_on": ""}, "expires_on"),
        ({"expires_on": "31 Feb 2028"}, "expires_on"),
        ({"expires_on": "2026-12-31"}, "expires_on"),
        ({"term": "from_last_signature"}, "months"),
        ({"term": "from_last_signature", "months": "many"}, "months"),
        ({"term": "from_last_signature", "months": "12", "signed_on": ""}, "signed_on"),
        ({"signed_on": "2027-12-24"}, "signed_on"),
    ],
)
def test_what_is_missing_or_wrong_is_answered_at_its_field(desk, harbor, changed, field):
    assert list(refused(desk, **changed)) == [field]


def test_a_viewer_writes_nothing_down(window, harbor):
    assert window.get(PAGE).status_code == 403
    assert "agreements/new" not in window.get("/partners/harbor-house/").content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_party_and_fifty(desk, harbor, django_assert_num_queries, number):
    others = [make_organization(f"House {count}").pk for count in range(number)]
    with django_assert_num_queries(12):
        page = desk.post(PAGE, said(act="find", find="house") | {"with": others})
    assert len(names(page)) == number + 2
