"""Run the notebooks beside this file from scratch and write them back with what they show.

    python execute.py [--into FOLDER] [NOTEBOOK ...]

Each runs in an empty folder of its own, so that it cannot lean on anything that lies about. What changes from run to run or
from machine to machine (times, versions, the kernel) is left out of the result: the same notebook gives the same bytes.
Needs nbclient, nbformat and ipykernel.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def execute(notebook: Path, into: Path) -> Path:
    """The notebook with fresh outputs in ``into``; a cell that fails raises, with its traceback."""
    book = nbformat.read(notebook, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory(prefix="journeykit-notebook-") as folder:
        client = NotebookClient(
            book, timeout=120, kernel_name="python3", record_timing=False, resources={"metadata": {"path": folder}}
        )
        client.execute()
    book.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for cell in book.cells:
        cell.metadata = {}
    nbformat.validate(book)
    path = into / notebook.name
    nbformat.write(book, path)
    return path


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Run the notebooks from scratch and write them back.")
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--into", type=Path, default=HERE)
    given = parser.parse_args(arguments)
    with ThreadPoolExecutor() as pool:
        for path in pool.map(lambda book: execute(book, given.into), given.notebooks or sorted(HERE.glob("*.ipynb"))):
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
