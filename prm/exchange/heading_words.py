"""What headings are made of: words grouped by what they stand for, and rules over these groups.

A rule reads `meaning: needed needed ~ allowed allowed`. A heading has the meaning when every needed group has a word in
it and no word of it is outside the needed and allowed groups. So "Date MOU was signed" is known, and "MOU signed copy
on file at" is not: one strange word is enough to leave a heading alone, whose cells then go into the notes.
"""

from collections.abc import Mapping

# Said in several words, but one thing. Longer ones first.
JOINED = (
    ("yes no", "y"),
    ("task force", "coalition"),
    ("human trafficking", "ht"),
    ("on pause", "pause"),
    ("on break", "break"),
    ("memorandum of understanding", "mou"),
    ("memorandum of agreement", "moa"),
    ("memoranda of understanding", "mou"),
    ("letter of agreement", "agreement"),
    ("points of contact", "poc"),
    ("point of contact", "poc"),
    ("point person", "poc"),
    ("po c", "poc"),
    ("mo u", "mou"),
    ("mo a", "moa"),
    ("e mail", "email"),
    ("cell phone", "cellphone"),
    ("mobile phone", "cellphone"),
    ("time zone", "timezone"),
    ("zona horaria", "timezone"),
    ("zip code", "zip"),
    ("postal code", "zip"),
    ("codigo postal", "zip"),
    ("web site", "website"),
    ("web page", "website"),
    ("home page", "website"),
    ("sitio web", "website"),
    ("pagina web", "website"),
    ("safe house", "safehouse"),
    ("back up", "backup"),
    ("stand in", "deputy"),
    ("last name", "surname"),
    ("family name", "surname"),
    ("first name", "forename"),
    ("given name", "forename"),
    ("nombre de pila", "forename"),
    ("contact first", "contact forename"),
    ("contact last", "contact surname"),
    ("after hours", "afterhours"),
    ("on call", "afterhours"),
    ("front desk", "reception"),
    ("on hold", "hold"),
    ("en pausa", "pausa"),
    ("en espera", "pausa"),
    ("as of", "since"),
    ("a partir de", "since"),
    ("signed by both parties", "signed both"),
    ("signed by both", "signed both"),
    ("signed by all", "signed all"),
    ("signed by", "signatory"),
    ("authorized representative", "signatory"),
    ("authorized official", "signatory"),
    ("on file", "onfile"),
    ("no of", "count"),
    ("back on", "resumes"),
    ("main number", "main line"),
    ("general number", "main line"),
)

