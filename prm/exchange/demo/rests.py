"""Every form of pause: what is paused, how far, for whom, and until when."""

from prm.exchange.demo.shapes import Rest


def _of(partner: str, scope: str, starts: int, ends: int | None = None, **facts: object) -> Rest:
    """The one pause of a partner, under the partner's own key."""
    return Rest(partner, partner, scope, starts, ends=ends, **facts)  # type: ignore[arg-type]


#: Over before anything was typed in, and talked about at the time.
OVER = (
    _of("thrift", "all", -300, -255, effect="limited", back=-254, reason="The roof was repaired."),
    _of(
        "lawproject",
        "referrals",
        -200,
        -142,
        reach="everyone",
        back=-141,
        reason="Both attorneys were in a long trial.",
    ),
    _of("redbarn", "training", -130, -75, back=-74, reason="State tests and teacher evaluations."),
    _of(
        "interpreters",
        "service",
        -118,
        -90,
        service="Interpreting on site",
        effect="limited",
        back=-89,
        reason="Two interpreters were ill; phone work went on.",
    ),
)
#: Running on the day of entry.
KNOWN = (
    _of(
        "workforce",
        "referrals",
        -70,
        -12,
        person="Owen Pratt",
        reason="Two of three coaches have left; the new one starts after training.",
    ),
    _of("childfamily", "referrals", -62, -20, reason="Four open posts in the intake team."),
    _of("recovery", "all", -50, 41, reason="Their license is being renewed and staff move between houses."),
)
#: Told to us since.
TOLD = (
    _of(
        "cedarhill",
        "service",
        -38,
        18,
        told=-41,
        effect="waiting_list",
        service="Emergency food boxes",
        reason="The cold room broke down.",
    ),
    _of("probation", "training", -38, told=-40, reason="A new case system; no officer can be spared."),
    _of(
        "tamarack",
        "referrals",
        -34,
        told=-36,
        effect="limited",
        reason="The nurse is on family leave, return not known.",
    ),
    _of(
        "northgate",
        "referrals",
        -29,
        told=-31,
        months=3,
        reach="everyone",
        reason="Two charter flights of newly arrived families.",
    ),
    _of(
        "wrenhollow",
        "all",
        -24,
        told=-27,
        months=3,
        reason="The upper floor is being rebuilt; half of the rooms are closed.",
    ),
    _of(
        "farmhealth",
        "service",
        -20,
        told=-21,
        effect="limited",
        reach="everyone",
        service="Evening clinic",
        reason="The evening doctor has left; they are looking for another.",
    ),
    _of(
        "regional",
        "training",
        -13,
        24,
        told=-16,
        reason="State survey of the hospital: no staff can be spared.",
    ),
    _of("dental", "service", -12, 5, told=-14, service="Saturday clinic", reason="The drill unit is broken."),
    _of(
        "larkspur",
        "referrals",
        -9,
        21,
        told=-10,
        effect="waiting_list",
        reason="All rooms are taken; they call us when one is free.",
    ),
    _of(
        "merrowbay",
        "referrals",
        8,
        40,
        told=-9,
        effect="limited",
        reason="New patient records go live; they ask us to call first.",
    ),
    _of(
        "pineclinic",
        "referrals",
        4,
        told=-5,
        reach="everyone",
        reason="Their only physician goes on leave; a stand-in is not found yet.",
    ),
)
RESTS = (*OVER, *KNOWN, *TOLD)
