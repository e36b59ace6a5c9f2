"""Read students' cells for what no answer needs: a reason for a person to look, never a reason to take points."""

import ast
import re

from nbformat import NotebookNode

from utils.course.cells import python_of
from utils.grading.results import Flag

__all__ = ["suspicions"]

_NAMES = {
    **dict.fromkeys(
        (
            "f_back",
            "f_locals",
            "f_globals",
            "tb_frame",
            "gi_frame",
            "cr_frame",
            "ag_frame",
            "_getframe",
            "currentframe",
        ),
        "looks at the frames of running code",
    ),
    **dict.fromkeys(("settrace", "setprofile", "addaudithook", "register_at_fork"), "hooks into the interpreter"),
    **dict.fromkeys(("get_referrers", "get_referents", "pythonapi"), "reaches for objects of the interpreter"),
    **dict.fromkeys(("input_transformers_post", "input_transformers_cleanup", "ast_transformers"), "rewrites cells"),
    **dict.fromkeys(
        ("display_formatter", "displayhook", "display_pub", "execution_count"), "meddles with how results are shown"
    ),
    **dict.fromkeys(("do_execute", "shell_handlers", "iopub_socket", "shell_streams"), "meddles with the kernel"),
    **dict.fromkeys(
        ("register_module_forward_hook", "register_module_forward_pre_hook", "TorchFunctionMode", "TorchDispatchMode"),
        "hooks into every torch call",
    ),
    **dict.fromkeys(("_reports", "_remember"), "reaches into the checker"),
}
_MODULES = {
    "ctypes": "reaches below Python",
    "utils.core.evaluation": "reaches into the checker",
    "utils.checks": "reaches into the checks",
}
_TEXTS = re.compile(
    r"/proc/|f_back|f_locals|tb_frame|utils[./]checks|utils[./]core[./](evaluation|report|checker)|sys\.modules\[.utils"
)


def suspicions(notebook: NotebookNode) -> list[Flag]:
    """Return a flag for each kind of thing that a cell of the student's does without need.

    Parameters
    ----------
    notebook : NotebookNode
        As handed in and mended; locked cells are the release's, and are not looked at.
    """
    found: dict[str, list[str]] = {}
    for index, cell in enumerate(notebook.cells):
        grading = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not (grading.get("locked") and not grading.get("solution")):
            for why, what in _of_cell(cell.source):
                found.setdefault(why, []).append(f"cell {index + 1}: {what}")
    return [Flag(None, "suspicious", False, f"The notebook {why}.", tuple(where)) for why, where in found.items()]


def _of_cell(source: str):
    try:
        tree = ast.parse(python_of(source))
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if name in _NAMES:
                yield _NAMES[name], name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{name}" for name in names), *names]
            for name in names:
                if name in _NAMES:
                    yield _NAMES[name], name
                for module, why in _MODULES.items():
                    if name == module or name.startswith(f"{module}."):
                        yield why, f"import of {name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _TEXTS.search(node.value):
            yield "names parts of the grader in a text", repr(node.value[:80])
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Attribute) and each.attr == "check_exercise" for each in targets):
                yield "reaches into the checker", "check_exercise is replaced"
