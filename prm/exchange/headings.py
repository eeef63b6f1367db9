"""Headings by meaning: "MOU end date", "Agreement expires" and "Vence" all say the same.

A heading is first looked up as a whole phrase; then as a set of words (an agreement word and a word for its end);
then as a person and what is told of them ("Alt. e-mail", "Signatory phone"). Whatever remains has no
meaning: its cells go into the notes. A meaning of a person reads `<place>.<what>`: `primary.email`, `signatory.name`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prm.exchange.words import plain

NAME = "name"

PHRASES: dict[str, str] = {
    phrase: meaning
    for meaning, phrases in {
        NAME: "organization|organization name|name of organization|org|org name|agency|agency name|"
        "name of agency|partner|partner name|partners|partner agency|partner agency name|partner organization|"
        "partner organization name|member agency|member organization|company|company name|business name|institution|"
        "group|group name|provider|"
        "organizacion|nombre de la organizacion|nombre de organizacion|agencia|nombre de la agencia|socio|entidad",
        "sector": "sector|sectors|type of agency|agency type|organization type|type of organization|type of partner|"
        "partner type|field|discipline|category|industry|tipo de agencia|tipo de organizacion",
        "city": "city|town|municipality|ciudad|city town|office city",
        "county": "county|parish county|condado|county served",
        "state": "state|province|st|estado|state province",
        "postal_code": "zip|zip code|zipcode|postal code|postcode|codigo postal|zip postal code",
        "website": "website|web site|web|url|homepage|home page|web page|web address|sitio web|pagina web",
        "notes": "notes|note|comments|comment|remarks|remark|notas|comentarios|observaciones",
        "mailbox": "role mailbox|general email|organization email|agency email|office email|main email|shared email|"
        "shared mailbox|mailbox|info email|email general",
        "phone": "organization phone|agency phone|office phone|main phone|main number|general phone|main line|"
        "telefono principal",
        "zone": "time zone|timezone|zona horaria|tz",
        "confidential": "confidential location|confidential|location confidential|confidential address|"
        "address confidential|hidden location|ubicacion confidencial",
        "approval_lead_days": "approval lead days|approval lead time|approval lead time days|approval days|lead days|"
        "days to approve|approval takes days|lead time days|days for approval",
        "approval_body": "approval body|approved by|approving body|who approves|approval by|board council",
        "partner_since": "partner since|since|partnership since|partnership start|joined|date joined|member since|"
        "joined on|partnered since|partnership start date|partnership began|socio desde",
        "status": "status|partner status|partnership status|active|standing|estatus|state of partnership",
        "partnership_kind": "partnership kind|kind of partnership|partnership type|type of partnership",
        "owner": "owner|our staff lead|staff lead|our lead|our contact|our staff|assigned to|assigned staff|"
        "relationship owner|relationship manager|account manager|responsible|responsable|staff owner|"
        "our owner|partner manager|staff contact|staff|our staff contact|owner email|staff lead email|our staff email",
        "deputy": "deputy|backup owner|backup staff|second staff|deputy owner|our deputy|backup lead|stand in|suplente",
        "languages": "languages|language|languages spoken|idiomas|idioma",
        "discreet": "discreet|discreet contact|discreet mail|be discreet|discreto",
        "agreement_kind": "agreement|mou|mou moa|agreements|formality|convenio",
        "agreement_title": "agreement title|mou title|title of agreement|agreement name",
        "agreement_start": "start date|starts|start|fecha de inicio",
        "agreement_end": "end date|expires|expires on|expiry|expiry date|expiration|expiration date|ends|valid until|"
        "vence|fecha de vencimiento|end",
        "agreement_signed": "signed|signed on|date signed|signature date|signing date|fecha de firma",
        "pause_until": "paused until|on hold until|on hold|paused|hold until|resumes|resume date|en pausa hasta|"
        "en pausa|back on|not taking referrals until",
        "pause_from": "paused from|on hold from|on hold since|paused since|en pausa desde",
        "pause_scope": "pause scope|scope of pause|hold scope|what is paused|paused for|on hold for",
        "pause_reason": "pause reason|reason for pause|why paused|hold reason|reason for hold|pausa motivo",
        "training_every": "training every|training rhythm|training interval|training frequency|training cycle|"
        "how often trained|trained every|training every n months|months between trainings|frecuencia de capacitacion",
        "last_training": "training date|date of training|trained|trained on|most recent training|ultima capacitacion|"
        "ultimo entrenamiento|training",
    }.items()
    for phrase in phrases.split("|")
}

# Words that say nothing on their own in a heading.
FILLER = frozenset(
    "the of a an on date dates day our is was in by at de del la el fecha yyyy mm dd if any known".split()
)
AGREEMENT = frozenset(
    "mou moa mous agreement contract memorandum understanding convenio acuerdo contrato".split()
)
PAUSE = frozenset("pause paused hold suspended suspension break pausa".split())
TRAINING = frozenset("training trained train trainings capacitacion formacion entrenamiento".split())
END = frozenset(
    "end ends ending expires expire expiry expiration until through to vence vencimiento fin hasta".split()
) | frozenset("renewal renew due valid termination expiring".split())
START = frozenset("start starts begin begins beginning effective from since inicio desde started".split())
SIGNED = frozenset("signed signature signatures executed signing firmado firma firmada".split())
LAST = frozenset("last latest recent most previous ultima ultimo".split())
MONTHS = frozenset("every months month interval frequency each cada meses rhythm how often n".split())
WORD_RULES: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = (
    (
        "agreement_months",
        (AGREEMENT, frozenset("term length duration".split()) | {"months", "month"}),
    ),
    ("agreement_signed", (AGREEMENT, SIGNED)),
    ("agreement_start", (AGREEMENT, START)),
    ("agreement_end", (AGREEMENT, END)),
    ("agreement_kind", (AGREEMENT, frozenset("type kind form tipo".split()))),
    ("pause_until", (PAUSE, END)),
    ("pause_from", (PAUSE, START)),
    ("last_training", (TRAINING, LAST)),
    ("training_every", (TRAINING, MONTHS)),
)

# What is told of a person, and whose it is. `second` and `primary` are the two contacts; the others are roles.
WHAT = {
    "email": "email|emails|email address|mail|correo|correo electronico|email id",
    "phone": "phone|tel|telephone|phone number|telephone number|mobile|cell|cell phone|direct phone|telefono|phone no|"
    "mobile phone|tel no",
    "title": "title|job title|position|job|cargo|puesto|titulo",
    "first": "first name|given name|nombre de pila",
    "last": "last name|surname|family name|apellido|apellidos",
    "name": "name|contact name|full name|nombre|person|contact person|contact|contacto",
}
WHOSE = {
    "primary": "|primary|primary contact|main|main contact|contact|contact person|point of contact|poc|key contact|"
    "person|first contact|contact 1|partner contact|agency contact|lead contact|contacto|contacto principal|"
    "persona de contacto|organization contact",
    "second": "second|second contact|2nd|2nd contact|secondary|secondary contact|alternate|alternate contact|alt|"
    "alt contact|backup|backup contact|contact 2|other contact|additional contact|alternative contact|segundo contacto",
    "signatory": "signatory|authorized signatory|signer|signed by|mou signatory|mou signer|agreement signatory|"
    "firmante",
    "notice": "notice|notice contact|mou notice contact|mou notice|mou contact|agreement contact|notices|"
    "notices contact|agreement notice contact|legal notice contact",
    "training": "training coordinator|training contact|training lead|trainer contact",
    "intake": "intake|referral intake|intake contact|referral contact|referrals contact|referrals|intake lead|"
    "intake coordinator|referral intake contact|contact for referrals",
    "executive": "executive director|executive|director|ceo|executive contact",
    "programme_lead": "program lead|program coordinator",
    "front_desk": "front desk|reception|receptionist",
    "board_liaison": "board liaison|board contact",
    "after_hours": "after hours|after hours contact|on call|on call contact",
    "survivor_consultant": "survivor consultant",
    "emergency": "emergency|emergency contact",
}
_WHAT = {phrase: what for what, phrases in WHAT.items() for phrase in phrases.split("|")}
_WHOSE = {phrase: whose for whose, phrases in WHOSE.items() for phrase in phrases.split("|")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: its place (0 is the first), its heading as written, and its meaning or None."""

    place: int
    heading: str
    meaning: str | None


