"""Headings by meaning."""

import pytest

from prm.exchange.headings import columns, meaning_of, score


@pytest.mark.parametrize(
    ("meaning", "headings"),
    [
        (
            "name",
            [
                "Organization",
                "AGENCY NAME",
                "Partner",
                "partner_agency",
                "Name of partner",
                "Organización",
            ],
        ),
        ("sector", ["Sector", "Type of agency", "Agency type"]),
        (
            "agreement_signed",
            [
                "MOU signed",
                "Date MOU signed",
                "Agreement signature date",
                "Convenio firmado",
            ],
        ),
        ("agreement_start", ["MOU start", "MOU effective date", "Start of agreement"]),
        (
            "agreement_end",
            [
                "MOU expires",
                "MOU end date",
                "Agreement expiration",
                "MOU valid until",
                "Vence",
            ],
        ),
        ("agreement_months", ["MOU term (months)", "Agreement length"]),
        ("agreement_kind", ["MOU type", "Type of agreement"]),
        ("pause_until", ["Paused until", "On hold until", "ON-HOLD UNTIL"]),
        ("pause_from", ["Paused from", "On hold since"]),
        ("pause_scope", ["Pause scope"]),
        ("owner", ["Owner", "Our staff lead", "Assigned to"]),
        (
            "primary.name",
            ["Primary contact", "Contact Person", "Contact name", "Point of contact"],
        ),
        (
            "primary.email",
            ["Email", "Contact E-mail", "E-Mail Address", "Correo electrónico"],
        ),
        ("primary.phone", ["Tel.", "Phone", "Contact phone", "Teléfono"]),
        ("second.name", ["Second contact", "Alternate contact", "Contact 2"]),
        ("second.email", ["Second email", "Alt. e-mail", "Secondary contact email"]),
        ("signatory.name", ["Signatory", "Authorized signatory"]),
        ("signatory.email", ["Signatory e-mail", "E-mail of signatory"]),
        ("notice.email", ["MOU notice contact e-mail"]),
        ("training.name", ["Training coordinator"]),
        ("intake.phone", ["Referral intake phone"]),
        ("training_every", ["Training every (months)", "Training frequency"]),
        (
            "last_training",
            [
                "Last training",
                "Last trained on",
                "Date of last training",
                "Última capacitación",
            ],
        ),
        ("approval_lead_days", ["Approval lead days", "Approval lead time (days)"]),
        ("postal_code", ["ZIP", "Zip Code", "Código postal"]),
        (None, ["Hobby", "Next training", "MOU notes", "Fax", "", "???"]),
    ],
)
def test_heading_is_known_by_its_meaning(meaning, headings):
    assert {heading: meaning_of(heading) for heading in headings} == dict.fromkeys(headings, meaning)


def test_second_column_of_one_meaning_has_none():
    assert [column.meaning for column in columns(["Agency", "Organization", "City"])] == [
        "name",
        None,
        "city",
    ]


def test_bare_name_is_the_organization_where_nothing_else_is():
    assert [column.meaning for column in columns(["Name", "City"])] == ["name", "city"]
    assert [column.meaning for column in columns(["Agency", "Name"])] == [
        "name",
        "primary.name",
    ]


def test_line_without_a_name_column_is_no_heading():
    assert (score(["City", "Email"]), score(["Partner", "City", "Hobby"])) == (0, 2)
