"""Feedback pages and the page about the class: what stands there, and what must not."""

import re

import pytest

from tests.grading.graded_class import FORMULA, LONG, MORE, SCRIPT, STUDENTS, make_class
from utils.grading.errors import StorageError
from utils.grading.report import write_outputs
from utils.grading.report.roster import read_roster
from utils.grading.report.statistics import exercise_statistics, histogram, misconceptions


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder, results, files = make_class(tmp_path_factory.mktemp("graded"))
    write_outputs(folder, results, files)
    return folder, results, files


def feedback(made, student):
    return made[0].feedback(student).read_text(encoding="utf-8")


def text_of(html):
    """Return a page's text as a reader sees it, marks included."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def report(made):
    return (made[0].root / "report.html").read_text(encoding="utf-8")


def test_a_student_reads_score_verdicts_messages_and_advice(made):
    text = text_of(feedback(made, "bob"))
    assert "3.5 of 5.5 points" in text
    assert "Exercise 1: Means ◐ some points 2 of 4 points" in text
    assert "The mean of 1 and 3 is 2. 0 / 2 `mean`".replace("`mean`", "mean") in text
    assert "mean gave 1.5; expected 2. Hint: Count what you add." in text
    assert "Advice, without points. A sum would do." in text
    assert "Exercise 2: Sums ✓ passed 1.5 of 1.5 points" in text


def test_what_the_doctor_and_the_grader_found_is_told(made):
    assert "Exercise 1: cells had been merged; they were taken apart." in text_of(feedback(made, "carol"))
    assert "Exercise 1: math.isclose was replaced." in text_of(feedback(made, "dan"))
    assert "Cell 9 ran for 300 s. What was judged before keeps its points." in text_of(feedback(made, "fay"))


def test_the_evidence_is_for_the_instructor_alone(made, report):
    assert "of cell 14" in text_of(report)
    assert not any("of cell 14" in feedback(made, student) for student in STUDENTS)


def test_nobody_reads_anothers_answer_or_name(made):
    page = feedback(made, "ada")
    assert "total += float(value)" in text_of(page)
    others = [name for _, _, _, name, _ in STUDENTS.values() if name not in ("Ada Lovelace", FORMULA, SCRIPT)]
    assert not any(name in text_of(page) for name in others)


def test_who_could_not_be_graded_learns_why_and_sees_no_score(made):
    text = text_of(feedback(made, "gus"))
    assert "Your submission could not be graded" in text
    assert "The file is damaged." in text
    assert "of 5.5 points" not in text


def test_an_exercise_that_was_not_attempted_shows_no_answer(made):
    assert "Your answer" not in text_of(feedback(made, "eve"))


def test_what_students_write_is_text_and_nothing_else(made, report):
    pages = [report, feedback(made, "carol")]
    assert all(SCRIPT not in page and "&lt;script&gt;alert(" in page for page in pages)


def test_pages_load_nothing_and_forbid_it(made, report):
    for page in (report, feedback(made, "ada")):
        assert "default-src 'none'" in page
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\(""", page)
    assert "<script" not in feedback(made, "ada")


def test_the_class_is_counted(report):
    text = text_of(report)
    assert f"{len(STUDENTS) + MORE} students {len(STUDENTS) + MORE - 1} graded 5.5 median of 5.5 points" in text
    assert f"{MORE + 1} with full marks 2 to look at 1 repaired 0 late" in text
    assert "Without the 1 who could not be graded." in text


def test_each_exercise_shows_how_it_came_out(report):
    text = text_of(report)
    assert "✓ 14 passed ◐ 2 partly ✗ 1 failed ! 1 crashed ○ 1 not attempted 74 % pass" in text
    assert "The mean of 1 and 3 is 2. 2 14 of 18 mean gave 1.5; expected 2. (3)" in text


def test_misconceptions_come_first_that_most_students_share(made):
    folder, results, files = made
    found = misconceptions(exercise_statistics(results, read_roster(folder, results, files)))
    assert [(each.criterion.claim, each.criterion.failed) for each in found] == [
        ("The mean of 1 and 3 is 2.", 4),
        ("`mean` skips what is missing.", 2),
    ]
    assert found[0].share == 4 / 18


def test_what_was_not_graded_is_listed_with_the_reason(report):
    text = text_of(report)
    assert "Gus broken The file is damaged." in text
    assert "2 files were handed in and not graded" in text
    assert "class.zip/ada/notes.pdf not a notebook A .pdf file is no notebook." in text


def test_links_lead_to_the_feedback(made, report):
    links = set(re.findall(r'href="(feedback/[^"]+)"', report))
    assert len(links) == len(STUDENTS) + MORE
    assert all((made[0].root / link).is_file() for link in links)


def test_the_same_results_give_the_same_bytes(made, tmp_path):
    folder, results, files = make_class(tmp_path)
    write_outputs(folder, results, files)
    for name in ("report.html", "grades.csv", "moodle.csv", "canvas.csv", "files.csv"):
        assert (folder.root / name).read_bytes() == (made[0].root / name).read_bytes()


def test_a_class_that_nobody_could_be_graded_in_has_a_page(tmp_path):
    folder, results, _ = make_class(tmp_path)
    alone = type(results)("SE99", "toy", results.points, (results.of("gus"),))
    write_outputs(folder, alone)
    assert "Nobody could be graded." in (folder.root / "report.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told(tmp_path):
    folder, results, files = make_class(tmp_path)
    (folder.root / "report.html").mkdir()
    with pytest.raises(StorageError, match=r"report\.html cannot be written: Is a directory\. Every grade is safe"):
        write_outputs(folder, results, files)


def test_scores_are_counted_in_equal_ranges_and_full_marks_in_the_last():
    assert histogram([0, 4.9, 5, 10], 10, bins=2) == [(0, 5, 2), (5, 10, 2)]


def test_two_answers_nearly_the_same_are_shown_side_by_side(report):
    text = text_of(report)
    assert "Ada Lovelace and '".replace(" and '", " and =HYPERLINK(0)") in text
    assert re.search(r"Exercise 1: 100 % of \d+ tokens; nobody else in the class has such an answer", text)
    assert text.count("total += float(value)") == 1
    assert LONG.split("\n")[5].strip() == "continue"
