"""The ledger: what was sent, held, skipped, withdrawn and failed, each with its reason; filters, pages, files."""

import csv
import io

import pytest

from prm.outbox.models import Message
from prm.reminders.actions import refresh, replan
from prm.reminders.again import send_again
from prm.reminders.models import Handover, Reminder
from tests.cast import NOW, TODAY, anna_reyes, at, day, harbor_house, make_agreement, make_organization, rosa
from tests.web.test_outbox_page import letter

QUERIES = 11


def whats(answer):
    return [line.what for line in answer.context["lines"]]


def reminder(organization, **facts):
    number = Reminder.objects.count() + 1
    start = {
        "key": f"agreement:{number}:expiry-60d:2027-08-01:org-{organization.pk}:partner",
        "record": f"agreement:{number}",
        "rule": "expiry",
        "offset": -60,
        "reference_on": day("2027-08-01"),
        "side": "partner",
        "category": "renewal",
        "nominal_on": TODAY,
        "day": TODAY,
        "state": "skipped",
        "reason": "ladder",
    }
    return Reminder.objects.create(organization=organization, **start | facts)


@pytest.mark.parametrize("number", [1, 3, 25])  # of each: fifty lines are a page
def test_ledger_costs_the_same_for_two_lines_and_fifty(desk, django_assert_num_queries, number):
    for count in range(number):
        house = make_organization(f"House {count}")
        letter(organization_id=house.pk, about=str(count), state="sent", sent_at=NOW)
        reminder(house)
    with django_assert_num_queries(QUERIES):
        page = desk.get("/outbox/ledger/")
    assert len(page.context["lines"]) == 2 * number


def test_every_end_stands_in_it_with_its_reason(desk):
    harbor = harbor_house()
    make_agreement(harbor, expires_on=day("2027-08-31"))
    replan([harbor.pk], now=NOW)
    letter(organization_id=harbor.pk, subject="Went", state="sent", sent_at=NOW)
    letter(
        organization_id=harbor.pk, subject="Failed", about="2", state="failed", last_error="552 5.2.2 full"
    )
    letter(
        organization_id=harbor.pk,
        subject="Stopped",
        about="3",
        state="cancelled",
        last_error="Rosa stopped it.",
    )
    letter(organization_id=harbor.pk, subject="Kept", about="4", state="held")
    told = {line.what: line for line in desk.get("/outbox/ledger/").context["lines"]}
    assert told["Went"].badge.words == "Taken by mail server"
    assert "mailbox is full" in told["Failed"].reason
    assert told["Stopped"].reason == "Rosa stopped it."
    assert told["Kept"].badge.words == "Held back"
    skipped = [line for line in told.values() if line.mail is None]
    assert all(line.reason for line in skipped)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=sent", {"Sent"}),
        ("state=back", {"Failed"}),
        ("state=skipped", {"Agreement ends in 60\xa0days"}),
        ("state=nonsense", {"Sent", "Failed", "Agreement ends in 60\xa0days"}),
        ("kind=expiry", {"Sent", "Agreement ends in 60\xa0days"}),
        ("kind=training", set()),
        ("partner=harbor-house", {"Sent", "Agreement ends in 60\xa0days"}),
        ("partner=nowhere", {"Sent", "Failed", "Agreement ends in 60\xa0days"}),
        ("from=8 Jun 2027&to=9 Jun 2027", set()),
        ("from=7 Jun 2027", {"Sent", "Failed", "Agreement ends in 60\xa0days"}),
    ],
)
def test_it_is_narrowed_by_state_kind_partner_and_days(desk, asked, found):
    harbor, chapel = harbor_house(), make_organization("Chapel")
    sent = letter(organization_id=harbor.pk, subject="Sent", state="sent", sent_at=NOW)
    letter(organization_id=chapel.pk, subject="Failed", about="2", state="failed")
    gone = reminder(harbor, state="handed_over", handed_at=NOW, day=TODAY)
    Handover.objects.create(reminder=gone, message=sent, recipient=sent.recipient)
    reminder(harbor)
    told = {what.replace(" days", "\xa0days") for what in whats(desk.get(f"/outbox/ledger/?{asked}"))}
    assert told == found


