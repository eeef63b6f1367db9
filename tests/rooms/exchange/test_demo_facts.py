"""The demo's facts agree with one another: who was there, where it was, and what nobody may say."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from prm.exchange.demo import learning
from prm.exchange.demo.coalition import COLLEAGUES, EVERYONE, PARTNERS
from prm.exchange.demo.lessons import BEFORE, HELD, MOVED, SINCE
from prm.exchange.demo.papers import PAPERS
from prm.exchange.demo.rests import RESTS
from prm.exchange.demo.shapes import Lesson, Said
from prm.exchange.demo.story import chapters, mail_to_peter_came_back, marion_leaves
from prm.exchange.demo.talks import TALKS
from prm.exchange.demo.world import ENTERED, World
from prm.rules.dates import WorkingWeek

NEW_YORK = ZoneInfo("America/New_York")
BY_KEY = {partner.key: partner for partner in PARTNERS}
HOME = {person.name: partner for partner in PARTNERS for person in partner.people}
TOWNS = {partner.city for partner in PARTNERS if partner.city}
#: Who came or went since the day of entry: the last day, or the first one.
LAST_DAY = {"Owen Pratt": -18, "Marion Vance": -36, "Ingrid Sorensen": -30}
SINCE_ENTRY = {"Dana Whitlock": ("workforce", -25)}
WEEKEND = 3  # a day may be moved by so many to a working day


def first_day(name: str) -> int:
    """The day since which somebody is known to hold a role."""
    if name in SINCE_ENTRY:
        return SINCE_ENTRY[name][1]
    person, partner = EVERYONE[name], HOME[name]
    if person.follows:
        return EVERYONE[person.follows].left + 1
    return partner.since if person.since is None else person.since


def was_there(name: str, key: str, day: int) -> bool:
    home = SINCE_ENTRY[name][0] if name in SINCE_ENTRY else HOME[name].key
    left = LAST_DAY.get(name, EVERYONE[name].left if name in EVERYONE else None)
    return home == key and first_day(name) <= day and (left is None or day <= left)


def test_invented_names_and_addresses_are_all_different():
    people = [person for partner in PARTNERS for person in partner.people]
    assert len({person.name for person in people}) == len(people)
    assert len({(HOME[person.name].key, person.at) for person in people}) == len(people)
    assert len({partner.key for partner in PARTNERS}) == len({partner.name for partner in PARTNERS}) == 44
    assert not {colleague.name for colleague in COLLEAGUES} & {person.name for person in people}


def test_whoever_spoke_with_us_was_there_on_that_day():
    wrong = [said for said in TALKS if said.person and not was_there(said.person, said.partner, said.day)]
    assert wrong == []
    assert {said.partner for said in TALKS} == set(BY_KEY)


def test_whoever_was_trained_belonged_there_on_that_day():
    wrong = [
        (lesson.key, name)
        for lesson in (*BEFORE, *SINCE)
        for key, (names, _more) in lesson.came.items()
        for name in names
        if not was_there(name, key, lesson.day)
    ]
    assert wrong == []


def test_nobody_is_trained_before_the_partnership_or_while_training_rests():
    for lesson in (*BEFORE, *SINCE):
        for key in lesson.came:
            assert BY_KEY[key].since <= lesson.day, (lesson.key, key)
            for rest in RESTS:
                if rest.partner == key and rest.scope in {"all", "training"}:
                    over = rest.ends is not None and rest.ends + WEEKEND < lesson.day
                    assert lesson.day < rest.starts - WEEKEND or over, (lesson.key, key)


def test_every_session_has_a_host_whose_house_it_is():
    for lesson in (*BEFORE, *SINCE):
        if lesson.host:
            host = BY_KEY[lesson.host]
            assert lesson.place.startswith(host.name), lesson.key
            assert lesson.place.endswith(f", {host.city}"), lesson.key
            assert host.since <= lesson.day
        else:
            assert lesson.place.startswith("Online")


def test_papers_begin_after_the_partnership():
    for paper in PAPERS:
        for key in paper.parties:
            since = -BY_KEY[key].since
            if paper.ends is not None and not paper.draft:
                assert paper.terms * paper.months * 30.44 - paper.ends <= since + 1, paper.key
            if paper.signed is not None:
                assert -paper.signed <= since, paper.key


def test_names_in_notes_are_names_of_people_towns_or_partners_who_exist():
    known = " | ".join(
        [
            *HOME,
            *SINCE_ENTRY,
            *TOWNS,
            *(c.name for c in COLLEAGUES),
            *(p.name for p in PARTNERS),
            "Tallis County",
        ]
    )
    texts = (
        [said.note for said in TALKS] + [rest.reason for rest in RESTS] + [paper.notes for paper in PAPERS]
    )
    pairs = {pair for text in texts for pair in re.findall(r"[A-Z][\w’-]+ [A-Z][\w’-]+", text)}
    assert {"Dana Whitlock", "Gannet Cove", "Merrow Harbor"} <= pairs
    assert [pair for pair in pairs if pair not in known] == []


def test_first_names_in_notes_belong_to_that_partner_or_to_us():
    first_names = {name.split()[0] for name in (*HOME, *SINCE_ENTRY)} - {"Dr.", "Rev.", "Captain"}
    ours = {colleague.name.split()[0] for colleague in COLLEAGUES}
    there = {key: {person.name.split()[0] for person in BY_KEY[key].people} for key in BY_KEY}
    there["workforce"] |= {"Dana"}
    for said in TALKS:
        mentioned = set(re.findall(r"\b[A-Z][\w-]+", said.note)) & first_names
        assert mentioned <= there[said.partner] | ours, said


def test_notes_name_no_season_weekday_or_month_that_the_calendar_could_contradict():
    words = "spring|summer|autumn|fall|winter|christmas|thanksgiving|easter|monday|tuesday|wednesday|thursday|friday"
    months = "january|february|march|april|june|july|august|september|october|november|december"
    for text in [said.note for said in TALKS] + [rest.reason for rest in RESTS]:
        named = {word.lower() for word in re.findall(rf"\b({words}|{months})\b", text, re.IGNORECASE)}
        assert named <= {"wednesday"}, text  # a habit of every week, not a day


def test_nothing_says_where_a_shelter_is():
    shelters = [partner for partner in PARTNERS if partner.sector == "shelter_housing"]
    assert [partner.key for partner in shelters] == ["wrenhollow", "larkspur"]
    for partner in shelters:
        assert partner.city == ""
        assert partner.facts["confidential"]
        assert all(person.discreet for person in partner.people)
        assert not [lesson for lesson in (*BEFORE, *SINCE) if lesson.host == partner.key]
        texts = [said.note for said in TALKS if said.partner == partner.key]
        texts += [rest.reason for rest in RESTS if rest.partner == partner.key]
        texts += [f"{paper.title} {paper.notes}" for paper in PAPERS if partner.key in paper.parties]
        elsewhere = [said.note for said in TALKS if said.partner != partner.key]
        assert len(texts) >= 6
        assert not [town for town in TOWNS for text in texts if town in text]
        assert not [text for text in elsewhere if partner.name in text]


def speaks_of(said: Said, lesson: Lesson) -> bool:
    """Whether a note of the days after a session is about those who came to it."""
    about = re.search("coming to|came with|Redbarn", said.note)
    return lesson.day < said.day < lesson.day + 7 and about is not None


@pytest.mark.parametrize(
    "closed", [frozenset(), frozenset(date(2027, 3, 20) + timedelta(n) for n in range(4))]
)
def test_story_keeps_its_order_on_every_day_of_two_years(closed):
    for number in range(730):
        world = World(today=date(2026, 6, 1) + timedelta(number), zone=NEW_YORK, week=WorkingWeek(closed))
        told = list(chapters(world))
        days = [day for day, _chapter in told]
        assert days == sorted(days)
        assert world.first_day <= days[0] <= days[-1] < world.today
        assert all(world.week.is_working(day) for day in days)
        on = {chapter: day for day, chapter in told}
        assert world.week.after(on[marion_leaves]) < on[mail_to_peter_came_back]
        assert on[learning.move_to_another_day] < learning.day_of(world, MOVED)
        for lesson in (HELD, MOVED):
            told_of = [said.day for said in TALKS if speaks_of(said, lesson)]
            assert len(told_of) >= 2
            assert all(world.working(day) > learning.day_of(world, lesson) for day in told_of)
        joint_call = next(said.day for said in TALKS if said.person == "Dana Whitlock")
        assert world.working(joint_call) <= world.working(-25) + timedelta(7)


def test_every_talk_is_either_before_entry_or_since():
    assert not [said for said in TALKS if -ENTERED.days - 4 < said.day <= -ENTERED.days + 1]
