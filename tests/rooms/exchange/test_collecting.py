"""Cycles wait for the end of a batch, and go then; afterwards Python looks for them again as before."""

import gc
import weakref

import pytest

from prm.exchange.collecting import NOW_AND_THEN, batch_by_batch


class Ring:
    def __init__(self) -> None:
        self.me = self


def test_cycles_go_after_a_batch_and_not_within_it():
    with batch_by_batch() as tidy:
        assert not gc.isenabled()
        ring = weakref.ref(Ring())
        assert ring() is not None
        tidy()
        assert ring() is None
    assert gc.isenabled()


def test_what_outlived_a_batch_goes_after_some_more():
    with batch_by_batch() as tidy:
        kept = Ring()
        ring = weakref.ref(kept)
        tidy()
        tidy()
        del kept
        for _batch in range(NOW_AND_THEN):
            tidy()
        assert ring() is None


def test_search_is_on_again_where_the_work_broke_off():
    with pytest.raises(KeyboardInterrupt), batch_by_batch():
        raise KeyboardInterrupt
    assert gc.isenabled()
