"""Every way to write a source wrongly is told, with cell and line."""

import pytest

from tests.course.toy import SESSION, SOURCE, make_course
from utils.course.build import build_notebook
from utils.course.errors import SourceError

FIRST_CHECK = 'checker.check_exercise(1, {"add": add})'
SECOND_ANSWER = SOURCE[SOURCE.index("# Exercise 2") : SOURCE.index("# %%\nchecker.check_exercise(2")]

# name: (text, its replacement, where and what the message says)
WRONG = {
    "begin without end": ("    ### END SOLUTION\n", "", "cell 4, line 21: '### BEGIN SOLUTION' without"),
    "end without begin": ("    ### BEGIN SOLUTION\n", "", "cell 4, line 23: '### END SOLUTION' without a beginning"),
    "stray end in an ordinary cell": (
        "add(1, 2)  # scribble here",
        "add(1, 2)\n### END SOLUTION",
        "cell 5, line 28: '### END SOLUTION' without a beginning",
    ),
    "nested begin": (
        "    total_of_both_numbers = first",
        "    ### BEGIN SOLUTION\n    total_of_both_numbers = first",
        "cell 4, line 22: a second '### BEGIN SOLUTION'",
    ),
    "two hashes": ("    ### BEGIN", "    ## BEGIN", "cell 4, line 21: '## BEGIN SOLUTION' is not quite a marker"),
    "misspelt": (
        "### BEGIN SOLUTION\nd",
        "### BEGIN SOLUTOIN\nd",
        "cell 8, line 42: '### BEGIN SOLUTOIN' is not quite",
    ),
    "small letters": ("### BEGIN SOLUTION\nd", "### begin solution\nd", "cell 8, line 42: '### begin solution' is not"),
    "words in an odd comment": (
        "add(1, 2)  # scribble here",
        "add(1, 2)  # BEGIN SOLUTION of sorts",
        "cell 5, line 27: 'add(1, 2)  # BEGIN SOLUTION of sorts' is not quite",
    ),
    "words in prose": ("# Add two numbers.", "# After END SOLUTION.", "cell 3, line 15: nbgrader takes these words"),
    "statement marker without a task": (
        "  # SOLUTION: the sum of 40 and 2",
        "  # SOLUTION",
        "cell 8, line 37: 'answer = sum(  # SOLUTION' is not quite a marker",
    ),
    "statement marker misspelt": (
        "  # SOLUTION: the sum of 40 and 2",
        "  # SOLUTON: the sum",
        "cell 8, line 37: 'answer = sum(  # SOLUTON: the sum' is not quite",
    ),
    "statement that is no assignment": (
        "add(1, 2)  # scribble here",
        "add(1, 2)  # SOLUTION: call it",
        "cell 5, line 27: only an assignment",
    ),
    "two statements on a line": (
        "low, high = min(1, 2), max(1, 2)",
        "low = 1; high = 2",
        "cell 8, line 41: an answer of one statement shares its line",
    ),
    "empty region": (
        "doubled_answer_of_mine = 2 * answer",
        "# nothing yet",
        "cell 8, line 42: the region holds no code",
    ),
    "region in a block of the cell": (
        "### BEGIN SOLUTION\ndoubled_answer_of_mine = 2 * answer\n### END SOLUTION",
        "if answer:\n    ### BEGIN SOLUTION\n    doubled = 2 * answer\n    ### END SOLUTION",
        "cell 8, line 43: a region stands either at the left margin or inside a function",
    ),
    "two regions in a function": (
        "    ### END SOLUTION\n",
        "    ### END SOLUTION\n    ### BEGIN SOLUTION\n    return 0\n    ### END SOLUTION\n",
        "cell 4, line 25: a second region in one function",
    ),
    "region that ends further left": (
        "    ### END SOLUTION\n",
        "### END SOLUTION\n",
        "cell 4, line 21: the two markers and the code between them",
    ),
    "answer outside an exercise": (
        "add(1, 2)  # scribble here",
        "total = add(1, 2)  # SOLUTION: call it",
        "cell 5, line 27: an answer outside an exercise's cell",
    ),
    "exercise without an answer": (
        SECOND_ANSWER,
        "# Exercise 2: Name the numbers\nanswer = high = 0\n\n",
        "cell 8, line 36: exercise 2 has no answer",
    ),
    "exercise without a check": (FIRST_CHECK, "add", "cell 4, line 18: exercise 1 has no check cell"),
    "check without an exercise": (
        "# Exercise 1: Add two numbers\n",
        "",
        "cell 6, line 29: a check of exercise 1, but no cell begins with",
    ),
    "title nearly right": (
        "# Exercise 1: Add",
        "# Exercise 1 - Add",
        "cell 4, line 18: '# Exercise 1 - Add two numbers' is not quite",
    ),
    "title of another exercise": (
        "# Exercise 1: Add two numbers",
        "# Exercise 1: Add three numbers",
        "cell 4, line 18: the checks call exercise 1 'Add two numbers', not 'Add three numbers'",
    ),
    "number twice": (
        "# Exercise 2: Name the numbers",
        "# Exercise 1: Add two numbers",
        "cell 8, line 36: a second answer of exercise 1; the first is cell 4",
    ),
    "number unknown to the checks": (
        "# Exercise 2: Name the numbers",
        "# Exercise 3: Name the numbers",
        "cell 8, line 36: the checks know no exercise 3; they know 1, 2",
    ),
    "exercise missing": (
        "# Exercise 2: Name the numbers",
        "# Exercise 3: Name the numbers",
        "toy.py: exercise 2 of the checks is missing here",
    ),
    "check not the last expression": (FIRST_CHECK, f"{FIRST_CHECK}\nadd", "cell 6, line 30: the check must be the"),
    "check assigned to a name": (
        FIRST_CHECK,
        f"score = {FIRST_CHECK}",
        "cell 6, line 30: the check must be the cell's",
    ),
    "check with a semicolon": (FIRST_CHECK, f"{FIRST_CHECK};", "cell 6, line 30: the semicolon hides the score"),
    "two checks in a cell": (FIRST_CHECK, f"{FIRST_CHECK}\n{FIRST_CHECK}", "cell 6, line 31: a second check in one"),
    "check of a computed number": (
        FIRST_CHECK,
        'checker.check_exercise(n, {"add": add})',
        "cell 6, line 30: the first",
    ),
    "check without its answer": (
        FIRST_CHECK,
        "checker.check_exercise(1, {})",
        "cell 6, line 30: exercise 1 is judged by add; this hands over nothing",
    ),
    "check of a verdict": (
        FIRST_CHECK,
        'checker.check_exercise(1, {"add": add(1, 2) == 3})',
        "cell 6, line 30: hand over the student's own object: 'add': add",
    ),
    "check without a dict": (
        FIRST_CHECK,
        "checker.check_exercise(1, answers)",
        "cell 6, line 30: check_exercise needs",
    ),
    "answer repeated in a later cell": (
        "add(1, 2)  # scribble here",
        "first = second = 1\ntotal_of_both_numbers = first + second",
        "cell 5, line 28: the answer to exercise 1 survives into the student notebook",
    ),
    "answer repeated in prose": (
        "# Add two numbers.\n\n# %%\n# Exercise 1",
        "# Write `doubled_answer_of_mine = 2 * answer`.\n\n# %%\n# Exercise 1",
        "cell 3, line 15: the answer to exercise 2 survives",
    ),
    "no valid Python": ("add(1, 2)  # scribble here", "add(1, 2", "cell 5, line 27: no valid Python"),
    "no valid Python without the answer": (
        "### BEGIN SOLUTION\ndoubled_answer_of_mine = 2 * answer\n### END SOLUTION",
        "for number in (low, high):\n### BEGIN SOLUTION\n    print(number)\n### END SOLUTION",
        "cell 8, line 36: what remains for the student is no valid Python",
    ),
    "unknown placeholder": ("@VERSION@", "@VERSIONS@", "cell 1, line 4: @VERSIONS@ is unknown"),
    "figure that is missing": ("figs/dot.png", "figs/dots.png", "cell 1, line 6: figs/dots.png does not exist"),
    "figure without alternative text": ("A grey dot", "", "cell 1, line 6: figs/dot.png has no alternative text"),
    "figure from elsewhere": ("figs/dot.png", "../dot.png", "cell 1, line 6: ../dot.png cannot be embedded"),
    "figure in HTML": ("# Add two numbers.", '# <img src="figs/dot.png">', "cell 3, line 15: a relative src"),
    "unknown cell key": ("# %%\nadd(1", '# %% tag="x"\nadd(1', "cell 5, line 26: cell key 'tag' is unknown"),
    "nbgrader metadata": (
        "# %%\nadd(1",
        '# %% nbgrader={"grade": true}\nadd(1',
        "cell 5, line 26: the source carries no",
    ),
    "text before the first cell": (
        "# %% [markdown]\n# # A toy",
        "import os\n# %% [markdown]\n# # A toy",
        "cell 1, line 1: text stands",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_source_is_refused_with_cell_and_line(tmp_path, old, new, message):
    assert old in SOURCE
    with pytest.raises(SourceError) as caught:
        build_notebook(make_course(tmp_path, SOURCE.replace(old, new, 1)), SESSION)
    told = str(caught.value).split("\n")
    place = message if message.startswith("toy.py") else f"toy.py, {message}"
    assert any(line.startswith(f"solutions/SE99/{place}") for line in told), told
    assert told[-1] == "No notebook of this source was written."


def test_a_check_before_its_exercise_is_refused(tmp_path):
    cell = f"# %%\n{FIRST_CHECK}\n"
    source = SOURCE.replace(cell, "").replace("# %%\n# Exercise 1", f"{cell}\n# %%\n# Exercise 1")
    with pytest.raises(SourceError, match="cell 4, line 18: the check of exercise 1 stands before its answer"):
        build_notebook(make_course(tmp_path, source), SESSION)


def test_all_problems_are_told_at_once(tmp_path):
    source = (
        SOURCE.replace("A grey dot", "").replace("@VERSION@", "@VERSIONS@").replace("    ### END SOLUTION\n", "", 1)
    )
    with pytest.raises(SourceError) as caught:
        build_notebook(make_course(tmp_path, source), SESSION)
    assert [problem.line for problem in caught.value.problems] == [4, 6, 21]


@pytest.mark.parametrize(
    "comment",
    [
        "# Resolution: 64 pixels",
        "## The solution of the equation",
        "# a solution for later",
        "# BEGIN with the encoder",
    ],
)
def test_ordinary_comments_are_left_alone(tmp_path, comment):
    build_notebook(make_course(tmp_path, SOURCE.replace("# scribble here", comment)), SESSION)
