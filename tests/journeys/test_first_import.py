"""A newcomer brings in a list as people keep it: looked at, imported, undone, imported again, the first mail seen."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prm.accounts.actions import add_user
from prm.accounts.queries import program
from prm.exchange.models import Import
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.models import Organization
from tests.cast import at

MESSY = Path(__file__).parent / "data" / "partners-messy.xlsx"
NOW = at("2027-01-04T11:00")  # a Monday

pytestmark = pytest.mark.django_db


class Desk:
    """A browser without JavaScript: it follows links and sends the forms that stand on a page."""

    def __init__(self, client):
        self.client, self.page, self.address = client, BeautifulSoup("", "html.parser"), ""

    def open(self, address):
        return self._take(self.client.get(address, follow=True), address)

    def press(self, button, **said):
        """Send the form with this button, filled in as it stands."""
        [found] = [one for one in self.page.main.find_all("button") if one.get_text(strip=True) == button]
        form = found.find_parent("form")
        fields = {one["name"]: one.get("value", "") for one in form.find_all("input", {"type": "hidden"})}
        for select in form.find_all("select"):
            chosen = select.find("option", selected=True)
            fields[select["name"]] = chosen["value"] if chosen else ""
        if found.get("name"):
            fields[found["name"]] = found["value"]
        address = form.get("action") or self.address
        return self._take(self.client.post(address, fields | said, follow=True), address)

    def follow(self, words):
        """Press the link of the page with these words."""
        [link] = [one for one in self.page.main.find_all("a") if one.get_text(strip=True) == words]
        return self.open(link["href"])

    def _take(self, answer, address):
        assert answer.status_code == 200
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self.page = BeautifulSoup(answer.content, "html.parser")
        return self

    @property
    def text(self):
        return " ".join(self.page.main.get_text(" ").split())


@pytest.fixture
def desk():
    """A director who signed in for the first time; nothing is in the program yet."""
    with time_machine.travel(NOW, tick=False):
        heartbeat(NOW)
        client = Client()
        client.force_login(add_user(email="dana@program.example", name="Dana", role="director", now=NOW))
        yield Desk(client)


def look_through(desk):
    """From the empty list of partners to the look before the import."""
    desk.open("/partners/").follow("Bring in a spreadsheet")
    desk.press("Look into the file", file=SimpleUploadedFile(MESSY.name, MESSY.read_bytes()))
    return desk.press("Look through it")


def test_a_list_goes_in_out_and_in_again_and_its_first_mail_is_seen(desk):
    look_through(desk)
    assert not Organization.objects.exists()

    desk.press("Import 51 partners").follow("See the partners")
    assert "Everyone’s 51" in desk.text

    desk.open("/imports/").follow(MESSY.name).follow("Undo this import").press("Undo this import")
    assert "51 partners are gone" in desk.text
    assert not Organization.objects.exists()

    desk.follow("Look through it again").press("Look through it").press("Import 51 partners")
    assert Organization.objects.count() == 51

    desk.follow("See what would be sent")
    number = int(desk.page.select_one(".counts strong").get_text().split()[0])
    heartbeat(NOW)
    assert (number, Message.objects.count()) == (5, 0)
    desk.press("Release sending")
    assert f"Sending is on. {number} mails leave within a minute." in desk.text

    soon = NOW + timedelta(seconds=30)
    with time_machine.travel(soon, tick=False):
        heartbeat(soon)
        assert Message.objects.filter(user=None, state="sent").count() == number
        first = Message.objects.filter(user=None, kind="partner").latest("pk")
        desk.open("/outbox/?state=gone")
        assert first.subject in desk.text
        desk.open(f"/outbox/{first.pk}/")
        assert first.recipient in desk.text


def test_every_bad_cell_is_named_before_anything_is_written(desk):
    look_through(desk)
    source = Import.objects.get()
    rows = [row.get_text(" ", strip=True) for row in desk.page.select(".out-rows > li")]
    remarks = [
        (
            group.get_text(" ", strip=True).casefold(),
            [" ".join(cell.get_text().split()) for cell in group.select("ul li")],
        )
        for group in desk.page.select(".remarks > li")
    ]
    problems = source.tried["problems"]
    assert len(problems) == 29
    merged = [row["line"] for row in source.tried["merged"]]
    for problem in problems:
        line, reason = problem["line"], problem["reason"]
        told = ", ".join(part for part in (f"Line {line}", problem["column"]) if part)
        told += f": {problem['value']}" if problem["value"] else ""
        if problem["severity"] == "error":
            [row] = [one for one in rows if one.startswith(f"Line {line} ")]
            assert reason in row
            assert problem["column"] in row
            assert problem["value"] in row
        elif line in merged and problem["column"] == "Agency Name":
            assert f"{problem['value']} Line {line}: the same partner".casefold() in desk.text.casefold()
        else:
            assert any(reason.casefold() in group and told in cells for group, cells in remarks), problem


def test_while_it_is_held_nothing_leaves_whatever_comes_in(desk, mailoutbox):
    look_through(desk).press("Import 51 partners")
    for hour in range(1, 5):
        heartbeat(NOW + timedelta(hours=hour))
    assert (mailoutbox, program().sending) == ([], "held")
