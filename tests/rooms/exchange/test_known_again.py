"""A file about partners that are known takes nothing away that it does not speak of."""

import pytest

from prm.agreements.actions import Signer, enter_agreement, join, renew
from prm.agreements.models import Agreement
from prm.exchange.partners_import import import_partners
from prm.partners.actions import add_contact, change_organization
from prm.partners.models import Role
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization, make_program

HEAD = "Agency,Contact,Email,MOU type,MOU start,MOU end"


@pytest.fixture(autouse=True)
def _program(db):
    make_program()


@pytest.fixture
def brought_in(tmp_path):
    def run(text):
        path = tmp_path / "list.csv"
        path.write_text(text)
        return import_partners(path, now=NOW, today=TODAY, day_first=False)

    return run


def holders():
    return sorted(
        Role.objects.filter(until=None).values_list("kind", "contact__name"),
    )


def test_a_renewal_that_waits_for_signatures_goes_on_waiting(brought_in):
    harbor = harbor_house()
    agreement = make_agreement(harbor)
    waiting = renew(agreement, signed=False, now=NOW)

    brought_in(f"{HEAD}\nHarbor House,Anna Reyes,anna@harbor.example,MOU,2025-10-01,2027-09-30\n")

    assert list(Agreement.objects.order_by("pk")) == [agreement, waiting]
    waiting.refresh_from_db()
    assert (waiting.status, waiting.renews_id) == ("awaiting", agreement.pk)


def test_the_next_term_told_by_a_file_takes_the_place_of_the_one_that_waited(brought_in):
    agreement = make_agreement(harbor_house())
    renew(agreement, signed=False, now=NOW)

    report = brought_in(f"{HEAD}\nHarbor House,Anna Reyes,anna@harbor.example,MOU,2027-10-01,2029-09-30\n")

    assert report.skipped == []
    renewed = Agreement.objects.get(renews=agreement)
    assert (renewed.status, renewed.expires_on) == ("in_force", day("2029-09-30"))
    assert Agreement.objects.filter(status="withdrawn").count() == 1


def test_a_draft_beside_an_agreement_in_force_is_the_one_a_draft_speaks_of(brought_in):
    harbor = harbor_house()
    agreement = make_agreement(harbor)
    parties = [Signer(None), Signer(harbor)]
    kind = term("agreement_kind", "mou")
    enter_agreement(kind=kind, title="Next", term="evergreen", parties=parties, now=NOW)

    brought_in("Agency,MOU type\nHarbor House,draft\n")

    agreement.refresh_from_db()
    assert (agreement.status, agreement.expires_on, Agreement.objects.count()) == (
        *("in_force", day("2027-09-30")),
        2,
    )


def test_two_who_share_a_role_go_on_sharing_it(brought_in):
    harbor = harbor_house()
    add_contact(harbor, name="Ruth Diaz", roles=["primary", "training"], now=NOW)
    before = holders()

    brought_in("Agency,Contact,Email,Tel.\nHarbor House,Anna Reyes,anna@harbor.example,555-0100\n")

    assert holders() == before


def test_a_vacant_role_stays_vacant_where_no_column_names_it(brought_in):
    add_contact(make_organization(), name="Anna Reyes", roles=["primary"], now=NOW)
    brought_in("Agency,Contact,Tel.\nHarbor House,Anna Reyes,555-0100\n")
    assert holders() == [("primary", "Anna Reyes")]


def test_a_vacant_role_that_a_column_names_is_given(brought_in):
    add_contact(
        make_organization(), name="Anna Reyes", email="anna@harbor.example", roles=["primary"], now=NOW
    )
    brought_in("Agency,Contact,Email,Signatory\nHarbor House,Anna Reyes,anna@harbor.example,Anna Reyes\n")
    assert holders() == [("primary", "Anna Reyes"), ("signatory", "Anna Reyes")]


def test_a_new_main_contact_takes_over_everything(brought_in):
    harbor_house()
    brought_in("Agency,Contact,Email\nHarbor House,Ruth Diaz,ruth@harbor.example\n")
    assert {name for _kind, name in holders()} == {"Ruth Diaz"}
    assert len(holders()) == 5


def test_notes_that_look_like_a_formula_do_not_grow(brought_in):
    harbor = harbor_house()
    change_organization(harbor, notes="- call before 3pm", now=NOW)
    brought_in('Agency,Notes\nHarbor House,"\'- call before 3pm"\n')
    harbor.refresh_from_db()
    assert harbor.notes == "- call before 3pm"


def test_the_end_of_one_who_joined_later_is_not_that_of_the_others(brought_in):
    harbor, maple = harbor_house(), make_organization("Maple House")
    agreement = make_agreement(harbor, term="from_last_signature", months=24, expires_on=None)
    joined = join(agreement, maple, signed_on=day("2026-09-20"), now=NOW)
    before = Agreement.objects.get().expires_on
    assert joined.expires_on != before

    brought_in("Agency,MOU type,MOU end\nMaple House,MOU,2030-01-31\n")
    assert Agreement.objects.get().expires_on == before
