"""A link that asks about a renewal, opened after notice was given: there is nothing to answer any more."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from prm.agreements.actions import give_notice
from prm.continuity import saying
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose, Statement
from prm.rules.refusal import Refusal
from tests.cast import NOW, day, harbor_house, make_agreement, make_program

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("last", ["2027-08-06", "2027-09-30"])
def test_nothing_is_asked_and_nothing_is_taken_for_an_answer(last):
    cache.clear()
    make_program()
    harbor = harbor_house()
    mou, anna = make_agreement(harbor), harbor.contacts.get()
    wish = Wish(Purpose.RENEWAL, f"agreement:{mou.pk}:2027-09-30", "notice")
    link = issue([(Holder(harbor.pk, anna.pk), wish)], now=NOW)[0]
    mou = give_notice(mou, ended_on=day(last), notice_by="Our program", note="Money ran out", now=NOW)
    with time_machine.travel(NOW, tick=False):
        page = Client().get(f"/p/{token_of(link)}/renewal/{mou.pk}").content.decode()
    assert "There is nothing to answer" in page
    assert "Money ran out" not in page
    with pytest.raises(Refusal, match="renewed or ended meanwhile"):
        saying.answer_renewal(link, mou, choice="unchanged", now=NOW)
    assert not Statement.objects.exists()
