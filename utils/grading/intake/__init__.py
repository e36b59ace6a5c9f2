"""Take in what a class handed in: folders and zips of any layout, every file accounted for.

files    what is there: folders, zips, zips in zips; nothing is written to disk
layouts  whose a file is: nbgrader's folders, a flat folder, Moodle's and Canvas's downloads
naming   ids that are safe as names of folders
choosing which of a student's notebooks counts
taking   all of it together
"""

from utils.grading.intake.choosing import one_each
from utils.grading.intake.submission import Status, Submission
from utils.grading.intake.taking import take_in

__all__ = ["Status", "Submission", "one_each", "take_in"]
