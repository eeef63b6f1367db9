"""The policy of reminders on a page: made from the rules, so it cannot say anything else than they do."""

import re
from pathlib import Path

import pytest

from prm.rules import consent, renewal
from prm.rules.steps import Step
from prm.web.staff.rule_words import WHOM
from prm.web.staff.rules_page import all_series

RULES = Path(__file__).parents[2] / "prm/rules"


def lines_of(rule):
    [one] = [series for series in all_series() if series.rule == rule]
    return [(line.when, line.partner, line.ours) for line in one.lines]


def test_page_tells_the_renewal_of_an_agreement_in_words(desk):
    notices, both = "contact for notices", "contact for notices and signatory"
    assert lines_of("expiry") == [
        ("90 days before", notices, "owner"),
        ("60 days before", notices, "owner"),
        ("30 days before", both, "owner"),
        ("14 days before", both, "owner"),
        ("7 days before", both, "owner and deputy"),
        ("On the day", both, "owner, deputy and directors"),
        *[(f"{days} days after", "", "owner, deputy and directors") for days in (7, 14, 21, 28)],
    ]
    page = " ".join(desk.get("/rules/").content.decode().split())
    assert "An agreement ends" in page
    assert "Contact for notices and signatory" in page


def test_the_other_series_in_words():
    assert lines_of("stuck") == [("Every 14 days", "", "owner")]
    assert lines_of("review") == [("30 days before", "", "owner"), ("7 days before", "", "owner")]
    assert lines_of("training") == [
        ("21 days before", "training contact", "owner"),
        ("On the day", "training contact", ""),
        ("14 days after", "", "owner and deputy"),
    ]
    assert lines_of("start")[1] == ("1 day before", "whoever is invited", "")
    assert lines_of("talk")[0] == ("7 days before", "whoever declared the pause", "owner")
    assert lines_of("promise")[0] == ("3 days before", "", "whoever owes it")


@pytest.mark.parametrize(
    ("module", "name", "rule"),
    [
        (renewal, "BEFORE_THE_END", "expiry"),
        (renewal, "REVIEW", "review"),
        (consent, "BEFORE_IT_ENDS", "consent"),
    ],
)
def test_another_step_in_the_rules_is_another_line_on_the_page(monkeypatch, module, name, rule):
    monkeypatch.setattr(module, name, (Step(-45, ("signatory",), ("director",)),))
    assert ("45 days before", "signatory", "directors") in lines_of(rule)


def test_no_rule_is_left_out():
    """A new clock in `prm/rules` is a new series here."""
    source = "".join(path.read_text(encoding="utf-8") for path in RULES.glob("*.py"))
    known = set(re.findall(r'rule="([a-z-]+)"', source)) - {"entry"}
    assert known | {"start", "after"} == {series.rule for series in all_series()}
    assert {line.when for series in all_series() for line in series.lines} > {"On the day", "120 days after"}
    assert {str(words) for words in WHOM.values()} > {"owner", "deputy", "directors"}


def test_those_who_run_the_program_read_it(desk, window, chair, client):
    assert [one.get("/rules/").status_code for one in (desk, chair, window, client)] == [200, 200, 403, 302]
    assert desk.post("/rules/").status_code == 405
    assert "Rules of reminders" in desk.get("/more/").content.decode()
    assert "Rules of reminders" not in window.get("/more/").content.decode()
