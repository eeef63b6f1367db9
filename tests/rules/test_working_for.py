"""For whom somebody looks after partners while colleagues are away."""

from prm.rules.facts import Colleague
from prm.rules.succession import works_for
from tests.cast import day


def test_somebody_works_for_whoever_is_away_and_left_it_to_them_also_through_another():
    def one(number, stand_in=None, away=True):
        first, last = (day("2027-06-07"), day("2027-06-11")) if away else (None, None)
        return Colleague(number, f"n{number}", f"{number}@x", "manager", False, first, last, stand_in)

    known = [one(1, 2), one(2, 3), one(3, away=False), one(4, 3, away=False), one(5, None)]
    assert works_for(known, 3, day("2027-06-09")) == {1, 2, 3}
    assert works_for(known, 2, day("2027-06-09")) == {1, 2}
    assert works_for(known, 3, day("2027-06-12")) == {3}
