"""The shared words."""

import pytest
from django.db import IntegrityError

from prm.rules.refusal import Refusal
from prm.vocabulary import actions
from prm.vocabulary.defaults import PHASES, default_terms
from prm.vocabulary.models import Term
from prm.vocabulary.queries import labels, term

pytestmark = pytest.mark.django_db


def test_migration_wrote_every_default_word():
    assert Term.objects.count() == len(list(default_terms()))
    assert term("sector", "faith").label == "Faith communities"
    assert term("agreement_kind", "mou").label == "MOU"


def test_lists_are_whole():
    sizes = {
        name: len(labels(name)) for name in ("sector", "need", "barrier", "population", "training_topic")
    }
    assert sizes == {"sector": 49, "need": 57, "barrier": 22, "population": 35, "training_topic": 29}
    assert len(labels("partnership_kind")) == 8
    assert len(labels("interaction")) == 10


def test_every_need_but_other_has_a_phase_that_exists():
    needs = {word.key: word.phase for word in default_terms() if word.list == "need"}
    assert {key for key, phase in needs.items() if not phase} == {"other"}
    assert {key for keys in PHASES.values() for key in keys.split()} <= needs.keys()


def test_write_defaults_leaves_what_staff_changed():
    actions.relabel(term("sector", "faith"), label="Congregations")
    term("sector", "media").delete()
    assert actions.write_defaults() == 1
    assert term("sector", "faith").label == "Congregations"


def test_labels_leave_out_inactive_words_and_keep_the_order():
    actions.set_active(term("sector", "dv_sa"), False)
    keys = list(labels("sector"))
    assert keys[:2] == ["victim_services", "shelter_housing"]
    assert "dv_sa" not in keys


def test_add_term_goes_to_the_end_under_a_key_of_its_own():
    added = actions.add_term(to="sector", label="Public libraries")
    assert added.key == "public_libraries"
    assert list(labels("sector"))[-1] == "public_libraries"
    with pytest.raises(Refusal):
        actions.add_term(to="sector", label="Public libraries")


def test_term_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match="astrology"):
        term("sector", "astrology")


def test_same_key_twice_in_a_list_is_refused_by_the_database():
    with pytest.raises(IntegrityError):
        Term.objects.create(list="sector", key="faith", label="Faith again")
