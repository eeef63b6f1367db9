"""Entering and signing agreements in all three forms of term."""

import pytest

from prm.agreements.actions import Signer, enter_agreement, join, send_for_signature, sign
from prm.agreements.models import Agreement
from prm.agreements.queries import agreements_of, end_for, expired, in_force_on
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, day, make_agreement, make_organization

LATER = at("2027-07-01T10:00")


def waiting(harbor, **facts) -> Agreement:
    """An MOU for a year from the last signature that both sides have still to sign."""
    start = {
        "term": "from_last_signature",
        "months": 12,
        "starts_on": None,
        "expires_on": None,
        "sent_on": TODAY,
    }
    return make_agreement(harbor, **start | {"parties": [Signer(harbor), Signer(None)]} | facts)


def party(agreement, organization=None):
    return agreement.parties.get(organization=organization)


def test_signed_by_everyone_is_in_force_from_entry(harbor):
    agreement = make_agreement(harbor)
    assert (agreement.status, agreement.expires_on) == ("in_force", day("2027-09-30"))
    assert (agreement.signed_on, agreement.term_set_on) == (day("2025-09-20"), TODAY)
    entry = harbor.entries.first()
    assert (entry.event, entry.record) == ("agreement_entered", f"agreement:{agreement.pk}")


def test_signed_on_nobody_knows_which_day_is_in_force(harbor):
    agreement = make_agreement(harbor, parties=[Signer(harbor, signed=True)])
    assert (agreement.status, agreement.signed_on) == ("in_force", None)


def test_fixed_term_in_months_gets_its_last_day(harbor):
    agreement = make_agreement(harbor, starts_on=day("2027-03-01"), expires_on=None, months=12)
    assert agreement.expires_on == day("2028-02-29")


def test_nobody_signed_is_a_draft_until_it_is_sent(harbor):
    agreement = waiting(harbor, sent_on=None)
    assert agreement.status == "draft"
    send_for_signature(agreement, now=NOW)
    assert (agreement.status, agreement.sent_on) == ("awaiting", TODAY)


def test_in_force_only_when_the_whole_circle_has_signed(harbor):
    agreement = waiting(harbor)
    assert sign(party(agreement, harbor), signed_on=day("2027-06-05"), now=NOW).status == "awaiting"
    done = sign(party(agreement), signed_on=day("2027-06-30"), now=LATER)
    assert (done.status, done.signed_on) == ("in_force", day("2027-06-30"))
    assert (done.starts_on, done.expires_on) == (day("2027-06-30"), day("2028-06-29"))
    assert done.term_set_on == LATER.date()


def test_last_signature_is_the_latest_day_not_the_last_one_written_down(harbor):
    agreement = waiting(harbor)
    sign(party(agreement), signed_on=day("2027-06-30"), now=LATER)
    assert sign(party(agreement, harbor), signed_on=day("2027-06-05"), now=LATER).starts_on == day(
        "2027-06-30"
    )


def test_fixed_agreement_keeps_its_dates_when_signed(harbor):
    agreement = make_agreement(harbor, parties=[Signer(harbor)], sent_on=TODAY)
    done = sign(party(agreement, harbor), signed_on=TODAY, now=NOW)
    assert (done.starts_on, done.expires_on) == (day("2025-10-01"), day("2027-09-30"))


