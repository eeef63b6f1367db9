"""Getting in and out: by e-mail and password, nothing given away, nobody signs up."""

import pytest
from django.contrib.auth import get_user

from prm.accounts.actions import set_password
from tests.cast import rosa

PASSWORD = "a harbor without wind"


@pytest.fixture
def _rosa_may_sign_in(monday):
    rosa(password=PASSWORD)


def sign_in(client, login="rosa@example.org", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


@pytest.mark.usefixtures("_rosa_may_sign_in")
def test_right_password_opens_the_first_page(client):
    answer = sign_in(client)
    assert answer.status_code == 302
    assert answer.url == "/"
    assert get_user(client).name == "Rosa"


@pytest.mark.usefixtures("_rosa_may_sign_in")
def test_wrong_address_and_wrong_password_are_told_alike(client):
    def told(**said):
        text = sign_in(client, **said).content.decode()
        return text[text.index('role="alert"') : text.index('id="id_login"')]

    assert told(password="wrong") == told(login="nobody@example.org")
    assert "That did not work" in told(password="wrong")


@pytest.mark.usefixtures("monday")
def test_person_without_a_password_cannot_sign_in(client):
    rosa()
    assert sign_in(client, password="").status_code == 200
    assert not get_user(client).is_authenticated


@pytest.mark.usefixtures("monday")
def test_nobody_signs_up_by_themselves(client):
    answer = client.post(
        "/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "closed" in answer.content.decode().lower()
    assert not get_user(client).is_authenticated


def test_signing_out_ends_the_session(desk):
    desk.post("/accounts/logout/")
    assert desk.get("/partners/").status_code == 302


def test_password_can_be_changed(desk):
    set_password(rosa(), PASSWORD)
    desk.force_login(rosa())
    assert "Change your password" in desk.get("/accounts/password/change/").content.decode()


@pytest.mark.usefixtures("_rosa_may_sign_in")
def test_forgotten_password_is_chosen_anew_through_a_link(client, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "rosa@example.org"})
    [mail] = mailoutbox
    assert mail.subject == "Bay Area Coalition: a new password"
    link = next(word for word in mail.body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    said = {"password1": "a harbor with wind", "password2": "a harbor with wind"}
    assert client.post(form.request["PATH_INFO"], said).status_code == 302
    assert sign_in(client, password="a harbor with wind").status_code == 302
    assert "This link is used up" in client.get(link).content.decode()


@pytest.mark.usefixtures("monday")
def test_person_not_invited_yet_gets_in_by_no_forgotten_password(client, mailoutbox):
    rosa()
    pages = [
        client.post("/accounts/password/reset/", {"email": who})
        for who in ("rosa@example.org", "no@example.org")
    ]
    assert mailoutbox == []
    assert pages[0].url == pages[1].url


def test_pages_that_nobody_was_offered_do_not_exist(desk):
    assert desk.get("/accounts/email/").status_code == 404


@pytest.mark.parametrize("page", ["login/", "signup/", "password/reset/", "password/reset/done/"])
@pytest.mark.usefixtures("monday")
def test_every_page_before_sign_in_is_in_our_look(client, page):
    text = client.get(f"/accounts/{page}").content.decode()
    assert "door-column" in text
    assert "Bay Area Coalition" in text
