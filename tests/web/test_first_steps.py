"""The first steps: each ticks when it is really done, those who run the program act, everyone else looks on."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from prm.accounts.actions import add_user, set_password
from prm.accounts.models import Program
from prm.outbox.delivery import drain
from prm.outbox.models import Message
from prm.partners.models import Organization
from tests.cast import NOW, ben, daniel, make_organization, make_program, rosa

SMTP = "django.core.mail.backends.smtp.EmailBackend"
QUERIES = 5


def rows(client):
    return {row.key: row for row in client.get("/first-steps/").context["rows"]}


def done(client):
    return {key for key, row in rows(client).items() if row.done}


def page(client, address="/first-steps/"):
    return BeautifulSoup(client.get(address).content, "html.parser")


def as_the_form_has_it(client):
    form = client.get("/program/").context["form"]
    return {name: field.value() for name, field in ((one.name, one) for one in form)}


def test_fresh_house_has_every_step_open_but_sending(chair):
    assert [key for key, row in rows(chair).items() if not row.done] == [
        "program",
        "mail",
        "days",
        "partners",
        "test",
        "second",
    ]
    assert (
        page(chair).select_one(".btn-primary").get_text(" ", strip=True)
        == "Look it through : Say who you are"
    )
    assert len(page(chair).select(".btn-primary")) == 1


def test_program_ticks_when_somebody_saved_it_and_mail_when_it_reaches_people(chair, settings):
    chair.post("/program/", as_the_form_has_it(chair))
    assert done(chair) == {"program", "sending"}
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "relay.agency.test"
    settings.DEFAULT_FROM_EMAIL = "Us <partners@agency.test>"
    assert done(chair) == {"program", "mail", "sending"}
    assert "Mail comes from partners@agency.test" in rows(chair)["mail"].known


def test_files_are_no_way_to_reach_people_and_the_page_says_so(chair, settings):
    make_program(introduced_on=NOW.date())
    settings.EMAIL_BACKEND = "config.mailfile.EmailBackend"
    step = rows(chair)["mail"]
    assert not step.done
    assert "written as files in the folder" in step.known
    assert "set EMAIL_URL" in step.trouble


def test_closed_days_tick_when_somebody_says_they_are_right(chair):
    chair.post("/closed-days/right")
    assert rows(chair)["days"].known.replace("\xa0", " ") == (
        "Looked through on 7 Jun 2027. Next: Juneteenth National Independence Day (observed), in 11 days (18 Jun)."
    )


def test_first_partner_ticks_and_a_demo_partner_does_not(chair):
    make_organization("Example House", is_demo=True)
    assert "partners" not in done(chair)
    make_organization("Harbor House")
    assert rows(chair)["partners"].known == "1 partner is here."


def test_test_mail_ticks_when_it_went_and_tells_how_it_went(chair, mailoutbox, settings):
    answer = chair.post("/test-mail")
    mail = Message.objects.get(kind="test")
    assert (answer.url, mail.user) == (f"/outbox/{mail.pk}/", daniel())
    step = rows(chair)["test"]
    assert not step.done
    assert "waiting. It leaves within a minute." in step.known
    drain(now=lambda: NOW, owner="test")
    assert len(mailoutbox) == 1
    assert "test" in done(chair)
    assert "written as a file, nobody got it" in rows(chair)["test"].known
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = SMTP, "partners@agency.test"
    assert "To Daniel, 7 Jun 2027: taken by mail server." in rows(chair)["test"].known.replace("\xa0", " ")


def test_test_mail_that_failed_says_why(chair):
    chair.post("/test-mail")
    Message.objects.update(state="failed", last_error="550 No such user")
    step = rows(chair)["test"]
    assert not step.done
    assert step.known.endswith("did not go. 550 No such user")


def test_test_mail_is_refused_within_a_minute_and_while_sending_is_held(chair):
    chair.post("/test-mail")
    said = chair.post("/test-mail", follow=True).content.decode()
    assert "You asked for one less than a minute ago." in said
    Message.objects.all().delete()
    chair.post("/outbox/sending", {"sending": "held"})
    assert rows(chair)["test"].action is None
    assert "Sending is held" in chair.post("/test-mail", follow=True).content.decode()
    assert not Message.objects.exists()


def test_second_person_ticks_when_both_can_sign_in(chair):
    set_password(daniel(), "quiet-chair")
    chair.force_login(daniel())
    ben()
    assert "second" not in done(chair)
    set_password(ben(), "quiet-desk")
    assert rows(chair)["second"].known == "Ben and Daniel can sign in."


def test_held_sending_opens_its_step(chair):
    chair.post("/outbox/sending", {"sending": "held"})
    step = rows(chair)["sending"]
    assert not step.done
    assert step.action.word == "See what would go"
    assert chair.get(step.action.address, follow=True).status_code == 200


def test_demo_is_a_step_while_it_is_here(chair):
    assert "demo" not in rows(chair)
    make_organization("Example House", is_demo=True)
    assert rows(chair)["demo"].action.address == "/demo/remove"
    chair.post("/demo/remove")
    assert "demo" not in rows(chair)


def test_when_all_is_done_only_more_still_leads_there(chair, settings):
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = SMTP, "partners@agency.test"
    make_program(introduced_on=NOW.date(), holidays_checked_on=NOW.date(), heartbeat_at=NOW, worked_at=NOW)
    make_organization("Harbor House")
    for person in (rosa, ben):
        person(password="quiet-desk")
    chair.post("/test-mail")
    Message.objects.update(state="sent", sent_at=NOW)
    partners = page(chair, "/partners/")
    assert not partners.select('a[href="/first-steps/"]')
    assert page(chair, "/more/").select('a[href="/first-steps/"]')
    assert "All of it is done." in page(chair).get_text()


def test_partners_page_leads_those_who_may_act(desk, window):
    words = page(desk, "/partners/").select_one(".slim-notice").get_text(" ", strip=True)
    assert words.startswith("6 of 7 first steps are open.")
    assert [item.counted for item in desk.get("/partners/").context["frame"].places][-1] == "open"
    assert not page(window, "/partners/").select('a[href="/first-steps/"]')


@pytest.mark.parametrize("role", ["viewer", "assistant"])
def test_others_see_how_far_it_is_and_can_press_nothing(monday, role):
    person = add_user(email="una@example.org", name="Una", role=role, now=NOW)
    client = Client()
    client.force_login(person)
    seen = page(client)
    assert len(seen.select(".first-step")) == 7
    assert not seen.select(".first-action, main form")
    assert client.post("/test-mail").status_code == 403
    assert not Message.objects.exists()


def test_looking_changes_nothing(chair):
    make_organization("Example House", is_demo=True)
    before = Program.objects.values().get(), Organization.objects.count()
    for address in ("/first-steps/", "/program/", "/closed-days/", "/colleagues/", "/demo/remove"):
        assert chair.get(address).status_code == 200
    for address in ("/test-mail", "/closed-days/right", "/closed-days/2027-06-18/remove"):
        assert chair.get(address).status_code == 405
    assert (Program.objects.values().get(), Organization.objects.count()) == before
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_partner_and_three(chair, django_assert_num_queries, number):
    for count in range(number):
        make_organization(f"House {count}")
        make_organization(f"Example {count}", is_demo=True)
    with django_assert_num_queries(QUERIES):
        chair.get("/first-steps/")
