"""The course's repository as a git remote on this machine, reached under its real address."""

import shutil
import subprocess
from pathlib import Path

from utils.course.layout import REPOSITORY, find_notebooks
from utils.course.placeholders import load_placeholders

__all__ = ["PLACEHOLDERS", "make_remote", "redirect"]

PLACEHOLDERS = load_placeholders(find_notebooks()[0])
IDENTITY = {"user.name": "Test", "user.email": "test@example.org", "commit.gpgsign": "false"}


def make_remote(folder: Path) -> Path:
    """Commit this working tree's files, ignored ones aside, under the version's tag; return the new repository."""
    _git("init", "--quiet", "--initial-branch=main", str(folder))
    listed = _git("-C", str(REPOSITORY), "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():  # git still lists what is deleted and not committed yet
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
    identity = [word for key, value in IDENTITY.items() for word in ("-c", f"{key}={value}")]
    _git("-C", str(folder), "add", "--all", "--force")
    _git("-C", str(folder), *identity, "commit", "--quiet", "--message=course")
    _git("-C", str(folder), *identity, "tag", f"v{PLACEHOLDERS['@VERSION@']}")
    return folder


def redirect(place: Path) -> dict[str, str]:
    """Return environment variables under which git looks in a folder for what lies at the course's address."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{place.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": PLACEHOLDERS["@REPOSITORY@"],
    }


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout
