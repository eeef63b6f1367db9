"""The forms of a page as a browser has them: their fields, what it would send, and how the page answers a bad value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.urls import resolve

#: What a browser sends by itself, or a person never sees.
BUTTONS = {"submit", "button", "reset", "image"}
CHOICES = {"radio", "checkbox", "select"}
#: Fields of one family differ in a number: promise1_what, promise2_what. One of them is enough.
NUMBERED = re.compile(r"\d+|ours")
Sent = dict[str, list[str]]


@dataclass(frozen=True)
class Field:
    """One name of a form: what is asked, and which answers it offers (of choices only)."""

    name: str
    kind: str
    offered: tuple[str, ...] = ()

    @property
    def chosen(self) -> bool:
        return self.kind in CHOICES and (self.kind != "checkbox" or len(self.offered) > 1)


@dataclass(frozen=True)
class Found:
    """A form that is posted: where it stands, where it goes, its fields, and what it sends untouched."""

    page: str
    action: str
    fields: tuple[Field, ...]
    present: Sent

    @property
    def route(self) -> str:
        return str(resolve(urlsplit(self.action).path).url_name)

    @property
    def typed(self) -> list[Field]:
        """The fields that a person fills, one of each family."""
        first = {NUMBERED.sub("", one.name): one for one in reversed(self.fields) if one.kind != "hidden"}
        return [one for one in self.fields if one in first.values()]


def read(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def forms_on(page: BeautifulSoup, address: str) -> Iterator[Found]:
    """Every form of a page that is posted."""
    for form in page.find_all("form", method="post"):
        action = urljoin(address, form.get("action") or address)
        yield Found(address, action, tuple(_fields(form)), present(form))


def controls(form: Tag, name: str = "") -> list[Tag]:
    """What has a name in a form; buttons are pressed, not filled."""
    return [
        one
        for one in form.find_all(["input", "select", "textarea"])
        if one.get("name") and one.get("type") not in BUTTONS and (not name or one["name"] == name)
    ]


def _fields(form: Tag) -> Iterator[Field]:
    named: dict[str, list[Tag]] = {}
    for one in controls(form):
        named.setdefault(one["name"], []).append(one)
    for name, same in named.items():
        if name not in {"csrfmiddlewaretoken", "lang"}:
            yield Field(name, _kind(same[0]), tuple(_offered(same)))
    pressed = {one["name"] for one in form.find_all("button") if one.get("name")}
    yield from (Field(name, "hidden") for name in sorted(pressed - named.keys()))


def _kind(control: Tag) -> str:
    if control.name == "input":
        kind = str(control.get("type", "text"))
        return "number" if control.get("inputmode") == "numeric" else kind
    return str(control.name)


def _offered(same: list[Tag]) -> Iterator[str]:
    if same[0].name == "select":
        yield from (_value(option) for option in same[0].find_all("option"))
    elif same[0].get("type") in CHOICES:
        yield from (one.get("value", "on") for one in same)


def _value(option: Tag) -> str:
    return str(option["value"]) if option.has_attr("value") else option.get_text()


def present(form: Tag) -> Sent:
    """What a browser sends of a form as it stands, with its first button where that has a name."""
    sent: Sent = {}
    for one in controls(form):
        for value in _values(one):
            sent.setdefault(one["name"], []).append(value)
    button = form.find("button", attrs={"type": "submit"}) or form.find("button")
    main = form.find("button", class_=["btn-primary", "primary"]) or button
    if main is not None and main.get("name"):
        sent.setdefault(main["name"], []).append(str(main.get("value", "")))
    return sent


def _values(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]  # as a browser reads it
    if control.name == "select":
        options = control.find_all("option")
        taken = [one for one in options if one.has_attr("selected")]
        return [_value(one) for one in (taken if control.has_attr("multiple") else taken[:1] or options[:1])]
    if control.get("type") in CHOICES:
        return [str(control.get("value", "on"))] if control.has_attr("checked") else []
    return [] if control.get("type") == "file" else [str(control.get("value", ""))]


# --- the answer -----------------------------------------------------------------------------------------------------


def same_form(page: BeautifulSoup, found: Found, name: str) -> Tag | None:
    """The form shown again: it goes to the same route and has the field."""
    for form in page.find_all("form", method="post"):
        path = urlsplit(urljoin(found.action, form.get("action") or found.action)).path
        if path == urlsplit(found.action).path and controls(form, name):
            return form
    return None


def told_at(page: BeautifulSoup, form: Tag, name: str) -> str:
    """What is said at a field, tied to it for those who hear the page; "" where nothing is."""
    for one in controls(form, name):
        group = one.find_parent("fieldset") if one.get("type") in CHOICES else None
        if one.get("aria-invalid") != "true" and not group:
            continue
        pointed = f"{one.get('aria-describedby', '')} {group.get('aria-describedby', '') if group else ''}"
        places = [page.find(id=place) for place in pointed.split()]
        errors = [
            one for one in places if one and (one["id"].endswith("_error") or one.get("role") == "alert")
        ]
        return " ".join(one.get_text(" ", strip=True) for one in errors)
    return ""


def led_to(page: BeautifulSoup, form: Tag, name: str) -> bool:
    """Whether the summary on top has a link to the field; a form of one field needs none."""
    places = {place for one in controls(form, name) for place in (one.get("id"), _group(one)) if place}
    links = {link["href"] for alert in page.find_all(role="alert") for link in alert.find_all("a", href=True)}
    seen = {one["name"] for one in controls(form) if one.get("type") != "hidden"}
    pointed = {
        place for one in controls(form, name) for place in str(one.get("aria-describedby", "")).split()
    }
    on_top = {alert.get("id") for alert in page.find_all(role="alert")}
    return len(seen) == 1 or bool({f"#{place}" for place in places} & links or pointed & on_top)


def _group(control: Tag) -> str:
    group = control.find_parent("fieldset")
    return str(group.get("id", "")) if group else ""


def said_on_top(page: BeautifulSoup) -> str:
    return " ".join(alert.get_text(" ", strip=True) for alert in page.find_all(role="alert"))
