"""A colleague's phone is gone: their second step is taken away by who may let them in, and they hear of it; names of
passkeys, and who is away."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client

from prm.accounts.actions import plan_absence
from tests.cast import TODAY, ben, daniel, day, make_program, rosa
from tests.web.test_colleagues_page import PASSWORD, rows, said


@pytest.fixture
def bens_phone(monday):
    """Ben with a password and an app, signed in somewhere."""
    person = ben(password=PASSWORD)
    TOTP.activate(person, generate_totp_secret())
    return person


def address(person):
    return f"/colleagues/{person.pk}/second-step"


def test_page_says_what_happens_and_looking_changes_nothing(chair, bens_phone, mailoutbox):
    assert rows(chair)["Ben"].reset
    page = chair.get(address(bens_phone)).content.decode()
    for words in (
        "Take away the second step of Ben",
        "signed out everywhere",
        "call them",
        "cannot be undone",
    ):
        assert words in page
    assert Authenticator.objects.count() == 1
    assert mailoutbox == []


def test_it_is_taken_away_sessions_end_and_a_mail_says_who_did_it(chair, bens_phone, mailoutbox, caplog):
    make_program(sending="held")  # not held with the reminders
    browser = Client()
    browser.force_login(bens_phone)
    browser.get("/today/")
    answer = chair.post(address(bens_phone), follow=True)
    assert "The second step of Ben is taken away" in said(answer)
    assert not Authenticator.objects.exists()
    [told] = mailoutbox
    assert (told.to, told.subject) == (
        ["ben@example.org"],
        "Bay Area Coalition: your second step was taken away",
    )
    assert "Daniel took away your second step" in told.body
    assert "If you did not ask for this, call Daniel (daniel@example.org) now" in told.body
    assert "http://localhost:8000/" in told.body
    assert f"second step of user {bens_phone.pk} taken away by user {daniel().pk}" in caplog.text
    assert "ben@example.org" not in caplog.text
    browser = Client()
    browser.post("/accounts/login/", {"login": "ben@example.org", "password": PASSWORD})
    assert get_user(browser) == bens_phone


def test_nobody_resets_their_own_and_no_manager_a_directors(chair, desk, window, bens_phone):
    TOTP.activate(daniel(), generate_totp_secret())
    assert not rows(chair)["Daniel"].reset
    assert not rows(desk)["Daniel"].reset
    for client in (chair, desk, window):
        assert client.post(address(daniel())).status_code == 403
    assert window.post(address(bens_phone)).status_code == 403
    assert Authenticator.objects.count() == 2
    assert desk.post(address(bens_phone)).status_code == 302
    assert set(Authenticator.objects.values_list("user__name", flat=True)) == {"Daniel"}


def test_who_has_none_is_told_so_and_nobody_is_written_to(chair, mailoutbox):
    assert not rows(chair).get("Ben", rows(chair)["Daniel"]).reset
    for method in (chair.get, chair.post):
        assert "Rosa has no second step." in said(method(address(rosa()), follow=True))
    assert mailoutbox == []


def test_it_is_gone_also_when_the_mail_server_does_not_answer(chair, bens_phone, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError("no relay here")

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert "Tell them yourself." in said(chair.post(address(bens_phone), follow=True))
    assert not Authenticator.objects.exists()


def test_page_says_who_is_away_and_who_stands_in(chair):
    assert rows(chair)["Daniel"].away == ""
    person, other = rosa(), ben()
    plan_absence(person, first=TODAY, last=day("2027-06-14"), stand_in=other, today=TODAY)
    assert rows(chair)["Rosa"].away == "Away until 14\u00a0Jun. Ben stands in."
    assert "Ben stands in." in chair.get("/colleagues/").content.decode()
    plan_absence(person, first=day("2027-06-10"), last=day("2027-06-14"), stand_in=other, today=TODAY)
    assert rows(chair)["Rosa"].away == "Away from 10\u00a0Jun until 14\u00a0Jun. Ben stands in."
    other.is_active = False
    other.save()
    assert rows(chair)["Rosa"].away.endswith("Nobody stands in.")
    person.refresh_from_db()
    person.away_from = person.away_until = day("2027-06-04")
    person.save()
    assert rows(chair)["Rosa"].away == ""


def test_passkey_is_renamed_by_whom_it_belongs_to_alone(monday, own_cache):
    person = rosa(password=PASSWORD)
    phone = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Passkey 1", "credential": {}}
    )
    theirs = Authenticator.objects.create(
        user=ben(), type="webauthn", data={"name": "Ben’s", "credential": {}}
    )
    client = Client()
    client.force_login(person)
    assert client.get(f"/accounts/passkeys/{phone.pk}/rename/").url.startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(f"/accounts/passkeys/{phone.pk}/rename/").content.decode()
    assert 'value="Passkey 1"' in page
    empty = client.post(f"/accounts/passkeys/{phone.pk}/rename/", {"name": " "})
    assert "Enter a name." in empty.content.decode()
    client.post(f"/accounts/passkeys/{phone.pk}/rename/", {"name": "My phone"})
    phone.refresh_from_db()
    assert phone.wrap().name == "My phone"
    assert "My phone" in client.get("/accounts/second-step/").content.decode()
    assert client.post(f"/accounts/passkeys/{theirs.pk}/rename/", {"name": "Mine"}).status_code == 404
