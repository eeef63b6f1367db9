"""The outbox: each mail as its recipient sees it, where it is on its way, and the sending switch."""

import pytest

from prm.accounts.queries import program
from prm.outbox.actions import Draft, write
from prm.outbox.models import Message
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from tests.cast import NOW, at, day, harbor_house, make_agreement, make_organization, rosa

QUERIES = 7
LATER = at("2027-07-02T10:00")  # the working day on which the mail of 60 days before goes


WAY = ("state", "last_error", "sent_at", "attempts", "provider_id")


def letter(**facts):
    """One mail in the letterbox."""
    start = {
        "kind": "partner",
        "recipient": "anna@harbor.example",
        "recipient_name": "Anna Reyes",
        "subject": "Our agreement",
    }
    words = {
        "text": "Dear Anna,\n\nShall we go on?",
        "html": "<p>Dear Anna,</p>",
        "due_at": NOW,
        "about": "1",
    }
    state = {name: facts.pop(name) for name in WAY if name in facts}
    write([Draft(**start | words | facts)], now=NOW)
    message = Message.objects.latest("pk")
    Message.objects.filter(pk=message.pk).update(**state)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("number", [1, 3])
def test_outbox_costs_the_same_for_one_mail_and_three(desk, django_assert_num_queries, number):
    harbor = harbor_house()
    for count in range(number):
        letter(organization_id=harbor.pk, about=str(count))
    with django_assert_num_queries(QUERIES):
        page = desk.get("/outbox/")
    assert sum(len(some) for _day, some in page.context["days"]) == number


def test_real_reminder_is_shown_with_its_words_and_its_reason(desk):
    harbor = harbor_house()
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    mail = Message.objects.get(kind="partner")
    text = desk.get(f"/outbox/{mail.pk}/").content.decode()
    for words in (
        "Anna Reyes, anna@harbor.example",
        mail.subject,
        "Renew it unchanged",
        "Agreement ends in 60 days",
    ):
        assert words in text


def test_calendar_part_is_told_in_plain_words(desk):
    harbor = harbor_house()
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    entry = Message.objects.filter(calendar_method="REQUEST", contact__isnull=False).get()
    text = desk.get(f"/outbox/{entry.pk}/").content.decode()
    assert "With it comes a calendar entry" in text
    assert "Tue\xa031\xa0Aug\xa02027, all day" in text
    assert "BEGIN:VCALENDAR" not in text


def test_html_of_a_mail_keeps_its_structure_and_loses_what_could_act(desk):
    picture = '<img src="http://e.example/t.gif">'
    nasty = (
        f'<p style="color:red" onclick="x()">Hi</p><script>x()</script>{picture}<p class="ask alarm">Ask</p>'
    )
    text = desk.get(f"/outbox/{letter(html=nasty).pk}/").content.decode()
    assert "<p>Hi</p>" in text
    assert '<p class="ask">Ask</p>' in text
    for trace in ("onclick", "color:red", "x()", "e.example"):
        assert trace not in text


def test_plain_text_can_be_read_too(desk):
    mail = letter(text="Dear Anna,\n<Shall we go on?>")
    assert "&lt;Shall we go on?&gt;" in desk.get(f"/outbox/{mail.pk}/?as=plain").content.decode()


@pytest.mark.parametrize(
    ("facts", "words", "steps"),
    [
        ({}, "Waiting", ["Written", "Waits", "Taken by mail server"]),
        (
            {"state": "sent", "sent_at": NOW},
            "Taken by mail server",
            ["Written", "Left", "Taken by mail server"],
        ),
        (
            {"state": "delivered", "sent_at": NOW},
            "Delivered",
            ["Written", "Left", "Taken by mail server", "Delivered"],
        ),
        (
            {"state": "bounced", "sent_at": NOW},
            "Came back",
            ["Written", "Left", "Taken by mail server", "Came back"],
        ),
        (
            {"state": "sent", "sent_at": NOW, "provider_id": "file"},
            "Written to a file",
            ["Written", "Left", "Written to a file"],
        ),
        (
            {"state": "failed", "attempts": 1, "last_error": "No such user"},
            "Did not go",
            ["Written", "Tried", "Did not go"],
        ),
        ({"state": "failed", "last_error": "Not an address"}, "Did not go", ["Written", "Did not go"]),
        ({"state": "held"}, "Held back", ["Written", "Held back", "Taken by mail server"]),
        ({"state": "cancelled"}, "Stopped", ["Written", "Stopped"]),
    ],
)
def test_every_state_has_its_words_and_steps(desk, facts, words, steps):
    shown = desk.get(f"/outbox/{letter(**facts).pk}/").context["letter"]
    assert shown.badge.words == words
    assert [step.word for step in shown.steps] == steps


def test_list_can_be_narrowed_by_state(desk):
    waiting, gone = letter(), letter(about="2", state="sent", sent_at=NOW)
    for state, expected in (("waiting", waiting), ("gone", gone)):
        [(_day, [one])] = desk.get(f"/outbox/?state={state}").context["days"]
        assert one.message.pk == expected.pk


def test_viewer_reads_neither_hidden_partners_mail_nor_others_digests(window):
    hidden = letter(organization_id=make_organization("Safe House", confidential=True).pk)
    digest = letter(about="2", kind="digest", user_id=rosa().pk)
    open_one = letter(about="3", organization_id=make_organization("Open House").pk)
    for mail, status in ((hidden, 404), (digest, 404), (open_one, 200)):
        assert window.get(f"/outbox/{mail.pk}/").status_code == status


def test_sending_is_held_and_that_is_said_wherever_mail_is_spoken_of(desk):
    harbor_house()
    desk.post("/outbox/sending")
    assert program().sending == "held"
    for address in ("/outbox/", "/outlook/", "/partners/harbor-house/"):
        text = " ".join(desk.get(address).content.decode().split())
        assert "othing leaves until someone releases it." in text, address
    page = desk.get("/outbox/").content.decode()
    assert 'href="/outbox/release"' in page
    assert "/outbox/sending" not in page


def test_only_directors_and_managers_switch_and_only_by_post(desk, chair, window):
    assert window.post("/outbox/sending").status_code == 403
    assert desk.get("/outbox/sending").status_code == 405
    assert program().sending == "on"
    assert chair.post("/outbox/sending").status_code == 302
