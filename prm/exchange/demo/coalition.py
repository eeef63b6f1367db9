"""The twelve organizations of Corran County, and who keeps them. All of it is invented."""

from prm.exchange.demo.shapes import Colleague, Partner, Person

COLLEAGUES = (
    Colleague("director", "Daniel Okafor", "director"),
    Colleague("rosa", "Rosa Alvarez", "manager"),
    Colleague("ben", "Ben Whitaker", "manager"),
    Colleague("carla", "Carla Jensen", "viewer"),
)
DIRECTOR = COLLEAGUES[0]

ALL_ROLES = ("primary", "notice", "signatory", "training", "intake")

PARTNERS = (
    Partner(
        key="sheriff",
        name="Corran County Sheriff’s Office",
        sector="law_enforcement_local",
        kind="joint_programme",
        city="Corran Falls",
        owner="rosa",
        deputy="ben",
        since=-1100,
        talk=(-60, "meeting", "Asked how long the county commission needs: about four months."),
        trained=-108,
        facts={"approval_body": "County commission", "approval_lead_days": 120, "direction": "two_way"},
        people=(
            Person("Tomás Ibarra", "Lieutenant", "t.ibarra", ("primary", "notice", "training"), "555-0112"),
            Person("Elaine Marsh", "Undersheriff", "e.marsh", ("signatory", "executive"), may_commit=True),
        ),
    ),
    Partner(
        key="harborlight",
        name="Harborlight Legal Aid",
        sector="legal_services",
        kind="referral_out",
        city="Corran Falls",
        owner="rosa",
        deputy="ben",
        since=-760,
        talk=(-52, "call", "They will renew, but their board meets only every second month."),
        facts={"approval_body": "Board of directors", "approval_lead_days": 45, "direction": "two_way"},
        people=(
            Person("Miriam Feld", "Managing attorney", "m.feld", ("primary", "notice", "intake"), "555-0118"),
            Person(
                "George Anand", "Executive director", "g.anand", ("signatory", "executive"), may_commit=True
            ),
        ),
    ),
    Partner(
        key="alderstreet",
        name="Alder Street Youth Center",
        sector="youth_services",
        kind="referral_out",
        city="Alder Bend",
        owner="rosa",
        deputy="ben",
        since=-210,
        talk=(-58, "visit", "Walked through the drop-in rooms. Draft agreed, to be sent for signature."),
        trained=-100,
        facts={"direction": "two_way"},
        people=(
            Person(
                "Keisha Monroe", "Program director", "keisha", ("primary", "training", "intake"), "555-0121"
            ),
            Person("Paul Sandoval", "Board chair", "chair", ("notice", "signatory"), may_commit=True),
        ),
    ),
    Partner(
        key="lakeshore-schools",
        name="Lakeshore Public Schools",
        sector="education_k12",
        kind="training",
        city="Corran Lake",
        owner="ben",
        deputy="rosa",
        since=-400,
        talk=(-96, "call", "Counselors want the next session before the holidays."),
        trained=-190,
        facts={"approval_body": "School board", "approval_lead_days": 120, "direction": "one_way"},
        people=(
            Person("Grace Lindqvist", "Student services", "g.lindqvist", ("primary", "training"), "555-0126"),
            Person("Howard Tate", "Superintendent", "superintendent", ("notice", "signatory")),
        ),
    ),
    Partner(
        key="regional",
        name="Corran Regional Hospital",
        sector="health_hospital",
        kind="joint_programme",
        city="Corran Falls",
        owner="ben",
        deputy="rosa",
        since=-900,
        talk=(-62, "email", "The emergency department keeps a binder with our steps at the desk."),
        trained=-88,
        facts={"direction": "two_way", "role_mailbox": "social.work@regional.example.org"},
        people=(
            Person(
                "Priya Raman", "Social work lead", "p.raman", ("primary", "training", "intake"), "555-0133"
            ),
            Person("Walter Boone", "General counsel", "w.boone", ("notice", "signatory"), may_commit=True),
        ),
    ),
    Partner(
        key="northgate",
        name="Northgate Resettlement Services",
        sector="immigrant_refugee",
        kind="referral_out",
        city="Northgate",
        owner="rosa",
        deputy="ben",
        since=-720,
        talk=(-49, "call", "Many arrivals expected. They may need to stop taking people for a while."),
        trained=-75,
        facts={"direction": "two_way"},
        people=(
            Person(
                "Amina Yusuf",
                "Director",
                "a.yusuf",
                ("primary", "notice", "signatory", "intake"),
                "555-0139",
                languages=("en", "es"),
                may_commit=True,
            ),
            Person("Luis Prado", "Volunteer coordinator", "l.prado", ("training",)),
        ),
    ),
    Partner(
        key="wrenhollow",
        name="Wren Hollow House",
        sector="shelter_housing",
        kind="referral_out",
        city="",
        owner="rosa",
        deputy="ben",
        since=-650,
        talk=(-50, "call", "Repairs are coming up. Mail must not say what the house is for."),
        trained=-80,
        facts={"confidential": True, "visibility": "need_to_know", "direction": "one_way"},
        people=(
            Person(
                "Joan Mercer", "House manager", "joan", ALL_ROLES, "555-0144", discreet=True, may_commit=True
            ),
        ),
    ),
    Partner(
        key="tamarack",
        name="Tamarack Free Clinic",
        sector="health_clinic",
        kind="referral_out",
        city="Alder Bend",
        owner="ben",
        deputy="rosa",
        since=-520,
        talk=(-66, "capacity_check", "One nurse on leave; they will tell us when it gets tight."),
        trained=-64,
        facts={"direction": "one_way"},
        people=(
            Person("Rebecca Stone", "Clinic manager", "r.stone", ALL_ROLES, "555-0147", may_commit=True),
            Person("Dr. Samuel Osei", "Medical director", "s.osei", ("programme_lead",)),
        ),
    ),
    Partner(
        key="cedarhill",
        name="Cedar Hill Interfaith Pantry",
        sector="faith",
        kind="referral_out",
        city="Cedar Hill",
        owner="ben",
        deputy="rosa",
        since=-380,
        talk=(-55, "visit", "Marion may move away this season; nobody named yet to follow her."),
        trained=-96,
        facts={"direction": "one_way"},
        people=(
            Person("Marion Vance", "Coordinator", "marion", ALL_ROLES, "555-0152"),
            Person("Peter Lang", "Treasurer", "p.lang", ("board_liaison",)),
        ),
    ),
    Partner(
        key="workforce",
        name="Corran Workforce Center",
        sector="workforce",
        kind="referral_out",
        city="Corran Falls",
        owner="ben",
        deputy="rosa",
        since=-600,
        talk=(-71, "call", "Full until their new coach starts. They asked us to wait with referrals."),
        trained=-112,
        facts={"direction": "two_way"},
        people=(
            Person(
                "Owen Pratt",
                "Career coach",
                "o.pratt",
                ("primary", "notice", "training", "intake"),
                "555-0158",
            ),
            Person(
                "Helen Castellano", "Director", "h.castellano", ("signatory", "executive"), may_commit=True
            ),
        ),
    ),
    Partner(
        key="innkeepers",
        name="Corran Valley Innkeepers",
        sector="hospitality",
        kind="training",
        city="Northgate",
        owner="rosa",
        deputy="ben",
        since=0,
        status="prospect",
        talk=(-53, "meeting", "Nine hotels would train their night staff. They asked for a draft."),
        people=(
            Person("Victor Hale", "President", "v.hale", ("primary", "notice", "signatory"), "555-0163"),
        ),
    ),
    Partner(
        key="millrace",
        name="Mill Race Counseling",
        sector="behavioral_health",
        kind="referral_out",
        city="Corran Falls",
        owner="ben",
        deputy="rosa",
        since=-480,
        talk=(-57, "call", "Their two counselors retire soon; they will write to us."),
        trained=-78,
        people=(Person("Ingrid Sorensen", "Counselor", "ingrid", ALL_ROLES, "555-0169", may_commit=True),),
    ),
)
