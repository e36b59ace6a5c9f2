"""Finding submissions, and telling an instructor what is wrong with their folder."""

import pytest

from utils.grading.__main__ import main
from utils.grading.course_folder import make_course_folder
from utils.grading.errors import GradingError, SubmissionError
from utils.grading.submissions import find_submissions


def hand_in(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("{}")
    return folder


def test_submissions_are_found_in_order(tmp_path):
    hand_in(tmp_path, "zoe/SE05/segmentation.ipynb", "ada/SE05/segmentation.ipynb", "readme.txt", ".git/config")
    assert [each.student for each in find_submissions(tmp_path, "SE05", "segmentation")] == ["ada", "zoe"]


def test_who_handed_in_another_session_only_is_passed_over(tmp_path):
    hand_in(tmp_path, "ada/SE05/segmentation.ipynb", "bob/SE06/classification.ipynb")
    assert [each.student for each in find_submissions(tmp_path, "SE05", "segmentation")] == ["ada"]


WRONG = {
    "copy of a browser": (
        "bob/SE05/segmentation (1).ipynb",
        r"bob/SE05 holds segmentation \(1\)\.ipynb instead of segm",
    ),
    "empty session": ("bob/SE05/notes.txt", r"bob/SE05 holds no notebook instead of segmentation\.ipynb"),
    "session in small letters": ("bob/se05/segmentation.ipynb", r"bob/se05 should be called bob/SE05"),
    "session mistyped": ("bob/SE5/segmentation.ipynb", r"bob/SE5 should be called bob/SE05"),
    "no session": ("bob/segmentation.ipynb", r"bob/segmentation\.ipynb belongs into bob/SE05/"),
}


@pytest.mark.parametrize(("path", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_names_are_told_student_by_student(tmp_path, path, message):
    hand_in(tmp_path, "ada/SE05/segmentation.ipynb", path)
    with pytest.raises(SubmissionError, match=message):
        find_submissions(tmp_path, "SE05", "segmentation")


def test_all_wrong_names_are_told_at_once(tmp_path):
    hand_in(tmp_path, *(path.replace("bob", f"student{n}") for n, (path, _) in enumerate(WRONG.values())))
    with pytest.raises(SubmissionError) as caught:
        find_submissions(tmp_path, "SE05", "segmentation")
    assert all(f"  student{n}/" in str(caught.value) for n in range(len(WRONG)))
    assert str(caught.value).endswith("Nothing was graded.")


def test_a_missing_folder_is_told(tmp_path, capsys):
    assert main(["SE05", "--submitted", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", [None, "bob/SE06/classification.ipynb"])
def test_a_folder_without_a_submission_is_told(tmp_path, path):
    hand_in(tmp_path, *filter(None, [path]))
    with pytest.raises(SubmissionError, match=r"holds no <student>/SE05/segmentation\.ipynb"):
        find_submissions(tmp_path, "SE05", "segmentation")


def test_an_unknown_session_is_told(tmp_path, capsys):
    hand_in(tmp_path, "ada/SE50/segmentation.ipynb")
    assert main(["SE50", "--submitted", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "There is no session 'SE50'" in capsys.readouterr().err


@pytest.fixture
def handed_in(tmp_path, course):
    course.solution.write_text("{}")
    hand_in(tmp_path, "in/ada/SE99/toy.ipynb")
    return find_submissions(tmp_path / "in", "SE99", "toy")


def test_a_folder_with_other_things_is_never_emptied(tmp_path, course, handed_in):
    out = hand_in(tmp_path / "out", "thesis.tex")
    with pytest.raises(GradingError, match="holds other things"):
        make_course_folder(out, course, handed_in)
    assert (out / "thesis.tex").is_file()


def test_an_earlier_run_is_replaced(tmp_path, course, handed_in):
    folder = make_course_folder(tmp_path / "out", course, handed_in)
    stale = folder.submitted("bob")
    hand_in(folder.root, stale)
    make_course_folder(tmp_path / "out", course, handed_in)
    assert not stale.exists()
    assert folder.submitted("ada").is_file()


def test_submissions_inside_the_folder_to_be_emptied_are_saved(tmp_path, course, handed_in):
    folder = make_course_folder(tmp_path / "out", course, handed_in)
    inside = find_submissions(folder.root / "submitted", "SE99", "toy")
    with pytest.raises(GradingError, match="give another folder"):
        make_course_folder(folder.root, course, inside)
    assert folder.submitted("ada").is_file()
