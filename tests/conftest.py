"""Settings for all tests: the embedded sample, short trainings, nothing outside the working tree."""

import os
import signal

os.environ.setdefault("WORKSHOP_DATA", "sample")
os.environ.setdefault("WORKSHOP_FAST", "1")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("MPLBACKEND", "agg")

# A run that was started in the background ignores Ctrl+C, and so would the processes that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
