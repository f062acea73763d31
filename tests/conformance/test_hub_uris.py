"""The texts our parser is tested with mean the same to the official one (`tests/contract/hub_uris.rs` reads the same file)."""

import json
from pathlib import Path

import pytest
from huggingface_hub.errors import HfUriError
from huggingface_hub.utils import parse_hf_mount, parse_hf_uri

ENDPOINT = "http://127.0.0.1:8080/hub"
TABLE = json.loads((Path(__file__).parent / "uris.json").read_text())


@pytest.mark.parametrize("row", TABLE["places"], ids=lambda row: row["text"])
def test_a_place_is_the_same_for_both(row):
    uri = parse_hf_uri(row["text"], endpoint=ENDPOINT)
    assert [uri.type, uri.id, uri.revision, uri.path_in_repo] == row["is"]
    assert uri.to_uri() == row["canonical"]


@pytest.mark.parametrize("text", TABLE["nothing"])
def test_what_is_no_place_is_refused_by_both(text):
    with pytest.raises(HfUriError):
        parse_hf_uri(text, endpoint=ENDPOINT)


@pytest.mark.parametrize("text", TABLE["only_the_official_client_takes"])
def test_what_only_we_refuse_is_known(text):
    parse_hf_uri(text, endpoint=ENDPOINT)


@pytest.mark.parametrize("row", TABLE["mounts"], ids=lambda row: row["text"])
def test_a_mount_is_the_same_for_both(row):
    mount = parse_hf_mount(row["text"])
    assert [mount.source.to_uri(), mount.mount_path, mount.read_only] == row["is"]
    assert mount.to_uri() == row["canonical"]


@pytest.mark.parametrize("text", TABLE["no_mounts"])
def test_what_is_no_mount_is_refused_by_both(text):
    with pytest.raises(HfUriError):
        parse_hf_mount(text)
