"""Headings by meaning: how agencies, coalitions, churches and police departments title their columns."""

import pytest

from prm.exchange.headings import columns, meaning_of, score

KNOWN = {
    "name": (
        "Task Force Member|Service Provider|Law Enforcement Agency|Agency/Dept|Organization|"
        "AGENCY NAME|Partner|partner_agency|Name of partner|Organización|Agency / Organization|"
        "Organization Name *|Partner Agency Name|AgencyName|Provider|Provider Name|Member|"
        "Member organization|Member Agency|Coalition member|Company Name|1. Agency|"
        "Participating agency|Name of Agency or Organization|Community Partner|Community partner name|"
        "Referring agency|Partner Org|Org.|Nombre de la organización|Nombre de la agencia|Agencia|"
        "Socio|Entidad|Agency (legal name)|Agencies|Host organization"
    ),
    "sector": (
        "Sector|Type of agency|Agency type|Kind of agency|Kind of organization|"
        "Organization category|Partner type|Category|Field|Discipline|Industry|"
        "Type of organization|Agency sector|Category of partner|Type/Category|Provider type|"
        "Tipo de agencia|Tipo de organización|Field of work|Discipline/Sector"
    ),
    "primary.name": (
        "Contact|Contact person|Contact name|Primary contact|Primary contact name|Point of contact|"
        "POC|POC Name|Main contact|Key contact|Liaison|Agency liaison|Partner liaison|"
        "Representative|Agency rep|Agency Representative|Designated contact|Contact(s)|"
        "Agency contact|Partner contact|Contact person (name)|ContactName|Persona de contacto|"
        "Contacto principal|Nombre del contacto|Enlace|Contact 1|Lead contact|"
        "Contact (name & e-mail)|Point person|Champion"
    ),
    "primary.email": (
        "Best email|Preferred email|Email|E-mail|E-Mail Address|Contact E-mail|POC email|"
        "Work email|Primary contact email|Email address|Contact's email|Correo electrónico|Correo|"
        "Correo del contacto|Primary email|Partner e-mail|Liaison email|Email (primary contact)|"
        "contact_email|Email(s)|Contact Email Address"
    ),
    "primary.phone": (
        "Best phone|Tel.|Phone|Phone number|Contact phone|Cell|Cell phone|Mobile|Work phone|"
        "Telephone|Teléfono|Phone #|Tel. No.|Direct line phone|POC cell|Contact number|"
        "Contact no.|Celular|Direct phone|Mobile number|Phone (contact)|Contact Cell Phone Number|"
        "Phone no"
    ),
    "primary.title": "Title|Job title|Position|Contact title|Cargo|Title/Role|POC position",
    "primary.first": "Contact First|First name|Contact first name|Given name",
    "primary.last": "Contact Last|Last name|Contact last name|Surname|Apellidos",
    "second.name": (
        "Second contact|Secondary contact|Alternate contact|Alt. contact|Backup contact|Back-"
        "up contact|Contact 2|2nd contact|Other contact|Secondary POC|Alternate POC name|"
        "Additional contact|Contacto secundario|Contacto alterno|Alternate"
    ),
    "second.email": (
        "Second email|Alt. e-mail|Secondary contact email|Backup contact e-mail|Email 2|"
        "Alternate email|Contact 2 email"
    ),
    "second.phone": "Alternate phone|Contact 2 phone|Backup contact cell",
    "signatory.name": (
        "Signatory|Authorized signatory|MOU signatory|Signed by|Signer|Firmante|"
        "Authorized representative|Name of signatory|MOU signed by"
    ),
    "signatory.email": "Signatory e-mail|E-mail of signatory",
    "signatory.title": "Signatory title",
    "notice.name": "MOU contact|Agreement contact|Notice contact|Contact for MOU",
    "notice.email": "MOU notice contact e-mail|MOU contact email",
    "training.name": "Training coordinator|Training contact|Training POC",
    "intake.name": "Referral contact|Intake coordinator|Contact for referrals",
    "intake.phone": "Referral intake phone|Intake phone",
    "intake.email": "Intake email|Referral e-mail",
    "executive.name": "Executive Director|CEO|Director|Chief of Police|Sheriff|Pastor|Name of director",
    "executive.email": "Director's email",
    "programme_lead.name": "Program coordinator|Program lead",
    "emergency.name": "Emergency contact",
    "board_liaison.name": "Board liaison",
    "after_hours.phone": "After-hours phone",
    "agreement_kind": (
        "MOU (yes/no)|MOU (Y/N)|MOU status (signed/pending)|MOU|Agreement|MOU/MOA|MOU type|"
        "Type of agreement|Kind of agreement|MOU on file|MOU status|MOU in place?|Has MOU|"
        "Formal agreement type|Contract type|Convenio"
    ),
    "agreement_signed": (
        "MOU signed|Date MOU signed|Agreement signature date|Convenio firmado|MOA signed|"
        "MOU executed|Date of MOU|MOU date|Agreement date|Signed|Signed on|Date signed|"
        "Executed on|Contract executed|MOU signed date|Memorandum of Understanding signed|"
        "Fecha de firma|MOU signed by both parties|Date agreement was signed|MoU Signed|"
        "MOU Signature|Signed MOU?"
    ),
    "agreement_start": (
        "MOU start|MOU effective date|Start of agreement|Agreement began|MOU start date|"
        "Effective date|Contract start|Start date|MOU from|Inicio del convenio|Agreement effective|"
        "Term start|Date MOU started"
    ),
    "agreement_end": (
        "MOU Exp.|MOU Exp Date|Exp. Date|MOU expires|MOU end date|Agreement expiration|"
        "MOU valid until|Vence|MOU expiration date|Expires|Expires on|Expiration|Expiry date|"
        "End date|Ends|Valid until|Valid through|Valid thru|Term ends|Term end date|Renewal date|"
        "Renewal due|MOU renewal date|MOU due for renewal|Agreement valid to|MOU through|"
        "Contract ends|Contract end|MOA expiry|Next renewal|Renew by|Date MOU expires|"
        "Current MOU expires|MOU Expiration (mm/dd/yyyy)|Fecha de vencimiento|Vence el|Válido hasta|"
        "Vigencia hasta|Fin del convenio|Termination date|MOU ends|MOUExpires|Up for renewal|"
        "Good through|Convenio vence|Partnership agreement end date|Agency MOU expires"
    ),
    "agreement_months": "MOU Term (yrs)|MOU term (months)|Agreement length|MOU duration|Term (months)|Contract term",
    "pause_until": (
        "At capacity until|No capacity until|On Pause|Referral hold|Paused until|On hold until|ON-"
        "HOLD UNTIL|On hold|Paused|On pause until|No referrals until|Not accepting referrals until|"
        "Not taking new clients until|No new referrals|Hold ends|Pause end date|"
        "Referrals paused until|Referrals on hold|Closed to referrals until|En pausa hasta|"
        "Suspended until|Not accepting referrals|Closed until|Pause until (date)|Pausado hasta|"
        "Services suspended"
    ),
    "pause_from": (
        "Paused from|On hold since|On hold from|Not accepting referrals since|No referrals since|"
        "Pause start|Hold began|Pausa desde|Paused as of|Pause date|Suspended since|Paused on"
    ),
    "pause_reason": (
        "Hold reason/notes|Pause reason|Reason for pause|Reason on hold|Why paused|Hold reason|"
        "Motivo de la pausa|Reason for not accepting referrals"
    ),
    "pause_scope": "Pause scope|What is paused",
    "pause_resumes": "Resumes|Resume date|Back on|Reopens|Resumes referrals",
    "owner": (
        "Staff member|Assigned Coordinator|Owner|Our staff lead|Assigned to|Account owner|Our lead|"
        "Our contact|Staff contact|Staff lead|Relationship manager|Account manager|Program contact|"
        "Assigned staff|Responsible|Responsible staff|Our point of contact|Partner manager|"
        "Partnership lead|Staff|Owner email|Internal owner|MOU owner|Contact owner|Internal lead|"
        "Staff liaison|Responsable|Assigned liaison|Our staff|Relationship owner|Program staff|"
        "Assigned team member|Nuestro contacto|Persona responsable"
    ),
    "deputy": (
        "Deputy|Backup owner|Backup staff|Secondary owner|Backup lead|Our backup contact|Stand-in|"
        "Deputy owner|Suplente"
    ),
    "mailbox": (
        "General email|Organization email|Agency email|Office email|Main email|Shared mailbox|"
        "Role mailbox|General inbox"
    ),
    "phone": (
        "Office phone|Main phone|Agency phone|Organization phone|Main number|General phone number|Main line"
    ),
    "training_every": (
        "Training interval (mo)|How often do they train|Training every (months)|Training frequency|"
        "Training interval|Training cycle|How often trained|Training rhythm|Months between trainings|"
        "Frecuencia de capacitación|Refresher every|Training cadence"
    ),
    "last_training": (
        "Last human trafficking training|Last HT 101 training|Last training|Last trained on|"
        "Date of last training|Última capacitación|Last trained|Most recent training|Training date|"
        "Date trained|Last training date|Date of training|Last training attended|Latest training|"
        "Training completed|Trained on|Previous training|Last refresher"
    ),
    "approval_lead_days": (
        "Approval lead days|Approval lead time (days)|Board approval days|Lead time|Lead time (days)|"
        "Approval time|Days to approve|Days for approval|Council approval time|"
        "Time needed for approval|Approval turnaround|Lead days"
    ),
    "approval_body": "Approval body|Approved by|Who approves|Approving body",
    "partner_since": (
        "Joined Task Force|Date of joining|Partner since|Joined|Date joined|Member since|"
        "Start of partnership|Partnership start date|Partnership began|Since|Join date|Socio desde|"
        "Partnered since|Joined coalition|Became partner|Partner start date|Membership began|"
        "Miembro desde"
    ),
    "status": "Status|Partner status|Active|Active?|Partnership status|Membership status|Current status",
    "confidential": (
        "Address Confidential (Y/N)|Confidential location|Confidential|Safe house|Safehouse|"
        "Confidential address|Undisclosed address|Undisclosed location|Is the address confidential?|"
        "Hidden location|Dirección confidencial|Confidential shelter"
    ),
    "discreet": "Discreet|Discreet contact",
    "languages": "Languages|Language(s)|Languages spoken|Preferred language|Idiomas",
    "city": "City|City/Town|Town|Municipality|Ciudad|Office city",
    "county": "County(ies)|County Name|County|County served|Counties served|Condado|County/Parish",
    "state": "State|Estado|ST",
    "postal_code": "ZIP|Zip Code|Código postal|Postal code",
    "website": "Website|Web site|URL|Web address|Agency website",
    "zone": "Time zone|TZ",
    "notes": (
        "Notes about partner|Notes|Comments|Remarks|Notes/Comments|General notes|Other comments|"
        "Notas|Observaciones"
    ),
    "partnership_kind": "Partnership type|Kind of partnership",
    "agreement_title": "MOU title|Agreement name",
}
# A word more or less is another thing: these must stay without a meaning.
STRANGE = (
    "Email opt-out|Opt out of email|Contact preference|Preferred contact method|Contact by email|"
    "Last contact|Last contacted|Contact date|Date contacted|Owner's phone|Country|County seat|"
    "Next training|Training topic|Training expires|Training location|Trainer|Staff trained|"
    "Number trained|MOU notes|MOU link|MOU number|MOU amount|Agreement terms|Insurance expires|"
    "License expiration|Background check date|Fax|Hotline|Crisis line|Street address|"
    "Mailing address|Board approval|Needs board approval|Date of board approval|Next meeting|"
    "Meeting date|Referrals|Referrals received|No. of referrals|Referrals 2026|Hours|Capacity|"
    "Beds|Population served|Services|Dues|Membership dues|Dues paid through|Confidential notes|"
    "Partner ID|Agency number|Email sent|Mailing list|Newsletter|Contract amount|Birthday|"
    "Organization size|Staff count|City, State ZIP|Hobby|???|||Closed cases|Number of contacts|"
    "Contact notes|Signature|Deputy director|Lead agency|Accepting referrals?|Year founded|"
    "Date established|Training name|Mail|Report due|MOU file|Auto-renewal|Review date|"
    "Number of staff|Business owner|Emergency shelter|State license|Case manager|Title IX|"
    "Training hours|Client name|Survivor name|Owner notes|Meeting schedule|Partner score|"
    "Contact hours|Program name change|Last renewal date|Previous agreement|MOU signed copy location|"
    "MOU version|Approval date|Open until filled|No phone|No contact|Do not email|"
    "Preferred contact|Email consent|MOU dates|Best time to contact|Contact type|Staff size|"
    "Training start date"
)


