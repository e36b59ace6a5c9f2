"""Settings for all tests: the embedded sample, short trainings, nothing outside the working tree."""

import os

os.environ.setdefault("WORKSHOP_DATA", "sample")
os.environ.setdefault("WORKSHOP_FAST", "1")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("MPLBACKEND", "agg")
