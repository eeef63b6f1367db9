"""Where nothing is yet, a page says what belongs there and offers what fills it."""

import pytest
from bs4 import BeautifulSoup

from prm.partners.actions import set_standing
from tests.cast import NOW, TODAY, make_organization


def main(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser").select_one("main")


@pytest.mark.parametrize(
    ("address", "says", "offers"),
    [
        ("/outlook/", "Here stands every reminder of the next 90 days", "To the partners"),
        ("/outlook/?state=held", "no reminder fits these choices", "Show all reminders"),
        ("/outlook/?partner=harbor-house", "what goes out about this partner", "To the partner"),
        ("/outbox/", "its mail is written and shows up here", "Send me a test mail"),
        ("/outbox/?state=gone", "No mail fits this choice.", "Show all mail"),
        ("/partners/?q=nobody", "Take one filter away", "Show all partners"),
        ("/closed-days/", "Here belong days on which your office is closed", "Add the day"),
        ("/colleagues/", "Let a second person in.", "Add a person"),
        ("/partners/harbor-house/", "Reminders come from what is written down", "Record a talk"),
        ("/partners/harbor-house/", "Nobody to write to is known here yet.", "Enter a person"),
        (
            "/partners/harbor-house/",
            "None is in force and none is on its way.",
            "Bring in a list of agreements",
        ),
        ("/partners/harbor-house/", "When a partner needs a break", "Record a pause"),
        ("/partners/harbor-house/?show=talk", "Nothing of this kind is written down yet.", "Show everything"),
    ],
)
def test_page_says_what_belongs_there_and_offers_one_thing(desk, address, says, offers):
    set_standing(make_organization("Harbor House"), status="former", since=TODAY, now=NOW)
    page = main(desk, address)
    assert says in " ".join(page.get_text(" ").split())
    assert offers in {" ".join(one.get_text(" ").split()) for one in page.select("a, button")}


def test_first_list_asks_for_the_spreadsheet(desk, window):
    empty = main(desk, "/partners/").select_one(".empty")
    assert "spreadsheet you keep" in empty.get_text()
    assert empty.select_one("a")["href"] == "/imports/"
    viewer = main(window, "/partners/").select_one(".empty")
    assert "A colleague brings in the spreadsheet" in viewer.get_text()
    assert not viewer.select("a")


def test_outbox_offers_no_test_mail_while_sending_is_held(desk):
    desk.post("/outbox/sending", {"sending": "held"})
    assert main(desk, "/outbox/").select_one(".empty .btn").get_text(strip=True) == "See what is planned"
