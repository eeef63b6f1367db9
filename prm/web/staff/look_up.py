"""Look up: whatever a reader remembers half, from any page; the page and the box that opens over others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.search.folding import excerpt, fold, parts, terms
from prm.search.models import Findable, Kind
from prm.search.queries import find
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff

ICONS = {
    Kind.ORGANIZATION: "building",
    Kind.PERSON: "person",
    Kind.AGREEMENT: "file-earmark-text",
    Kind.CONVERSATION: "chat-left-text",
    Kind.MESSAGE: "envelope",
}
HEADINGS = {
    Kind.ORGANIZATION: gettext_lazy("Partners"),
    Kind.PERSON: gettext_lazy("People"),
    Kind.AGREEMENT: gettext_lazy("Agreements"),
    Kind.CONVERSATION: gettext_lazy("Conversations"),
    Kind.MESSAGE: gettext_lazy("Messages"),
}
#: What can be done with a partner: the address, its words, and what else people type for it.
DEEDS = (
    (
        "partner-talk",
        "telephone",
        gettext_lazy("Record a talk with %s"),
        gettext_lazy("talk call record log"),
    ),
    ("partner-pause", "pause-fill", gettext_lazy("Pause %s"), gettext_lazy("pause full")),
)
#: Pages by name, what else people type for them, and who may open them.
PAGES = (
    ("today", "sun", gettext_lazy("Today"), gettext_lazy("overdue this week"), "all"),
    ("partners", "people", gettext_lazy("Partners"), gettext_lazy("list organizations"), "all"),
    ("outlook", "signpost-2", gettext_lazy("Outlook"), gettext_lazy("reminders next 90 days"), "all"),
    ("outbox", "send", gettext_lazy("Outbox"), gettext_lazy("mail waiting sent failed"), "all"),
    (
        "partner-new",
        "plus-lg",
        gettext_lazy("New partner"),
        gettext_lazy("add enter organization"),
        "writers",
    ),
    (
        "imports",
        "arrow-up",
        gettext_lazy("Bring in a spreadsheet"),
        gettext_lazy("import csv excel"),
        "writers",
    ),
    ("program", "building", gettext_lazy("Program"), gettext_lazy("settings zone sending"), "runners"),
    ("closed-days", "calendar3", gettext_lazy("Closed days"), gettext_lazy("settings holidays"), "all"),
    (
        "colleagues",
        "people",
        gettext_lazy("People on our side"),
        gettext_lazy("settings colleagues users"),
        "all",
    ),
    ("first-steps", "flag", gettext_lazy("First steps"), gettext_lazy("set up begin"), "all"),
    ("more", "list", gettext_lazy("More"), gettext_lazy("settings account sign out dark light theme"), "all"),
)
#: Deeds are offered for the first partner; where one was typed, for so many.
DEEDS_FOR = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, ready to be shown; `kind` is its word, `day` the day it happened on."""

    address: str
    icon: str
    kind: str
    title: SafeString
    text: SafeString | str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind under their heading."""

    heading: str
    hits: list[Hit]


@staff
def look_up(request: HttpRequest) -> HttpResponse:
    """`/search?q=`: the page; with `part=1` only the list, for the box over other pages."""
    asked = " ".join(request.GET.get("q", "").split())[:100]
    groups = groups_for(asked, request)
    context = {"asked": asked, "groups": groups, "number": sum(len(group.hits) for group in groups)}
    part = request.GET.get("part") == "1"
    return render(request, "staff/look_up_list.html" if part else "staff/look_up.html", context)


def groups_for(asked: str, request: HttpRequest) -> list[Group]:
    """What answers a question, best first: partners, what can be done with them, the rest, pages."""
    frame, wanted = frame_of(request), terms(asked)
    if not wanted:
        return []
    found = find(asked, reader=request.user)
    groups = [
        Group(str(HEADINGS[kind]), [_hit(row, kind, wanted) for row in rows]) for kind, rows in found.items()
    ]
    partners = found.get(Kind.ORGANIZATION, [])
    deeds = _deeds(wanted, partners, request) if frame.may_change else []
    groups.insert(1 if partners else 0, Group(_("What you can do"), deeds))
    groups.append(Group(_("Pages"), _pages(wanted, frame)))
    return [group for group in groups if group.hits]


def marked(text: str, wanted: list[str]) -> SafeString:
    """A text with the words that answer marked; everything in it is escaped."""
    pieces = (
        format_html("<mark>{}</mark>", piece) if answers else piece for piece, answers in parts(text, wanted)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _hit(row: Findable, kind: Kind, wanted: list[str]) -> Hit:
    dated = kind in (Kind.AGREEMENT, Kind.CONVERSATION, Kind.MESSAGE)
    text = excerpt(" · ".join(line for line in row.text.splitlines() if line.strip()), wanted)
    return Hit(
        address=address(row),
        icon=ICONS[kind],
        kind=str(kind.label),
        title=marked(row.title, wanted),
        text=marked(text, wanted),
        day=row.happened_on if dated else None,
    )


def address(row: Findable) -> str:
    """Where a thing is read: a mail in the outbox, agreements and people by themselves, the rest at its partner."""
    kind, _colon, number = row.key.partition(":")
    if kind == Kind.MESSAGE:
        return reverse("outbox-message", args=[number])
    if kind == Kind.AGREEMENT:
        return reverse("agreement", args=[row.organization.slug, number.partition("@")[0]])
    if kind == Kind.PERSON:
        return reverse("person", args=[row.organization.slug, number])
    anchor = "#past" if kind == Kind.CONVERSATION else ""
    return reverse("partner", args=[row.organization.slug]) + anchor


def _deeds(wanted: list[str], partners: list[Findable], request: HttpRequest) -> list[Hit]:
    """What can be done with the first partner found; or, after "pause" or "talk", with those named then."""
    typed = [deed for deed in DEEDS if any(word.startswith(wanted[0]) for word in fold(str(deed[3])).split())]
    if typed and len(wanted) > 1 and len(wanted[0]) > 2:
        rest = " ".join(word for word in wanted[1:] if word not in {"a", "with"})
        named = find(rest, reader=request.user, kinds=(Kind.ORGANIZATION,), limit=DEEDS_FOR)
        return list(_done_with(named.get(Kind.ORGANIZATION, []), typed, terms(rest)))
    return list(_done_with(partners[:1], DEEDS, wanted))


def _done_with(partners: Iterable[Findable], deeds: Iterable[Any], wanted: list[str]) -> Iterable[Hit]:
    for row in partners:
        for name, icon, words, _typed in deeds:
            title = marked(str(words) % row.organization.name, wanted)
            yield Hit(reverse(name, args=[row.organization.slug]), icon, _("Action"), title)


def _pages(wanted: list[str], frame: Frame) -> list[Hit]:
    allowed = {"all": True, "writers": frame.may_change, "runners": frame.may_run}
    found = []
    for name, icon, title, typed, whose in PAGES:
        words = fold(f"{title} {typed}").split()
        if allowed[whose] and all(any(word.startswith(term) for word in words) for term in wanted):
            found.append(Hit(reverse(name), icon, _("Page"), marked(str(title), wanted)))
    return found
