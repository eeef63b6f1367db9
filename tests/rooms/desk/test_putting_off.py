"""Put off until a day: gone from Today and from the mail alike, and back on its day, or when its own day changes."""

from datetime import timedelta

import pytest

from prm.accounts.actions import plan_absence
from prm.agreements.actions import correct_end, renew
from prm.desk import today as desk
from prm.desk.actions import snooze, wake
from prm.desk.finding import find, read, written
from prm.desk.models import Snooze
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import mark_undeliverable
from prm.partners.models import Entry
from prm.partners.sentences import sentence
from prm.reminders.actions import refresh
from prm.rules.refusal import Refusal
from tests.cast import (
    NOW,
    anna_reyes,
    at,
    ben,
    daniel,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_program,
    rosa,
)

pytestmark = pytest.mark.django_db

MAY = {"now": at("2027-05-03T10:00"), "today": day("2027-05-03")}
ENDS = "Agreement ends"
LATER = {"until": day("2027-06-14"), "reason": "Their board meets on the 12th"}


@pytest.fixture
def harbor():
    make_program()
    return harbor_house(**MAY)


@pytest.fixture
def mou(harbor):
    """Its last day is 6 Aug: our side is asked on Mon 7 Jun."""
    return make_agreement(harbor, expires_on=day("2027-08-06"), **MAY)


def groups(now=NOW, who=None, *, everyone=False):
    """Section -> what is the matter, without the empty ones."""
    refresh(now=now)
    found = desk.day_of(who or rosa(), everyone=everyone, now=now).groups
    return {key: [row.matter for row in group.rows] for key, group in found.items() if group.rows}


def row(matter=ENDS, now=NOW):
    refresh(now=now)
    found = desk.day_of(rosa(), everyone=True, now=now).groups.values()
    return next(row for group in found for row in group.rows if row.matter == matter)


def mail_of(who="rosa"):
    """The latest digest as sections of lines."""
    text = Message.objects.filter(kind="digest", user__name=who.capitalize()).latest("pk").text
    return " ".join(text.replace("\xa0", " ").split())


def test_it_leaves_today_and_stands_at_the_end_with_who_and_why(mou):
    heartbeat(at("2027-06-07T08:00"))
    before = desk.day_of(rosa(), everyone=False, now=NOW)
    snooze(row(), **LATER, now=NOW, by=ben())
    after = desk.day_of(rosa(), everyone=False, now=NOW)
    assert after.needs_you == before.needs_you - 1
    [off] = after.groups["off"].rows
    assert ENDS not in groups()["today"]
    assert (off.matter, off.off.until, off.off.why, off.off.by) == (ENDS, *LATER.values(), "Ben")


def test_timeline_says_it(harbor, mou):
    made = snooze(row(), **LATER, now=NOW, by=rosa())
    entry = Entry.objects.get(event="row_put_off")
    assert sentence(entry).replace("\xa0", " ") == "Put off until 14 Jun 2027: Agreement ends"
    assert (entry.note, entry.by) == (LATER["reason"], rosa())
    assert wake(made, matter=ENDS, now=NOW, by=ben())
    assert sentence(Entry.objects.get(event="row_back")) == "Not put off any more: Agreement ends"


def test_it_comes_back_on_its_day_and_stays_a_week(mou):
    heartbeat(at("2027-06-07T08:00"))
    snooze(row(), **LATER, now=NOW, by=rosa())
    assert "off" in groups(at("2027-06-13T23:00"))
    for back in ("2027-06-14T00:30", "2027-06-18T10:00"):
        assert ENDS in groups(at(back))["today"]
        assert "off" not in groups(at(back))
    assert ENDS not in groups(at("2027-06-21T10:00")).get("today", [])


def test_fetched_back_on_a_later_day_it_is_there_although_its_mail_went_long_ago(mou):
    heartbeat(at("2027-06-07T08:00"))
    made = snooze(row(), **LATER, now=NOW, by=rosa())
    now = at("2027-06-09T10:00")
    assert wake(made, matter=ENDS, now=now)
    assert not wake(made, matter=ENDS, now=now)
    assert ENDS in groups(now)["today"]


def test_another_last_day_is_another_row(mou):
    snooze(row(), **LATER, now=NOW, by=rosa())
    correct_end(mou, expires_on=day("2027-08-04"), now=NOW)
    assert "off" not in groups()


def test_what_is_done_is_nowhere(mou):
    key = row().key
    snooze(row(), **LATER, now=NOW, by=rosa())
    assert find(key, now=NOW).row.off.why == LATER["reason"]
    renew(mou, now=NOW)
    assert all(ENDS not in some for some in groups().values())
    assert find(key, now=NOW) is None


def test_late_row_rests_too_and_is_late_again(harbor):
    make_agreement(harbor, expires_on=day("2027-05-28"), **MAY)
    ended = "Agreement has ended, still working together"
    snooze(row(ended, at("2027-06-09T10:00")), **LATER, now=at("2027-06-09T10:00"), by=rosa())
    assert "late" not in groups(at("2027-06-10T10:00"))
    assert ended in groups(at("2027-06-14T10:00"))["today"]  # +14 was handed over meanwhile or is due
    assert [some.count(ended) for some in groups(at("2027-06-14T10:00")).values()].count(1) == 1


