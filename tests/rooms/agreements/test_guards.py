"""What the database refuses of agreements, past every action."""

import pytest
from django.db import IntegrityError, transaction

from prm.agreements.models import Agreement, Party
from tests.cast import NOW, TODAY, day, make_agreement

AGREEMENT = Agreement.objects


@pytest.fixture
def mou(harbor) -> Agreement:
    return make_agreement(harbor)


def refused(**values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AGREEMENT.update(**values)


def test_end_before_start_is_refused(mou):
    refused(expires_on=day("2025-09-30"))
    assert AGREEMENT.update(expires_on=day("2025-10-01")) == 1


def test_evergreen_with_an_end_is_refused(mou):
    refused(term="evergreen")
    assert AGREEMENT.update(term="evergreen", expires_on=None) == 1


def test_fixed_in_force_without_an_end_is_refused(mou):
    refused(expires_on=None)
    assert AGREEMENT.update(expires_on=None, status="draft") == 1


@pytest.mark.parametrize("months", [None, 0])
def test_from_the_last_signature_without_months_is_refused(mou, months):
    refused(term="from_last_signature", months=months)
    assert AGREEMENT.update(term="from_last_signature", months=12) == 1


def test_review_never_and_unknown_words_are_refused(mou):
    refused(review_every_months=0)
    refused(status="perhaps")
    refused(term="forever")


def test_agreement_is_renewed_once_and_never_by_itself(mou, harbor):
    refused(renews=mou.pk)
    make_agreement(harbor)
    make_agreement(harbor)
    with pytest.raises(IntegrityError), transaction.atomic():
        AGREEMENT.exclude(pk=mou.pk).update(renews=mou)


def test_party_twice_is_refused_and_so_is_the_program(mou, harbor):
    for organization in (harbor, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.create(agreement=mou, organization=organization, entered_on=TODAY)


def test_day_of_signature_without_signature_is_refused(mou):
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.update(signature="waiting")


def test_agreement_needs_its_moment_of_entry(mou):
    refused(entered_at=None)
    assert AGREEMENT.get().entered_at == NOW
