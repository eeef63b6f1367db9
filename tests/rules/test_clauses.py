"""The clauses that a warning names, and when."""

from prm.rules.clauses import WATCHED, Gaps, gaps
from prm.vocabulary.defaults import default_terms

WORDS = ["parties", "purpose", "background", "release"]


def test_missing_and_unseen_are_named_in_the_order_of_the_list():
    found = {"parties": "present", "release": "absent"}
    assert gaps(WORDS, found) == Gaps(missing=("release",), unseen=("purpose",))


def test_not_needed_is_an_answer_and_what_is_not_watched_is_never_named():
    found = {"parties": "present", "purpose": "not_needed", "release": "present", "background": "absent"}
    assert not gaps([*WORDS, "our own word"], found)


def test_a_word_that_is_no_longer_offered_is_not_asked_for():
    assert gaps(["background"], {}) == Gaps()


def test_every_watched_key_is_a_word_of_the_list():
    keys = {word.key for word in default_terms() if word.list == "clause"}
    assert keys >= WATCHED
    assert len(WATCHED) == 13
