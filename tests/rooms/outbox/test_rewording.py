"""Other words for a mail that waits: its links, its foot and its calendar part stay."""

import re
from datetime import timedelta

import pytest

from prm.accounts.models import User
from prm.outbox import actions, steering
from prm.outbox.enclosed import filled, links_of, tokens
from prm.outbox.models import Message
from prm.outbox.rewording import editable
from prm.partners.models import Organization
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.rules.refusal import Refusal
from tests.cast import at, day, make_agreement

LATER = at("2027-07-02T10:00")  # the working day on which the mail of 60 days before goes


@pytest.fixture
def reminder(harbor: Organization, rosa: User) -> Message:
    """The mail that asks Harbor House about its agreement, held back by Rosa."""
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    mail = Message.objects.get(kind="partner")
    steering.hold([mail], by=rosa, now=LATER)
    mail.refresh_from_db()
    return mail


def change(mail: Message, text: str, by: User, subject: str = "One question") -> Message:
    return steering.change(mail, subject=subject, text=text, seen=steering.mark_of(mail), by=by, now=LATER)


def test_links_are_shown_as_numbers_and_the_foot_is_not_shown(reminder: Message) -> None:
    text = editable(reminder)
    assert "[link 1]" in text
    assert "http" not in text
    assert "~" not in text
    assert "Why you get this" not in text
    assert "I am leaving" not in text
    assert max(len(line) for line in text.splitlines()) > 66


def test_changed_words_keep_links_foot_and_touches(reminder: Message, rosa: User) -> None:
    before, keys = reminder.text, reminder.keys
    mail = change(
        reminder, editable(reminder).replace("Hello Anna Reyes,", "Dear Anna, <b>good</b> news:"), rosa
    )
    mail.refresh_from_db()
    assert (mail.subject, mail.keys, mail.state) == ("One question", keys, "held")
    assert "Dear Anna, <b>good</b> news:" in mail.text
    assert "Dear Anna, &lt;b&gt;good&lt;/b&gt; news:" in mail.html
    marks = re.compile(r"/p/(~[^/]+~)/")
    assert set(marks.findall(mail.text)) == set(marks.findall(before))
    assert mail.text.partition("---")[2] == before.partition("---")[2]
    known = tokens(mail, links_of([mail]))
    for words in (mail.text, mail.html):
        assert "~" not in filled(words, known)
    assert "Why you get this:" in mail.html
    assert mail.html.count('class="foot"') == 1


def test_unchanged_words_give_the_same_text(reminder: Message, rosa: User) -> None:
    before = reminder.text
    mail = change(reminder, editable(reminder), rosa)
    assert mail.text.split() == before.split()
    assert editable(mail) == editable(reminder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("[link 1]", "", "[link 1] is missing"), ("Hello", "[link 7] Hello", "There is no [link 7]")],
)
def test_missing_or_invented_link_is_refused_at_the_text(
    reminder: Message, rosa: User, old: str, new: str, said: str
) -> None:
    with pytest.raises(Refusal, match=re.escape(said)) as refusal:
        change(reminder, editable(reminder).replace(old, new), rosa)
    assert refusal.value.field == "text"


def test_two_who_change_it_at_once_are_told(reminder: Message, rosa: User, ben: User) -> None:
    seen = steering.mark_of(reminder)
    later = LATER + timedelta(minutes=1)
    steering.change(reminder, subject="A", text=editable(reminder), seen=seen, by=ben, now=later)
    with pytest.raises(Refusal, match="Somebody changed this mail"):
        steering.change(reminder, subject="B", text=editable(reminder), seen=seen, by=rosa, now=later)


def test_change_is_a_line_of_the_timeline(reminder: Message, rosa: User, harbor: Organization) -> None:
    change(reminder, editable(reminder), rosa)
    entry = harbor.entries.get(event="mail_changed")
    assert (entry.by, entry.data["subject"]) == (rosa, "One question")


def test_changed_words_outlive_the_replan_that_follows(reminder: Message, rosa: User) -> None:
    text = editable(reminder).replace("Hello", "Dear")
    change(reminder, text, rosa)
    refresh(now=LATER + timedelta(minutes=1))
    steering.let_go([reminder], by=rosa, now=LATER)
    refresh(now=LATER + timedelta(minutes=2))
    dispatch.hand_over(now=LATER + timedelta(minutes=2))
    [mail] = [m for m in actions.claim(now=LATER, owner="one", limit=9) if m.kind == "partner"]
    assert mail.text.startswith("Dear Anna Reyes,")
    assert Message.objects.filter(kind="partner").count() == 1
