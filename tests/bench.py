"""One table of what is worth watching, each row a ratio measured side by side: ``python -m tests.bench [provider ...]``.

Never asserted, because machines differ. CPU seconds where a row says so, so that other work on the machine counts little.
"""

import os
import sys
from importlib import import_module

PROVIDERS = ("imports", "checks", "training", "data", "grading")  # modules of tests.benchmarks with a `rows()`


def main(names: list[str]) -> int:
    """Print the table, a row as soon as it is measured; what cannot be measured says why and stops nothing."""
    unknown = [name for name in names if name not in PROVIDERS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(PROVIDERS)}.", file=sys.stderr)
        return 2
    os.environ.setdefault("WORKSHOP_DATA", "sample")
    from tests.benchmarks.table import heading

    print(heading(), flush=True)
    for name in names or PROVIDERS:
        _print_rows(name)
    return 0


def _print_rows(name: str) -> None:
    from tests.benchmarks.measuring import Unavailable
    from tests.benchmarks.table import format_row, format_said

    module = f"tests.benchmarks.{name}"
    try:
        for row in import_module(module).rows():
            print(format_row(row), flush=True)
    except Unavailable as reason:
        print(format_said(name, str(reason)), flush=True)
    except ModuleNotFoundError as error:
        said = "not written yet" if error.name == module else f"needs {error.name}, which is not installed"
        print(format_said(name, said), flush=True)
    except Exception as error:  # noqa: BLE001 - the other rows are worth having all the same
        print(format_said(name, f"FAILED: {type(error).__name__}: {error}"), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
