"""Grade a class with nbgrader (instructors only; nothing imports this package).

``python -m utils.grading SE05 --submitted FOLDER --out FOLDER`` releases, grades, writes feedback and exports, in a
course folder of its own, so that the repository stays as it is. ``python -m utils.grading.demo`` does it for a class of
five made-up submissions.
"""
