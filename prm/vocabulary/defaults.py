"""The words that a fresh installation starts with, read from `defaults.txt` beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

#: In which stretch of a way out of exploitation a need usually comes up.
PHASES: dict[str, str] = {
    "emergency": """housing_emergency food clothing hygiene transport safety_planning crisis_24h medical forensic_exam
        psychiatric financial_emergency phone_tech language identity_documents relocation pet_care le_reporting
        outreach""",
    "transition": """housing_transitional case_management peer_support childcare family reunification dental vision
        mental_health substance_use reproductive disability legal_immigration legal_criminal_relief
        legal_victim_rights legal_family legal_civil legal_labor crime_compensation benefits life_skills creative
        spiritual court_support repatriation""",
    "long_term": """housing_long housing_rent financial_coaching tax_consumer education_ged education_esl
        education_higher vocational employment employment_support tattoo_removal prevention training_ta""",
}


class DefaultTerm(NamedTuple):
    list: str
    key: str
    label: str
    order: int
    phase: str


def default_terms() -> Iterator[DefaultTerm]:
    """Yield every term of every list, in the order in which people see them (10, 20, 30 ... within a list)."""
    phase_of = {key: phase for phase, keys in PHASES.items() for key in keys.split()}
    heading, order = "", 0
    for line in Path(__file__).with_name("defaults.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading, order = line.strip("[]"), 0
        elif line and not line.startswith("#"):
            order += 10
            key, label = line.split(" ", 1)
            yield DefaultTerm(heading, key, label, order, phase_of.get(key, "") if heading == "need" else "")
