"""What the report says to a person: one clear sentence for each thing."""

from prm.exchange.report import Report
from prm.exchange.row import ERROR, WARNING, Problem


def lines(*problems):
    return list(Report(problems=list(problems)).lines())[1:]


def test_error_is_a_sentence_about_the_cell_and_what_became_of_the_row():
    problem = Problem(7, "MOU signed on", "is not a day: February 2026 has 28 days", ERROR, "30.02.2026")
    assert lines(problem) == [
        "Line 7, MOU signed on: “30.02.2026” is not a day: February 2026 has 28 days. The row was not imported."
    ]


def test_warning_about_a_column_is_a_sentence_of_its_own():
    problem = Problem(
        1, "Hobby", "this column is not known here, so its cells are kept in the notes", WARNING
    )
    assert lines(problem) == [
        "Line 1, Hobby: this column is not known here, so its cells are kept in the notes."
    ]
