"""Our reader and our editor of cards against the official client, over what both sides keep in cards.json.

The other half is tests/contract/cards.rs: there our own code must give what is written in that file.
"""

import copy
import json

import pytest
from huggingface_hub import ModelCard, RepoCard, metadata_update

import cards

OWNER = "demo"
GOLDEN = json.loads(cards.GOLDEN.read_text())


def test_front_matter_is_where_the_official_client_finds_it():
    assert GOLDEN["blocks"] == cards.blocks()


def test_the_texts_are_of_both_kinds():
    with_front = [block for block in GOLDEN["blocks"] if block["front"] is not None]
    assert 50 < len(with_front) < len(GOLDEN["blocks"]) - 50


@pytest.mark.parametrize("edit", GOLDEN["edits"], ids=lambda edit: edit["key"] + " " + edit["text"][:24])
def test_the_official_client_reads_what_we_wrote(edit):
    before, after = RepoCard(edit["text"]), RepoCard(edit["result"])
    expected = before.data.to_dict() | {edit["key"]: edit["value"]}
    # The client leaves out what is null.
    assert after.data.to_dict() == {key: value for key, value in expected.items() if value is not None}
    assert after.text == before.text


def officially_merged(monkeypatch, merge) -> dict | None:
    """What `metadata_update` would push; nothing if it refuses."""
    monkeypatch.setattr(ModelCard, "load", lambda *_, **__: ModelCard(merge["text"]))
    monkeypatch.setattr(ModelCard, "push_to_hub", lambda card, *_, **__: card.data.to_dict())
    new = copy.deepcopy(merge["new"])
    try:
        return metadata_update(f"{OWNER}/m", new, overwrite=merge["overwrite"])
    except ValueError:
        return None


@pytest.mark.parametrize("merge", GOLDEN["merges"], ids=lambda merge: f"{merge['new']}"[:40])
def test_metadata_is_merged_as_the_official_client_does(merge, monkeypatch):
    official = officially_merged(monkeypatch, merge)
    assert (official is None) == (merge["result"] is None)
    if official is not None:
        ours = ModelCard(merge["result"])
        assert ours.data.to_dict() == official
        assert ours.text == ModelCard(merge["text"]).text


def test_a_card_is_validated(standin, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", standin.endpoint)
    ModelCard("---\nlicense: mit\n---\n# T\n").validate()
    with pytest.raises(ValueError, match="sdk"):
        RepoCard("---\ntitle: T\n---\n").validate(repo_type="space")


def test_metadata_is_changed_by_a_commit(home, standin, demo):
    name = f"{OWNER}/with-metadata"
    api = standin.api(standin.token)
    api.duplicate_repo(demo.model.id, name, private=True)
    before = api.model_info(name).card_data.to_dict()
    home.environment["HF_TOKEN"] = standin.token
    script = "import sys; from huggingface_hub import metadata_update as update; update(sys.argv[1], {'note': 'new'})"
    home.python(script, name)
    assert api.model_info(name).card_data.to_dict() == before | {"note": "new"}
    api.delete_repo(name)
