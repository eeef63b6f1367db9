"""Before an agreement ends: five answers by link. Each becomes a word to our side; the press in the mail only shows."""

from http import HTTPStatus

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from prm.agreements.actions import correct_end, end, renew
from prm.management.commands.tick import heartbeat
from prm.partners.actions import add_contact, settle
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose, Statement
from prm.reminders.models import Reminder
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_program, rosa
from tests.web.portal.reading import press, rows, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    cache.clear()
    make_program()
    return harbor_house()


@pytest.fixture
def anna(harbor):
    return harbor.contacts.get()


@pytest.fixture
def mou(harbor):
    """Valid through Thursday 30 September 2027."""
    return make_agreement(harbor)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def door(anna, mou, clock):
    return door_of(anna, mou)


def door_of(contact, agreement, now=NOW):
    wish = Wish(Purpose.RENEWAL, f"agreement:{agreement.pk}:2027-09-30", "notice")
    return f"/p/{token_of(issue([(Holder(contact.organization_id, contact.pk), wish)], now=now)[0])}/"


@pytest.fixture
def here(door, mou):
    return f"{door}renewal/{mou.pk}"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


def going(organization):
    """How many mails about the agreement still go to them."""
    return Reminder.objects.filter(
        organization=organization, rule="expiry", side="partner", state="planned"
    ).count()


@pytest.mark.parametrize("choice", ["unchanged", "changes", "talk", "not_renewing", "not_me"])
def test_press_in_the_mail_shows_the_answer_chosen_and_does_nothing(visitor, door, harbor, choice):
    heartbeat(NOW)
    before = rows()
    for _twice in range(2):
        page = visitor.get(f"{door}?answer={choice}")
        assert page.context["form"]["choice"].value() == choice
        assert "“MOU with Harbor House” is valid through Thu 30 Sep." in words(page)
    assert rows() == before
    assert going(harbor) == 6


@pytest.mark.parametrize(
    ("said", "kept", "sentences"),
    [
        ({"choice": "unchanged"}, ("", []), ["We prepare the new term and write to you."]),
        (
            {"choice": "changes", "changes": "Another address"},
            ("Another address", []),
            ["We look at it and write to you."],
        ),
        (
            {"choice": "talk", "first": "2027-06-21", "second": "2027-06-14"},
            ("", ["2027-06-14", "2027-06-21"]),
            ["Let us talk", "You proposed Monday 14 June and Monday 21 June."],
        ),
        ({"choice": "talk"}, ("", []), ["We write to you about a day."]),
        ({"choice": "not_renewing", "why": "No staff"}, ("No staff", []), ["You are not renewing"]),
    ],
)
def test_answer_is_kept_for_our_side_and_stops_the_mails(visitor, here, harbor, said, kept, sentences):
    text = words(press(visitor, here, **said))
    statement = Statement.objects.get()
    assert (statement.note, statement.data["proposed"]) == kept
    assert (statement.choice, statement.reference_on) == (said["choice"], day("2027-09-30"))
    for sentence in (*sentences, "6 reminders do not come any more."):
        assert sentence in text
    assert going(harbor) == 0


def test_words_for_another_answer_are_not_sent_on(visitor, here):
    press(visitor, here, choice="unchanged", changes="left over", first="2020-01-01", why="left over")
    statement = Statement.objects.get()
    assert (statement.note, statement.data["proposed"]) == ("", [])


def test_not_me_names_who_is_asked_in_general_words(visitor, here, harbor, anna):
    add_contact(harbor, name="Lee Ortiz", email="lee@harbor.example", roles=("signatory",), now=NOW)
    text = words(press(visitor, here, choice="not_me"))
    assert "You get no more mail about this agreement." in text
    assert "From now on we ask whoever signs for Harbor House." in text
    assert "Lee" not in text
    assert "Press “I am leaving” at the end of our mail" in text
    assert going(harbor) == 6


def test_not_me_from_their_own_page_leads_to_i_am_leaving(visitor, here, harbor, anna, mou):
    token = token_of(issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0])
    page = press(visitor, f"/p/{token}/renewal/{mou.pk}", choice="not_me")
    assert page.context["leaving"] == f"/p/{token}/leaving"
    assert "We know nobody else at Harbor House yet. We look for the right person." in words(page)


