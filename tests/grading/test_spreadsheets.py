"""The tables are what spreadsheets, Moodle and Canvas take."""

import csv

import pytest

from tests.grading.graded_class import FORMULA, MORE, STUDENTS, make_class
from utils.grading.report import write_outputs

GRADED = len(STUDENTS) + MORE - 1


def tables(tmp_path, layout):
    folder, results, files = make_class(tmp_path, layout=layout)
    write_outputs(folder, results, files)

    def read(name):
        with (folder.root / name).open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    return read


@pytest.fixture(params=["moodle", "canvas", "nbgrader"])
def layout(request):
    return request.param


@pytest.fixture
def read(tmp_path, layout):
    return tables(tmp_path, layout)


def test_grades_have_one_row_for_each_student(read):
    header, *lines = read("grades.csv")
    rows = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert header[:8] == ["student_id", "session", "score", "max_score", "ex01", "ex02", "status", "flags"]
    assert list(rows)[: len(STUDENTS)] == list(STUDENTS)
    assert len(lines) == len(STUDENTS) + MORE
    assert [rows["bob"][name] for name in header[2:8]] == ["3.5", "5.5", "2", "1.5", "graded", ""]
    assert [rows["gus"][name] for name in header[2:8]] == ["", "5.5", "", "", "broken", ""]
    assert rows["dan"]["flags"] == "Exercise 1: `math.isclose` was replaced."
    assert rows["fay"]["flags"] == "Cell 9 ran for 300 s."


def test_no_cell_of_any_table_is_a_formula(read):
    cells = [
        cell for name in ("grades.csv", "moodle.csv", "canvas.csv", "files.csv") for line in read(name) for cell in line
    ]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_every_file_has_a_row(read):
    header, *lines = read("files.csv")
    assert header == ["file", "student_id", "status", "remarks"]
    assert len(lines) == len(STUDENTS) + MORE + 2
    assert ["class.zip/ada/notes.pdf", "ada", "not a notebook", "A .pdf file is no notebook."] in lines


def test_moodle_finds_each_participant_in_the_worksheet(tmp_path):
    header, *lines = tables(tmp_path, "moodle")("moodle.csv")
    # What its importer looks for: these columns, and the number behind "Participant ".
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)
    found = {int(line[0][len("Participant ") :]): line[header.index("Grade")] for line in lines}
    assert found[101] == "3.5"
    assert 106 not in found  # nobody without a score: an empty grade could clear one
    assert len(found) == GRADED


def test_other_classes_get_a_table_for_moodles_gradebook(tmp_path):
    header, *lines = tables(tmp_path, "nbgrader")("moodle.csv")
    assert header == ["Username", "Full name", "SE99"]
    assert ["ada", "Ada Lovelace", "5.5"] in lines


def test_canvas_knows_the_columns_the_points_and_the_students(read, layout):
    header, points, *lines = read("canvas.csv")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "SE99"]
    assert "Points Possible" in points[0]
    assert points[5] == "5.5"
    assert len(lines) == GRADED
    number, login = {"canvas": ("100", ""), "moodle": ("", ""), "nbgrader": ("", "ada")}[layout]
    assert lines[0] == ["Ada Lovelace", number, "", login, "", "5.5"]
