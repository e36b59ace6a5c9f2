"""Make answers out of answers, so that the tables show only what differs."""

__all__ = ["swap"]


def swap(code: str, *replacements: tuple[str, str]) -> str:
    """Replace pieces of an answer, each of which must be there.

    Parameters
    ----------
    code : str
    *replacements : tuple of str
        What to look for and what to put in its place, wherever it stands.

    Raises
    ------
    ValueError
        If there is nothing to replace, so that no table holds an answer by mistake.
    """
    for old, new in replacements:
        if old not in code:
            raise ValueError(f"The answer holds no {old!r}.")
        code = code.replace(old, new)
    return code