def meaning_of(heading: str) -> str | None:
    """The meaning of one heading by itself, or None."""
    words = plain(heading).replace("e mail", "email").replace("memorandum of understanding", "mou")
    if not words or words in PHRASES:
        return PHRASES.get(words)
    if (
        " of " in words and (turned := " ".join(reversed(words.split(" of ", 1)))) in PHRASES
    ):  # "Name of partner"
        return PHRASES[turned]
    found = frozenset(words.split())
    for meaning, groups in WORD_RULES:
        if all(found & group for group in groups) and found <= frozenset().union(FILLER, *groups):
            return meaning
    return _person(words) or _person(" ".join(word for word in words.split() if word not in FILLER))


def _person(words: str) -> str | None:
    if words in _WHAT and words not in _WHOSE:
        return f"primary.{_WHAT[words]}"
    if words in _WHOSE:
        return f"{_WHOSE[words]}.name"
    parts = words.split()
    for cut in range(1, len(parts)):
        whose, what = " ".join(parts[:cut]), " ".join(parts[cut:])
        if whose in _WHOSE and what in _WHAT:
            return f"{_WHOSE[whose]}.{_WHAT[what]}"
        if whose in _WHAT and what in _WHOSE:  # "E-mail of signatory", "Phone (alternate)"
            return f"{_WHOSE[what]}.{_WHAT[whose]}"
    return None


def columns(headings: Sequence[str]) -> list[Column]:
    """Every column with its meaning. Of two columns with one meaning the first keeps it; the second has none.

    A bare "Name" is the organization's where no other column names it, else the contact's.
    """
    meanings = [meaning_of(heading) for heading in headings]
    if NAME not in meanings and "primary.name" in meanings:
        for place, heading in enumerate(headings):
            if plain(heading) in {"name", "nombre", "full name"}:
                meanings[place] = NAME
                break
    taken: set[str] = set()
    result = []
    for place, (heading, meaning) in enumerate(zip(headings, meanings, strict=True)):
        kept = meaning if meaning not in taken else None
        taken |= {kept} if kept else set()
        result.append(Column(place, heading or f"({place + 1})", kept))
    return result


def score(headings: Sequence[str]) -> int:
    """How many columns have a meaning; 0 where none of them is the organization's name."""
    known = [column.meaning for column in columns(headings) if column.meaning]
    return len(known) if NAME in known else 0
