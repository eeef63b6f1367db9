"""What was changed in what we hold about a partner: each field before and after, by whom, and what few may read."""

import pytest
import time_machine
from django.test import Client

from prm.accounts.history import IMPORT, changing, history_of, keeps_history
from prm.capacity.actions import extend, pause
from prm.partners.actions import change_contact, change_organization, make_promise, move_promise
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Organization, Promise, Purpose
from prm.reporting.changed import OWN, UNSAID
from prm.web.staff.field_words import FIELDS, RECORDS
from tests.cast import NOW, TODAY, at, ben, day, harbor_house, make_agreement, make_organization, rosa

QUERIES = 8
PATH = "/partners/harbor-house/changes"


def told(client, path=PATH):
    return [(row.record, row.field, row.before, row.now, row.who) for row in client.get(path).context["rows"]]


def test_each_field_before_and_after_in_words_latest_first(desk):
    harbor, person = harbor_house(), ben()
    with changing(lambda: person):
        change_contact(harbor.contacts.get(), email="anna@new.example", languages=["es"], now=NOW, by=person)
        change_organization(harbor, confidential=True, partner_since=day("2020-03-01"), now=NOW, by=person)
    assert set(told(desk)) == {
        ("The partner", "Confidential", "No", "Yes", "Ben"),
        ("The partner", "Partner since", "", "1\u00a0Mar\u00a02020", "Ben"),
        ("Contact: Anna Reyes", "E-mail", "anna@harbor.example", "anna@new.example", "Ben"),
        ("Contact: Anna Reyes", "Language of mail", "English", "Español", "Ben"),
    }
    with time_machine.travel(at("2027-06-08T09:00"), tick=False):
        change_organization(harbor, city="Oakland", now=at("2027-06-08T09:00"))
    assert told(desk)[0] == ("The partner", "Town", "", "Oakland", "PRM by itself")


def test_who_is_signed_in_a_partner_by_link_an_import_and_who_is_gone(desk, own_cache):
    harbor, eva = harbor_house(), ben()
    anna = harbor.contacts.get()
    page = token_of(issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0])
    staffs_browser = desk  # who is signed in beside the link is not who did it
    staffs_browser.post(f"/p/{page}/mail", {"form": "mail", "mail": ["renewal"], "language": "es"})
    assert {row[-1] for row in told(desk)} == {"A partner, by link"}
    with changing(lambda: eva, IMPORT):
        change_contact(anna, title="Director", now=NOW)
    assert told(desk)[0][-1] == "Ben, by an import"
    eva.delete()
    assert told(desk)[0][-1] == "Somebody of ours who is not here any more, by an import"


def test_page_says_the_hand_of_a_change_made_on_a_page(desk):
    harbor = harbor_house()
    running = pause(harbor, scope="referrals", starts_on=TODAY, months=1, now=NOW)
    answer = desk.post(f"/partners/{harbor.slug}/pauses/{running.pk}", {"back": "yes"})
    assert answer.status_code == 302
    assert {row[-1] for row in told(desk)} == {"Rosa"}


def test_reasons_and_private_promises_only_for_who_may_see_them(desk, window):
    harbor = harbor_house()
    taken = pause(harbor, scope="referrals", starts_on=TODAY, months=1, reason="A flood", now=NOW)
    extend(taken, ends_on=day("2027-09-30"), now=NOW)
    taken.reason = "Two people are ill"
    taken.save(update_fields=["reason"])
    promise = make_promise(harbor, side="ours", what="Call the sister", due_on=TODAY, private=True, now=NOW)
    move_promise(promise, due_on=day("2027-06-09"), now=NOW)
    change_contact(harbor.contacts.get(), discreet=True, title="Director", now=NOW)
    all_of_it = {row[1] for row in told(desk)}
    assert all_of_it >= {"Reason", "Due on", "Discreet mail", "Title", "Last day"}
    assert {row[1] for row in told(window)} == all_of_it - {"Reason", "Due on", "Discreet mail"}
    assert "Two people are ill" not in window.get(PATH).content.decode()


def test_a_viewer_does_not_find_the_page_of_a_hidden_partner(window):
    make_organization("Safe House", confidential=True)
    assert window.get("/partners/safe-house/changes").status_code == 404


def test_nothing_yet_and_the_way_there_from_the_partners_page(desk):
    harbor_house()
    assert "Nothing was changed yet" in desk.get(PATH).content.decode()
    assert f'href="{PATH}"' in desk.get("/partners/harbor-house/").content.decode()


def test_papers_are_told_to_their_party_and_signatures_of_others_are_not(desk):
    harbor, lighthouse = harbor_house(), make_organization("Lighthouse")
    paper = make_agreement(harbor, expires_on=day("2027-08-31"))
    paper.expires_on = day("2027-12-31")
    paper.save(update_fields=["expires_on"])
    other = paper.parties.create(organization=lighthouse, original=False, entered_on=TODAY)
    other.approval_body = "City Council"
    other.save()
    assert [row[:2] for row in told(desk)] == [(f"Agreement: {paper.title}", "Last day")]
    fields = [row[1] for row in told(desk, "/partners/lighthouse/changes")]
    assert sorted(fields) == ["Last day", "Who has to agree first"]


def test_every_field_of_a_partners_records_has_words():
    tables = [*OWN, *(table for table in RECORDS if table not in OWN)]
    wordless = [
        f"{table.__name__}.{field.attname}"
        for table in tables
        for field in history_of(table).model.tracked_fields
        if field.attname not in UNSAID and (table, field.attname) not in FIELDS
    ]
    assert wordless == []
    assert all(keeps_history(table) for table in tables)
    assert {Contact, Organization, Promise} <= set(tables)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_change_and_fifty(desk, django_assert_num_queries, number):
    harbor, person = harbor_house(), rosa()
    with changing(lambda: person):
        for count in range(number):
            change_organization(harbor, city=f"Town {count}", now=NOW, by=person)
    with django_assert_num_queries(QUERIES):
        page = desk.get(PATH)
    assert len(page.context["rows"]) == number


def test_fifty_to_a_page(desk):
    harbor = harbor_house()
    for count in range(51):
        change_organization(harbor, city=f"Town {count}", now=NOW)
    assert (len(told(desk)), len(told(desk, PATH + "?page=2"))) == (50, 1)


def test_nobody_signed_in_sees_nothing(monday):
    harbor_house()
    assert Client().get(PATH).status_code == 302
