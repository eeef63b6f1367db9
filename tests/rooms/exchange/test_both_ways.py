"""One by one or all at once: the rooms' doors for many write the same rows, with as many questions for 3 as for 30."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.agreements.actions import NewAgreement, Signer, enter_agreements
from prm.agreements.models import Agreement, Party
from prm.capacity.actions import NewPause, record_pauses
from prm.capacity.models import Pause
from prm.partners.actions import (
    NewAssignment,
    NewContact,
    NewOrganization,
    NewTalk,
    add_contacts,
    add_organizations,
    assign,
    record_talks,
)
from prm.partners.models import Assignment, Contact, Entry, Organization, Role, Standing
from prm.rules.refusal import Refusal
from prm.training.actions import LastTraining, NewCadence, note_last_trainings, set_cadences
from prm.training.models import Attendance, Cadence
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, ben, day, make_organization, rosa

pytestmark = pytest.mark.django_db

STAMP: dict[str, Any] = {"now": NOW, "today": TODAY}
NAMES = ("Harbor House", "Maple House", "Harbor House", "Harbor House 2", "東京")


def one_by_one(door: Callable[..., Sequence[Any]], new: Sequence[Any], **stamp: Any) -> list[Any]:
    return [door([one], **STAMP | stamp)[0] for one in new]


def all_at_once(door: Callable[..., Sequence[Any]], new: Sequence[Any], **stamp: Any) -> list[Any]:
    return list(door(new, **STAMP | stamp))


def little_world(enter: Callable[..., list[Any]]) -> None:
    """Five organizations with people, keepers, papers, a pause, rhythms, known trainings and talks."""
    ours = (rosa(), ben())
    rows = enter(add_organizations, [_organization(n, name) for n, name in enumerate(NAMES)], by=ours[0])
    enter(assign, [NewAssignment(row, ours[n % 2]) for n, row in enumerate(rows)])
    enter(assign, [NewAssignment(row, ours[0], "owner", TODAY + timedelta(9)) for row in rows])
    enter(assign, [NewAssignment(row, ours[1], "deputy") for row in (*rows, *rows)])
    people = enter(add_contacts, [_contact(n, row) for n, row in enumerate(rows)])
    enter(enter_agreements, [_agreement(n, row, rows[0]) for n, row in enumerate(rows)])
    pauses = [NewPause(row, "all", day("2027-07-01"), months=n) for n, row in enumerate(rows) if n]
    enter(
        record_pauses, [*pauses, NewPause(rows[0], "service", TODAY, service="Beds", declared_by=people[0])]
    )
    enter(
        set_cadences, [NewCadence(row, n or None, reason="" if n else "asked") for n, row in enumerate(rows)]
    )
    enter(set_cadences, [NewCadence(row, 3) for row in rows])
    days = [LastTraining(row, TODAY - timedelta(n // 3)) for n, row in enumerate((*rows, *rows))]
    for told in [days] if enter is all_at_once else [[one] for one in days]:
        note_last_trainings(told, entered_on=TODAY, now=NOW)
    enter(
        record_talks,
        [NewTalk(row, contact=who, note=" all well ") for row, who in zip(rows, people, strict=True)],
    )


def _organization(number: int, name: str) -> NewOrganization:
    facts = {"city": " Aurora ", "partner_since": day("2020-05-01") if number else None, "notes": str(number)}
    return NewOrganization(name, status="former" if number == 1 else "active", facts=facts)


def _contact(number: int, row: Organization) -> NewContact:
    facts = {"email": f"Anna{number}@harbor.example", "languages": ["es"]}
    return NewContact(row, f"Anna Reyes {number}", ("primary", "notice", "primary"), facts=facts)


def _agreement(number: int, row: Organization, other: Organization) -> NewAgreement:
    """In force, awaiting, a draft, in force from the last signature, and a circle of three that waits for one."""
    signed = {0: (TODAY, TODAY), 1: (TODAY, None), 3: (day("2027-01-04"), TODAY)}.get(number, (None, None))
    sides = [Signer(side, signed_on=on) for side, on in zip((row, None), signed, strict=True)]
    if number == len(NAMES) - 1:
        sides.append(Signer(other, signed=True))
    form = {"term": "fixed", "starts_on": day("2027-01-01"), "months": 12}
    if number == 3:
        form = {"term": "from_last_signature", "months": 24}
    return NewAgreement(kind=term("agreement_kind", "mou"), title="", parties=sides, **form)


def everything() -> dict[str, list[Any]]:
    """Every row, its ids told by names."""
    names = {row.pk: f"{row.slug}" for row in Organization.objects.all()}
    told: dict[str, list[Any]] = {}
    tables = (Standing, Contact, Role, Assignment, Entry, Agreement, Party, Pause, Cadence, Attendance)
    for table in (Organization, *tables):
        fields = [f.attname for f in table._meta.concrete_fields if f.attname not in ("id", "record")]
        rows = [
            dict(zip(fields, values, strict=True))
            for values in table.objects.order_by("id").values_list(*fields)
        ]
        for row in rows:
            row["organization_id"] = names.get(row.get("organization_id"))
            for name in ("contact_id", "declared_by_id", "agreement_id"):
                row[name] = bool(row.get(name))
            if "data" in row:  # of many nobody takes back one: their entries carry no way back
                row["data"] = {name: value for name, value in row["data"].items() if name != "edits"}
        told[table.__name__] = sorted(map(str, rows))
    return told


def in_order() -> list[tuple[str, list[str]]]:
    rows = Organization.objects.order_by("id")
    return [(row.slug, list(row.entries.order_by("id").values_list("event", flat=True))) for row in rows]


def test_doors_for_many_write_what_the_doors_for_one_write():
    little_world(one_by_one)
    slowly = (everything(), in_order())
    for table in (Party, Agreement, Assignment, Organization):
        table.objects.all().delete()
    little_world(all_at_once)
    assert (everything(), in_order()) == slowly
    slugs = ["harbor-house", "maple-house", "harbor-house-2", "harbor-house-2-2", "partner"]
    assert [slug for slug, _events in in_order()] == slugs
    assert {row.status for row in Agreement.objects.all()} == {"in_force", "awaiting", "draft"}
    assert set(Organization.objects.values_list("plan_stale_at", flat=True)) == {NOW}


@pytest.mark.parametrize("number", [3, 30])
def test_many_take_as_many_questions_as_few(number):
    rows = [make_organization(f"Harbor {n}") for n in range(number)]
    us = rosa()
    mou = term("agreement_kind", "mou")
    asked = {}
    work: dict[str, Callable[[], Any]] = {
        "organizations": lambda: all_at_once(add_organizations, [NewOrganization("Maple") for _ in rows]),
        "keepers": lambda: all_at_once(assign, [NewAssignment(row, us) for row in rows]),
        "people": lambda: all_at_once(add_contacts, [NewContact(row, "Anna", ("primary",)) for row in rows]),
        "papers": lambda: all_at_once(
            enter_agreements, [NewAgreement(mou, "", "evergreen", [Signer(row)]) for row in rows]
        ),
        "pauses": lambda: all_at_once(record_pauses, [NewPause(row, "all", TODAY) for row in rows]),
        "rhythms": lambda: all_at_once(set_cadences, [NewCadence(row, 12) for row in rows]),
        "talks": lambda: all_at_once(record_talks, [NewTalk(row) for row in rows]),
    }
    for what, door in work.items():
        with CaptureQueriesContext(connection) as questions:
            door()
        asked[what] = len([q for q in questions if "SAVEPOINT" not in q["sql"] and "BEGIN" not in q["sql"]])
    assert asked == {
        "organizations": 7,
        "keepers": 6,
        "people": 5,
        "papers": 5,
        "pauses": 6,
        "rhythms": 6,
        "talks": 3,
    }


def test_one_that_is_refused_keeps_all_of_its_call_out():
    harbor = make_organization()
    entries = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        add_contacts([NewContact(harbor, "Anna"), NewContact(harbor, " ")], **STAMP)
    assert refused.value.field == "name"
    overlapping = [NewPause(harbor, "all", TODAY), NewPause(harbor, "all", TODAY + timedelta(5))]
    with pytest.raises(Refusal, match="covers some of these days"):
        record_pauses(overlapping, **STAMP)
    assert (Contact.objects.count(), Pause.objects.count(), Entry.objects.count()) == (0, 0, entries)


def test_very_many_of_one_name_still_get_the_smallest_free_number():
    first = all_at_once(add_organizations, [NewOrganization("Food Pantry") for _ in range(15)])
    first[6].delete()
    again = all_at_once(add_organizations, [NewOrganization("Food Pantry") for _ in range(30)])
    numbers = [7, *range(16, 45)]
    assert [row.slug for row in again] == [f"food-pantry-{number}" for number in numbers]
