"""An agreement with a partner that a viewer may not see: the timeline of the other party does not name it."""

import pytest

from prm.agreements.actions import give_notice, join
from prm.agreements.models import Agreement
from prm.search.actions import refresh
from tests.cast import NOW, TODAY, harbor_house, make_agreement, make_organization, rosa

pytestmark = pytest.mark.django_db

SAFE = "Safe House"


@pytest.fixture
def _joined():
    """A shelter whose place nobody should know joins the agreement with Harbor House."""
    safe = make_organization(SAFE, confidential=True)
    join(make_agreement(harbor_house()), safe, signed_on=TODAY, now=NOW, by=rosa())
    refresh(now=NOW)


@pytest.mark.usefixtures("_joined")
def test_whoever_may_see_it_reads_who_joined(desk):
    assert f"{SAFE} joined" in desk.get("/partners/harbor-house/?all=1").content.decode()


@pytest.mark.usefixtures("_joined")
@pytest.mark.parametrize("address", ["", "?all=1", "timeline.csv"])
def test_viewer_reads_that_another_partner_joined(window, address):
    told = window.get(f"/partners/harbor-house/{address}").getvalue().decode()
    assert "Another partner joined" in told
    assert SAFE not in told


@pytest.mark.usefixtures("_joined")
def test_viewer_finds_no_trace_of_it(window):
    give_notice(
        Agreement.objects.get(),
        notice_by=SAFE,
        given_on=TODAY,
        ended_on=TODAY,
        note="They close.",
        now=NOW,
        by=rosa(),
    )
    refresh(now=NOW)
    told = window.get("/search?q=close").content.decode()
    assert "Notice was given" in told
    assert SAFE not in told