def test_it_is_narrowed_to_a_person(desk):
    harbor = harbor_house()
    anna, ben = (
        harbor.contacts.get(),
        anna_reyes(harbor, name="Ben Cho", email="ben@harbor.example", roles=[]),
    )
    letter(organization_id=harbor.pk, subject="To Anna", contact_id=anna.pk)
    letter(organization_id=harbor.pk, subject="To Ben", contact_id=ben.pk, about="2")
    page = desk.get(f"/outbox/ledger/?contact={ben.pk}")
    assert whats(page) == ["To Ben"]
    assert "Only what concerns Ben Cho." in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=9 Jun 2027&to=1 Jun 2027", "The first day lies after the last one."),
        ("from=1 Jan 2020&to=1 Jun 2027", "Choose a year at most"),
        ("from=30 Feb 2027", "February 2027 has 28 days."),
        ("to=soon", "Write the day like 29 Feb 2028."),
    ],
)
def test_days_that_cannot_be_are_said_and_the_last_month_is_shown(desk, asked, said):
    page = desk.get(f"/outbox/ledger/?{asked}")
    assert said in page.content.decode()
    assert page.context["choice"].asked.last == TODAY


def test_pages_follow_each_other_without_a_gap(desk):
    house = make_organization("House")
    for count in range(30):
        letter(organization_id=house.pk, subject=f"Mail {count}", about=str(count), state="sent", sent_at=NOW)
        letter(organization_id=house.pk, subject=f"Wait {count}", about=f"w{count}")
    first, second = (desk.get(f"/outbox/ledger/?page={number}") for number in (1, 2))
    both = whats(first) + whats(second)
    assert (len(both), len(set(both))) == (60, 60)


def test_viewer_reads_nothing_of_hidden_partners(window):
    hidden = make_organization("Safe House", confidential=True)
    letter(organization_id=hidden.pk, subject="Secret")
    reminder(hidden)
    assert whats(window.get("/outbox/ledger/")) == []
    assert "Safe House" not in window.get("/outbox/ledger/?partner=safe-house").content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_can_be_taken_as_a_file_with_the_same_filters(desk, kind):
    harbor = harbor_house()
    letter(organization_id=harbor.pk, subject="Went", state="sent", sent_at=NOW)
    letter(organization_id=harbor.pk, subject="Waits", about="2")
    answer = desk.get(f"/outbox/ledger/export.{kind}?state=sent")
    body = answer.getvalue()
    if kind == "csv":
        [row] = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        assert (row["What"], row["State"]) == ("Went", "Taken by mail server")
    assert body


def test_reminders_that_were_held_stand_under_their_own_day(desk):
    house = make_organization("House")
    reminder(house, state="held", day=None, nominal_on=TODAY, reason="pause")
    reminder(house, state="held", day=None, nominal_on=day("2027-12-01"), reason="pause")
    refresh(now=at("2027-06-07T10:59"))
    assert Message.objects.count() == 0
    assert len(desk.get("/outbox/ledger/?state=held").context["lines"]) <= 1


@pytest.mark.parametrize("tries", [1, 2])
def test_first_try_that_failed_stays_among_the_failed_and_leads_to_the_second(desk, tries):
    harbor = harbor_house()
    first = letter(organization_id=harbor.pk, state="failed", last_error="552 5.2.2 full")
    gone = reminder(harbor, state="handed_over", handed_at=NOW)
    Handover.objects.create(reminder=gone, message=first, recipient=first.recipient)
    last = first
    for _try in range(tries):
        Message.objects.filter(pk=last.pk).update(state="failed")
        last = send_again(last, by=rosa(), now=NOW)
    Message.objects.filter(pk=last.pk).update(state="sent", sent_at=NOW)
    second = first.tried_again.get()
    for asked in ("state=back", "state=back&kind=expiry"):
        page = desk.get(f"/outbox/ledger/?{asked}")
        found = {line.mail: line for line in page.context["lines"]}
        assert len(found) == tries
        assert found[first.pk].again == second.pk
        assert f'<a href="/outbox/{second.pk}/">It was sent again</a>' in page.content.decode()
    assert last.pk in [line.mail for line in desk.get("/outbox/ledger/?kind=expiry").context["lines"]]
    body = desk.get("/outbox/ledger/export.csv?state=back").getvalue().decode("utf-8-sig")
    assert body.count("It was sent again.") == tries
