"""Recording a talk with what came of it, and the composer: one field, saved in seconds, nothing typed is lost."""

import pytest
from bs4 import BeautifulSoup

from prm.partners.actions import record_talk
from prm.partners.models import Entry, Promise
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from prm.vocabulary.queries import term
from tests.cast import NOW, day, harbor_house, rosa

PAGE = "/partners/harbor-house/"
TALK = {"happened_on": "2027-06-04", "two_way": "yes", "note": "Busy autumn."}


@pytest.fixture
def harbor(monday):
    return harbor_house()


def row(number, what, due_on, side="ours"):
    return {
        f"promise{number}_side": side,
        f"promise{number}_what": what,
        f"promise{number}_due_on": due_on,
    }


def told(client, address, said):
    answer = client.post(PAGE + address, said, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)], answer.context["form"].errors
    [message] = answer.context["messages"]
    return str(message).replace("\xa0", " ")


def refused(client, address, said):
    answer = client.post(PAGE + address, said)
    assert answer.status_code == 200
    return answer.context["form"].errors, BeautifulSoup(answer.content, "html.parser")


def test_talk_with_promises_of_both_sides_and_the_next_talk(desk, harbor):
    anna = harbor.contacts.get()
    said = TALK | row(1, "Send 200 flyers", "2027-06-18") | row(3, "Send the roster", "18 Jun 2027", "theirs")
    kind = {"contact": anna.pk, "interaction": term("interaction", "call").pk, "next_talk_on": "2027-09-01"}
    words = told(desk, "talk", said | kind)
    assert "The talk of 4 Jun 2027 is recorded." in words
    assert "The time until the next call counts from that day again." in words
    assert "3 promises are noted." in words
    found = Promise.objects.order_by("pk").values_list(
        "side", "what", "user__name", "contact__name", "made_on"
    )
    made_on = day("2027-06-04")
    assert list(found) == [
        ("ours", "Send 200 flyers", "Rosa", "Anna Reyes", made_on),
        ("theirs", "Send the roster", None, "Anna Reyes", made_on),
        ("ours", "Talk again", "Rosa", "Anna Reyes", made_on),
    ]
    talk = Entry.objects.get(event="talked")
    assert {promise.entry_id for promise in Promise.objects.all()} == {talk.pk}
    assert Reminder.objects.filter(rule="promise", state="planned").count() == 9


def test_talk_and_its_promises_are_one_entry_of_the_thread(desk, harbor):
    told(desk, "talk", TALK | row(1, "Send 200 flyers", "2027-06-18"))
    talk = next(knot for knot in desk.get(PAGE).context["past"].knots if "Talked" in knot.subject)
    assert talk.note.replace("\xa0", " ") == "We promised: Send 200 flyers, by 18 Jun 2027\nBusy autumn."


def test_talk_starts_the_time_until_the_next_call_anew(desk, harbor):
    refresh(now=NOW)
    told(desk, "talk", TALK)
    found = Reminder.objects.filter(rule="touch", state="planned").order_by("day").values_list("reference_on")
    assert set(found) == {(day("2027-06-04"),)}
    assert "counts from that day" not in told(desk, "talk", TALK | {"happened_on": "2027-06-01"})
    assert "Your try of 7 Jun 2027" in told(
        desk, "talk", TALK | {"happened_on": "2027-06-07", "two_way": "no"}
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (row(2, "Send 200 flyers", ""), "promise2_due_on"),
        (row(2, "", "2027-06-18"), "promise2_what"),
        (row(2, "Send 200 flyers", "31 Jun 2027"), "promise2_due_on"),
        (row(2, "Send 200 flyers", "2027-06-03"), "promise2_due_on"),
        (row(2, "x" * 301, "2027-06-18"), "promise2_what"),
        ({"next_talk_on": "2027-06-03"}, "next_talk_on"),
        ({"happened_on": "2027-06-30"}, "happened_on"),
    ],
)
def test_nothing_is_half_saved_and_what_was_typed_is_kept(desk, harbor, said, field):
    errors, page = refused(desk, "talk", TALK | said)
    assert list(errors) == [field]
    assert not Entry.objects.filter(kind="talk").exists()
    assert not Promise.objects.exists()
    assert page.select_one("#id_note").get_text().strip() == "Busy autumn."
    for name, value in said.items():
        boxes = page.select(f"[name={name}]")
        assert [box.get("value", "") for box in boxes if box.get("type") != "radio"] in ([], [value])
    folded = page.select("details.unfolding:not([open])")
    assert len(folded) == (2 if field.startswith("promise") else 3)


def test_every_text_asks_to_leave_out_names(desk, harbor):
    page = BeautifulSoup(desk.get(f"{PAGE}talk").content, "html.parser")
    hints = [hint for hint in page.select(".help") if "no names of people you serve" in hint.get_text()]
    assert len(hints) == 4


def test_composer_keeps_a_note(desk, harbor):
    said = {"kind": "note", "note": "Parking is behind the house.", "happened_on": "2027-06-07"}
    assert told(desk, "write", said).startswith("The note is kept.")
    noted = Entry.objects.get(event="noted")
    assert (noted.note, noted.by, noted.two_way) == ("Parking is behind the house.", rosa(), False)


def test_composer_records_a_talk(desk, harbor):
    anna = harbor.contacts.get()
    said = {"kind": "call", "note": "All well.", "happened_on": "2027-06-04", "contact": anna.pk}
    assert "The talk of 4 Jun 2027 is recorded." in told(desk, "write", said)
    talk = Entry.objects.get(event="talked")
    assert (talk.interaction.key, talk.contact, talk.two_way) == ("call", anna, True)
    told(desk, "write", said | {"tried": "on"})
    assert Entry.objects.filter(event="tried_to_talk", two_way=False).count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({"note": " "}, "note"), ({"kind": "song"}, "kind"), ({"happened_on": "31 Jun 2027"}, "happened_on"),
     ({"kind": "call", "happened_on": "2027-06-30"}, "happened_on"), ({"contact": "99999"}, "contact")],
)  # fmt: skip
def test_composer_answers_at_the_field_and_keeps_the_words(desk, harbor, said, field):
    errors, page = refused(
        desk, "write", {"kind": "note", "note": "All well.", "happened_on": "2027-06-07"} | said
    )
    assert list(errors) == [field]
    kept = page.select_one("textarea").get_text().strip()
    assert kept == said.get("note", "All well.").strip()
    assert bool(page.select("details.unfolding[open]")) is (field in ("happened_on", "contact"))
    assert not Entry.objects.filter(event__in=["noted", "talked"]).exists()


def test_composer_stands_above_what_happened_and_only_for_those_who_write(desk, window, harbor):
    record_talk(harbor, now=NOW)
    page = BeautifulSoup(desk.get(PAGE).content, "html.parser")
    heads = [head.get_text() for head in page.select("main h2[id]")]
    assert heads.index("Write it down") + 1 == heads.index("What happened")
    assert "Write it down" not in window.get(PAGE).content.decode()
    assert window.post(f"{PAGE}write", {"kind": "note", "note": "x"}).status_code == 403
