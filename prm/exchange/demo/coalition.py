"""Our side and the organizations of four counties. All of it is invented."""

from dataclasses import replace

from prm.exchange.demo import corran, merrow, quillan, tallis
from prm.exchange.demo.shapes import Colleague

COLLEAGUES = (
    Colleague("director", "Daniel Okafor", "director"),
    Colleague("rosa", "Rosa Alvarez", "manager"),
    Colleague("ben", "Ben Whitaker", "manager"),
    Colleague("nadia", "Nadia Karim", "manager"),
    Colleague("theo", "Theo Brandt", "assistant"),
    Colleague("carla", "Carla Jensen", "viewer"),
)
DIRECTOR = COLLEAGUES[0]

COUNTIES = {
    "Corran County": corran.PARTNERS,
    "Merrow County": merrow.PARTNERS,
    "Tallis County": tallis.PARTNERS,
    "Quillan County": quillan.PARTNERS,
}
PARTNERS = tuple(
    replace(partner, county=county) for county, partners in COUNTIES.items() for partner in partners
)
EVERYONE = {person.name: person for partner in PARTNERS for person in partner.people}
