"""No row without a test, and no test of a row that is none."""

import ast
from pathlib import Path

import pytest

from rows import ROWS


def rows_with_a_test() -> set[str]:
    found = set()
    for file in Path(__file__).parent.glob("test_rows_*.py"):
        names = [node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
        found |= {name.split("_")[1].upper() for name in names if name.startswith("test_")}
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row} {ROWS[row]}")
def test_a_row_has_a_test(row):
    assert row in rows_with_a_test()


def test_tests_of_rows_are_of_rows_there_are():
    assert rows_with_a_test() - ROWS.keys() == set()
