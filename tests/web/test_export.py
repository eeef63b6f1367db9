"""Lists as files: what is on screen, all pages of it, in the same order, and no more than this reader may see."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from prm.capacity.actions import pause
from prm.outbox.models import Message
from prm.partners.actions import add_contact, record_talk
from prm.reminders import dispatch
from prm.reminders.actions import refresh, replan
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, ben, day, harbor_house, make_agreement, make_organization, rosa

PARTNERS, OUTLOOK, OUTBOX = 13, 10, 5  # one of them writes down who took the file


def read(answer):
    """The rows of a CSV answer, by heading."""
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def names(answer):
    return [row["Organization"] for row in read(answer)]


def full_house(number=""):
    harbor = make_organization(
        f"Harbor House{number}", owner=rosa(), sector=term("sector", "dv_sa"), county="Marin"
    )
    mail = f"anna{number.strip()}@harbor.example"
    add_contact(harbor, name="Anna Reyes", email=mail, phone="+1 555 0100", roles=["primary"], now=NOW)
    make_agreement(harbor)
    pause(harbor, scope="referrals", starts_on=TODAY, months=1, reason="Two are ill", now=NOW)
    replan([harbor.pk], now=NOW)
    return harbor


def test_row_tells_what_a_coordinator_wants_at_hand(desk):
    full_house()
    [row] = read(desk.get("/partners/export.csv"))
    told = {heading: text for heading, text in row.items() if text}
    assert told == {
        "Organization": "Harbor House",
        "Sector": "Domestic violence and sexual assault",
        "Status": "Active",
        "County": "Marin",
        "Confidential location": "No",
        "Owner": "Rosa",
        "Contact name": "Anna Reyes",
        "Contact e-mail": "anna@harbor.example",
        "Contact phone": "+1 555 0100",
        "Languages": "English",
        "Discreet": "No",
        "Agreement type": "MOU",
        "Agreement title": "MOU with Harbor House",
        "Agreement signed": "2025-09-20",
        "Agreement start": "2025-10-01",
        "Agreement end": "2027-09-30",
        "Pause of what": "Referrals",
        "Paused from": "2027-06-07",
        "Paused until": "2027-07-07",
        "Pause reason": "Two are ill",
        "Agreement state (calculated)": "In force",
        "Can take people (calculated)": "Paused to 7 Jul",
        "Next reminder (calculated)": "Training is due in 21 days",
        "Day of next reminder (calculated)": "2027-06-16",
    }


def test_workbook_has_real_days_and_a_name_with_the_day(desk):
    full_house()
    answer = desk.get("/partners/export.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="partners-2027-06-07.xlsx"'
    assert "no-store" in answer["Cache-Control"]
    headings, row = load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    assert row[headings.index("Agreement end")] == datetime(2027, 9, 30)


@pytest.mark.parametrize("number", [1, 3])
def test_partners_cost_the_same_for_one_row_and_three(desk, django_assert_num_queries, number):
    for count in range(number):
        full_house(f" {count}")
    with django_assert_num_queries(PARTNERS):
        answer = desk.get("/partners/export.csv")
    assert len(read(answer)) == number


@pytest.mark.parametrize(
    "query", ["", "sort=-name", "q=house", "kept=me", "county=Marin&sort=ends", "agreement=none", "page=2"]
)
def test_file_has_the_rows_of_the_screen_in_their_order_and_all_pages(desk, query):
    full_house()
    for number in range(26):
        make_organization(f"House {number:02}", owner=ben())
    pages = [desk.get(f"/partners/?{query}&page={page}") for page in (1, 2)]
    seen = [row.organization.name for page in pages for row in page.context["rows"]]
    assert names(desk.get(f"/partners/export.csv?{query}")) == list(dict.fromkeys(seen))


def test_viewer_gets_no_hidden_partner_no_reason_and_nothing_confidential(window):
    full_house()
    make_organization("Safe House", confidential=True)
    make_organization("Known to few", visibility="need_to_know")
    [row] = read(window.get("/partners/export.csv"))
    assert row["Organization"] == "Harbor House"
    assert not {"Pause reason", "Discreet", "Confidential location"} & {*row}
    assert "Two are ill" not in row.values()


def test_demo_partners_say_that_they_are_none(desk):
    make_organization("Harbor House", is_demo=True)
    make_organization("Lighthouse")
    rows = read(desk.get("/partners/export.csv"))
    assert [row["Demo (calculated)"] for row in rows] == ["Yes", ""]


def test_further_people_and_rarer_roles_are_told_too(desk):
    harbor = harbor_house()
    add_contact(harbor, name="Ben Cho", email="ben@harbor.example", now=NOW, today=TODAY)
    add_contact(harbor, name="Eva Diaz", phone="555 010 0142", now=NOW, today=TODAY)
    add_contact(harbor, name="Flo Ek", roles=["after_hours"], now=NOW, today=TODAY)
    [row] = read(desk.get("/partners/export.csv"))
    assert (row["Second contact name"], row["Second contact e-mail"]) == ("Ben Cho", "ben@harbor.example")
    assert row["More people (calculated)"] == "Eva Diaz, 555 010 0142"
    assert row["After hours name"] == "Flo Ek"
    assert "Emergency contact name" not in row


@pytest.mark.parametrize("number", [1, 3])
def test_outlook_costs_the_same_for_one_partner_and_three(desk, django_assert_num_queries, number):
    for count in range(number):
        full_house(f" {count}")
    with django_assert_num_queries(OUTLOOK):
        answer = desk.get("/outlook/export.csv")
    assert len({row["Partner"] for row in read(answer)}) == number


def test_outlook_is_as_on_screen(desk):
    full_house()
    for query in ("", "state=held", "side=ours", "partner=harbor-house"):
        page = desk.get(f"/outlook/?{query}")
        rows = read(desk.get(f"/outlook/export.csv?{query}"))
        assert [row["Day"] for row in rows] == [str(sides[0].day or "") for sides in page.context["page"]]
    first = read(desk.get("/outlook/export.csv"))[0]
    assert (first["Partner"], first["To whom"], first["State"]) == (
        "Harbor House",
        "Anna Reyes, Rosa",
        "Planned",
    )


def test_viewer_gets_no_reminder_about_a_hidden_partner(window):
    make_agreement(make_organization("Safe House", confidential=True, owner=rosa()))
    assert read(window.get("/outlook/export.csv")) == []


@pytest.fixture
def _mail(monday):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))


@pytest.mark.usefixtures("_mail")
def test_outbox_is_as_on_screen(desk, django_assert_num_queries):
    with django_assert_num_queries(OUTBOX):
        answer = desk.get("/outbox/export.csv")
    rows = read(answer)
    assert len(rows) == Message.objects.count() > 0
    assert {row["Address"] for row in rows} == {"anna@harbor.example", "rosa@example.org"}
    assert read(desk.get("/outbox/export.csv?state=back")) == []
    assert len(read(desk.get("/outbox/export.csv?state=waiting&partner=harbor-house"))) == len(rows)


def test_viewer_gets_no_mail_about_a_hidden_partner(window):
    make_agreement(harbor_house(confidential=True), expires_on=day("2027-08-31"))
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    assert Message.objects.exists()
    assert read(window.get("/outbox/export.csv")) == []


def test_timeline_keeps_private_entries_from_viewers(desk, window):
    harbor = full_house()
    record_talk(harbor, note="=Said they are fine", by=rosa(), now=NOW, two_way=True)
    private = "Anna looks for another job"
    record_talk(harbor, note=private, private=True, by=rosa(), now=at("2027-06-07T11:30"), two_way=True)
    rows = read(desk.get("/partners/harbor-house/timeline.csv"))
    assert any(row["Note"] == "'=Said they are fine" for row in rows)
    assert private in str(rows)
    assert private not in str(read(window.get("/partners/harbor-house/timeline.csv")))
    assert {row["What happened"] for row in read(desk.get("/partners/harbor-house/timeline.csv?show=talk"))}
    make_organization("Safe House", confidential=True)
    assert window.get("/partners/safe-house/timeline.csv").status_code == 404


@pytest.mark.parametrize(
    "path", ["partners/export", "outlook/export", "outbox/export", "partners/x/timeline"]
)
def test_files_ask_for_a_sign_in_and_come_in_two_kinds_only(client, desk, path):
    assert client.get(f"/{path}.csv").status_code == 302
    assert desk.get(f"/{path}.pdf").status_code == 404


@pytest.mark.parametrize("path", ["/partners/", "/outlook/", "/outbox/", "/partners/harbor-house/"])
def test_each_list_offers_both_kinds_with_its_query(desk, path):
    full_house()
    page = desk.get(f"{path}?state=held&show=talk&q=house").content.decode()
    for kind in ("csv", "xlsx"):
        assert f'.{kind}?state=held&amp;show=talk&amp;q=house" download' in page
