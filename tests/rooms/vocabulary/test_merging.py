"""Two words that mean the same become one: every record moves over, wherever a word can stand."""

import pytest

from prm.agreements.models import Agreement
from prm.partners.actions import change_organization, record_talk
from prm.partners.models import Entry, Organization
from prm.rules.refusal import Refusal
from prm.vocabulary.actions import (
    LONGEST,
    add_term,
    merge,
    places_of_use,
    relabel,
    set_active,
    used,
    write_defaults,
)
from prm.vocabulary.models import Term
from prm.vocabulary.queries import term
from tests.cast import NOW, make_agreement, make_organization, make_program, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _program():
    make_program()


def test_every_place_where_a_word_can_stand_is_known():
    assert {(table.__name__, name) for table, name in places_of_use()} >= {
        ("Organization", "sector"),
        ("Organization", "partnership_kind"),
        ("Agreement", "kind"),
        ("Entry", "interaction"),
    }


def test_all_records_move_and_the_emptied_word_is_retired():
    faith, civic, media = term("sector", "faith"), term("sector", "civic"), term("sector", "media")
    for number in range(3):
        make_organization(f"Chapel {number}", sector=faith)
    make_organization("Rotary", sector=civic)
    make_organization("The Post", sector=media)
    assert used([faith, civic, media]) == {faith.pk: 3, civic.pk: 1, media.pk: 1}
    assert merge(faith, into=civic) == 3
    assert used([faith, civic, media]) == {faith.pk: 0, civic.pk: 4, media.pk: 1}
    faith.refresh_from_db()
    assert (faith.active, faith.key) == (False, "faith")
    assert set(Organization.objects.filter(sector=civic).values_list("name", flat=True)) == {
        "Chapel 0", "Chapel 1", "Chapel 2", "Rotary",
    }  # fmt: skip


def test_agreements_and_talks_move_too():
    harbor = make_organization("Harbor House", partnership_kind=term("partnership_kind", "referral_in"))
    make_agreement(harbor)
    record_talk(
        harbor, note="Fine", by=rosa(), now=NOW, two_way=True, interaction=term("interaction", "call")
    )
    assert merge(term("agreement_kind", "mou"), into=term("agreement_kind", "moa")) == 1
    assert merge(term("interaction", "call"), into=term("interaction", "visit")) == 1
    assert Agreement.objects.get().kind.key == "moa"
    assert Entry.objects.filter(interaction__key="visit").count() == 1


@pytest.mark.parametrize("other", [("sector", "faith"), ("need", "food")])
def test_only_two_words_of_one_list_can_be_put_together(other):
    with pytest.raises(Refusal, match="another word of this list"):
        merge(term("sector", "faith"), into=term(*other))
    assert term("sector", "faith").active


def test_nothing_moves_into_a_retired_word():
    civic = set_active(term("sector", "civic"), False)
    with pytest.raises(Refusal, match="Bring it back first"):
        merge(term("sector", "faith"), into=civic)


def test_a_word_that_was_put_away_does_not_come_back_by_itself():
    merge(term("sector", "faith"), into=term("sector", "civic"))
    assert write_defaults() == 0
    assert not term("sector", "faith").active


def test_the_old_word_can_be_given_again_as_after_an_import_that_is_undone():
    faith = term("sector", "faith")
    harbor = make_organization("Harbor House", sector=faith)
    merge(faith, into=term("sector", "civic"))
    change_organization(harbor, sector=faith, now=NOW)
    assert used([faith]) == {faith.pk: 1}


@pytest.mark.parametrize("label", ["", "   ", "x" * (LONGEST + 1)])
def test_words_need_a_length_that_can_be_read(label):
    with pytest.raises(Refusal):
        add_term(to="sector", label=label)
    with pytest.raises(Refusal):
        relabel(term("sector", "faith"), label=label)
    assert term("sector", "faith").label == "Faith communities"


def test_no_list_has_one_label_twice():
    with pytest.raises(Refusal, match="Put the two together"):
        relabel(term("sector", "faith"), label=" media ")
    with pytest.raises(Refusal, match="already"):
        add_term(to="sector", label="MEDIA")
    assert relabel(term("sector", "media"), label="MEDIA").label == "MEDIA"


def test_a_word_that_is_gone_cannot_be_put_together():
    gone = Term(pk=10_000_000, list="sector", key="gone", label="Gone")
    with pytest.raises(Refusal):
        merge(gone, into=term("sector", "faith"))
