"""Who of us keeps a partner is changed from its page, from a day, and undone."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from prm.partners.actions import assign_deputy, assign_owner
from prm.partners.queries import deputy_on, owner_on
from tests.cast import NOW, TODAY, ben, carla, daniel, day, harbor_house, rosa

PAGE = "/partners/harbor-house/keepers"
LATER = NOW + timedelta(minutes=2)
JULY = day("2027-07-01")


@pytest.fixture
def later(desk):
    """Rosa's browser two minutes after all was entered."""
    with time_machine.travel(LATER, tick=False):
        yield desk


@pytest.fixture
def harbor(desk):
    return harbor_house()


def save(client, **typed):
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    carried = {one["name"]: one.get("value", "") for one in page.select("form.form input[type=hidden]")}
    start = {"owner": rosa().pk, "deputy": "", "since": "2027-07-01"}
    return client.post(PAGE, {**carried, **start, **typed}, follow=True)


def test_owner_and_deputy_change_from_a_day_and_are_undone(later, harbor):
    answer = save(later, owner=ben().pk, deputy=daniel().pk)
    assert "Ben keeps this partner from 1\xa0Jul\xa02027." in answer.content.decode()
    assert (owner_on(harbor, TODAY), owner_on(harbor, JULY)) == (rosa(), ben())
    assert (deputy_on(harbor, TODAY), deputy_on(harbor, JULY)) == (None, daniel())
    undo = BeautifulSoup(answer.content, "html.parser").find("form", attrs={"data-undo": True})
    later.post(undo["action"])
    assert (owner_on(harbor, JULY), deputy_on(harbor, JULY)) == (rosa(), None)


def test_deputy_ends(later, harbor):
    assign_deputy(harbor, ben(), since=TODAY, now=NOW)
    save(later, deputy="")
    assert (deputy_on(harbor, day("2027-06-30")), deputy_on(harbor, JULY)) == (ben(), None)


def test_colleagues_change_is_not_written_over(later, harbor):
    opened = {"seen_owner": rosa().pk, "seen_deputy": "", "since": "2027-06-07"}
    assign_owner(harbor, daniel(), since=TODAY, now=NOW)
    text = later.post(PAGE, {**opened, "owner": ben().pk, "deputy": ""}).content.decode()
    assert "A colleague has changed this meanwhile: now it is Daniel." in text
    later.post(PAGE, {**opened, "owner": rosa().pk, "deputy": ben().pk})
    assert (owner_on(harbor, TODAY), deputy_on(harbor, TODAY)) == (daniel(), ben())


@pytest.mark.parametrize(
    ("typed", "field"), [({"owner": ""}, "owner"), ({"since": "x"}, "since"), ({"owner": "carla"}, "owner")]
)
def test_what_is_wrong_is_said_at_the_field(later, harbor, typed, field):
    if typed.get("owner") == "carla":
        typed = {"owner": carla().pk}
    assert list(save(later, **typed).context["form"].errors) == [field]
    assert owner_on(harbor, JULY) == rosa()


def test_page_leads_there(desk, window, harbor):
    assert f'href="{PAGE}"' in desk.get("/partners/harbor-house/").content.decode()
    assert f'href="{PAGE}"' not in window.get("/partners/harbor-house/").content.decode()