GROUPS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        # Say nothing on their own.
        "filler": "the of a an is are was in at for and or to de del la las el los y s if any known required "
        "optional n ies",
        "day": "date dates day on when fecha dia yyyy yy mm dd mmm us iso",
        "by": "by",
        "org": "organization organizations org orgs agency agencys agencies partner partners provider "
        "providers member members company business institution entity group nonprofit ngo "
        "subrecipient grantee vendor organizacion organizaciones agencia agencias socio socios "
        "entidad institucion empresa miembro stakeholder",
        "org_kind": "community participating partnering collaborating referring host local affiliate coalition "
        "dept department law enforcement service program",
        "name": "name names nombre legal full official",
        "type": "type types kind kinds category categories classification class sector sectors field discipline "
        "industry tipo categoria",
        "sector": "sector sectors field discipline category industry",
        "city": "city town municipality ciudad municipio",
        "county": "county counties condado",
        "state": "state province st estado provincia",
        "zip": "zip zipcode postcode postal zip5",
        "place": "office mailing physical main primary served service address program home based parish name",
        "website": "website url web homepage",
        "notes": "notes note comments comment remarks remark notas comentarios observaciones observations",
        "more": "additional other general misc miscellaneous our internal about organization agency partner",
        "hidden": "confidential undisclosed hidden secret confidencial safehouse discloseable",
        "where": "location address site shelter ubicacion direccion domicilio has kept keep",
        "discreet": "discreet discreto",
        "gentle": "contact mail mailing email be only",
        "timezone": "timezone tz",
        "language": "language languages idioma idiomas",
        "spoken": "spoken preferred s contact",
        "approval": "approval approvals approve approves approved approving council board aprobacion",
        "long": "days time turnaround takes dias",
        "who": "body by who committee whom",
        "status": "status active standing estatus",
        "present": "current membership partnership relationship good",
        "bond": "partnership relationship alliance alianza collaboration membership partnered coalition",
        "joined": "joined join since began begin start started desde became beginning partnered joining",
        "month": "months month meses",
        "length": "term length duration months month years year plazo yrs yr",
        "agreement": "mou moa mous moas agreement agreements contract contracts memorandum understanding convenio "
        "acuerdo contrato loa ia iaa",
        "newest": "current latest active existing present vigente partner partners agency organization org our "
        "partnership collaboration cooperation membership service linkage",
        "signed": "signed signature signatures executed execution signing sign firmado firma firmada finalized",
        "both": "both fully all last",
        "start": "start starts begin begins began beginning effective from since inicio desde started commencement "
        "commences",
        "end": "end ends ending expires expire expired expiry expiration expiring vence vencimiento fin "
        "termination terminates lapses renewal renewals renew renews exp",
        "until": "until through thru to till hasta good valid validity valido valida vigencia due ending "
        "by next up for",
        "valid": "valid validity good valido valida vigencia",
        "limit": "until through thru to till hasta",
        "term": "term plazo period",
        "formality": "type kind form tipo formality place onfile status have has active current yes exists formal",
        "title": "title name",
        "pause": "pause paused pausing hold suspended suspension break pausa pausado hiatus",
        "no": "not no",
        "taking": "accepting taking receiving new referrals referral intakes intake clients client admissions "
        "survivors cases referidos services activity capacity",
        "closed": "closed",
        "back": "resumes resume resuming reopens reopen reopening",
        "open": "open accepting taking again referrals referral intake services",
        "reason": "reason reasons why cause motivo razon explanation",
        "scope": "scope what which",
        "training": "training trained train trainings retraining refresher capacitacion formacion entrenamiento",
        "last": "last latest recent most previous prior ultima ultimo",
        "done": "completed attended received held done",
        "every": "every months interval frequency each cada meses rhythm how often cycle frecuencia cadence",
        "our": "our internal nuestro nuestra",
        "ours": "our internal staff account relationship partnership program",
        "owner": "owner assigned assignee responsible responsable encargado asignado steward",
        "handler": "lead contact rep representative liaison manager coordinator poc person staff specialist officer "
        "employee enlace contacto persona",
        "aside": "name email address account relationship partner partnership program staff lead our contact "
        "person manager team member liaison rep mou agreement internal nombre correo persona interno "
        "interna coordinator specialist worker",
        "second": "second secondary 2nd 2 alternate alternative alt backup other additional another suplente segundo "
        "segunda secundario alterno alterna deputy",
        "deputy": "deputy suplente",
        "mailbox": "mailbox inbox",
        "email": "email emails correo correos electronico mail",
        "phone": "phone phones telephone tel telefono line",
        "shared": "general main shared role info organization agency office company group switchboard organizational "
        "principal business org",
        # Needed by one rule only.
        "work": "work",
        "full": "capacity full",
        "states": "signed pending expired no",
        "asked": "needed need how long does lead take",
        "lead": "lead",
        "since": "joined join joining since desde",
        "till": "until through thru till hasta due valid",
        "date": "date fecha",
        "signed_alone": "signed signing firma firmado executed signature",
        "start_alone": "start starts begins effective inicio",
        "for": "for",
        "measured": "months month length duration years year yrs yr",
        "paused_on": "date on fecha",
        "between": "between month n partner agency program needed staff year mo mos do they ht 101",
        "session": "session partner staff given for ht 101",
        "training_alone": "training trained",
        "aside_name": "name email address nombre correo member",
        "bond_of": "partner partners partnership",
        "manager": "manager",
        "staff": "staff lead owner our internal",
        "address": "address link",
        "number": "number no numero",
    }.items()
}

RULES = """
name: org ~ org_kind name
sector: org type
sector: sector ~ type work
sector: type work
partnership_kind: bond type
city: city ~ place org
county: county ~ place org
state: state ~ place org
postal_code: zip ~ place org
website: website ~ org address
notes: notes ~ more
zone: timezone ~ org
confidential: hidden ~ where org
discreet: discreet ~ gentle
languages: language ~ spoken
approval_lead_days: approval long ~ org asked
approval_lead_days: lead long ~ asked
approval_body: approval who ~ org
status: status ~ present org
partner_since: bond joined ~ day org
partner_since: org joined ~ day bond
partner_since: since ~ day
agreement_kind: agreement ~ newest
agreement_kind: agreement formality ~ newest day states
agreement_title: agreement title ~ newest
agreement_months: agreement length ~ newest
agreement_months: term measured
agreement_signed: agreement signed ~ day both newest
agreement_start: agreement start ~ day newest term
agreement_end: agreement end ~ day until newest term
agreement_end: agreement till ~ day until newest
agreement_signed: agreement date ~ newest
agreement_signed: signed_alone ~ day both
agreement_start: start_alone ~ day term
agreement_end: end ~ day until term
agreement_end: valid limit ~ day
pause_reason: pause reason ~ taking notes
pause_reason: no taking reason
pause_scope: pause scope
pause_scope: pause for
pause_resumes: back ~ day open pause taking
pause_from: pause start ~ day taking
pause_from: no taking start ~ day
pause_from: pause paused_on ~ taking
pause_until: pause ~ end until day taking
pause_until: no taking ~ end until day
pause_until: closed limit taking ~ end day
pause_until: closed till ~ day
pause_until: full till ~ day
training_every: training every ~ between
last_training: training last ~ day done session
last_training: training date ~ done session
last_training: training done ~ day
last_training: training_alone ~ day
owner: our handler ~ aside
owner: ours handler ~ aside_name
owner: bond_of manager ~ aside_name
owner: owner ~ aside
deputy: second owner ~ aside
deputy: second staff ~ aside
deputy: deputy ~ aside
mailbox: mailbox ~ shared email
mailbox: email shared ~ aside_name
phone: phone shared ~ number
"""
