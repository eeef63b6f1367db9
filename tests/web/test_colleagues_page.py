"""People on our side: added, invited by a mail with a link, let in, and their access closed and opened again."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from prm.accounts.models import User
from prm.accounts.queries import program
from prm.exchange.demo.coalition import COLLEAGUES
from prm.partners.models import Organization
from tests.cast import NOW, TODAY, ben, carla, daniel, make_organization, make_program, rosa

UNA = {"name": "Una Ortiz", "email": "una@corran.example", "role": "manager"}
PASSWORD = "a harbor without wind"
QUERIES = 4


class Nowhere(EmailBackend):
    """A mail route that, as far as its name tells, leads to people."""


def rows(client):
    return {row.person.name: row for row in client.get("/colleagues/").context["rows"]}


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_invitation_says_who_invites_to_what_and_lets_its_reader_in(chair, mailoutbox):
    make_program(sending="held")  # invitations are not held with the reminders
    chair.post("/colleagues/add", UNA)
    una = User.objects.get(email=UNA["email"])
    assert (una.name, una.role, una.can_sign_in, una.entered_at) == ("Una Ortiz", "manager", False, NOW)
    [invitation] = mailoutbox
    assert (invitation.to, invitation.subject) == (
        ["una@corran.example"],
        "Bay Area Coalition: you are invited",
    )
    assert "Daniel invites you to Bay Area Coalition" in invitation.body
    assert "The link works for 3 days." in invitation.body
    link = next(word for word in invitation.body.split() if "/password/reset/key/" in word)
    browser = Client()
    form = browser.get(link, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    browser.post("/accounts/login/", {"login": UNA["email"], "password": PASSWORD})
    assert get_user(browser) == una
    assert rows(chair)["Una Ortiz"].badge.words == "Can sign in"
    assert "This link is used up" in Client().get(link).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "answer"),
    [
        ({"name": ""}, "name", "Enter their name."),
        ({"email": ""}, "email", "Enter the address"),
        ({"email": "una"}, "email", "“una” is not an e-mail address."),
        (
            {"email": "Daniel@example.org"},
            "email",
            "Somebody with the address daniel@example.org is here already.",
        ),
        ({"role": "boss"}, "role", "Choose one of these"),
    ],
)
def test_refusal_keeps_what_was_typed_and_writes_to_nobody(chair, mailoutbox, typed, field, answer):
    form = chair.post("/colleagues/add", UNA | typed).context["form"]
    assert form.errors[field][0].startswith(answer)
    assert {name: form[name].value() for name in UNA} == UNA | typed
    assert User.objects.count() == 1
    assert mailoutbox == []


def test_only_a_director_makes_another_director(desk, chair):
    choices = BeautifulSoup(desk.get("/colleagues/add").content, "html.parser").select("[name=role]")
    assert [one["value"] for one in choices] == ["manager", "assistant", "viewer"]
    assert "role" in desk.post("/colleagues/add", UNA | {"role": "director"}).context["form"].errors
    chair.post("/colleagues/add", UNA | {"role": "director"})
    assert User.objects.get(email=UNA["email"]).role == "director"


def test_owner_from_a_spreadsheet_is_invited_and_invited_again(chair, mailoutbox):
    make_organization("Harbor House", owner=ben())
    row = rows(chair)["Ben"]
    assert (row.badge.words, row.owns, row.invite) == ("No password yet", 1, True)
    for _time in range(2):
        chair.post(f"/colleagues/{ben().pk}/invite")
    assert [one.to for one in mailoutbox] == [["ben@example.org"], ["ben@example.org"]]


def test_who_has_a_password_is_not_invited_nor_is_who_was_invented(chair, mailoutbox):
    assert rosa(password=PASSWORD).email in {colleague.email for colleague in COLLEAGUES}
    assert "has a password already" in said(chair.post(f"/colleagues/{rosa().pk}/invite", follow=True))
    make_organization("Example House", is_demo=True)
    assert "belongs to the demo" in said(chair.post(f"/colleagues/{ben().pk}/invite", follow=True))
    assert [(row.invented, row.invite) for row in (rows(chair)["Ben"], rows(chair)["Rosa"])] == [
        (True, False),
        (False, False),
    ]
    assert mailoutbox == []


def test_person_stays_when_the_mail_server_does_not_answer(chair, monkeypatch, settings):
    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError("no relay here")

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert "did not take the invitation" in said(chair.post("/colleagues/add", UNA, follow=True))
    assert rows(chair)["Una Ortiz"].invite


def test_page_says_when_an_invitation_reaches_nobody(chair, settings):
    assert "reaches nobody" in said(chair.post("/colleagues/add", UNA, follow=True))
    settings.EMAIL_BACKEND = "tests.web.test_colleagues_page.Nowhere"
    settings.DEFAULT_FROM_EMAIL = "partners@agency.test"
    answer = chair.post(f"/colleagues/{User.objects.get(email=UNA['email']).pk}/invite", follow=True)
    assert "is on its way to una@corran.example" in said(answer)


def test_access_is_closed_and_opened_again_and_plans_follow(chair):
    ben(password=PASSWORD)
    make_organization("Harbor House", owner=ben())
    make_organization("Lighthouse", owner=rosa())
    Organization.objects.update(planned_for=TODAY)
    answer = chair.post(f"/colleagues/{ben().pk}/access", {"access": "close"}, follow=True)
    assert "What they keep stays theirs until somebody else takes it over." in said(answer)
    assert [one.name for one in Organization.objects.filter(planned_for=None)] == ["Harbor House"]
    assert not ben().is_active
    assert rows(chair)["Ben"].badge.words == "Access closed"
    assert not rows(chair)["Ben"].invite
    chair.post(f"/colleagues/{ben().pk}/access", {"access": "open"})
    assert ben().is_active


def test_whose_access_is_closed_is_out_at_once(chair):
    browser = Client()
    browser.force_login(ben())
    chair.post(f"/colleagues/{ben().pk}/access", {"access": "close"})
    assert browser.get("/partners/").status_code == 302


def test_nobody_closes_their_own_access_nor_that_of_the_last_director(chair, desk):
    daniel().set_password(PASSWORD)
    answer = chair.post(f"/colleagues/{daniel().pk}/access", {"access": "close"}, follow=True)
    assert "You cannot close your own access." in said(answer)
    assert desk.post(f"/colleagues/{daniel().pk}/access", {"access": "close"}).status_code == 403
    assert daniel().is_active
    assert not rows(chair)["Daniel"].close
    assert not rows(desk)["Daniel"].close


def test_viewer_sees_the_people_and_changes_none(window, mailoutbox):
    page = BeautifulSoup(window.get("/colleagues/").content, "html.parser")
    assert "carla@example.org" in page.get_text()
    assert not page.select("main form, main .btn")
    ben()
    assert window.get("/colleagues/add").status_code == 403
    for address in ("/colleagues/add", f"/colleagues/{ben().pk}/invite", f"/colleagues/{ben().pk}/access"):
        assert window.post(address, UNA).status_code == 403
    assert mailoutbox == []
    assert ben().is_active


def test_buttons_work_by_post_only(chair):
    for what in ("invite", "access"):
        assert chair.get(f"/colleagues/{daniel().pk}/{what}").status_code == 405
    assert program().name == "Bay Area Coalition"


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_person_and_three(chair, django_assert_num_queries, number):
    for person in (daniel, ben, carla)[:number]:
        make_organization(f"House of {person().name}", owner=person())
    with django_assert_num_queries(QUERIES):
        page = chair.get("/colleagues/")
    assert len(page.context["rows"]) == number