def test_shared_mailbox_is_nobody_who_could_be_the_wrong_one(visitor, harbor, mou, clock):
    wish = Wish(Purpose.RENEWAL, f"agreement:{mou.pk}:2027-09-30")
    token = token_of(issue([(Holder(harbor.pk, None), wish)], now=NOW)[0])
    page = visitor.get(f"/p/{token}/")
    assert "Renew it unchanged" in words(page)
    assert "Not me any more" not in words(page)


def test_proposed_day_is_to_come(visitor, here):
    page = visitor.post(here, {"lang": "en", "choice": "talk", "first": "2027-06-01", "second": "soon"})
    assert page.status_code == HTTPStatus.OK
    text = words(page)
    assert "This day is over. Choose one from today on." in text
    assert "Write the day like 29 Feb 2028." in text
    assert 'value="soon"' in page.content.decode()
    assert not Statement.objects.exists()


def test_taken_back_the_mails_go_again(visitor, here, harbor):
    page = press(visitor, here, choice="not_renewing")
    assert going(harbor) == 0
    press(visitor, page.context["here"], do="undo")
    assert going(harbor) == 6
    assert Statement.objects.get().taken_back_at == NOW


def test_what_we_worked_on_is_changed_by_a_talk(visitor, here):
    page = press(visitor, here, choice="unchanged")
    settle(Statement.objects.get(), outcome="confirmed", now=NOW, by=rosa())
    text = words(visitor.get(page.context["here"]))
    assert "We have worked on it since. Did something change? Just reply to our mail." in text
    visitor.post(page.context["here"], {"lang": "en", "do": "undo"})
    assert Statement.objects.get().taken_back_at is None


def test_colleague_sees_that_it_was_answered(visitor, here, harbor, mou):
    press(visitor, here, choice="unchanged")
    lee = add_contact(harbor, name="Lee Ortiz", email="lee@harbor.example", roles=("notice",), now=NOW)
    text = words(visitor.get(door_of(lee, mou)))
    assert "Your organization answered on Mon 7 Jun. What you say now counts instead." in text


# --- how it stands meanwhile ------------------------------------------------------------------------------------


def test_renewed_agreement_says_until_when(visitor, door, mou):
    renew(mou, expires_on=day("2028-09-30"), signed_on=TODAY, now=NOW)
    text = words(visitor.get(f"{door}?answer=unchanged"))
    assert "There is nothing to answer “MOU with Harbor House” is valid through 30 Sep 2028 now." in text


def test_renewal_that_waits_for_signatures_says_so(visitor, door, mou):
    renew(mou, expires_on=day("2028-09-30"), signed=False, now=NOW)
    assert "is on its way. It waits for signatures." in words(visitor.get(door))


def test_ended_agreement_says_when(visitor, door, here, mou):
    end(mou, ended_on=TODAY, now=NOW)
    assert "“MOU with Harbor House” ended with 7 Jun 2027." in words(visitor.get(door))
    before = rows()
    visitor.post(here, {"lang": "en", "choice": "unchanged"})
    assert rows() == before


def test_answer_about_an_end_that_was_moved_is_not_taken(visitor, door, mou):
    correct_end(mou, expires_on=day("2028-03-31"), now=NOW)
    assert "is valid through 31 Mar 2028 now." in words(visitor.get(door))


def test_agreement_that_ran_out_can_still_be_answered(visitor, anna, mou, clock, harbor):
    clock.move_to(at("2027-10-04T10:00"))
    door = door_of(anna, mou, at("2027-09-30T09:00"))
    assert "was valid through Thu 30 Sep. You can still tell us." in words(visitor.get(door))
    press(visitor, f"{door}renewal/{mou.pk}", choice="unchanged")
    assert Statement.objects.get().choice == "unchanged"


def test_discreet_person_does_not_read_the_title(visitor, door, here, anna):
    anna.discreet = True
    anna.save()
    assert "MOU" not in words(visitor.get(door))
    assert "MOU" not in words(press(visitor, here, choice="unchanged"))


def test_link_speaks_about_its_own_agreement_only(visitor, door, harbor):
    other = make_agreement(harbor, title="Data sharing")
    assert visitor.get(f"{door}renewal/{other.pk}").status_code == HTTPStatus.NOT_FOUND
