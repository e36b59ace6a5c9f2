"""From what the warden signed to an exercise's score, and to what a person should look at."""

from dataclasses import dataclass, field

from utils.core.card import as_html
from utils.core.exercise import Exercise
from utils.core.report import Outcome, Report, Result
from utils.grading.isolation.link import Answer
from utils.grading.results import CriterionResult, ExerciseResult, Flag

__all__ = ["Verdict", "judge"]

CHECKER = (
    "utils.core.",
    "utils.checks.",
    "utils.settings",
    "sys.modules['utils",
    "Criterion ",
    "Exercise ",
    "Session ",
)
"""Where nobody has an honest reason to replace anything."""


@dataclass
class Verdict:
    """An exercise's outcome before and after a person's doubts.

    Attributes
    ----------
    exercise : Exercise
    outcomes : list of (str, str)
        Outcome and message of each criterion.
    seconds : float
    flags : list of Flag
    """

    exercise: Exercise
    outcomes: list[tuple[str, str]]
    seconds: float = 0.0
    flags: list[Flag] = field(default_factory=list)

    @property
    def results(self) -> tuple[Result, ...]:
        """The outcomes as the checker's own records."""
        kinds = {outcome.value: outcome for outcome in Outcome}
        pairs = zip(self.exercise.criteria, self.outcomes, strict=True)
        return tuple(Result(criterion, kinds[outcome], message) for criterion, (outcome, message) in pairs)

    @property
    def is_void(self) -> bool:
        """Whether the verdict was thrown away."""
        return any(flag.certain for flag in self.flags)

    def flag(self, kind: str, sentence: str, *evidence: str, certain: bool = False) -> None:
        """Note something for a person."""
        self.flags.append(Flag(self.exercise.number, kind, certain, sentence, tuple(evidence)))

    def void(self) -> None:
        """Throw the outcomes away, because nobody can tell what they are worth."""
        if self.is_void:
            self.outcomes = [("not judged", "")] * len(self.exercise.criteria)

    def result(self) -> ExerciseResult:
        """Return the exercise's result."""
        criteria = []
        names = {Outcome.CRASHED.value: "crashed"}
        for criterion, (outcome, message) in zip(self.exercise.criteria, self.outcomes, strict=True):
            hint = criterion.hints[0] if criterion.hints and outcome == Outcome.FAILED.value else ""
            name = names.get(outcome, outcome)
            criteria.append(CriterionResult(criterion.name, criterion.claim, criterion.points, name, message, hint))
        score, outcome = 0.0, "not judged"
        if not self.is_void:
            report = Report(self.exercise, self.results)
            score, outcome = report.points, names.get(report.outcome.value, report.outcome.value)
        return ExerciseResult(self.exercise.title, score, self.exercise.points, outcome, self.seconds, tuple(criteria))

    def card(self, earned: float, possible: float) -> str:
        """Return what the feedback shows below the check cell."""
        if self.is_void:
            return "".join(f"<p><strong>{flag.sentence} 0 points.</strong></p>" for flag in self.flags if flag.certain)
        return as_html(Report(self.exercise, self.results, earned=earned, possible=possible))


def judge(exercise: Exercise, answer: Answer) -> Verdict:
    """Turn the warden's answer into a verdict.

    Parameters
    ----------
    exercise : Exercise
    answer : Answer
    """
    body = answer.body or {}
    verdict = Verdict(exercise, _outcomes(exercise, answer), body.get("seconds", 0.0))
    if answer.forged:
        verdict.flag(
            "forged", "Something wrote to the channel of the checker.", *map(repr, answer.forged), certain=True
        )
    if not body:
        how = "did not answer" if answer.ended is None else f"ended with status {answer.ended}"
        verdict.flag("check ended", "The check did not come to its end: 0 points.", f"The judging process {how}.")
    elif body.get("number") != exercise.number:
        verdict.flag("forged", "The verdict is about another exercise.", repr(body.get("number")), certain=True)
    elif body["results"] is None and not body["missing"]:
        verdict.flag("check ended", "The check did not come to its end: 0 points.", "No outcomes were left.")
    _look_at_changes(verdict, body.get("before", ()), body.get("after", ()))
    for kind, certain, sentence in body.get("notes", ()):
        verdict.flag(kind, sentence, sentence, certain=certain)
    if body.get("fitted"):
        sentence = "The answer fits the numbers that the check draws in class, and no others."
        verdict.flag("fitted", sentence, *body["fitted"])
    verdict.void()
    return verdict


def _outcomes(exercise: Exercise, answer: Answer) -> list[tuple[str, str]]:
    body = answer.body or {}
    if body.get("missing"):
        names = ", ".join(f"`{name}`" for name in body["missing"])
        verb = "is" if len(body["missing"]) == 1 else "are"
        message = f"{names} {verb} not defined: the cell above did not run to its end."
        return [(Outcome.NOT_ATTEMPTED.value, message)] * len(exercise.criteria)
    if body.get("results") is None or len(body["results"]) != len(exercise.criteria):
        message = "Your code stopped the check, or did not finish. Is there a loop without end, or too large a tensor?"
        return [(Outcome.CRASHED.value, message)] * len(exercise.criteria)
    return [(outcome, message) for outcome, message in body["results"]]


def _look_at_changes(verdict: Verdict, before, after) -> None:
    ours = [f"{place}: {what}" for place, what in before if place.startswith(CHECKER)]
    others = [(place, what) for place, what in before if not place.startswith(CHECKER)]
    if ours:
        verdict.flag("checker changed", "The notebook changed the checker.", *ours, certain=True)
    if others:
        names = ", ".join(place for place, _ in others[:3])
        sentence = f"The notebook replaced {names}; judged with the original."
        verdict.flag("replaced", sentence, *(f"{place}: {what}" for place, what in others))
    if after:
        places = [f"{place}: {what}" for place, what in after]
        verdict.flag(
            "changed while judged", "The answer replaced functions while it was judged.", *places, certain=True
        )
