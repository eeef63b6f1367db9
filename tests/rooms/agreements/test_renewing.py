"""The next term, and how an agreement ends."""

import pytest

from prm.agreements.actions import Signer, correct_end, end, record_review, renew, sign, withdraw
from prm.agreements.models import Agreement
from prm.agreements.queries import next_term
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, at, day, make_agreement, make_organization

AUGUST = at("2027-08-16T10:00")


def status(agreement) -> str:
    return Agreement.objects.get(pk=agreement.pk).status


def test_renewal_begins_the_day_after_for_as_many_months(harbor, rosa):
    old = make_agreement(harbor)
    new = renew(old, signed_on=day("2027-08-15"), now=AUGUST, by=rosa)
    assert (new.starts_on, new.expires_on, new.status) == (day("2027-10-01"), day("2029-09-30"), "in_force")
    assert (new.renews, new.title, new.signed_on) == (old, old.title, day("2027-08-15"))
    assert (status(old), old.status) == ("replaced", "replaced")
    entry = harbor.entries.first()
    assert (entry.event, entry.by, entry.happened_on) == ("agreement_renewed", rosa, AUGUST.date())


def test_renewal_of_an_odd_length_counts_days(harbor):
    old = make_agreement(harbor, starts_on=day("2027-01-10"), expires_on=day("2027-03-20"))
    assert renew(old, now=NOW).expires_on == day("2027-05-29")


def test_renewal_takes_the_dates_that_are_chosen(harbor):
    new = renew(make_agreement(harbor), starts_on=day("2027-09-01"), expires_on=day("2028-08-31"), now=NOW)
    assert (new.starts_on, new.expires_on) == (day("2027-09-01"), day("2028-08-31"))
    assert renew(new, months=6, now=NOW).expires_on == day("2029-02-28")


def test_every_party_is_taken_over_and_stale(harbor):
    task = make_organization("Task Force")
    new = renew(make_agreement(harbor, others=[task]), signed_on=TODAY, now=AUGUST)
    assert {p.organization for p in new.parties.all()} == {harbor, task, None}
    assert {p.signed_on for p in new.parties.all()} == {TODAY}
    task.refresh_from_db()
    assert task.plan_stale_at == AUGUST


def test_old_term_stays_until_the_renewal_is_signed(harbor):
    old = make_agreement(harbor, parties=[Signer(harbor, signed=True)])
    new = renew(old, signed=False, now=NOW)
    assert (new.status, new.sent_on, status(old)) == ("awaiting", TODAY, "in_force")
    sign(new.parties.get(), signed_on=AUGUST.date(), now=AUGUST)
    assert (status(new), status(old)) == ("in_force", "replaced")
    assert Agreement.objects.get(pk=new.pk).expires_on == day("2029-09-30")


def test_withdrawn_renewal_makes_room_for_another(harbor):
    old = make_agreement(harbor)
    first = renew(old, signed=False, now=NOW)
    with pytest.raises(Refusal):
        renew(old, now=NOW)
    withdraw(first, note="They changed clause 4", now=NOW)
    assert (status(first), status(old)) == ("withdrawn", "in_force")
    assert renew(old, now=NOW).renews == old


def test_evergreen_renewed_stays_evergreen(harbor):
    new = renew(make_agreement(harbor, term="evergreen", expires_on=None), signed_on=TODAY, now=NOW)
    assert (new.term, new.expires_on, new.starts_on) == ("evergreen", None, TODAY)


def test_evergreen_can_become_fixed_with_a_last_day(harbor):
    old = make_agreement(harbor, term="evergreen", expires_on=None)
    with pytest.raises(Refusal):
        renew(old, term="fixed", now=NOW)
    assert renew(old, term="fixed", expires_on=day("2028-12-31"), now=NOW).expires_on == day("2028-12-31")


def test_renewal_from_the_last_signature_never_begins_before_the_old_end(harbor):
    old = make_agreement(harbor, term="from_last_signature", starts_on=None, expires_on=None, months=24)
    assert (old.starts_on, old.expires_on) == (day("2025-09-20"), day("2027-09-19"))
    new = renew(old, signed_on=day("2027-08-15"), now=AUGUST)
    assert (new.starts_on, new.expires_on) == (day("2027-09-20"), day("2029-09-19"))


def test_renewal_of_what_is_over_is_refused(harbor):
    old = make_agreement(harbor)
    end(old, ended_on=TODAY, now=NOW)
    with pytest.raises(Refusal):
        renew(old, now=NOW)
    assert Agreement.objects.count() == 1


def test_next_term_of_an_imported_end_without_a_start_asks_for_a_length(harbor):
    old = make_agreement(harbor, starts_on=None)
    assert next_term(old).starts_on == day("2027-10-01")
    with pytest.raises(Refusal):
        renew(old, now=NOW)
    assert renew(old, months=12, now=NOW).expires_on == day("2028-09-30")


def test_corrected_end_keeps_the_day_of_the_correction(harbor):
    agreement = make_agreement(harbor)
    correct_end(agreement, expires_on=day("2027-12-31"), now=AUGUST)
    agreement.refresh_from_db()
    assert (agreement.expires_on, agreement.term_set_on) == (day("2027-12-31"), AUGUST.date())
    assert agreement.entered_on == TODAY


def test_same_end_again_changes_nothing(harbor):
    agreement, before = make_agreement(harbor), harbor.entries.count()
    correct_end(agreement, expires_on=day("2027-09-30"), now=AUGUST)
    assert agreement.term_set_on == TODAY
    assert harbor.entries.count() == before


def test_end_before_the_start_and_of_an_evergreen_is_refused(harbor):
    with pytest.raises(Refusal):
        correct_end(make_agreement(harbor), expires_on=day("2025-09-30"), now=NOW)
    with pytest.raises(Refusal):
        correct_end(make_agreement(harbor, term="evergreen", expires_on=None), expires_on=TODAY, now=NOW)


def test_ended_agreement_keeps_its_last_day_and_note(harbor):
    agreement = end(make_agreement(harbor), ended_on=TODAY, note="By notice", now=NOW)
    assert (status(agreement), agreement.ended_on, agreement.end_note) == ("ended", TODAY, "By notice")
    for again in (end, withdraw, record_review):
        with pytest.raises(Refusal):
            again(agreement, now=NOW)


def test_review_is_written_down_but_not_ahead(harbor, rosa):
    agreement = make_agreement(harbor, term="evergreen", expires_on=None)
    review = record_review(agreement, reviewed_on=day("2027-06-01"), now=NOW, by=rosa)
    assert (review.entered_on, review.by, agreement.reviews.get()) == (TODAY, rosa, review)
    with pytest.raises(Refusal):
        record_review(agreement, reviewed_on=day("2027-06-08"), now=NOW)
