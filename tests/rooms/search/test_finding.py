"""Rosa remembers half a name, and finds it; Carla never finds what she must not see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.accounts.models import User
from prm.partners.actions import add_contact, change_organization, record_talk
from prm.partners.models import Organization
from prm.search import actions
from prm.search.models import Findable, Kind, Stale
from prm.search.queries import find
from tests.cast import NOW, TODAY, anna_reyes, carla, harbor_house, make_agreement, make_organization, rosa

pytestmark = pytest.mark.django_db

#: One for each of the five kinds, one for titles that begin so, one that fetches what is shown.
QUERIES = 7
#: PostgreSQL asks for names nearly so where hardly any is spelled right: savepoint, threshold, names, release.
FOR_TYPOS = {"sqlite": 0, "postgresql": 4}


def indexed(*_made):
    """The heartbeat, after somebody was entered."""
    actions.refresh(now=NOW)
    assert not Stale.objects.exists()


def titles(asked, kind=Kind.ORGANIZATION, reader=None):
    return [row.title for row in find(asked, reader=reader or rosa()).get(kind, [])]


def test_half_a_name_finds_a_partner_and_its_people():
    indexed(harbor_house())
    assert titles("harb") == ["Harbor House"]
    assert titles("hous HARB") == ["Harbor House"]
    assert titles("rey", Kind.PERSON) == ["Anna Reyes"]
    assert titles("anna harbor", Kind.PERSON) == ["Anna Reyes"]
    assert titles("signs agreements", Kind.PERSON) == ["Anna Reyes"]
    assert titles("qxyz") == []


def test_the_very_name_comes_first_then_what_begins_so_then_the_rest():
    for name in ("Harbor Light", "Safe Harbor", "Old Harbor", "Harbor"):
        make_organization(name)
    indexed()
    assert titles("harbor") == ["Harbor", "Harbor Light", "Old Harbor", "Safe Harbor"]


def test_accents_and_apostrophes_make_no_difference():
    for name in ("Casa de los Niños", "O'Brien Shelter", "Women's Law Straße"):
        make_organization(name)
    indexed()
    for asked in ("ninos", "Niños", "CASA DE LOS NIN"):
        assert titles(asked) == ["Casa de los Niños"]
    for asked in ("obrien", "O’Brien", "o'b"):
        assert titles(asked) == ["O'Brien Shelter"]
    assert titles("womens strasse") == titles("women") == ["Women's Law Straße"]


def test_agreements_conversations_and_messages_are_found():
    harbor = harbor_house()
    make_agreement(harbor)
    record_talk(harbor, happened_on=TODAY, note="They want a second evening for sailors.", now=NOW, by=rosa())
    indexed()
    assert titles("mou harbor", Kind.AGREEMENT) == ["MOU with Harbor House"]
    (talk,) = find("sailors", reader=rosa())[Kind.CONVERSATION]
    assert talk.organization == harbor
    assert "second evening" in talk.text
    assert talk.happened_on == TODAY


def test_an_agreement_of_three_is_found_once():
    harbor, lighthouse = harbor_house(), make_organization("Lighthouse")
    make_agreement(harbor, [lighthouse, make_organization("Haven")], title="County protocol")
    indexed()
    assert Findable.objects.filter(kind=Kind.AGREEMENT).count() == 3
    assert titles("protocol", Kind.AGREEMENT) == ["County protocol"]


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("asked", ["harbur house", "Harbor Huose", "hrabor"])
def test_a_typo_still_finds_the_partner(asked):
    indexed(harbor_house(), make_organization("Lighthouse Legal Aid"))
    assert titles(asked)[0] == "Harbor House"
    assert titles("Reyse", Kind.PERSON) == ["Anna Reyes"]
    assert titles("zzyzx") == []


@pytest.mark.only_on("postgresql")
def test_without_the_extension_what_is_spelled_right_is_found():
    indexed(harbor_house())
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_titles")
        cursor.execute("DROP EXTENSION pg_trgm")
    assert titles("harbur") == []
    assert titles("harbor") == ["Harbor House"]


@pytest.mark.parametrize("hidden", [{"confidential": True}, {"visibility": "need_to_know"}])
def test_carla_never_finds_a_confidential_partner_nor_anything_of_it(hidden):
    harbor = harbor_house(**hidden)
    make_agreement(harbor, [make_organization("Lighthouse")], title="Protocol of the harbor")
    record_talk(harbor, happened_on=TODAY, note="About sailors", now=NOW, by=rosa())
    indexed()
    for asked in ("harbor", "harb", "anna", "reyes", "sailors", "Harbor House", "harbur house", "reyse"):
        found = find(asked, reader=carla())
        assert {row.organization.name for some in found.values() for row in some} <= {"Lighthouse"}
        assert "Harbor House" not in "".join(row.text + row.title for some in found.values() for row in some)
    assert titles("harbor") == ["Harbor House"]


def test_nobody_who_is_not_active_finds_anything():
    indexed(harbor_house())
    gone = rosa()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert find("harbor", reader=User.objects.get(pk=gone.pk)) == {}


def test_a_viewer_finds_a_full_list_though_many_others_are_hidden(monkeypatch):
    monkeypatch.setattr("prm.search.queries.WEIGHED", 5)
    for number in range(3):
        make_organization(f"Open harbor {number}")
    for number in range(9):
        make_organization(f"Hidden harbor {number}", confidential=True)
    indexed()
    assert titles("harbor", reader=carla()) == [f"Open harbor {number}" for number in range(3)]


def test_at_most_twenty_of_a_kind():
    for number in range(23):
        make_organization(f"Harbor {number:02}")
    indexed()
    assert titles("harbor") == [f"Harbor {number:02}" for number in range(20)]


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(number):
    for some in range(number):
        anna_reyes(make_organization(f"Harbor {some}"), name=f"Harbor Master {some}")
    indexed()
    reader = rosa()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(find("harbor", reader=reader)[Kind.PERSON]) == number
    assert len(asked) == QUERIES + (FOR_TYPOS[connection.vendor] if number == 1 else 0)


@pytest.mark.parametrize(
    "asked",
    ["", "  ", "'", '"', "&|!", "a' | b:*", "qqq) OR (zzz", "%", "\\", "NEAR(", "-", "*", "x" * 5000],
)
def test_no_question_is_wrong(asked):
    indexed(harbor_house())
    assert titles(asked) == []


def test_a_name_changes_and_the_old_one_finds_nothing():
    harbor = harbor_house()
    indexed()
    change_organization(harbor, name="Haven House", now=NOW, by=rosa())
    indexed()
    assert titles("harbor") == []
    assert titles("haven") == ["Haven House"]
    add_contact(Organization.objects.get(), name="Tom Lee", now=NOW, today=TODAY)
    indexed()
    assert titles("tom", Kind.PERSON) == ["Tom Lee"]
