"""What was done last to an agreement is undone, as long as nothing else happened since."""

import pytest

from prm.agreements.actions import (
    Signer,
    correct_end,
    end,
    give_notice,
    join,
    may_undo,
    note_approval,
    record_review,
    renew,
    send_for_signature,
    sign,
    undo,
    unsign,
    withdraw,
)
from prm.agreements.models import Agreement, Party
from prm.agreements.queries import last_entry
from prm.partners.sentences import sentence
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, at, day, make_agreement, make_organization

LATER = at("2027-06-07T16:00")
NEXT_WEEK = at("2027-06-14T10:00")


def draft(harbor, **facts):
    return make_agreement(harbor, parties=[Signer(harbor), Signer(None)], **facts)


def rows(agreement):
    """Everything that an agreement and its parties are, but for what tells of the doing."""
    return list(Agreement.objects.order_by("pk").values()), list(Party.objects.order_by("pk").values())


ACTS = {
    "agreement_sent": lambda mou: send_for_signature(mou, now=NOW),
    "agreement_withdrawn": lambda mou: withdraw(mou, note="No need", now=NOW),
    "agreement_signed": lambda mou: sign(mou.parties.first(), signed_on=TODAY, now=NOW),
    "agreement_before_body": lambda mou: note_approval(
        mou.parties.first(), body="County board", before_body_on=TODAY, now=NOW
    ),
    "agreement_approved": lambda mou: note_approval(
        mou.parties.first(), body="County board", before_body_on=TODAY, approved_on=TODAY, now=NOW
    ),
}
IN_FORCE = {
    "agreement_ended": lambda mou: end(mou, note="Both", now=NOW),
    "agreement_notice": lambda mou: give_notice(mou, ended_on=day("2027-08-01"), notice_by="us", now=NOW),
    "agreement_end_corrected": lambda mou: correct_end(mou, expires_on=day("2028-01-31"), now=NOW),
    "agreement_joined": lambda mou: join(mou, make_organization("Lighthouse"), now=NOW),
}


@pytest.mark.parametrize("event", [*ACTS, *IN_FORCE])
def test_every_step_is_undone_to_the_row(harbor, rosa, event):
    mou = draft(harbor) if event in ACTS else make_agreement(harbor)
    before = rows(mou)
    (ACTS | IN_FORCE)[event](mou)
    assert rows(mou) != before
    assert last_entry(mou).event == event
    undo(mou, seen=last_entry(mou).pk, now=LATER, by=rosa)
    assert rows(mou) == before
    entry = harbor.entries.first()
    assert (entry.event, entry.by) == ("agreement_undone", rosa)
    assert sentence(entry).startswith("Undone for MOU with Harbor House: ")
    assert "agreement_" not in sentence(entry)


def test_a_review_is_undone(harbor):
    mou = make_agreement(harbor, term="evergreen", expires_on=None)
    record_review(mou, now=NOW)
    undo(mou, now=LATER)
    assert not mou.reviews.exists()


def test_the_last_signature_is_taken_back_with_the_term_that_it_began(harbor):
    mou = draft(harbor, term="from_last_signature", months=12, starts_on=None, expires_on=None)
    ours, theirs = mou.parties.get(organization=None), mou.parties.get(organization=harbor)
    sign(ours, signed_on=TODAY, now=NOW)
    before = rows(mou)
    sign(theirs, signed_on=TODAY, now=LATER)
    mou.refresh_from_db()
    assert (mou.status, mou.expires_on) == ("in_force", day("2028-06-06"))
    unsign(theirs, now=NEXT_WEEK)
    assert rows(mou) == before


def test_a_renewal_that_came_in_force_gives_its_place_back(harbor):
    old = make_agreement(harbor, parties=[Signer(harbor, signed=True)])
    new = renew(old, signed=False, now=NOW)
    sign(new.parties.get(), signed_on=TODAY, now=LATER)
    assert Agreement.objects.get(pk=old.pk).status == "replaced"
    unsign(new.parties.get(), now=LATER)
    assert [one.status for one in Agreement.objects.order_by("pk")] == ["in_force", "awaiting"]


def test_a_renewal_is_undone_and_the_term_before_comes_back(harbor):
    old = make_agreement(harbor)
    new = renew(old, now=NOW)
    assert undo(new, now=LATER) == old
    assert Agreement.objects.get().status == "in_force"


def test_not_when_something_else_happened_or_a_day_has_passed(harbor):
    mou = draft(harbor)
    send_for_signature(mou, now=NOW)
    assert not may_undo(last_entry(mou), now=NEXT_WEEK)
    with pytest.raises(Refusal, match="too long ago"):
        undo(mou, now=NEXT_WEEK)
    sent = last_entry(mou).pk
    ours, theirs = mou.parties.get(organization=None), mou.parties.get(organization=harbor)
    sign(ours, now=NOW)
    with pytest.raises(Refusal, match="Something else happened"):
        undo(mou, seen=sent, now=LATER)
    with pytest.raises(Refusal, match="Something else happened"):
        unsign(theirs, now=LATER)
    unsign(ours, now=LATER)
    with pytest.raises(Refusal):
        undo(mou, now=LATER)


def test_a_withdrawn_renewal_stays_so_when_another_was_written_down(harbor):
    old = make_agreement(harbor)
    first = renew(old, signed=False, now=NOW)
    withdraw(first, now=NOW)
    renew(old, signed=False, now=NOW)
    with pytest.raises(Refusal, match="Another next term"):
        undo(first, now=LATER)


def test_who_joined_by_mistake_is_told_and_planned_anew(harbor):
    mou, lighthouse = make_agreement(harbor), make_organization("Lighthouse")
    join(mou, lighthouse, signed_on=TODAY, now=NOW)
    undo(mou, now=LATER)
    lighthouse.refresh_from_db()
    assert lighthouse.plan_stale_at == LATER
    assert lighthouse.entries.first().event == "agreement_undone"
