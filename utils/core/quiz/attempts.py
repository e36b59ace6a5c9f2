"""What was tried at a question, and what that is worth."""

from dataclasses import dataclass, field

from utils.core.quiz.question import Judgement, Question

__all__ = ["SCORED_TRIES", "Attempts", "QuizScore"]

SCORED_TRIES = 2


@dataclass
class Attempts:
    """The different answers given to one question, in order."""

    question: Question
    answers: list = field(default_factory=list)

    def add(self, answer) -> None:
        """Note an answer that the question has read; the same one again is no further try."""
        if answer not in self.answers:
            self.answers.append(answer)

    @property
    def last(self) -> Judgement | None:
        """The judgement of the last answer, None before the first."""
        return self.question.judge(self.answers[-1]) if self.answers else None

    @property
    def is_right(self) -> bool:
        """Whether one of the tries that count was right."""
        return any(self.question.judge(answer).right for answer in self.answers[:SCORED_TRIES])

    @property
    def is_settled(self) -> bool:
        """Whether everything is explained now: an answer was right, or the tries are used up."""
        return self.is_right or len(self.answers) >= SCORED_TRIES


@dataclass(frozen=True)
class QuizScore:
    """How many questions were answered right within two tries, and how many there are."""

    right: int
    answered: int
    total: int

    def __str__(self) -> str:
        return f"{self.right} of {self.total} questions right ({self.answered} answered so far)."

    __repr__ = __str__
