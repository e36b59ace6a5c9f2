from tests.course.conftest import course

__all__ = ["course"]
