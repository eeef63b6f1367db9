"""The way back from an import: exactly as before, and nothing that people did since is lost."""

from datetime import timedelta

import pytest

from prm.exchange import imports, work
from prm.exchange.layout import choices_of
from prm.exchange.models import Import
from prm.exchange.snapshot import snapshots
from prm.outbox.models import Message
from prm.partners.actions import add_contact, record_note
from prm.partners.models import Entry, Organization
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization

pytestmark = pytest.mark.django_db
HEADINGS = (
    "Agency,Website,Status,Contact,Email,Signatory,Owner,MOU start,MOU end,Paused until,Last training,"
    "Training every,Hobby\n"
)
HARBOR = HEADINGS + (
    "Harbor House,harbor.example,former,Ruth Diaz,ruth@harbor.example,Ivy Ueda,ben@example.org,2027-10-01,"
    "2028-09-30,2027-08-31,2027-05-03,6,sailing\n"
)
UNDO_QUERIES = 96
LATER = NOW + timedelta(days=1)


def brought_in(text, now=NOW):
    source = imports.upload(name="list.csv", content=text.encode(), now=now, by=None)
    imports.choose(source, choices_of(source.columns), day_first=None, now=now, by=None)
    work.run_jobs(now=lambda: now, owner="worker")
    imports.ask_import(source, now=now, by=None)
    work.run_jobs(now=lambda: now, owner="worker")
    return Import.objects.get(pk=source.pk)


def undone(source):
    imports.ask_undo(source, now=LATER, by=None)
    work.run_jobs(now=lambda: LATER, owner="worker")
    source.refresh_from_db()
    assert source.phase == "undone"
    return source.undone


def rows():
    """Everything about every organization, but who planned it when and the line that says it was undone."""
    found = snapshots(list(Organization.objects.values_list("pk", flat=True)))
    said = set(Entry.objects.filter(event="import_undone").values_list("pk", flat=True))
    for of in found.values():
        of["entry"] = [row for row in of.get("entry", ()) if row["id"] not in said]
    return found


def known_harbor():
    harbor = harbor_house(city="Aurora")
    make_agreement(harbor)
    record_note(harbor, note="They moved.", now=NOW)
    return harbor


def test_a_known_organization_is_exactly_as_before():
    harbor = known_harbor()
    before = rows()

    source = brought_in(HARBOR, now=LATER)
    assert len(source.report["changed"][0]["changes"]) > 5
    assert rows() != before

    assert undone(source) == {"removed": 0, "put_back": 1, "users": 1, "kept": []}
    assert rows() == before
    assert Entry.objects.filter(organization=harbor, event="import_undone").count() == 1


def test_undoing_makes_the_plan_anew():
    known_harbor()
    refresh(now=NOW)
    before = set(Reminder.objects.filter(state="planned").values_list("key", "day"))
    source = brought_in(HARBOR)
    refresh(now=NOW)
    assert set(Reminder.objects.filter(state="planned").values_list("key", "day")) != before

    undone(source)
    refresh(now=NOW)
    assert set(Reminder.objects.filter(state="planned").values_list("key", "day")) == before


def test_what_somebody_worked_on_since_is_kept_and_named():
    source = brought_in("Agency,City\nHarbor House,Aurora\nMaple House,Joliet\n")
    maple = Organization.objects.get(name="Maple House")
    add_contact(maple, name="Ivy Ueda", now=NOW)

    told = undone(source)
    assert (told["removed"], [kept["slug"] for kept in told["kept"]]) == (1, ["maple-house"])
    assert "worked on it" in told["kept"][0]["why"]
    assert Organization.objects.get() == maple


def test_whom_mail_has_gone_to_is_kept():
    source = brought_in("Agency,Contact,Email,MOU end\nHarbor House,Anna,anna@harbor.example,2027-06-30\n")
    harbor = Organization.objects.get()
    Message.objects.create(
        key="a", message_id="<a@x>", kind="partner", organization=harbor, recipient="anna@harbor.example",
        subject="Hello", text="Hello", written_at=NOW, due_at=NOW, state="sent", sent_at=NOW,
    )  # fmt: skip
    assert "Mail has gone out" in undone(source)["kept"][0]["why"]
    assert Organization.objects.exists()


def test_an_agreement_shared_with_others_is_as_before_for_all():
    harbor, maple = known_harbor(), make_organization("Maple House")
    shared = make_agreement(harbor, [maple], title="Protocol", expires_on=day("2028-12-31"))
    before = rows()
    source = brought_in("Agency,MOU end\nMaple House,2029-01-31\n")
    shared.refresh_from_db()
    assert str(shared.expires_on) == "2029-01-31"

    undone(source)
    shared.refresh_from_db()
    assert str(shared.expires_on) == "2028-12-31"
    assert rows()[maple.pk] == before[maple.pk]


def test_a_second_import_of_the_same_partner_keeps_the_first_from_being_undone():
    first = brought_in("Agency,Website\nHarbor House,harbor.example\n")
    second = brought_in("Agency,Website\nHarbor House,house.example\n", now=LATER)
    assert undone(first)["removed"] == 0
    assert undone(second)["put_back"] == 1
    assert Organization.objects.get().website == "harbor.example"


def test_two_rows_about_one_partner_are_undone_together():
    known_harbor()
    before = rows()
    second = "Harbor House,,,Peter Lang,peter@harbor.example,,,,,,,,chess\n"
    source = brought_in(HARBOR + second)
    assert (len(source.report["merged"]), source.traces.count()) == (1, 1)
    undone(source)
    assert rows() == before


@pytest.mark.parametrize("number", [1, 3])
def test_undoing_asks_the_database_as_often_for_three_as_for_one(number, django_assert_num_queries):
    text = "Agency,City,Contact,Email,MOU end\n"
    text += "".join(f"House {one},Aurora,Anna,a{one}@x.example,2028-01-31\n" for one in range(number))
    source = brought_in(text)
    refresh(now=NOW)
    imports.ask_undo(source, now=LATER, by=None)
    with django_assert_num_queries(UNDO_QUERIES):
        work.run_jobs(now=lambda: LATER, owner="worker")
    assert not Organization.objects.exists()


def test_days_and_moments_survive_the_way_through_the_snapshot():
    harbor = harbor_house(now=at("2027-06-01T09:30"), today=TODAY)
    contact = harbor.contacts.get()
    before = contact.entered_at
    source = brought_in("Agency,Contact,Email\nHarbor House,Anna Reyes,anna.reyes@harbor.example\n")
    undone(source)
    contact.refresh_from_db()
    assert (contact.entered_at, contact.email, contact.entered_on) == (before, "anna@harbor.example", TODAY)
