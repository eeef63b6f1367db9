"""Whoever runs the program goes on only with a second step, as soon as there are partners in earnest."""

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.test import Client

from prm.accounts.models import User
from prm.reporting import health
from prm.reporting.health import Mark
from tests.cast import carla, daniel, harbor_house, make_organization, rosa
from tests.web.test_second_factor import APP, PASSWORD, code, sign_in

STEP = "/accounts/second-step/"


@pytest.fixture(autouse=True)
def _required(settings, monday, own_cache):
    settings.PRM_SECOND_FACTOR = "required"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def set_up(client):
    key = BeautifulSoup(client.get(APP).content, "html.parser").find("code").get_text()
    client.post(APP, {"code": code(key)})


@pytest.mark.parametrize("who", [rosa, daniel])
def test_manager_and_director_are_led_to_the_second_step_and_no_further(who):
    harbor_house()
    client = signed_in(who())
    for page in ("/", "/partners/", "/partners/harbor-house/", "/more/", "/outbox/export.csv"):
        answer = client.get(page)
        assert (answer.status_code, answer.url) == (302, STEP), page
    assert client.post("/outbox/sending", {"state": "held"}).url == STEP
    page = client.get(STEP).content.decode()
    assert "it needs a second step before you go on" in page
    assert "Sign out" in page


def test_superuser_of_another_role_is_too():
    harbor_house()
    person = User.objects.create_superuser("root@example.org", name="Root", role="viewer")
    assert signed_in(person).get("/partners/").url == STEP


def test_whoever_set_one_up_goes_on():
    harbor_house()
    client = signed_in(rosa())
    set_up(client)
    assert client.get("/partners/").status_code == 200
    assert "before you go on" not in client.get(STEP).content.decode()


def test_whoever_removes_the_last_one_stands_before_the_wall_again():
    client = signed_in_with_password(rosa(password=PASSWORD))
    harbor_house()
    set_up(client)
    client.post(APP + "remove/")
    assert client.get("/partners/").url == STEP


def test_viewer_passes_with_a_password():
    harbor_house()
    assert signed_in(carla()).get("/partners/").status_code == 200


def test_nobody_has_to_while_there_are_only_invented_partners():
    make_organization(is_demo=True)
    client = signed_in(rosa())
    assert client.get("/partners/").status_code == 200
    harbor_house()
    assert client.get("/partners/").status_code == 302


def test_installation_may_leave_it_open(settings):
    settings.PRM_SECOND_FACTOR = "optional"
    harbor_house()
    assert signed_in(rosa()).get("/partners/").status_code == 200


def test_pages_of_partners_and_the_pulse_of_the_house_stay_open():
    harbor_house()
    client = signed_in(rosa())
    assert client.get("/healthz").status_code == 200
    assert client.get("/p/no-such-token/").status_code == 404


def test_wall_costs_one_query_for_whoever_has_passed(django_assert_num_queries):
    harbor_house()
    client = signed_in(rosa())
    set_up(client)
    client.get("/healthz")
    with django_assert_num_queries(3):  # the session, the person, the wall
        client.get("/")


def test_doctor_counts_who_has_none(settings):
    rosa(password=PASSWORD)
    daniel(password=PASSWORD)
    carla(password=PASSWORD)
    assert health.second_factor().mark is Mark.OK
    harbor_house()
    found = health.second_factor()
    assert found.mark is Mark.LOOK
    assert found.words.startswith("2 of 2 directors and managers have none. They are asked")
    settings.PRM_SECOND_FACTOR = "optional"
    assert "PRM_SECOND_FACTOR=required" in health.second_factor().words
    for person in (rosa(), daniel()):
        set_up(signed_in_with_password(person))
    assert health.second_factor().mark is Mark.OK


def signed_in_with_password(person):
    client = signed_in(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_second_step_is_taken_away_for_somebody_without_phone_and_codes(capsys):
    set_up(signed_in_with_password(rosa(password=PASSWORD)))
    set_up(signed_in_with_password(daniel(password=PASSWORD)))
    call_command("reset_second_step", "Rosa@example.org")
    assert set(Authenticator.objects.values_list("user__name", flat=True)) == {"Daniel"}
    client = Client()
    sign_in(client)
    assert get_user(client).name == "Rosa"
    call_command("reset_second_step", "rosa@example.org")
    assert not get_user(client).is_authenticated
    assert (
        capsys.readouterr().out.splitlines()[1] == "There was no second step. They are signed out everywhere."
    )
    with pytest.raises(CommandError, match="Nobody of ours"):
        call_command("reset_second_step", "nobody@example.org")
