"""Consent to be listed ends by itself; whoever gave it is asked 60 and 14 days before, through every pause."""

from prm.rules.facts import Cadence, Consent, Organization
from prm.rules.succession import partner_recipients
from tests.rules.world import PEOPLE, day, going, harbor, pause, plan, row

#: Sam gave it on Wednesday 3 March 2027 for a year; it counts through Thursday 2 March 2028.
GIVEN = Consent(8, day("2027-03-03"), day("2028-03-02"), contact=2)


def listed(given: Consent = GIVEN, **facts: object) -> Organization:
    return harbor("2027-01-04", consents=(given,), cadence=Cadence(None), **facts)


def asked(organization: Organization, today: str, side: str = "") -> list[tuple[str, str]]:
    found = going(plan(organization, today), "consent", side)
    return [(on, key.removeprefix("consent:8:")) for on, key in found]


def test_person_and_owner_are_asked_sixty_and_fourteen_days_before() -> None:
    # 60 days before 2 March 2028 is Sunday 2 January and the Friday before is a holiday observed; 14: 17 February.
    assert asked(listed(), "2027-12-01", "partner") == [
        ("2027-12-30", "consent-60d"),
        ("2028-02-17", "consent-14d"),
    ]
    assert asked(listed(), "2027-12-01", "ours") == asked(listed(), "2027-12-01", "partner")


def test_whoever_gave_it_is_asked_and_nobody_else_while_they_can_be() -> None:
    touch = row(plan(listed(), "2027-12-01"), "consent:8:consent-60d", "partner")
    assert (touch.audience, touch.person, touch.category) == (("consenter",), 2, "listing")
    found = partner_recipients(PEOPLE, touch.audience, day("2027-12-30"), touch.category, touch.person)
    assert [recipient.contact for recipient in found] == [2]


def test_no_pause_holds_the_question() -> None:
    for scope in ("all", "training", "referrals"):
        resting = listed(pauses=(pause("2027-11-30", "2028-03-31", scope),))
        assert asked(resting, "2027-12-01", "partner") == asked(listed(), "2027-12-01", "partner")


def test_consent_that_ended_asks_nothing_any_more() -> None:
    assert asked(listed(), "2028-03-03") == []


def test_consent_given_late_asks_only_what_is_still_to_come() -> None:
    late = Consent(8, day("2028-01-20"), day("2028-03-02"), contact=2)
    assert asked(listed(late), "2028-01-20", "partner") == [
        ("2028-01-21", "consent-60d"),
        ("2028-02-17", "consent-14d"),
    ]


def test_nothing_reaches_the_person_after_its_end() -> None:
    short = Consent(8, day("2028-03-02"), day("2028-03-02"), contact=2)  # caught up it would go on 3 March
    assert asked(listed(short), "2028-03-02", "partner") == []
    assert asked(listed(short), "2028-03-02", "ours") == [("2028-03-03", "consent-14d")]
