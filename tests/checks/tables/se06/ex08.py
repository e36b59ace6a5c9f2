"""Right and wrong answers to exercise 8, which strategy when."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

CHOOSE = """
def choose_strategy(images, similarity):
    if similarity not in ("similar", "different"):
        raise ValueError(f"unknown similarity {similarity!r}")
    if images < 1:
        raise ValueError("at least one image")
    if images < 1_000:
        return "frozen" if similarity == "similar" else "partial"
    if images <= 50_000:
        return "partial" if similarity == "similar" else "full"
    if images <= 500_000:
        return "full"
    return "full" if similarity == "similar" else "scratch"
"""
TABLE = """
def choose_strategy(images, similarity):
    table = {"similar": ["frozen", "partial", "full", "full"], "different": ["partial", "full", "full", "scratch"]}
    if similarity not in table or images < 1:
        raise ValueError((images, similarity))
    row = (images >= 1000) + (images > 50000) + (images > 500000)
    return table[similarity][row]
"""
WORD = '    if similarity not in ("similar", "different"):\n        raise ValueError(f"unknown similarity {similarity!r}")\n'
COUNT = '    if images < 1:\n        raise ValueError("at least one image")\n'
SMALL, MIDDLE = (
    'return "frozen" if similarity == "similar" else "partial"',
    'return "partial" if similarity == "similar" else "full"',
)
HUGE = 'return "full" if similarity == "similar" else "scratch"'

RIGHT = {
    "as in the text": CHOOSE,
    "a table": TABLE,
    "floats": swap(CHOOSE, ("1_000:", "1e3:"), ("50_000:", "5e4:"), ("500_000:", "5e5:")),
    "bisect": "import bisect\n" + swap(TABLE, ("(images >= 1000) + (images > 50000) + (images > 500000)", "bisect.bisect_right([999, 50000, 500000], images - 1e-9)")),
    "match": swap(CHOOSE, (WORD, "    match similarity:\n        case 'similar' | 'different':\n            pass\n        case _:\n            raise ValueError(similarity)\n")),
    "else ifs": swap(CHOOSE, ("    if images <= 50_000", "    elif images <= 50_000"), ("    if images <= 500_000", "    elif images <= 500_000")),
    "from above": "def choose_strategy(images, similarity):\n    similar = {'similar': True, 'different': False}.get(similarity)\n    if similar is None or images <= 0:\n        raise ValueError('no rule')\n    if images > 500000:\n        return 'full' if similar else 'scratch'\n    if images > 50000:\n        return 'full'\n    if images >= 1000:\n        return 'partial' if similar else 'full'\n    return 'frozen' if similar else 'partial'\n",
    "one column after the other": "def choose_strategy(images, similarity):\n    if images < 1:\n        raise ValueError\n    if similarity == 'similar':\n        return 'frozen' if images < 1000 else 'partial' if images <= 50000 else 'full'\n    if similarity == 'different':\n        return 'partial' if images < 1000 else 'full' if images <= 500000 else 'scratch'\n    raise ValueError(similarity)\n",
    "less than or equal 999": swap(CHOOSE, ("images < 1_000", "images <= 999")),
    "ranges": swap(CHOOSE, ("if images < 1_000:", "if images in range(1, 1000):"), ("if images <= 50_000:", "if images in range(1000, 50001):")),
    "a subclass of ValueError": "class NoRule(ValueError):\n    pass\n" + swap(CHOOSE, ("raise ValueError(f", "raise NoRule(f")),
}  # fmt: skip

FOLLOWS, LINES, REFUSES = "follows_the_table", "draws_the_lines", "refuses_nonsense"
WRONG = {
    "no function": Wrong("choose_strategy = 'frozen'\n", FOLLOWS, "not a function"),
    "nothing returned": Wrong(swap(CHOOSE, ("return ", "strategy = ")), FOLLOWS, "is a `return` missing?"),
    "printed": Wrong(swap(CHOOSE, (SMALL, 'print("frozen")')), FOLLOWS, "For 300 images, similar, it returns 'partial'"),
    "a number": Wrong(swap(CHOOSE, ('"frozen"', "0")), FOLLOWS, "returns the int 0, not a str"),
    "always frozen": Wrong(swap(CHOOSE, (MIDDLE, 'return "frozen"')), FOLLOWS, "For 8,000 images, similar, it returns 'frozen'; expected 'partial'"),
    "always full": Wrong("def choose_strategy(images, similarity):\n    return 'full'\n", FOLLOWS, "it returns 'full'; expected 'frozen'"),
    "similarity ignored": Wrong(swap(CHOOSE, (SMALL, 'return "frozen"')), FOLLOWS, "'frozen' stands in the other column"),
    "columns exchanged": Wrong(swap(CHOOSE, ('== "similar"', '== "different"')), FOLLOWS, "stands in the other column"),
    "capital letters": Wrong(swap(CHOOSE, ('"frozen"', '"Frozen"')), FOLLOWS, "in exactly these letters"),
    "other words": Wrong(swap(CHOOSE, ('"partial"', '"fine-tune"')), FOLLOWS, "The strategies are 'frozen', 'partial', 'full', 'scratch'"),
    "a blank too much": Wrong(swap(CHOOSE, ('"full"', '"full "')), FOLLOWS, "in exactly these letters"),
    "scratch for all large ones": Wrong(swap(CHOOSE, (HUGE, 'return "scratch"')), FOLLOWS, "For 2,000,000 images, similar, it returns 'scratch'; expected 'full'"),
    "scratch too early": Wrong(swap(CHOOSE, ('        return "full"\n    return', '        return "full" if similarity == "similar" else "scratch"\n    return')), FOLLOWS, "For 120,000 images, different, it returns 'scratch'"),
    "never scratch": Wrong(swap(CHOOSE, (HUGE, 'return "full"')), FOLLOWS, "expected 'scratch'"),
    "rows upside down": Wrong(swap(CHOOSE, ("images < 1_000", "images > 500_000")), FOLLOWS, "For 300 images"),
    "thousands": Wrong(swap(CHOOSE, ("images < 1_000", "images < 1"), ("images <= 50_000", "images <= 50"), ("images <= 500_000", "images <= 500")), FOLLOWS, "For 300 images, similar, it returns 'full'"),
    "a nought too few": Wrong(swap(CHOOSE, ("<= 50_000", "<= 5_000")), FOLLOWS, "For 8,000 images, similar, it returns 'full'"),
    "the table returned": Wrong(swap(TABLE, ("[similarity][row]", "[similarity]")), FOLLOWS, "a list of 4 items, not a str"),
    "1,000 belongs below": Wrong(swap(CHOOSE, ("images < 1_000", "images <= 1_000")), LINES, "For 1,000 images, similar, it returns 'frozen'; the row '1,000 to 50,000' says 'partial'"),
    "50,000 belongs above": Wrong(swap(CHOOSE, ("images <= 50_000", "images < 50_000")), LINES, "For 50,000 images, similar, it returns 'full'"),
    "500,000 belongs above": Wrong(swap(CHOOSE, ("images <= 500_000", "images < 500_000")), LINES, "For 500,000 images, different, it returns 'scratch'"),
    "1024 is a thousand": Wrong(swap(CHOOSE, ("images < 1_000", "images < 1_024")), LINES, "For 1,000 images"),
    "one off": Wrong(swap(CHOOSE, ("images < 1_000", "images < 999")), LINES, "For 999 images, similar, it returns 'partial'"),
    "one image is too few": Wrong(swap(CHOOSE, ("images < 1:", "images < 2:")), LINES, "at least one image"),
    "ranges with a gap": Wrong(swap(CHOOSE, ("if images <= 50_000:", "if 1_000 < images <= 50_000:")), LINES, "For 1,000 images"),
    "50,001 is still middle": Wrong(swap(CHOOSE, ("images <= 50_000", "images <= 50_001")), LINES, "For 50,001 images, similar"),
    "any word accepted": Wrong(swap(CHOOSE, (WORD, "")), REFUSES, "returns 'full'; expected a ValueError"),
    "a KeyError": Wrong(swap(TABLE, ("similarity not in table or ", "")), REFUSES, "raises KeyError; expected a ValueError"),
    "letters' case ignored": Wrong(swap(CHOOSE, (WORD, "    similarity = similarity.lower()\n" + WORD)), REFUSES, "`choose_strategy(300, 'Similar')` returns 'frozen'"),
    "substrings accepted": Wrong(swap(CHOOSE, ('similarity not in ("similar", "different")', 'not any(word in similarity for word in ("similar", "different"))')), REFUSES, "'quite similar'"),
    "no images accepted": Wrong(swap(CHOOSE, (COUNT, "")), REFUSES, "`choose_strategy(0, 'similar')` returns 'frozen'"),
    "zero accepted": Wrong(swap(CHOOSE, ("images < 1:", "images < 0:")), REFUSES, "`choose_strategy(0, 'similar')`"),
    "an assertion": Wrong(swap(CHOOSE, (COUNT, "    assert images >= 1\n")), REFUSES, "raises AssertionError"),
    "None for nonsense": Wrong(swap(CHOOSE, ('raise ValueError(f"unknown similarity {similarity!r}")', "return None")), REFUSES, "returns None; expected a ValueError"),
    "returned instead of raised": Wrong(swap(CHOOSE, ('raise ValueError("at least one image")', 'return ValueError("at least one image")')), REFUSES, "expected a ValueError"),
    "empty word accepted": Wrong(swap(CHOOSE, ('similarity not in ("similar", "different")', 'similarity and similarity not in ("similar", "different")')), REFUSES, "`choose_strategy(120000, '')`"),
    "blanks ignored": Wrong(swap(CHOOSE, (WORD, "    similarity = similarity.strip()\n" + WORD)), REFUSES, "'similar '"),
    "the beginning is enough": Wrong(swap(CHOOSE, (WORD, "    if not similarity.startswith(('similar', 'different')):\n        raise ValueError(similarity)\n")), REFUSES, "'similar '"),
    "refuses large numbers": Wrong(swap(CHOOSE, ("images < 1:", "not 1 <= images < 1_000_000:")), FOLLOWS, "For 2,000,000 images, similar, it raises a ValueError"),
}  # fmt: skip
