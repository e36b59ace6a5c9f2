"""Whatever a learning platform hands out is taken in, and each file ends up with a status."""

import os
import struct
import zipfile
from datetime import UTC, datetime

import pytest

from utils.grading.errors import SubmissionError
from utils.grading.intake import Status, one_each, take_in

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def lay_out(folder, files):
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def pack(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def take(path):
    return take_in(path, "SE05", "segmentation")


def rows(path):
    return {each.source.relative_to(path.name).as_posix(): each for each in take(path)}


def graded(path):
    return {each.student: each.notebook for each in take(path) if each.gradable}


def named(files):
    """Give each notebook content of its own, so that none is another's copy."""
    return {path: NOTEBOOK + path.encode() for path in files}


# files: students whose notebook is graded
NBGRADER = {
    "ada/SE05/segmentation.ipynb": "ada",
    "bob/SE05/segmentation.ipynb": "bob",
}
FLAT = {
    "ada_segmentation.ipynb": "ada",
    "bob_segmentation (2).ipynb": "bob",
    "carol ann_Copy of segmentation.ipynb": "carol-ann",
    "dan_final.ipynb": "dan",
    "eve.ipynb": "eve",
}
MOODLE = {
    "Ada Lovelace_123456_assignsubmission_file_/segmentation.ipynb": "Ada-Lovelace-123456",
    "Zoë O'Neil_123457_assignsubmission_file_/later/my copy.ipynb": "Zoe-O-Neil-123457",
    "Ada Lovelace_123458_assignsubmission_file/segmentation.ipynb": "Ada-Lovelace-123458",
    "Participant 7_123459_assignsubmission_file_segmentation.ipynb": "Participant-7-123459",
    "王芳_123460_assignsubmission_file_/segmentation.ipynb": "student-123460",
}
CANVAS = {
    "lovelaceada_1234_5678_segmentation.ipynb": "lovelaceada-1234",
    "oneilzoe_LATE_1235_5679_segmentation-1.ipynb": "oneilzoe-1235",
    "de_la_cruz_1236_5680_segmentation.ipynb": "de_la_cruz-1236",
    "anonym_anon_Xy12_5681_segmentation.ipynb": "anonym-anon_Xy12",
}
OWN_FOLDERS = {"ada/segmentation.ipynb": "ada", "bob/segmentation (1).ipynb": "bob"}
LAYOUTS = {"nbgrader": NBGRADER, "flat": FLAT, "moodle": MOODLE, "canvas": CANVAS, "folders": OWN_FOLDERS}


@pytest.mark.parametrize("form", ["folder", "zip", "folder in a zip", "zip in a folder"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_in_each_form_gives_the_same_students(tmp_path, layout, form):
    files = named(LAYOUTS[layout])
    path = tmp_path / "class"
    if form == "folder":
        lay_out(path, files)
    elif form == "zip":
        path = pack(tmp_path / "class.zip", files)
    elif form == "folder in a zip":
        path = pack(tmp_path / "class.zip", {f"Course-SE05-991/{name}": data for name, data in files.items()})
    else:
        pack(path / "first download.zip", files)
    wanted = {student: files[name] for name, student in LAYOUTS[layout].items()}
    assert graded(path) == wanted


def test_names_and_numbers_of_the_platform_are_kept(tmp_path):
    both = {each.student: each for each in take(pack(tmp_path / "m.zip", named(MOODLE)))}
    zoe = both["Zoe-O-Neil-123457"]
    assert (zoe.full_name, zoe.lms_id, zoe.layout) == ("Zoë O'Neil", "123457", "moodle")
    late = {each.student: each.late_mark for each in take(lay_out(tmp_path / "c", named(CANVAS)))}
    assert [student for student, mark in late.items() if mark] == ["oneilzoe-1235"]


def test_nbgraders_time_is_read_and_a_broken_one_tells_none(tmp_path):
    files = named(NBGRADER) | {
        "ada/SE05/timestamp.txt": b"2026-11-20 18:00:00 CET\n",
        "bob/SE05/timestamp.txt": b"yesterday, I think",
    }
    both = rows(lay_out(tmp_path / "submitted", files))
    assert both["ada/SE05/segmentation.ipynb"].submitted_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert both["bob/SE05/segmentation.ipynb"].submitted_at is None
    assert both["ada/SE05/timestamp.txt"].status is Status.USED


ODD = {
    "ada/SE05/segmentation.ipynb": Status.TAKEN,
    "ada/SE05/notes.docx": Status.NOT_A_NOTEBOOK,
    "ada/SE05/utils/__init__.py": Status.NOT_A_NOTEBOOK,
    "ada/SE05/.ipynb_checkpoints": Status.IGNORED,
    "ada/SE06/classification.ipynb": Status.ANOTHER_SESSION,
    "bob/SE05/essay.pdf": Status.NOT_A_NOTEBOOK,
    "carol/SE06/classification.ipynb": Status.ANOTHER_SESSION,
    "dan/se5/segmentation.ipynb": Status.TAKEN,
    "eve/SE05/segmentation (1).ipynb": Status.TAKEN,
    "fay/SE05": Status.NOTHING,
    "gus/SE05/segmentation.ipynb.txt": Status.TAKEN,
    "hal/SE05/segmentation.ipynb": Status.TAKEN,
    "hal/SE05/segmentation (1).ipynb": Status.ANOTHER_COUNTS,
    "ina/SE05/segmentation.ipynb": Status.TAKEN,
    "ina/SE05/segmentation copy.ipynb": Status.IDENTICAL,
    "jon/SE05/segmentation.ipynb": Status.TAKEN,
    "segmentation.ipynb": Status.NO_NAME,
    ".DS_Store": Status.IGNORED,
    "__MACOSX": Status.IGNORED,
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd") / "submitted"
    files = named(path for path, status in ODD.items() if status not in (Status.IGNORED, Status.NOTHING))
    files["ada/SE05/.ipynb_checkpoints/segmentation-checkpoint.ipynb"] = NOTEBOOK
    files["__MACOSX/ada/._segmentation.ipynb"] = b"\0"
    files[".DS_Store"] = b"\0"
    files["ina/SE05/segmentation copy.ipynb"] = files["ina/SE05/segmentation.ipynb"]
    files["jon/SE05/segmentation.ipynb"] = b""  # nothing in it: the doctor's to say
    lay_out(folder, files)
    (folder / "fay" / "SE05").mkdir(parents=True)
    return rows(folder)


def test_every_file_has_a_row_and_no_other_row_exists(odd):
    assert {path: row.status for path, row in odd.items()} == ODD


def test_whatever_is_not_graded_says_why(odd):
    assert [path for path, row in odd.items() if row.status is not Status.TAKEN and not row.remarks] == []


def test_the_student_is_told_which_of_two_notebooks_counts(odd):
    assert odd["hal/SE05/segmentation.ipynb"].remarks == (
        "2 notebooks were handed in; “segmentation.ipynb” counts, “segmentation (1).ipynb” not.",
    )
    assert odd["ina/SE05/segmentation.ipynb"].remarks == ()


def test_there_is_one_row_for_each_student(odd):
    each = {row.student: row for row in one_each(odd.values())}
    assert list(each) == ["ada", "bob", "carol", "dan", "eve", "fay", "gus", "hal", "ina", "jon"]
    without = {student: row.status for student, row in each.items() if row.notebook is None}
    assert without == {"bob": "not a notebook", "carol": "another session", "fay": "no notebook"}
    assert "“essay.pdf”" in " ".join(each["bob"].remarks)


def test_the_latest_upload_counts_on_canvas(tmp_path):
    files = named(["ada_12_30_segmentation.ipynb", "ada_12_31_segmentation-1.ipynb", "bob_13_32_segmentation.ipynb"])
    assert graded(lay_out(tmp_path / "c", files))["ada-12"] == files["ada_12_31_segmentation-1.ipynb"]


def test_the_sessions_own_notebook_counts_before_others(tmp_path):
    ada = "Ada_12_assignsubmission_file_"
    files = named([f"{ada}/segmentation.ipynb", f"{ada}/zz scratch.ipynb"])
    assert graded(lay_out(tmp_path / "m", files)) == {"Ada-12": files[f"{ada}/segmentation.ipynb"]}


def test_zips_in_zips_are_opened_but_not_without_end(tmp_path):
    zipped = NOTEBOOK
    for depth in range(5):
        name = "segmentation.ipynb" if depth == 0 else f"{depth}.zip"
        zipped = pack(tmp_path / f"{depth}.zip", {name: zipped}).read_bytes()
        (tmp_path / f"{depth}.zip").unlink()
        lay_out(tmp_path / "m", {f"S{depth}_{100 + depth}_assignsubmission_file_/work.zip": zipped})
    found = {each.student: each.status for each in take(tmp_path / "m") if each.student}
    assert found == {
        "S0-100": "taken",
        "S1-101": "taken",
        "S2-102": "taken",
        "S3-103": "unreadable",
        "S4-104": "unreadable",
    }


UNSAFE = ["../evil.ipynb", "/etc/evil.ipynb", "a/../../evil.ipynb", "..\\evil.ipynb", "C:\\evil.ipynb"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_member_that_leads_out_of_its_zip_is_told_and_left(tmp_path, name):
    path = pack(tmp_path / "class.zip", {"ada_segmentation.ipynb": NOTEBOOK, name: NOTEBOOK})
    assert sorted(each.status for each in take(path)) == ["taken", "unsafe path"]
    assert {each.name for each in tmp_path.rglob("*")} == {"class.zip"}


def test_damaged_and_protected_files_cost_nobody_else_anything(tmp_path):
    folder = lay_out(tmp_path / "class", named(["ada_segmentation.ipynb"]) | {"bob_work.zip": b"PK\x03\x04 cut off"})
    damaged = pack(tmp_path / "d.zip", {"segmentation.ipynb": os.urandom(2000)}).read_bytes()
    (folder / "carol_work.zip").write_bytes(damaged[:700] + bytes(100) + damaged[800:])
    locked = bytearray(pack(tmp_path / "l.zip", {"segmentation.ipynb": NOTEBOOK}).read_bytes())
    central = locked.index(b"PK\x01\x02")
    struct.pack_into("<H", locked, central + 8, 1)
    (folder / "dan_work.zip").write_bytes(bytes(locked))
    found = {each.student: each for each in take(folder)}
    assert {student: row.status for student, row in found.items()} == {
        "ada": "taken", "bob": "unreadable", "carol": "unreadable", "dan": "unreadable",
    }  # fmt: skip
    assert "password" in found["dan"].remarks[0]
    assert "CRC" in found["carol"].remarks[0]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(NOTEBOOK)
    folder = lay_out(tmp_path / "class", named(["ada_segmentation.ipynb"]))
    (folder / "bob_segmentation.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert {each.student: each.status for each in take(folder)} == {"ada": "taken", "bob": "unsafe path"}


def test_a_file_too_large_to_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("utils.grading.intake.files.LARGEST", 1000)
    folder = lay_out(tmp_path / "class", named(["ada_segmentation.ipynb"]) | {"bob_segmentation.ipynb": bytes(2000)})
    assert {each.student: each.status for each in take(folder)} == {"ada": "taken", "bob": "too large"}


def test_students_whose_ids_would_collide_get_different_ones(tmp_path):
    files = named(["ada b/segmentation.ipynb", "Ada-B/segmentation.ipynb"])
    assert set(graded(lay_out(tmp_path / "class", files))) == {"Ada-B", "ada-b-2"}


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "..", "CON/../x", "a" * 300, "🙂", "-rf", ".hidden"])
def test_ids_are_safe_as_names_of_folders(name):
    from utils.grading.intake.naming import safe_id

    made = safe_id(name)
    assert made
    assert made[0].isalnum()
    assert len(made) <= 80
    assert not set(made) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_macos_names_in_zips_are_read_as_they_were_meant(tmp_path):
    path = tmp_path / "class.zip"
    pack(path, {"Zoe_1_assignsubmission_file_/segmentation.ipynb": NOTEBOOK})
    data = path.read_bytes().replace(b"Zoe_1_assign", "Zoë_assign".encode() + b"x")
    path.write_bytes(data.replace("Zoë_assignx".encode(), "Zoë_1assign".encode()))
    assert "Zoë" in str(take(path)[0].source)


def test_the_same_input_gives_the_same_rows(tmp_path):
    path = pack(tmp_path / "class.zip", named(MOODLE))
    assert take(path) == take(path)


@pytest.mark.parametrize("files", [{}, {"ada/SE06/classification.ipynb": NOTEBOOK}, {"readme.txt": b"hello"}])
def test_where_there_is_nothing_to_grade_the_instructor_is_told_what_is_there(tmp_path, files):
    folder = lay_out(tmp_path, files)
    with pytest.raises(SubmissionError, match="Nothing was graded") as caught:
        take(folder)
    assert all(name in str(caught.value) for name in files)


def test_a_place_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(SubmissionError, match="There is no folder or zip"):
        take(tmp_path / "nowhere")


def test_a_notebook_that_vanishes_after_intake_is_told_not_raised_raw(tmp_path):
    found = take(lay_out(tmp_path, named(["ada_segmentation.ipynb"])))[0]
    (tmp_path / "ada_segmentation.ipynb").unlink()
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        _ = found.notebook
