"""What comes out of grading a class: tables, a feedback page for each student, a page about the class.

roster        results with what intake and gradebook know about each student
written       answers in words, and the marks they got in Formgrader
statistics    the class in numbers
similarity    answers that are nearly the same
spreadsheets  grades.csv, files.csv, moodle.csv, canvas.csv
pages         feedback/<student>/..., report.html: self-contained, light and dark, printable
late          what being late costs, as a plugin of nbgrader's
"""

from utils.grading.report.writing import write_outputs
from utils.grading.report.written import questions_of

__all__ = ["questions_of", "write_outputs"]
