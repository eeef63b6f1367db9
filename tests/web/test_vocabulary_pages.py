"""The lists of words on their pages: a manager says them her way, and sees what moves before it does."""

import pytest

from prm.vocabulary.defaults import default_terms
from prm.vocabulary.models import Term
from prm.vocabulary.queries import term
from prm.web.staff.vocabulary import LISTS
from tests.cast import make_organization

LIST, WORD = 5, 7


def text(answer):
    return " ".join(answer.content.decode().split())


def path(word, part=""):
    return f"/words/{word.list}/{word.pk}{part}"


def test_every_list_of_words_has_a_page_and_none_is_left_out(desk):
    assert (
        set(LISTS)
        == {word.list for word in default_terms()}
        == {*Term.objects.values_list("list", flat=True)}
    )
    page = text(desk.get("/words/"))
    for name, title in LISTS.items():
        assert f'<a href="/words/{name}/">{title}</a>' in page
        assert desk.get(f"/words/{name}/").status_code == 200
    assert "49 words" in page


def test_a_new_word_goes_into_the_list_and_a_second_one_like_it_does_not(desk):
    answer = desk.post("/words/sector/", {"label": "Public libraries"}, follow=True)
    assert "“Public libraries” is in the list." in text(answer)
    again = desk.post("/words/sector/", {"label": "public libraries"})
    assert "The list has “public libraries” already." in text(again)
    assert 'value="public libraries"' in text(again)
    assert "Enter the word." in text(desk.post("/words/sector/", {"label": " "}))
    assert Term.objects.filter(list="sector", label__iexact="public libraries").count() == 1


def test_a_word_said_our_way_is_read_everywhere(desk):
    faith = term("sector", "faith")
    make_organization("Chapel", sector=faith)
    desk.post(path(faith), {"label": "Congregations"})
    assert "Congregations" in text(desk.get("/partners/chapel/"))
    refused = desk.post(path(faith), {"label": "Media"})
    assert "The list has “Media” already. Put the two together instead." in text(refused)
    assert "<h1>Congregations</h1>" in text(refused)


def test_a_retired_word_is_marked_and_comes_back(desk):
    faith = term("sector", "faith")
    make_organization("Chapel", sector=faith)
    assert "is retired. What has it keeps it." in text(
        desk.post(path(faith, "/offer"), {"offer": "no"}, follow=True)
    )
    assert "It is retired: nobody can choose it." in text(desk.get(path(faith)))
    assert "Faith communities" in text(desk.get("/partners/chapel/"))
    desk.post(path(faith, "/offer"), {"offer": "again"})
    assert term("sector", "faith").active


def test_what_moves_is_told_first_and_moves_only_by_pressing(desk):
    faith, civic = term("sector", "faith"), term("sector", "civic")
    for number in range(2):
        make_organization(f"Chapel {number}", sector=faith)
    look = text(desk.get(path(faith, f"/together?into={civic.pk}")))
    assert "2 records that say “Faith communities” will say “Civic groups and clubs”." in look
    assert "This cannot be undone." in look
    assert faith.active
    assert "2 records have this word." in text(desk.get(path(faith)))
    done = desk.post(path(faith, "/together"), {"into": civic.pk}, follow=True)
    assert "2 records moved to “Civic groups and clubs”." in text(done)
    assert "“Faith communities” is retired." in text(done)
    assert "Civic groups and clubs" in text(desk.get("/partners/chapel-1/"))


@pytest.mark.parametrize("into", ["", "0", "x", "itself", "of another list"])
def test_a_choice_that_is_none_is_answered_at_the_field(desk, into):
    faith = term("sector", "faith")
    chosen = {"itself": faith.pk, "of another list": term("need", "food").pk}.get(into, into)
    for answer in (
        desk.get(path(faith, f"/together?into={chosen}")),
        desk.post(path(faith, "/together"), {"into": chosen}),
    ):
        assert answer.status_code == 200
        assert "Choose" in text(answer).split('id="id_into_error"')[1]
    assert term("sector", "faith").active


def test_a_word_is_found_only_in_its_own_list(desk):
    food = term("need", "food")
    assert desk.get(f"/words/sector/{food.pk}").status_code == 404
    assert desk.get("/words/nothing/").status_code == 404


@pytest.mark.parametrize("number", [1, 3, 50])
def test_pages_cost_the_same_for_one_record_and_fifty(desk, django_assert_num_queries, number):
    faith = term("sector", "faith")
    for count in range(number):
        make_organization(f"Chapel {count}", sector=faith)
    with django_assert_num_queries(LIST):
        page = desk.get("/words/sector/")
    assert f"{number} record" in text(page)
    with django_assert_num_queries(WORD):
        desk.get(path(faith))


def test_those_who_run_the_program_change_words(desk, window):
    assert 'href="/words/"' in text(desk.get("/more/"))
    assert 'href="/words/"' not in text(window.get("/more/"))
    faith = term("sector", "faith")
    assert window.get(path(faith)).status_code == 403
    assert window.post(path(faith, "/offer"), {"offer": "no"}).status_code == 403
    assert term("sector", "faith").active
