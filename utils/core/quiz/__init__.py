"""The quizzes: content and its file, judging, and how students see them (as widgets, cards or text)."""

from utils.core.quiz.manager import QuizManager

__all__ = ["QuizManager"]