def test_unreached_person_stays_put_off_over_night(harbor):
    mark_undeliverable(harbor.contacts.get(), on=day("2027-06-01"), now=NOW)
    matter = "Mail does not reach Anna Reyes; we ask somebody else"
    snooze(row(matter), **LATER, now=NOW, by=rosa())
    assert groups(at("2027-06-09T10:00"))["off"] == [matter]
    assert groups(at("2027-06-14T10:00"))["late"] == [matter]


def test_put_off_again_the_last_word_counts(mou):
    snooze(row(), **LATER, now=NOW, by=rosa())
    snooze(row(), until=day("2027-06-10"), reason="Sooner after all", now=NOW, by=rosa())
    assert Snooze.objects.filter(ended_at__isnull=True).count() == 1
    assert "off" not in groups(at("2027-06-10T09:00"))


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        ("2027-06-07", "x", "until"),
        ("2027-09-06", "x", "until"),
        ("2027-06-10", "  ", "reason"),
        ("2027-06-10", "x" * 301, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused(mou, until, reason, field):
    with pytest.raises(Refusal) as refused:
        snooze(row(), until=day(until), reason=reason, now=NOW, by=rosa())
    assert refused.value.field == field
    assert not Snooze.objects.exists()


# --- the morning mail -------------------------------------------------------------------------------------------


def test_mail_has_it_under_put_off_and_then_under_today(mou):
    snooze(row(), **LATER, now=at("2027-06-04T10:00"), today=day("2027-06-04"), by=rosa())
    heartbeat(at("2027-06-07T08:00"))
    [before, off] = mail_of().split("Put off ")
    assert ENDS not in before
    assert f"{ENDS}, Rosa put it off until 14 Jun 2027: {LATER['reason']}" in off
    heartbeat(at("2027-06-14T08:00"))
    assert "Put off" not in mail_of()
    assert ENDS in mail_of()


def test_partner_gets_the_mail_all_the_same(harbor, mou):
    snooze(row(), **LATER, now=at("2027-06-04T10:00"), today=day("2027-06-04"), by=rosa())
    heartbeat(at("2027-06-07T09:00"))
    assert Message.objects.filter(recipient="anna@harbor.example", kind="partner").exists()


def test_nothing_but_what_is_put_off_makes_no_mail():
    make_program()
    elm = make_organization("Elm Street", owner=rosa())
    mark_undeliverable(anna_reyes(elm), on=day("2027-06-01"), now=NOW)
    [matter] = groups()["late"]
    snooze(row(matter), **LATER, now=NOW, by=rosa())
    assert groups() == {"off": [matter]}
    heartbeat(at("2027-06-08T08:00"))
    assert not Message.objects.filter(kind="digest").exists()


def test_director_is_asked_all_the_same_and_reads_who_put_it_off(harbor):
    daniel()
    make_agreement(harbor, expires_on=day("2027-05-31"), **MAY)
    refresh(now=NOW)
    ended = "Agreement has ended, still working together"
    snooze(
        row(ended, at("2027-06-04T10:00")),
        **LATER,
        now=at("2027-06-04T10:00"),
        today=day("2027-06-04"),
        by=rosa(),
    )
    heartbeat(at("2027-06-07T08:00"))  # +7: owner, deputy, directors
    assert ended in mail_of("daniel")
    assert f"Rosa put it off until 14 Jun 2027: {LATER['reason']}" in mail_of("daniel")
    seen = desk.day_of(daniel(), everyone=True, now=NOW).groups
    assert [one.matter for one in seen["today"].rows if one.off] == [ended]
    assert ended not in [one.matter for one in seen["off"].rows]


def test_stand_in_has_the_rows_of_who_is_away_and_what_they_put_off(mou):
    rosa_, ben_ = rosa(), ben()
    plan_absence(
        rosa_, first=day("2027-06-08"), last=day("2027-06-18"), stand_in=ben_, today=day("2027-06-07")
    )
    heartbeat(at("2027-06-07T08:00"))
    assert groups(who=ben_) == {}
    snooze(row(), until=day("2027-06-09"), reason="Rosa waits for the board", now=NOW, by=rosa_)
    assert groups(at("2027-06-08T10:00"), ben_)["off"] == [ENDS]
    assert ENDS in groups(at("2027-06-09T10:00"), ben_)["today"]
    heartbeat(at("2027-06-09T08:00"))
    assert ENDS in mail_of("ben")
    assert groups(at("2027-06-21T10:00"), ben_) == {}


def test_what_is_written_of_a_key_is_read_again(mou):
    key = row().key
    assert read(written(key)) == key
    for text in ("", "1:expiry", "1:expiry:agreement:1:2027-13-01", "x:expiry:agreement:1:2027-01-01"):
        assert read(text) is None


def test_it_costs_two_queries_however_much_is_put_off(mou, django_assert_max_num_queries):
    snooze(row(), **LATER, now=NOW, by=rosa())
    later = NOW + timedelta(hours=1)
    refresh(now=later)
    user = rosa()
    with django_assert_max_num_queries(21):
        desk.day_of(user, everyone=False, now=later)
