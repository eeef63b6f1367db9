"""Axe finds nothing on the pages of an import, in any state, nor on the page before sending is released."""

import pytest

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.reminders.actions import refresh
from tests.browser import axe, full_house
from tests.cast import NOW
from tests.web.test_imports_states import PARTS, STATES, imported


@pytest.fixture
def opens(rosa_opens):
    """Rosa's browser, in which colours change at once."""

    def open_at(path):
        page = rosa_opens(path)
        page.emulate_media(reduced_motion="reduce")
        return page

    return open_at


@pytest.mark.parametrize("state", STATES)
def test_no_state_of_an_import_has_a_fault(opens, state):
    page = opens("/imports/")
    source = STATES[state]()
    page.goto(page.url + f"{source.pk}/")
    assert axe.faults(page, menus=False) == []


def test_no_page_around_an_import_has_a_fault(opens, house):
    page = opens("/imports/")
    source = imported()
    told = []
    for path in ("", f"{source.pk}/undo", *(f"{source.pk}/lines/{part}" for part in PARTS)):
        page.goto(f"{house}/imports/{path}")
        told += axe.faults(page, menus=False)
    page.goto(f"{house}/imports/")
    page.get_by_role("button", name="Look into the file").click()
    page.get_by_text("Choose a file first.").first.wait_for()
    assert told + axe.faults(page, menus=False) == []


def test_release_page_has_no_fault(opens, house):
    full_house.fill()
    set_sending(program(), "held", now=NOW)
    page = opens("/outbox/release")
    assert (
        page.get_by_text("still being worked out").count() + page.get_by_text("would leave now").count() > 0
    )
    told = axe.faults(page, menus=False)
    refresh(now=NOW)
    page.goto(f"{house}/outbox/release")
    assert page.get_by_role("button", name="Release sending").count() == 1
    assert told + axe.faults(page, menus=False) == []
