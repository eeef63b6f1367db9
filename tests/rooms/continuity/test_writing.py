"""A letter of one of us: who gets it, who is left out and why, a mail each, in a minute."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.accounts.models import User
from prm.accounts.queries import program
from prm.continuity import writing
from prm.continuity.writing import Letter, Why
from prm.outbox import actions
from prm.outbox.enclosed import links_of, tokens, unsubscribing
from prm.outbox.models import Message
from prm.partners.actions import add_contact, change_contact, mark_undeliverable, note_leaving, unsubscribe
from prm.partners.models import Contact, Organization, RoleKind
from tests.cast import NOW, TODAY, make_organization

LETTER = Letter("Two new dates", "we have two dates:\n\n- 3 March\n- 17 March\n\nWhich one fits?", "0" * 16)
TRAINING = RoleKind.TRAINING
#: Queries that write a letter to any number of people, without those that put in rows.
WRITING = 11


def person(organization: Organization, name: str, **facts: object) -> Contact:
    address = f"{name.split(maxsplit=1)[0].lower()}@{organization.slug}.example"
    return add_contact(
        organization, **{"name": name, "email": address, "roles": ["training"], "now": NOW} | facts
    )


def left_out(circle: writing.Circle) -> list[tuple[str, str]]:
    return [(one.contact.name if one.contact else one.organization.name, one.why) for one in circle.left_out]


def test_everyone_of_a_role_gets_it_and_who_does_not_is_named_with_the_reason(
    harbor: Organization, settings: object
) -> None:
    today = NOW - timedelta(days=9)
    lighthouse, chapel = make_organization("Lighthouse"), make_organization("Chapel")
    demo = make_organization("Demo House", is_demo=True)
    note_leaving(person(lighthouse, "Gone Goodman", now=today), last_day=TODAY - timedelta(days=2), now=today)
    person(lighthouse, "Nora None", email="")
    mark_undeliverable(person(lighthouse, "Ben Back"), on=TODAY, now=NOW)
    unsubscribe(person(lighthouse, "Una Un"), category=writing.CATEGORY, now=NOW)
    person(lighthouse, "Anna Again", email="ANNA@harbor.example")
    person(lighthouse, "Lena Fuchs")
    person(lighthouse, "Other Role", roles=["signatory"])
    person(demo, "Dora Demo")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    circle = writing.of_role([harbor, lighthouse, chapel, demo], TRAINING, now=NOW)
    assert [reader.contact.name for reader in circle.readers] == ["Anna Reyes", "Lena Fuchs"]
    assert dict(left_out(circle)) == {
        "Nora None": Why.NO_ADDRESS,
        "Ben Back": Why.UNDELIVERABLE,
        "Una Un": Why.UNSUBSCRIBED,
        "Anna Again": Why.TWICE,
        "Dora Demo": Why.DEMO,
        "Chapel": Why.NOBODY,
    } | ({"Gone Goodman": Why.LEFT} if ("Gone Goodman", Why.LEFT) in left_out(circle) else {})


def test_who_left_is_left_out_by_name_too(anna: Contact) -> None:
    Contact.objects.filter(pk=anna.pk).update(left_on=TODAY - timedelta(days=1))
    circle = writing.of_people(Contact.objects.select_related("organization"), now=NOW)
    assert left_out(circle) == [("Anna Reyes", Why.LEFT)]


@pytest.mark.parametrize("number", [1, 3, 20])
def test_whoever_is_meant_is_found_in_the_same_number_of_queries(
    harbor: Organization, number: int, django_assert_num_queries: object
) -> None:
    houses = [make_organization(f"House {n}") for n in range(number)]
    for house in houses:
        person(house, "Lena Fuchs")
    with django_assert_num_queries(4):  # type: ignore[operator]
        circle = writing.of_role(houses, TRAINING, now=NOW)
    assert len(circle.readers) == number


def written(circle: writing.Circle, by: User, letter: Letter = LETTER) -> list[Message]:
    return writing.send(circle, letter, by=by, now=NOW)


@pytest.mark.parametrize("number", [3, 30])
def test_a_letter_is_written_to_all_in_the_same_number_of_queries(rosa: User, number: int) -> None:
    houses = [make_organization(f"House {n}", owner=rosa) for n in range(number)]
    for house in houses:
        person(house, "Lena Fuchs")
    circle = writing.of_role(houses, TRAINING, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert len(written(circle, rosa)) == number
    told = [query["sql"].partition(" ")[0] for query in queries]
    rows = told.count("INSERT")  # SQLite takes some thirty mails, or a hundred links, in one
    assert rows <= 2 + number // 10
    assert len(told) - rows == WRITING


def test_each_gets_a_mail_of_their_own_in_a_minute_answered_to_the_owner(
    harbor: Organization, rosa: User, ben: User
) -> None:
    person(harbor, "Lena Fuchs")
    mails = written(writing.of_role([harbor], TRAINING, now=NOW), ben)
    assert [mail.recipient_name for mail in mails] == ["Anna Reyes", "Lena Fuchs"]
    for mail in mails:
        assert mail.text.startswith(
            f"Hello {mail.recipient_name},\n\nwe have two dates:\n\n- 3 March\n- 17 March"
        )
        assert (mail.reply_to, mail.started_by, mail.kind) == ("rosa@example.org", ben, "letter")
        assert mail.due_at == NOW + timedelta(seconds=60)
        why = mail.text.partition("Why you get this:")[2]
        assert "Ben wrote this to you, as a contact of Harbor House." in " ".join(why.split())
        assert "You arrange training for your organization." in " ".join(why.split())
    assert actions.claim(now=NOW + timedelta(seconds=59), owner="one", limit=9) == []
    assert len(actions.claim(now=NOW + timedelta(seconds=60), owner="one", limit=9)) == 2


def test_two_presses_of_one_form_are_one_letter(anna: Contact, rosa: User) -> None:
    circle = writing.of_people([anna], now=NOW)
    assert written(circle, rosa) == written(circle, rosa)
    written(circle, rosa, replace(LETTER, once="1" * 16))
    assert Message.objects.count() == 2


def test_less_mail_stops_letters_and_nothing_else(anna: Contact, rosa: User) -> None:
    [mail] = written(writing.of_people([anna], now=NOW), rosa)
    links = links_of([mail])
    assert unsubscribing(tokens(mail, links))
    assert [link.about for link in links.values() if link.purpose == "unsubscribe"] == ["letter"]


def test_discreet_reader_sees_no_word_in_subject_or_sender_that_names_the_matter(
    anna: Contact, rosa: User
) -> None:
    change_contact(anna, discreet=True, now=NOW)
    anna.refresh_from_db()
    loud = replace(LETTER, subject="Human trafficking training")
    [mail] = written(writing.of_people([anna], now=NOW), rosa, loud)
    assert mail.subject == "A note about our partnership"
    assert mail.from_name == program().neutral_name


def test_what_was_typed_stays_text_in_html(anna: Contact, rosa: User) -> None:
    typed = replace(LETTER, text="<b>Look</b> at https://example.org/dates")
    [mail] = written(writing.of_people([anna], now=NOW), rosa, typed)
    assert "<b>Look</b> at https://example.org/dates" in mail.text
    assert "&lt;b&gt;Look&lt;/b&gt;" in mail.html
    assert 'href="https://example.org/dates"' in mail.html


def test_what_was_written_together_is_found_together(harbor: Organization, rosa: User) -> None:
    person(harbor, "Lena Fuchs")
    mails = written(writing.of_role([harbor], TRAINING, now=NOW), rosa)
    written(writing.of_role([harbor], TRAINING, now=NOW), rosa, replace(LETTER, once="2" * 16))
    assert list(writing.together(mails[0]).order_by("pk")) == mails
