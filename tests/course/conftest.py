from pathlib import Path

import pytest

from tests.course.toy import make_course
from utils.course.layout import NotebookFiles


@pytest.fixture
def course(tmp_path: Path) -> NotebookFiles:
    """A repository that holds nothing but the toy session."""
    return make_course(tmp_path)
