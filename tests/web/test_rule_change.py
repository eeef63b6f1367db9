"""A director changes a rule on a page: typed, judged, shown with what it would send, saved, undone."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup

from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder, Rule
from prm.rules.changing import SERIES
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization

SHORT = {
    "rows": "2",
    "on": "yes",
    "days-0": "45",
    "when-0": "before",
    "partner-0": ["notice", "signatory"],
    "ours-0": "owner",
    "days-1": "7",
    "when-1": "after",
    "ours-1": "director",
}
QUERIES = {"rules": 4, "rule": 6, "preview": 29}


@pytest.fixture
def harbor(monday):
    made = harbor_house()
    make_agreement(made, expires_on=day("2027-08-06"))
    refresh(now=NOW)
    return made


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def text(answer):
    return " ".join(soup(answer).get_text().split())


def sent(page):
    """What the form of a page would send, as a browser reads it."""
    form = soup(page).find("form", method="post", action=lambda where: where and where.startswith("/rules/"))
    fields = [(one["name"], one.get("value", "")) for one in form.find_all("input") if one.get("name")]
    found = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return form["action"], found


def look(client, **typed):
    return client.get("/rules/expiry/", SHORT | typed | {"look": "1"})


def test_form_shows_the_series_as_it_stands(desk):
    page = desk.get("/rules/expiry/")
    fields = soup(page).find("form", class_="rule-form")
    assert [one["value"] for one in fields.find_all("input", inputmode="numeric")] == [
        str(days) for days in (90, 60, 30, 14, 7, 0, 7, 14, 21, 28)
    ]
    ticked = {one["name"] + "=" + one["value"] for one in fields.find_all("input", checked=True)}
    assert {"on=yes", "partner-2=notice", "partner-2=signatory", "ours-5=director"} <= ticked
    assert "partner-6=notice" not in ticked
    assert soup(desk.get("/rules/stuck/")).find("input", inputmode="numeric")["value"] == "14"
    assert desk.get("/rules/nothing/").status_code == 404


@pytest.mark.parametrize("rule", sorted(SERIES))
def test_every_series_has_a_form_that_a_look_leaves_as_it_is(desk, rule):
    fields = soup(desk.get(f"/rules/{rule}/")).find("form", class_="rule-form")
    typed = [(one["name"], one["value"]) for one in fields.find_all("input", type=["hidden", "text"])]
    typed += [(one["name"], one["value"]) for one in fields.find_all("input", checked=True)]
    typed += [(one["name"], one.find("option", selected=True)["value"]) for one in fields.find_all("select")]
    answer = desk.get(
        f"/rules/{rule}/", {name: [v for n, v in typed if n == name] for name, _ in typed} | {"look": "1"}
    )
    assert "This is how it is now. Change something first." in text(answer)


def test_steps_come_and_go_without_scripts_and_what_was_typed_stays(desk):
    added = desk.get("/rules/expiry/", SHORT | {"days-1": "soon", "add": "1"})
    fields = soup(added).find("form", class_="rule-form")
    assert [one.get("value", "") for one in fields.find_all("input", inputmode="numeric")] == [
        "45",
        "soon",
        "",
    ]
    assert "Nothing is saved yet. First you see" in text(added)
    assert not soup(added).find(class_="field-error")
    removed = desk.get("/rules/expiry/", SHORT | {"remove": "0"})
    [left] = soup(removed).find_all("input", inputmode="numeric")
    assert left["value"] == "7"
    full = desk.get("/rules/expiry/", {"rows": "12", "on": "yes"})
    assert not soup(full).find("button", attrs={"name": "add"})


@pytest.mark.parametrize(
    ("typed", "field", "answer"),
    [
        ({"days-0": "400"}, "days-0", "Use 365 or less."),
        ({"days-0": "soon"}, "days-0", "Write it as a number, such as 12."),
        ({"days-0": ""}, "days-0", "Write the number of days."),
        (
            {"days-0": "7", "when-0": "after"},
            "partner-0",
            "After the day nobody at the partner is asked any more.",
        ),
        ({"days-1": "45", "when-1": "before"}, "days-1", "This day is there already."),
        ({"ours-1": []}, "ours-1", "Choose who hears of it."),
        ({"ours-1": "everybody"}, "ours-1", "Please choose one of these."),
        ({"when-0": "later"}, "when-0", "Please choose one of these."),
        ({"rows": "0"}, "on", "Keep at least one reminder, or turn them all off."),
        ({"on": ""}, "on", "Please choose one."),
    ],
)
def test_bad_input_is_answered_at_its_field(desk, typed, field, answer):
    page = look(desk, **typed)
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(answer)
    assert "Nothing is saved yet." in soup(page).find(role="alert").get_text()
    assert answer in soup(page).find(class_="field-error").get_text()


def test_preview_says_what_goes_and_what_not_and_writes_nothing(desk, harbor):
    page = look(desk)
    words = text(page)
    assert "No mail would leave now because of it" in words
    assert "Harbor House" in words
    assert "Agreement ends in 45 days" in words
    assert "Would not be sent any more" in words
    assert "45 days before" in words
    assert not Rule.objects.exists()
    assert not Reminder.objects.filter(offset=-45).exists()
    back = soup(page).find("a", string="Back")["href"]
    assert dict(parse_qsl(urlsplit(back).query))["days-0"] == "45"
    again = soup(desk.get(back))
    assert again.find("input", inputmode="numeric")["value"] == "45"


def test_saved_then_undone_with_one_press(desk, harbor):
    where, fields = sent(look(desk))
    answer = desk.post(where, fields, follow=True)
    assert "Saved: An agreement ends." in text(answer)
    assert "All reminders are worked out anew within a minute." in text(answer)
    assert Rule.objects.get().by.name == "Rosa"
    refresh(now=NOW)
    assert Reminder.objects.filter(offset=-45, state="planned").count() == 2
    undo = soup(answer).find("form", attrs={"data-undo": True})["action"]
    told = desk.post(undo, follow=True)
    assert "Undone: An agreement ends." in text(told)
    refresh(now=NOW)
    assert not Reminder.objects.filter(offset=-45, state="planned").exists()
    assert Reminder.objects.filter(offset=-30, state="planned").exists()
    assert "Somebody else changed this meanwhile" in text(desk.post(undo, follow=True))


def test_who_looked_before_a_colleague_saved_looks_again(desk, chair):
    where, fields = sent(look(desk))
    chair.post(*sent(look(chair, **{"days-0": "20"})))
    answer = desk.post(where, fields, follow=True)
    assert "Somebody else changed this meanwhile. Look at it again." in text(answer)
    assert Rule.objects.get().steps[0]["offset"] == -20


def test_switched_off_says_who_hears_no_more_and_keeps_its_steps(desk, harbor):
    page = look(desk, on="no")
    assert "Switched off: nothing of this is sent." in text(page)
    desk.post(*sent(page))
    assert "Switched off: nothing of this is sent." in text(desk.get("/rules/"))
    form = soup(desk.get("/rules/expiry/"))
    assert [one["value"] for one in form.find_all("input", inputmode="numeric")] == ["45", "7"]
    assert form.find("input", attrs={"name": "on"}, checked=True)["value"] == "no"


def test_a_warning_where_nobody_of_us_hears(desk):
    page = look(desk, **{"rows": "1", "ours-0": []})
    assert "Nobody of us would hear of this any more." in text(page)
    assert "Nobody of us would hear" not in text(look(desk))


def test_for_one_partner_alone(desk, harbor):
    found = desk.get("/rules/expiry/", {"name": "harb"})
    where = soup(found).find("a", string="Harbor House")["href"]
    assert "So far this is what holds for everyone." in text(desk.get(where))
    answer = desk.post(*sent(look(desk, partner="harbor-house")), follow=True)
    assert answer.redirect_chain[0][0] == "/rules/?partner=harbor-house#rule-expiry"
    assert "For this partner alone. Changed on 7 Jun 2027 by Rosa." in text(answer).replace("\xa0", " ")
    assert Reminder.objects.filter(offset=-45, state="planned").exists()  # at once
    assert "Otherwise than for everyone: An agreement ends" in text(desk.get("/partners/harbor-house/"))
    assert "Otherwise for: Harbor House" in text(desk.get("/rules/"))
    reset = soup(desk.get(where)).find("a", string="Back to what holds for everyone")["href"]
    answer = desk.post(*sent(desk.get(reset)), follow=True)
    assert "Saved: An agreement ends." in text(answer)
    assert "As for everyone" in text(desk.get("/partners/harbor-house/"))
    assert "No partner has this in its name." in text(desk.get("/rules/expiry/", {"name": "nobody"}))


def test_for_one_kind_of_agreement(desk, harbor):
    kind = term("agreement_kind", "mou")
    where = f"/rules/expiry/?kind={kind.pk}"
    assert "kinds" in desk.get(where).context
    page = desk.get("/rules/expiry/", SHORT | {"kind": kind.pk, "look": "1"})
    assert f"for agreements of the kind {kind.label}." in text(page)
    desk.post(*sent(page))
    assert Rule.objects.get().kind == kind
    assert Organization.objects.filter(planned_for=None).get() == harbor
    assert f"Otherwise for: {kind.label}" in text(desk.get("/rules/"))
    assert desk.get("/rules/expiry/?kind=999999").status_code == 404
    assert desk.get("/rules/training/?kind=999999").status_code == 200  # kinds mean nothing there


def test_only_who_runs_the_program_changes_rules(desk, window, harbor):
    assert window.get("/rules/expiry/").status_code == 403
    assert window.post("/rules/expiry/save", SHORT | {"seen": "0"}).status_code == 403
    assert desk.post("/rules/expiry/", SHORT).status_code == 405
    assert desk.get("/rules/expiry/save").status_code == 405
    assert not Rule.objects.exists()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_pages_cost_the_same_for_one_three_and_fifty(desk, harbor, django_assert_num_queries, number):
    for n in range(number):
        one = make_organization(f"Partner {n}")
        make_agreement(one, expires_on=day("2027-08-20"))
        Rule.objects.create(rule="review", organization=one, steps=[], on=False, changed_on=TODAY)
    refresh(now=NOW)
    with django_assert_num_queries(QUERIES["rules"]):
        desk.get("/rules/")
    with django_assert_num_queries(QUERIES["rule"]):
        desk.get("/rules/expiry/")
    with django_assert_num_queries(QUERIES["preview"]):
        look(desk)
