"""How far a new installation is: which first steps are done, read from the data and never ticked by hand."""

from __future__ import annotations

from dataclasses import dataclass

from prm.accounts.models import Program, Sending
from prm.reporting.mail_route import mail_route


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whether the demo is here, partners in earnest are, a test mail went, and a second person can sign in."""

    demo: bool
    partners: bool
    tested: bool
    second: bool


def steps(program: Program, found: Beginning) -> dict[str, bool]:
    """The first steps in their order, each with whether it is done. The demo is a step as long as it is here.

    Mail counts as set up when somebody looked the addresses through and it leaves for addresses other than our own
    folder: an installation that writes files reminds nobody.
    """
    introduced = program.introduced_on is not None
    known = {
        "program": introduced,
        "mail": introduced and mail_route().reaches,
        "days": program.holidays_checked_on is not None,
        "partners": found.partners,
        "test": found.tested,
        "second": found.second,
        "sending": program.sending == Sending.ON,
    }
    return known | ({"demo": False} if found.demo else {})
