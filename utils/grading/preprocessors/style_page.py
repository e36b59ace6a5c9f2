"""Two rules for the feedback's page, where nbgrader's own style falls short of our notebooks."""

from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["StylePage"]

RULES = """
img { max-width: 100%; height: auto; }  /* or pictures run over the edge */
summary { display: list-item; cursor: pointer; }  /* or hints have no triangle to unfold them by */
"""


class StylePage(NbGraderPreprocessor):
    """Add rules to the page's styles; runs after CSSHTMLHeaderPreprocessor, which collects them."""

    def preprocess(self, nb, resources):
        """Extend the styles, leave the notebook as it is."""
        resources["inlining"]["css"].append(RULES)
        return nb, resources