def test_signature_marks_every_party_stale_and_nobody_else(harbor):
    task, other = make_organization("Task Force"), make_organization("Other")
    agreement = waiting(harbor, parties=[Signer(harbor), Signer(task)])
    sign(party(agreement, harbor), signed_on=TODAY, now=LATER)
    stale = Organization.objects.filter(plan_stale_at=LATER)
    assert set(stale) == {harbor, task}
    assert other not in stale


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"expires_on": day("2025-09-30")}, "expires_on"),
        ({"expires_on": None}, "expires_on"),
        ({"term": "evergreen"}, "expires_on"),
        ({"term": "from_last_signature"}, "months"),
        ({"term": "forever"}, "term"),
        ({"months": 0}, "months"),
        ({"review_every_months": 0}, "review_every_months"),
        ({"signed_on": day("2027-06-08")}, "signed_on"),
        ({"parties": [Signer(None, signed=True)]}, "parties"),
        ({"title": "x" * 301}, "title"),
    ],
)
def test_wrong_terms_are_refused_and_leave_nothing(harbor, facts, field):
    with pytest.raises(Refusal) as refused:
        make_agreement(harbor, **facts)
    assert refused.value.field == field
    assert not Agreement.objects.exists()


def test_same_party_twice_is_refused(harbor):
    with pytest.raises(Refusal):
        make_agreement(harbor, others=[harbor])


def test_evergreen_has_no_end(harbor):
    agreement = make_agreement(harbor, term="evergreen", expires_on=None)
    assert (agreement.status, agreement.expires_on, agreement.review_every_months) == ("in_force", None, 12)
    assert in_force_on(harbor, day("2050-01-01")) == [agreement]


def test_title_may_be_left_to_the_kind(harbor):
    kind = term("agreement_kind", "moa")
    agreement = enter_agreement(kind=kind, title="", term="evergreen", parties=[Signer(harbor)], now=NOW)
    assert agreement.title == "MOA"


def test_later_joiner_counts_from_its_own_signature_and_reopens_nobody(harbor):
    signed = [Signer(harbor, signed_on=day("2026-08-01")), Signer(None, signed_on=day("2026-08-01"))]
    agreement = waiting(harbor, parties=signed)
    task = make_organization("Task Force")
    join(agreement, task, signed_on=day("2027-06-01"), now=NOW)
    agreement.refresh_from_db()
    assert (agreement.status, end_for(agreement, harbor)) == ("in_force", day("2027-07-31"))
    assert end_for(agreement, task) == day("2028-05-31")
    assert not party(agreement, task).original


def test_joiner_may_sign_later(harbor):
    agreement, task = make_agreement(harbor), make_organization("Task Force")
    joined = join(agreement, task, now=NOW)
    assert joined.signature == "waiting"
    assert sign(joined, signed_on=TODAY, now=NOW).status == "in_force"
    assert end_for(agreement, task) == day("2027-09-30")


def test_joining_twice_or_what_is_not_in_force_is_refused(harbor):
    task = make_organization("Task Force")
    with pytest.raises(Refusal):
        join(waiting(harbor), task, now=NOW)
    with pytest.raises(Refusal):
        join(make_agreement(harbor, others=[task]), task, now=NOW)


def test_signing_twice_or_in_the_future_is_refused(harbor):
    agreement = waiting(harbor)
    with pytest.raises(Refusal):
        sign(party(agreement, harbor), signed_on=day("2027-06-08"), now=NOW)
    sign(party(agreement, harbor), signed_on=TODAY, now=NOW)
    with pytest.raises(Refusal):
        sign(party(agreement, harbor), signed_on=TODAY, now=NOW)


def test_day_of_a_signature_can_be_told_later(harbor):
    agreement = make_agreement(harbor, parties=[Signer(harbor, signed=True)])
    sign(party(agreement, harbor), signed_on=day("2025-09-20"), now=NOW)
    agreement.refresh_from_db()
    assert (agreement.signed_on, agreement.expires_on) == (day("2025-09-20"), day("2027-09-30"))


def test_queries_tell_running_from_expired(harbor):
    old = make_agreement(
        harbor, starts_on=day("2024-01-01"), expires_on=day("2026-12-31"), signed_on=day("2024-01-01")
    )
    running = make_agreement(harbor)
    assert list(agreements_of(harbor)) == [running, old]
    assert in_force_on(harbor, TODAY) == [running]
    assert list(expired(TODAY)) == [old]
