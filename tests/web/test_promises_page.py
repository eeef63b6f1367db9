"""Promises on a partner's page and on Today: kept, moved, let go, and undone for a day."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from prm.partners.actions import make_promise
from prm.partners.models import Promise
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from tests.cast import NOW, at, day, harbor_house, make_organization, rosa

PAGE = "/partners/harbor-house/"


@pytest.fixture
def harbor(monday):
    return harbor_house()


def promise(harbor, **facts):
    start = {
        "side": "ours",
        "what": "Send 200 flyers",
        "due_on": day("2027-06-09"),
        "user": rosa(),
        "now": NOW,
    }
    return make_promise(harbor, **start | facts)


def words(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def page_of(client, address=PAGE):
    return BeautifulSoup(client.get(address).content, "html.parser")


def listed(client):
    """The promises on top of the page, as words."""
    return [words(row) for row in page_of(client).select("section[aria-labelledby=promises] .knot")]


def told(client, address, **said):
    answer = client.post(address, said, follow=True)
    assert answer.redirect_chain, answer.context["form"].errors
    [message] = answer.context["messages"]
    return str(message).replace("\xa0", " ")


def test_open_promises_stand_on_top_the_first_due_first(desk, harbor):
    promise(harbor)
    promise(
        harbor, side="theirs", what="Send the roster", due_on=day("2027-06-07"), contact=harbor.contacts.get()
    )
    make_promise(
        harbor, side="ours", what="Book the room", due_on=day("2027-06-04"), now=at("2027-06-03T10:00")
    )
    rows = listed(desk)
    assert [row.split(" Kept")[0] for row in rows] == [
        "3 days ago Fri 4 Jun Late: Book the room We promised",
        "Today Mon 7 Jun Due today: Send the roster They promised: Anna Reyes",
        "in 2 days Wed 9 Jun Still to come: Send 200 flyers We promised: Rosa",
    ]


def test_kept_with_one_press_and_undone_for_a_day(desk, harbor):
    known = promise(harbor)
    refresh(now=NOW)
    said = told(desk, f"/promises/{known.pk}/keep")
    assert said.startswith("Kept: Send 200 flyers")
    assert "are withdrawn" in said
    assert listed(desk) == []
    [undo] = page_of(desk).select("form[action$='/undo']")
    assert "is open again, due 9 Jun 2027" in told(desk, undo["action"])
    assert len(listed(desk)) == 1
    assert page_of(desk).select("form[action$='/undo']") == []
    assert Reminder.objects.filter(rule="promise", state="planned").exists()


def test_undo_is_offered_for_a_day_and_refused_after_it(desk, harbor):
    known = promise(harbor)
    told(desk, f"/promises/{known.pk}/keep")
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert page_of(desk).select("form[action$='/undo']") == []
        assert "more than a day ago" in told(desk, f"/promises/{known.pk}/undo")
    known.refresh_from_db()
    assert known.kept_on == day("2027-06-07")


def test_moved_to_another_day(desk, harbor):
    known = promise(harbor)
    assert page_of(desk, f"/promises/{known.pk}/move").select_one("#id_due_on")["value"] == "2027-06-16"
    assert "is now due 30 Jun 2027" in told(desk, f"/promises/{known.pk}/move", due_on="30 Jun 2027")
    known.refresh_from_db()
    assert known.due_on == day("2027-06-30")


def test_let_go_with_a_word_why(desk, harbor):
    known = promise(harbor)
    assert told(desk, f"/promises/{known.pk}/drop", why="They print their own").startswith("Let go: Send 200")
    assert "They print their own" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("act", "said", "field"),
    [("move", {"due_on": "31 Jun 2027"}, "due_on"), ("move", {"due_on": "2027-06-04"}, "due_on"),
     ("move", {"due_on": ""}, "due_on"), ("drop", {"why": ""}, "why"), ("drop", {"why": "x" * 301}, "why")],
)  # fmt: skip
def test_what_cannot_be_is_answered_at_the_field_and_kept(desk, harbor, act, said, field):
    known = promise(harbor)
    answer = desk.post(f"/promises/{known.pk}/{act}", said)
    assert list(answer.context["form"].errors) == [field]
    box = BeautifulSoup(answer.content, "html.parser").select_one(f"[name={field}]")
    assert box.get("value", "") == said[field]
    known.refresh_from_db()
    assert (known.due_on, known.dropped_on) == (day("2027-06-09"), None)


def test_second_press_says_that_it_was_kept_already(desk, harbor):
    known = promise(harbor)
    told(desk, f"/promises/{known.pk}/keep")
    assert told(desk, f"/promises/{known.pk}/keep") == "This promise was kept already."


def test_row_of_today_is_done_with_one_press_and_leads_back(desk, harbor):
    known = promise(harbor, due_on=day("2027-06-07"))
    refresh(now=NOW)
    page = page_of(desk, "/today/?whose=all")
    [form] = page.select(f"form[action='/promises/{known.pk}/keep']")
    assert words(form.button) == "Done : Harbor House, Our promise is due: Send 200 flyers"
    back = form.select_one("[name=back]")["value"]
    answer = desk.post(form["action"], {"back": back})
    assert answer.url == "/today/?whose=all"
    assert not page_of(desk, "/today/?whose=all").select(f"form[action='/promises/{known.pk}/keep']")


def test_opening_changes_nothing_and_a_viewer_may_only_read(desk, window, harbor):
    known = promise(harbor)
    for act in ("move", "drop"):
        assert desk.get(f"/promises/{known.pk}/{act}").status_code == 200
        assert window.get(f"/promises/{known.pk}/{act}").status_code == 403
    for act in ("keep", "undo"):
        assert desk.get(f"/promises/{known.pk}/{act}").status_code == 405
        assert window.post(f"/promises/{known.pk}/{act}").status_code == 403
    assert Promise.objects.get().kept_on is None
    assert len(listed(window)) == 1


def test_promise_of_a_partner_that_is_confidential_is_not_there(window, desk):
    hidden = promise(make_organization("Safe House", confidential=True, owner=rosa()))
    assert window.get("/partners/safe-house/").status_code == 404
    assert desk.get(f"/promises/{hidden.pk}/move").status_code == 200


def test_private_promise_is_for_those_who_may_read_reasons(desk, window, harbor):
    promise(harbor, private=True)
    assert len(listed(desk)) == 1
    assert listed(window) == []
