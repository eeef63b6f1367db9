"""Every form of agreement, between the organizations of `coalition.py`, as they stood on the day of entry."""

from prm.exchange.demo.shapes import Paper

FIXED, LAST, OPEN = "fixed", "from_last_signature", "evergreen"


def _with(key: str, kind: str, title: str, term: str, **facts: object) -> Paper:
    """An agreement with one partner, under the partner's own key."""
    return Paper(key, kind, title, term, (key,), **facts)  # type: ignore[arg-type]


CORRAN = (
    _with("sheriff", "mou", "Referrals and first contact", FIXED, months=24, ends=25, terms=3),
    _with("harborlight", "mou", "Legal help for people we refer", FIXED, months=24, ends=-17),
    _with("alderstreet", "mou", "Work with young people", LAST, months=24, draft=True),
    Paper(
        "protocol",
        "interagency_agreement",
        "Corran County response protocol",
        LAST,
        ("sheriff", "regional", "prosecutor"),
        months=24,
        signed=-150,
    ),
    _with("northgate", "moa", "Resettlement and referrals", FIXED, months=24, ends=8),
    _with("wrenhollow", "mou", "Guest rooms", FIXED, months=12, ends=38, terms=2),
    _with("tamarack", "letter_of_commitment", "Walk-in care", OPEN, review=19),
    _with(
        "cedarhill",
        "informal",
        "What we agreed about food boxes",
        OPEN,
        review=120,
        notes="Written summary of a visit, unsigned by choice.",
    ),
    _with("workforce", "mou", "Job search and coaching", FIXED, months=36, ends=72),
    _with("innkeepers", "mou", "Training for hotel staff", FIXED, months=12, draft=True),
    _with("millrace", "mou", "Counseling", FIXED, months=24, ends=51),
    _with("prosecutor", "data_sharing", "Totals for the yearly report", FIXED, months=12, ends=140),
    _with("interpreters", "moa", "Interpreting by phone and on site", FIXED, months=12, ends=205, terms=3),
    _with("lakeshore-schools", "mou", "Training for school staff", FIXED, months=24, ends=340),
    _with("regional", "mou", "Care around the clock", FIXED, months=24, ends=560, terms=2, signed=-175),
)
MERROW = (
    _with("merrow-police", "mou", "Joint response at the harbor", FIXED, months=24, ends=-4),
    _with("merrowbay", "mou", "Emergency department steps", LAST, months=24, signed=-400),
    _with("larkspur", "mou", "Guest rooms on the coast", FIXED, months=12, ends=200, terms=2),
    _with(
        "seafarers",
        "informal",
        "How crews reach us",
        OPEN,
        review=-6,
        notes="One page on the wall of the center.",
    ),
    Paper(
        "childsafety",
        "interagency_agreement",
        "Merrow County child safety protocol",
        OPEN,
        ("childfamily", "merrow-police", "merrowbay"),
        review=45,
        notes="Each agency names a new contact within ten working days.",
    ),
    _with("college", "mou", "Training on campus", FIXED, months=36, ends=400),
    _with("workers", "mou", "Workers who ask for help", FIXED, months=12, ends=14),
    _with("lawproject", "sub_award", "Legal help under our federal award", FIXED, months=12, ends=52),
    _with("firerescue", "letter_of_support", "Support for crew training", OPEN, review=210),
    _with("soupkitchen", "letter_of_commitment", "Meals to go", FIXED, months=12, ends=-26),
    _with(
        "lodging",
        "mou",
        "Training for front desks",
        FIXED,
        months=24,
        ends=120,
        ended=-70,
        notes="They gave notice when their board changed; thirty days were kept.",
    ),
)
TALLIS = (
    _with("tallis-sheriff", "mou", "Farm visits and first contact", FIXED, months=24, ends=118, terms=2),
    _with("farmhealth", "mou", "Outreach and health checks", LAST, months=12, signed=-300),
    _with("growers", "mou", "Training for crew leaders", LAST, months=24, draft=True),
    _with("redbarn", "mou", "Training for school staff", FIXED, months=12, ends=58, terms=2),
    _with("transport", "letter_of_commitment", "Training for drivers", FIXED, months=24, ends=300),
    _with(
        "familyadvocacy",
        "sub_award",
        "Advocacy in Tallis County under our federal award",
        FIXED,
        months=12,
        ends=221,
        terms=2,
        signed=-160,
    ),
    _with("library", "letter_of_support", "Rooms and quiet help at the desk", OPEN, review=9),
    _with("labor-standards", "data_sharing", "Totals on wage complaints", FIXED, months=24, ends=31),
    _with("recovery", "mou", "Beds and treatment places", FIXED, months=12, ends=96),
    _with("casaabierta", "moa", "Welcome and case management", LAST, months=24, signed=-80),
)
QUILLAN = (
    _with("probation", "mou", "Asking once, asking well", FIXED, months=24, ends=160),
    _with("pineclinic", "mou", "Care close to home", OPEN, review=27),
    _with("tribal", "moa", "Working together with respect for tribal law", LAST, months=36, signed=-210),
    _with("youthline", "mou", "Night line and day center", FIXED, months=12, ends=250),
    _with("thrift", "informal", "Clothes and household goods", OPEN, review=88),
    _with("dental", "letter_of_commitment", "Free dental days", FIXED, months=12, ends=44),
    _with("survivorcouncil", "moa", "Paid advice and teaching", FIXED, months=12, ends=130, terms=2),
    _with("creditunion", "mou", "Coaching and first accounts", FIXED, months=24, draft=True),
    _with("veterans", "letter_of_support", "Rooms and rides", FIXED, months=24, ends=495),
)
ACROSS = (
    Paper(
        "youthcare",
        "interagency_agreement",
        "Four-county agreement on young people",
        OPEN,
        ("lakeshore-schools", "redbarn", "youthline"),
        review=175,
    ),
    Paper(
        "youthcare-college",
        "joinder",
        "Joinder to the four-county agreement on young people",
        OPEN,
        ("college",),
        review=245,
    ),
)
PAPERS = (*CORRAN, *MERROW, *TALLIS, *QUILLAN, *ACROSS)
