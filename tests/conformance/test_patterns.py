"""Our patterns are tested with what the official filter says (`tests/contract/patterns.rs` reads the same file).

`python tests/conformance/test_patterns.py` writes the file anew.
"""

import json
import random
from pathlib import Path

import pytest
from huggingface_hub.utils import filter_repo_objects

FILE = Path(__file__).parent / "patterns.json"

PATHS = [
    "x", "x.json", ".x", "X.JSON", "a/x", "a/x.json", "a/b/x.json", "ab/x", "dir", "dir/f", "dir2/f", "a[1].txt",
    "a1.txt", "a]b", "a-b", "a!b", "a^b", "a\\b", "a b", "ü.txt", "a/.hidden", "a*b", "a?b", "x.y.z", "\n", "a\nb",
]  # fmt: skip
PIECES = ["*", "**", "?", "[", "]", "[!", "[^", "-", "!", "^", "a", "b", "x", "z", "/", "\\", ".", ".json", "dir", "1", "[a-c]", "[z-a]", "[]]", "[!]]", "[a", "[--0]", "[[]", "ü", "{a,b}", " ", "(", "|", "+", "$"]  # fmt: skip
PATTERNS = 1500


def matched(pattern: str) -> list[str]:
    return list(filter_repo_objects(PATHS, allow_patterns=[pattern]))


def generated() -> list[dict]:
    chance = random.Random(20)
    patterns = {"", "dir/", "a/*", "a/**", "**/x.json", "./x.json", "/x.json", "*.json", "dir\\"}
    while len(patterns) < PATTERNS:
        patterns.add("".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6))))
    return [{"pattern": pattern, "matches": matched(pattern)} for pattern in sorted(patterns)]


def test_the_table_is_what_the_official_filter_says():
    table = json.loads(FILE.read_text())
    assert table["paths"] == PATHS
    for row in table["rows"]:
        assert matched(row["pattern"]) == row["matches"], row["pattern"]


@pytest.mark.parametrize("exclude", [["*.json"], ["dir/"], []])
def test_exclusion_beats_inclusion_and_nothing_included_is_nothing(exclude):
    wanted = set(filter_repo_objects(PATHS, allow_patterns=["*x*", "dir/"], ignore_patterns=exclude))
    out = {path for pattern in exclude for path in matched(pattern)}
    assert wanted == (set(matched("*x*")) | set(matched("dir/"))) - out
    assert list(filter_repo_objects(PATHS, allow_patterns=[], ignore_patterns=exclude)) == []


if __name__ == "__main__":
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in generated())
    paths = json.dumps(PATHS, ensure_ascii=False)
    FILE.write_text(f'{{\n "paths": {paths},\n "rows": [\n{rows}\n ]\n}}\n')
