"""What is checked: one package per session, one file per exercise, criteria as small functions."""

import os

# albumentations asks its server for a newer release when it is imported, and complains on stderr if it cannot.
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
