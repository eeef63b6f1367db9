"""The words for columns are headings that the import understands by itself."""

import pytest

from prm.exchange.headings import columns, meaning_of
from prm.exchange.meanings import words


@pytest.mark.parametrize(("meaning", "heading"), list(words().items()))
def test_each_word_is_a_heading_with_that_meaning(meaning, heading):
    assert meaning_of(heading) == meaning


def test_a_sheet_with_every_heading_loses_none():
    known = words()
    assert [column.meaning for column in columns(list(known.values()))] == list(known)
