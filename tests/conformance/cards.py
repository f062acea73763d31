"""Texts of cards and what the official client makes of them, kept in cards.json for tests in other languages.

After a change here, or with another version of the client: python tests/conformance/cards.py
That writes `blocks`. In `edits` and `merges` the results are ours: tests/contract/cards.rs shows them when they differ,
and test_cards.py asks the client about them.
"""

import json
import random
from pathlib import Path

from huggingface_hub.repocard import REGEX_YAML_BLOCK

GOLDEN = Path(__file__).with_name("cards.json")

TABLE = [
    "---\na: 1\n---\ntext",
    "\n\n---\na: 1\n---\n",
    "---\na: 1\n--- \nT",
    "---\na: 1\n---\t\t\nT",
    "---\na: 1\n---",
    "---\na: 1\n---x\nT",
    "--- \na: 1\n---\n",
    "# x\n---\na: 1\n---",
    "---\n---",
    "---\n---\n",
    "---\n\n---",
    "---\r\n---\r\n",
    "---\r\n\r\n---\r\n",
    "---\r\na: 1\r\n---\r\n\r\n# T\r\n",
    "---\ra: 1\r---",
    "---\ra: 1\r---\rT",
    "---\n---\nb\n---\n",
    "\ufeff---\na: 1\n---\n",
    "\ufeff\ufeff---\na: 1\n---\n",
    " \t\u00a0\u2003\x1c\x85---\na: 1\n---\n",
    "\u200b---\na: 1\n---\n",
    "----\na: 1\n---\n",
    "",
    "---",
]
PIECES = ["---", "\n---", "\r\n---", "\r---", "\n", "\n", "\r\n", "\r", " ", "\t", "a: 1", "-", "\ufeff", "\x1f", "\u2028", "T"]


def generated() -> list[str]:
    chance = random.Random("cards")
    beginnings = ["", "", "---\n", "---\r\n", "---\r", "\n---\n"]
    return [
        chance.choice(beginnings) + "".join(chance.choices(PIECES, k=chance.randint(0, 12))) for _ in range(400)
    ]


def found(text: str) -> dict:
    """The front matter and the body as the official client has them."""
    text = text.removeprefix("\ufeff")  # it reads files as utf-8-sig
    match = REGEX_YAML_BLOCK.search(text)
    if match is None:
        return {"front": None, "body": text}
    return {"front": match.group(2), "body": text[match.end() :]}


def blocks() -> list[dict]:
    return [{"text": text} | found(text) for text in TABLE + generated()]


if __name__ == "__main__":
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {"edits": []}
    golden["blocks"] = blocks()
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")
