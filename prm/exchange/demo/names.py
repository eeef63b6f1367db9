"""Names for a hundred thousand invented organizations: believable, all different, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

BEGINNINGS = """
Ash Birch Calder Dun Elk Fern Gull Hazel Iron Kestrel Lark Mill Nettle Otter Pine Quarry Raven Salt
Thistle Umber Vetch Willow Yarrow Zephyr Alder Bram Cedar Dove Eagle Fox Glen Hart Ivy Juniper Kings
Linden Maple North Oak Pebble Quail Rowan Sand Tern Upper Vale Wren Winter Amber Bridge Copper Drift
Ember Flint Granite Heron Indigo Jasper Knoll Larch Moss Nut Orchard Plover Rush Stone Timber West Wolf
""".split()
ENDINGS = """
grove well ferry marsh hollow wick mere brook bend point moor barrow combe ford field edge holt end down
ley march ton ham worth haven gate crest shore dale view mont burgh
""".split()
COUNTIES = """
Corran Merrow Quillan Tallis Arden Bellweather Caswell Dorrance Ellison Farrow Garland Hollis Ingram
Jessup Kendrick Lorimer Marlowe Norwood Ormond Penrose Quincey Radley Selwyn Thorne Underhill Vance
Weston Yardley Ashby Brandt Corwin Denholm Everard Fenwick Gresham Halloran
""".split()


class Trade(NamedTuple):
    """A kind of organization: how its name ends, its sector, and what the partnership is for."""

    name: str
    sector: str
    kind: str


def _trades(text: str) -> tuple[Trade, ...]:
    return tuple(Trade(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines())


TRADES = _trades("""
Legal Aid | legal_services | referral_out
Law Clinic | legal_services | referral_out
Family Services | child_welfare | referral_out
Children’s Advocacy Center | child_welfare | joint_programme
Community Clinic | health_clinic | referral_out
Women’s Clinic | health_clinic | referral_out
General Hospital | health_hospital | training
Memorial Hospital | health_hospital | training
Police Department | law_enforcement_local | joint_programme
Sheriff’s Office | law_enforcement_local | joint_programme
State Police Post | law_enforcement_state | information_sharing
Unified Schools | education_k12 | training
Charter School | education_k12 | training
Community College | education_higher | training
Housing Partners | shelter_housing | referral_out
Night Shelter | shelter_housing | referral_out
Safe House | dv_sa | referral_out
Crisis Line | dv_sa | referral_in
Food Bank | homeless_services | referral_out
Street Outreach | homeless_services | referral_in
Workers’ Center | labor_rights | referral_in
Farmworkers’ League | labor_rights | referral_in
Wage Board | labor_agency | information_sharing
Chamber of Commerce | business_general | training
Merchants’ Guild | business_general | training
Innkeepers’ Association | hospitality | training
Grand Hotel | hospitality | training
Language Line | language_access | referral_out
Interpreters’ Circle | language_access | referral_out
Recovery Network | substance_use | referral_out
Sober Living | substance_use | referral_out
Fire and Rescue | emergency_fire_ems | training
Ambulance Service | emergency_fire_ems | training
Prosecutor’s Office | prosecution | joint_programme
Victims’ Unit | victim_witness | referral_in
Survivors’ Council | survivor_led | advisory
Probation Office | courts_probation | information_sharing
Youth Court | juvenile_justice | information_sharing
Youth Center | youth_services | referral_out
Boys and Girls Club | youth_services | training
Counseling Center | behavioral_health | referral_out
Mental Health Board | behavioral_health | referral_out
Dental Clinic | dental_vision | referral_out
Eye Clinic | dental_vision | referral_out
Job Center | workforce | referral_out
Skills Academy | workforce | referral_out
Interfaith Council | faith | referral_out
Congregational Church | faith | referral_out
Resettlement Office | immigrant_refugee | referral_out
Newcomers’ House | immigrant_refugee | referral_out
Tribal Services | tribal | advisory
Pride Center | lgbtq | referral_out
Independent Living Center | disability | referral_out
Truckers’ Association | transport | training
Transit Authority | transport | training
Growers’ Cooperative | food_agriculture | training
Credit Union | finance | training
City Hall | government_local | information_sharing
Health Department | government_local | joint_programme
Veterans’ Post | military | referral_out
Task Force | coalition | member
Community Foundation | funder | funding
Civic League | civic | advisory
Public Library | civic | training
Neighborhood Watch | civic | information_sharing
Radio | media | training
Policy Institute | research | information_sharing
""")
FIRST = """
Alma Bruno Celia Dorian Edda Felix Greta Hugo Iris Jonas Kira Leo Mara Nico Olga Pablo Quinn Rosalind
Samir Tessa Ulrich Vera Wanda Xavier Yusuf Zora Amara Basil Carmen Desmond Elena Farid Gloria Hassan
Imani Joaquin Keiko Lamar Mei Noor Omar Priya Ramon Sofia Tariq Uma Viktor Winona Yolanda Zane Adele
Boris Clara Dmitri Esther Fatima Gideon Hilda Isaac Julia
""".split()
LAST = """
Abbott Brandt Corley Dahl Ellery Fontaine Grady Holm Irving Jarrett Keane Lowell Mercado Nakamura Okonkwo
Patel Quintero Rossi Salazar Tran Ueda Varga Whitfield Xiong Yates Zamora Ahmadi Bauer Castellanos
Drummond Eriksen Flores Greenwood Haddad Ivanov Jimenez Kowalski Laurent Mbeki Novak Ortega Pham Rahman
Sorensen Tembo Ulloa Velasco Wexler Yang Zielinski Alvarado Bright Choi Delgado Espinoza Finch Gallagher
Hoang Iverson Joyner
""".split()


class Named(NamedTuple):
    """An organization's name, with where it is and what it does."""

    name: str
    city: str
    county: str
    trade: Trade


MOST = len(BEGINNINGS) * len(ENDINGS) * len(TRADES)


def organizations(chance: Random, number: int) -> Iterator[Named]:
    """Yield so many different organizations, at most MOST."""
    for place in chance.sample(range(MOST), number):
        town, trade = divmod(place, len(TRADES))
        beginning, ending = divmod(town, len(ENDINGS))
        city, of = BEGINNINGS[beginning] + ENDINGS[ending], TRADES[trade]
        yield Named(f"{city} {of.name}", city, COUNTIES[town % len(COUNTIES)], of)


def person(chance: Random) -> str:
    """Return a first and a last name; two people may share one."""
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"
