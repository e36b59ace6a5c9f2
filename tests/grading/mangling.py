"""Ways in which a notebook comes back other than it went out, each a function of a worked-on notebook."""

import copy
import json
import random

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def answer_of(notebook, number):
    prefix = f"ex{number:02}-"
    return next(cell for cell in notebook.cells if cell.id.startswith(prefix) and not cell.id.endswith("-check"))


def check_of(notebook, number):
    return next(cell for cell in notebook.cells if cell.id == f"ex{number:02}-check")


def place_of(notebook, cell):
    return next(place for place, each in enumerate(notebook.cells) if each is cell)


def given_of(notebook, text):
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source)


def to_bytes(notebook: NotebookNode) -> bytes:
    """Write a notebook as it is, invalid or not."""
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()


def without(*cells):
    def mangle(notebook):
        gone = [find(notebook) for find in cells]
        notebook.cells = [cell for cell in notebook.cells if not any(cell is each for each in gone)]

    return mangle


def without_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        del cell["id"]
    notebook.metadata = NotebookNode()
    notebook.nbformat_minor = 2


def as_colab_saves_it(notebook):
    for count, cell in enumerate(notebook.cells):
        cell.metadata["id"] = f"tok{count}"
        del cell["id"]
    notebook.nbformat_minor = 0
    notebook.metadata["colab"] = {"provenance": [], "toc_visible": True}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}


def shuffled(notebook):
    random.Random(3).shuffle(notebook.cells)


def retyped(number, kind):
    def mangle(notebook):
        cell = answer_of(notebook, number)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]

    return mangle


def to_code(notebook):
    text = next(cell for cell in notebook.cells if cell.cell_type == "markdown" and "Exercise 6" in cell.source)
    text.cell_type, text["outputs"], text["execution_count"] = "code", [], None


def split(number, row, *, keeps_metadata):
    """Split an answer before one of its rows, as Jupyter does: both parts keep the metadata, the second gets a new id."""

    def mangle(notebook):
        cell = answer_of(notebook, number)
        lines = cell.source.split("\n")
        row_of = next(place for place, line in enumerate(lines) if row in line)
        second = new_code_cell("\n".join(lines[row_of:]))
        if keeps_metadata:
            second.metadata = copy.deepcopy(cell.metadata)
        cell.source = "\n".join(lines[:row_of])
        notebook.cells.insert(place_of(notebook, cell) + 1, second)

    return mangle


def merged(first, last):
    """Merge neighbours, as Jupyter does: the first one's type, id and metadata stay."""

    def mangle(notebook):
        low, high = place_of(notebook, first(notebook)), place_of(notebook, last(notebook))
        notebook.cells[low].source = "\n\n".join(cell.source for cell in notebook.cells[low : high + 1])
        del notebook.cells[low + 1 : high + 1]

    return mangle


def copied(number, *, change=lambda text: text, to_end=False, first_becomes=None):
    """Copy an answer's cell with its metadata; change the copy, or the original."""

    def mangle(notebook):
        cell = answer_of(notebook, number)
        double = copy.deepcopy(cell)
        double.id = "copy"
        double.source = change(cell.source)
        if first_becomes is not None:
            cell.source = first_becomes
        place = len(notebook.cells) if to_end else place_of(notebook, cell) + 1
        notebook.cells.insert(place, double)

    return mangle


def edited(find, text):
    def mangle(notebook):
        cell = find(notebook)
        cell.source = text(cell.source) if callable(text) else text

    return mangle


def added(find, *sources, kind="code"):
    """Insert cells of the student's behind one."""

    def mangle(notebook):
        place = place_of(notebook, find(notebook)) + 1
        make = new_code_cell if kind == "code" else new_markdown_cell
        notebook.cells[place:place] = [make(source) for source in sources]

    return mangle


def all_ids_the_same(notebook):
    for cell in notebook.cells:
        cell.id = "same"


def with_large_outputs(notebook):
    cell = notebook.cells[2]
    cell.outputs = [new_output("display_data", data={"image/png": "A" * (50 * 2**20)})]


def tagged(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]


def all_of(*mangles):
    def mangle(notebook):
        for each in mangles:
            each(notebook)

    return mangle


def as_format_3(notebook) -> bytes:
    return nbformat.writes(nbformat.convert(notebook, 3), version=3).encode()
