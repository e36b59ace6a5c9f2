"""How an explorer is shown: with ipywidgets where they run, as a figure elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from matplotlib.figure import Figure

from utils.core.isolation import undisturbed
from utils.core.showing import can_show_widgets, show, show_widget
from utils.plotting.explorers.controls import Choice, Control, Slider
from utils.plotting.explorers.still import draw_rows
from utils.plotting.explorers.views import View

__all__ = ["Explorer"]

_STYLE = """<style>
.we{border:1px solid rgba(128,128,128,.35);border-left:6px solid #3b7dd8;border-radius:6px;padding:8px 16px 12px;
 max-width:960px;box-sizing:border-box;margin:6px 0;color:inherit}
.we .widget-html,.we .widget-html-content,.we .widget-label,.we .widget-readout{color:inherit;font-size:14px;
 font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif}
.we .widget-html-content{overflow:visible}
.we .we-controls{flex-flow:row wrap;gap:2px 20px;align-items:center;overflow:visible}
.we .we-controls .widget-label{width:auto;min-width:0;margin-right:8px}
.we button{background:#1f5fbf;color:#fff;border-radius:4px;height:32px;line-height:30px}
.we button:focus-visible,.we select:focus-visible{outline:3px solid #e8a33d;outline-offset:1px}
</style>"""


class Explorer:
    """Controls, and a picture that follows them.

    Parameters
    ----------
    title : str
    controls : mapping of str to Control
        By the name under which `view` takes the value.
    view : callable
        Values of the controls, by name, to a `View`.
    still : sequence of mapping
        Values that make the rows of the figure where nothing can be moved; what is missing is as at the start.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Control],
        view: Callable[..., View],
        still: Sequence[Mapping[str, object]],
    ):
        self.title, self.controls, self.still = title, dict(controls), [dict(row) for row in still]
        self._view = view

    def view(self, **values: object) -> View:
        """Return what is shown for these values; those not given are as at the start."""
        start = {name: control.value for name, control in self.controls.items()}
        with undisturbed():
            return self._view(**{**start, **values})

    def show(self) -> None:
        """Display the explorer, or its figure where no widgets can be shown."""
        figure = self.as_figure()
        if can_show_widgets():
            show_widget(self.as_widget(), figure)
        else:
            show(figure)

    def as_figure(self) -> Figure:
        """Draw the still rows as a figure."""
        return draw_rows(self.title, [self.view(**values) for values in self.still])

    def as_widget(self):
        """Return the explorer as an ipywidgets box; needs ipywidgets 7 or 8."""
        from ipywidgets import HTML, HBox, Layout, VBox

        widgets = {name: _widget(control) for name, control in self.controls.items()}
        page = HTML()

        def draw(_change=None):
            page.value = self.view(**{name: _value(widget) for name, widget in widgets.items()}).as_html()

        for widget in widgets.values():
            if hasattr(widget, "on_click"):
                widget.on_click(lambda button: (setattr(button, "count", button.count + 1), draw()))
            else:
                widget.observe(draw, names="value")
        draw()
        controls = HBox(list(widgets.values()), layout=Layout(overflow="visible"))
        controls.add_class("we-controls")
        root = VBox([HTML(_STYLE), HTML(f"<strong>{escape(self.title)}</strong>"), controls, page])
        root.add_class("we")
        return root


def _widget(control: Control):
    import ipywidgets

    if isinstance(control, Slider):
        whole = isinstance(control.step, int)
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        limits = {"min": control.low, "max": control.high, "step": control.step, "value": control.value}
        return kind(**limits, description=control.label, **({} if whole else {"readout_format": ".2f"}))
    if isinstance(control, Choice):
        return ipywidgets.Dropdown(options=list(control.options), value=control.value, description=control.label)
    button = ipywidgets.Button(description=control.label, layout=ipywidgets.Layout(width="auto"))
    button.count = control.value
    return button


def _value(widget) -> object:
    return widget.count if hasattr(widget, "count") else widget.value