@pytest.mark.parametrize("meaning", KNOWN)
def test_heading_is_known_by_its_meaning(meaning):
    headings = KNOWN[meaning].split("|")
    assert {heading: meaning_of(heading) for heading in headings} == dict.fromkeys(headings, meaning)


def test_heading_that_only_looks_like_one_has_no_meaning():
    headings = STRANGE.split("|")
    assert {heading: meaning_of(heading) for heading in headings} == dict.fromkeys(headings)


def test_enough_headings_were_tried():
    assert sum(len(headings.split("|")) for headings in KNOWN.values()) > 450
    assert len(set(STRANGE.split("|"))) > 100


@pytest.mark.parametrize(
    "heading", ["AGENCY NAME", "agency_name", "  Agency   name: ", "AgencyName", "Agency name*"]
)
def test_case_spacing_and_punctuation_of_a_heading_do_not_count(heading):
    assert meaning_of(heading) == "name"


def meanings(*headings):
    return [column.meaning for column in columns(headings)]


def test_second_column_of_one_meaning_has_none():
    assert meanings("Agency", "Organization", "City") == ["name", None, "city"]


def test_bare_name_is_the_organization_where_nothing_else_is():
    assert meanings("Name", "Email", "Phone") == ["name", "primary.email", "primary.phone"]
    assert meanings("Agency", "Name", "Email") == ["name", "primary.name", "primary.email"]
    assert meanings("Church", "Pastor", "City") == ["name", "executive.name", "city"]
    assert meanings("Agency", "Program") == ["name", None]


def test_first_and_last_together_are_a_person():
    assert meanings("Agency", "First", "Last") == ["name", "primary.first", "primary.last"]
    assert meanings("Agency", "First", "City") == ["name", None, "city"]


def test_repeated_email_belongs_to_the_person_named_before_it():
    sheet = ("Agency", "Contact 1", "Email", "Phone", "Contact 2", "Email", "Phone", "Signatory", "Email")
    assert meanings(*sheet)[5:] == ["second.email", "second.phone", "signatory.name", "signatory.email"]
    assert meanings("Agency", "Email", "Email") == ["name", "primary.email", None]


def test_due_is_an_end_only_beside_an_agreement():
    assert meanings("Agency", "MOU signed", "Due")[-1] == "agreement_end"
    assert meanings("Agency", "MOU signed", "MOU ends", "Due")[-1] is None
    assert meanings("Agency", "Due")[-1] is None


def test_address_of_an_owner_counts_more_than_the_name():
    assert meanings("Agency", "Account owner", "Owner email") == ["name", None, "owner"]


def test_line_without_a_name_column_is_no_heading():
    assert (score(["City", "Email"]), score(["Partner", "City", "Hobby"])) == (0, 2)
