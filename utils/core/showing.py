"""Where something is shown: widgets in a live notebook, HTML where it is read later, text everywhere else.

A notebook that runs without a person (nbclient, nbconvert, papermill, nbgrader) gets no widgets: nobody could click
them, and a page made from it would need the internet to draw them.
"""

import base64
import importlib.util
import sys
from dataclasses import dataclass

__all__ = ["Card", "can_show_widgets", "in_notebook", "show", "show_widget"]

_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Card:
    """One content in two forms: notebooks take the HTML, everything else the text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def in_notebook() -> bool:
    """Say whether this runs in a Jupyter kernel; IPython is never imported for the answer."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def can_show_widgets() -> bool:
    """Say whether ipywidgets are there, and a person who could use them."""
    if not in_notebook() or importlib.util.find_spec("ipywidgets") is None:
        return False
    # Every front end with a person behind it lets code ask for input; programs that run notebooks do not.
    return bool(getattr(sys.modules["IPython"].get_ipython().kernel, "_allow_stdin", True))


def show(card: object) -> None:
    """Display a card or a figure; in plain Python, print its text."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(card)
    else:
        print(card)  # noqa: T201


def show_widget(widget, still) -> None:
    """Display a widget, with something that stands still for readers of the saved notebook (GitHub, nbconvert).

    Parameters
    ----------
    widget : ipywidgets.Widget
    still : object
        Has ``_repr_html_`` or ``_repr_png_``, as cards and figures do.
    """
    from IPython.display import display

    bundle = {_WIDGET: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}, "text/plain": repr(still)}
    # Colab saves the widgets' state by itself, and it is not documented which of several forms it shows.
    if "google.colab" not in sys.modules:
        bundle |= _still_form(still)
    display(bundle, raw=True)


def _still_form(still) -> dict[str, str]:
    if hasattr(still, "_repr_png_"):  # asked first: matplotlib's figures also have an HTML form, which is empty
        return {"image/png": base64.b64encode(still._repr_png_()).decode("ascii")}
    return {"text/html": still._repr_html_()}
