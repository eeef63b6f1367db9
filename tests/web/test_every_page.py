"""What holds for each page: no dead link, nothing inline, nothing from outside, the security headers, one heading."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import resolve
from django.views.defaults import server_error

from prm.capacity.actions import pause
from prm.continuity import leaving, saying
from prm.outbox.models import Message
from prm.partners.actions import note_leaving, say, settle
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Purpose
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization

POLICY = {
    "default-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
#: Words of the makers that no reader should meet.
FORBIDDEN = (
    r"\b(touch(?:es)?|ladder|audience|entity|sync|bounce[ds]?|escalat\w*|stakeholder|cadence|invalid)\b"
)
MARKUP = r"{#.*?#}|{% comment %}.*?{% endcomment %}|{{.*?}}|{%(?! translate ).*?%}|<[^>]*>"


@pytest.fixture
def _a_full_house(monday):
    """Partners in every state that makes a page look different, and mail that went."""
    harbor = harbor_house()
    make_agreement(harbor, expires_on=day("2027-08-31"))
    pause(harbor, scope="referrals", starts_on=TODAY, months=1, now=NOW)
    lighthouse = make_organization("Lighthouse", county="Marin")
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    refresh(now=NOW)
    _partners_speak(harbor)
    note_leaving(harbor.contacts.get(), last_day=TODAY, now=NOW)
    make_agreement(lighthouse, expires_on=day("2027-05-31"))
    assert Message.objects.exists()


def _partners_speak(harbor):
    """Every answer by link, some of them settled."""
    holder, mou = Holder(harbor.pk, harbor.contacts.get().pk), harbor.agreement_parties.get().agreement
    page, again = issue([(holder, Wish(Purpose.PAGE)), (holder, Wish(Purpose.PAGE))], now=NOW)
    leaving.announce(page, last_day=TODAY, now=NOW)
    for choice in ("talk", "not_me"):
        saying.answer_renewal(page, mou, choice=choice, now=NOW)
    saying.we_are_full(page, scope="training", months=3, now=NOW)
    for about in ("me", "other"):
        say(page, kind="correction", data={"about": about, "phone": "555 0100"}, now=NOW)
    settle(saying.answer_renewal(again, mou, choice="changes", now=NOW), outcome="seen", now=NOW, by=None)


def addresses(page, start):
    """The addresses of our own that a page leads to, with their query; files to be kept are no pages."""
    links = [link for link in page.find_all("a", href=True) if not link.has_attr("download")]
    found = {urljoin(start, link["href"]).partition("#")[0] for link in links}
    return {link for link in found if not urlsplit(link).scheme and not link.startswith("/static/")}


def kind_of(address):
    """Two addresses of one kind differ only in values: one of them is enough."""
    parts = urlsplit(address)
    match = resolve(parts.path)
    return (
        match.url_name,
        match.kwargs.get("slug"),
        frozenset(name for name, _value in parse_qsl(parts.query)),
    )


def walk(client, start="/today/") -> Iterator[tuple[str, object, BeautifulSoup]]:
    """Every kind of page that can be reached by links, each once."""
    seen, waiting = set(), [start]
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = client.get(address, follow=True)
        if answer.streaming:  # a file to be kept
            answer.getvalue()  # read through: closing it early would close the database as well
            continue
        page = BeautifulSoup(answer.content, "html.parser")
        yield address, answer, page
        waiting += sorted(addresses(page, address))


def faults(answer, page) -> Iterator[str]:
    """What is wrong with one page."""
    if answer.status_code != 200:
        yield f"answers {answer.status_code}"
    if {part.strip() for part in answer["Content-Security-Policy"].split(";")} != POLICY:
        yield "another security policy"
    yield from (f"inline style: {tag.name}" for tag in [*page.find_all(style=True), *page.find_all("style")])
    yield from ("inline script" for tag in page.find_all("script") if tag.get_text(strip=True))
    yield from (
        f"inline handler: {name}" for tag in page.find_all() for name in tag.attrs if name.startswith("on")
    )
    yield from (
        f"from outside: {tag['src']}" for tag in page.find_all(src=True) if urlsplit(tag["src"]).netloc
    )
    yield from _faults_of_forms(page)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    yield from (f"id twice: {one}" for one in set(ids) if ids.count(one) > 1)
    pointed = {one for tag in page.find_all() for one in tag.get("aria-describedby", "").split()}
    yield from (f"describes by nothing: {one}" for one in pointed - set(ids))
    if len(page.find_all("h1")) != 1:
        yield "not one heading"


def _faults_of_forms(page) -> Iterator[str]:
    for form in page.find_all("form", method="post"):
        if not form.find("input", {"name": "csrfmiddlewaretoken"}):
            yield "a form without its token"
    labelled = {label.get("for") for label in page.find_all("label")}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") != "hidden" and field.get("id") not in labelled:
            yield f"no label: {field.get('name')}"


@pytest.mark.usefixtures("_a_full_house")
@pytest.mark.parametrize(("who", "least"), [("desk", 25), ("window", 15)])
def test_every_page_that_links_lead_to_is_sound(request, who, least):
    pages = list(walk(request.getfixturevalue(who)))
    assert [(address, fault) for address, answer, page in pages for fault in faults(answer, page)] == []
    assert len(pages) >= least


def test_words_of_the_makers_are_in_no_template():
    for path in (Path(__file__).parents[2] / "templates").rglob("*.html"):
        words = re.sub(MARKUP, " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(FORBIDDEN, words, flags=re.IGNORECASE) == [], path.name


def test_pages_that_say_no_are_in_our_look(desk, window):
    harbor_house()
    assert "There is no such page" in desk.get("/nowhere/").content.decode()
    assert "This is not for your account" in window.get("/partners/harbor-house/pause").content.decode()


def test_broken_page_says_so_and_asks_nothing_of_the_database(rf, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_page_is_in_one_language_whatever_the_browser_asks_for(desk):
    harbor_house()
    spanish = desk.get("/partners/", headers={"accept-language": "es"}).content.decode()
    assert '<html lang="en"' in spanish
    assert spanish.split("<main")[1] == desk.get("/partners/").content.decode().split("<main")[1]


def test_light_or_dark_is_remembered_by_the_server(desk):
    assert "data-bs-theme" not in desk.get("/more/").content.decode()
    desk.post("/more/theme", {"theme": "dark"})
    assert '<html lang="en" data-bs-theme="dark">' in desk.get("/more/").content.decode()
    desk.post("/more/theme", {"theme": "x"})
    assert "data-bs-theme" not in desk.get("/more/").content.decode()


def test_pages_are_not_kept_in_shared_caches_and_tell_no_other_site_where_one_was(desk):
    answer = desk.get("/partners/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
