"""The official client reads one repository from our stand-in: details, presence, files, weights, changes, tables."""

import json
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import huggingface_hub.constants
import pytest
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url, snapshot_download
from huggingface_hub.errors import GatedRepoError, NotASafetensorsRepoError, RepositoryNotFoundError

from soundness import tree_of

KINDS = ["model", "dataset", "space"]


@pytest.fixture
def api(standin):
    return standin.api()


def get(standin, path: str) -> bytes:
    with urllib.request.urlopen(standin.endpoint + path, timeout=10) as answer:
        return answer.read()


def get_json(standin, path: str):
    return json.loads(get(standin, path))


def shown(value):
    """What a dataclass of the client holds, as JSON would say it."""
    return json.loads(json.dumps(value, default=vars))


@pytest.mark.parametrize("kind", KINDS)
def test_details_of_each_kind_are_understood(api, demo, kind):
    sample = demo.of_kind(kind)
    info = {"model": api.model_info, "dataset": api.dataset_info, "space": api.space_info}[kind](sample.id)
    assert (info.id, info.sha, info.private, info.disabled) == (sample.id, sample.commit, False, False)
    assert info.author == (sample.id.partition("/")[0] if "/" in sample.id else None)
    assert {sibling.rfilename for sibling in info.siblings} == set(sample.files)
    assert info.created_at < info.last_modified
    assert api.repo_info(sample.id, repo_type=kind) == info


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_can_be_asked_for(api, demo, kind):
    names = {
        "model": huggingface_hub.hf_api.ExpandModelProperty_T,
        "dataset": huggingface_hub.hf_api.ExpandDatasetProperty_T,
        "space": huggingface_hub.hf_api.ExpandSpaceProperty_T,
    }[kind].__args__
    sample = demo.of_kind(kind)
    info = api.repo_info(sample.id, repo_type=kind, expand=list(names))
    assert (info.sha, info.trending_score is None) == (sample.commit, False)
    assert info.used_storage > 0
    only = api.repo_info(sample.id, repo_type=kind, expand=["likes"])
    assert (only.likes, only.sha, only.siblings) == (info.likes, None, None)


def test_files_come_with_sizes_and_scans_when_asked_for(api, demo):
    sample = demo.model
    info = api.model_info(sample.id, files_metadata=True, securityStatus=True)
    large = {sibling.rfilename: sibling.lfs.sha256 for sibling in info.siblings if sibling.lfs}
    assert large == {path: sample.files[path].lfs.sha256 for path in sample.large_files}
    assert {sibling.rfilename: sibling.size for sibling in info.siblings} == {
        path: file.size for path, file in sample.files.items()
    }
    assert info.security_repo_status == {"scansDone": True, "filesWithIssues": []}


@pytest.mark.parametrize("kind", KINDS)
def test_presence_is_answered(api, demo, kind):
    sample = demo.of_kind(kind)
    path = next(iter(sample.files))
    assert api.repo_exists(sample.id, repo_type=kind)
    assert not api.repo_exists("nobody/has-this", repo_type=kind)
    assert api.revision_exists(sample.id, "main", repo_type=kind)
    assert not api.revision_exists(sample.id, "no-such-branch", repo_type=kind)
    assert api.file_exists(sample.id, path, repo_type=kind)
    assert not api.file_exists(sample.id, "no/such/file", repo_type=kind)
    assert not api.file_exists(sample.id, path, revision="no-such-branch", repo_type=kind)


def test_a_gated_repository_is_there_and_its_files_are_nobodys_business(api, demo):
    kind, id = demo.gated_names[0]
    assert api.repo_exists(id, repo_type=kind)
    with pytest.raises(GatedRepoError):
        api.file_exists(id, "README.md", repo_type=kind)


def test_a_private_repository_is_there_for_its_owner(api, demo, standin):
    kind, id = demo.private_names[0]
    assert not api.repo_exists(id, repo_type=kind)
    assert standin.api(standin.token).repo_exists(id, repo_type=kind)
    standin.api(standin.token).auth_check(id, repo_type=kind, write=True)
    with pytest.raises(RepositoryNotFoundError):
        api.auth_check(id, repo_type=kind)


def test_a_revision_is_resolved_to_its_commit(api, demo):
    sample = demo.with_history
    commits = api.list_repo_commits(sample.id, repo_type=sample.kind, formatted=True)
    resolved = api.resolve_revision(sample.id, repo_type=sample.kind, revision="main")
    assert resolved.resolved == commits[0].commit_id
    assert [commit.commit_id for commit in commits] == sample.commits
    assert all(commit.formatted_title for commit in commits)


def test_the_head_of_a_file_tells_what_it_is(api, demo, standin):
    sample = demo.model
    for path, file in sample.files.items():
        metadata = api.get_hf_file_metadata(url=hf_hub_url(sample.id, path, endpoint=standin.endpoint))
        assert metadata.etag == (file.lfs.sha256 if file.lfs else file.blob_id)
        assert (metadata.size, metadata.commit_hash) == (file.size, sample.commit)
        assert metadata.location.startswith(standin.storage if file.lfs else standin.endpoint)
    assert not [request for request in standin.requests() if request.host == "storage"]


def test_files_are_listed_flat_by_folder_in_detail_and_by_path(api, demo):
    sample = demo.nested
    options = {"repo_id": sample.id, "repo_type": sample.kind}
    assert set(api.list_repo_files(**options)) == set(sample.files)
    in_detail = list(api.list_repo_tree(**options, expand=True))
    assert {entry.path for entry in in_detail} == {path.split("/")[0] for path in sample.files}
    assert all(entry.last_commit.oid in sample.commits for entry in in_detail)
    assert all(entry.security.safe for entry in in_detail if entry.path in sample.files)
    folder = next(entry.path for entry in in_detail if entry.path not in sample.files)
    wanted = [folder, next(iter(sample.files)), "no/such/file"]
    assert [entry.path for entry in api.get_paths_info(paths=wanted, **options)] == wanted[:2]


def test_conversions_are_refs(api, demo):
    refs = [(one, api.list_repo_refs(one.id, repo_type=one.kind)) for one in demo.open_samples]
    sample, converts = next((one, refs.converts) for one, refs in refs if refs.converts)
    files = api.list_repo_files(sample.id, repo_type=sample.kind, revision=converts[0].ref)
    assert files and all(path.endswith(".parquet") for path in files)


def test_a_folder_is_as_large_as_its_files(demo, standin):
    sample = demo.nested
    folder = next(path for path in sample.files if "/" in path).rpartition("/")[0]
    size = get_json(standin, f"/api/{sample.kind}s/{sample.id}/treesize/main/{folder}")
    below = [file.size for path, file in sample.files.items() if path.startswith(f"{folder}/")]
    assert size == {"path": folder, "size": sum(below)}


def test_one_safetensors_file_is_inspected(api, demo):
    sample = demo.one("model with one safetensors file", lambda one: "model.safetensors" in one.files)
    metadata = api.get_safetensors_metadata(sample.id)
    assert not metadata.sharded
    assert metadata.parameter_count == api.model_info(sample.id).safetensors.parameters
    file = api.parse_safetensors_file_metadata(sample.id, "model.safetensors")
    assert shown(file) == shown(metadata.files_metadata["model.safetensors"])


def test_sharded_safetensors_are_inspected(api, demo):
    index = "model.safetensors.index.json"
    sample = demo.one("model with sharded safetensors", lambda one: index in one.files)
    metadata = api.get_safetensors_metadata(sample.id)
    assert metadata.sharded
    assert set(metadata.weight_map.values()) == set(metadata.files_metadata)
    assert metadata.parameter_count == api.model_info(sample.id).safetensors.parameters


def test_a_repository_without_safetensors_says_so(api, demo):
    sample = demo.of_kind("dataset")
    with pytest.raises(NotASafetensorsRepoError):
        api.get_safetensors_metadata(sample.id, repo_type="dataset")


def test_a_scan_finds_nothing_in_the_demo(demo, standin):
    found = get_json(standin, f"/api/models/{demo.model.id}/scan")
    assert found == {"scansDone": True, "filesWithIssues": []}


def compared(standin, sample, spec: str, **query) -> str:
    path = f"/api/{sample.kind}s/{sample.id}/compare/{urllib.parse.quote(spec, safe='')}"
    return get(standin, f"{path}?{urllib.parse.urlencode(query)}").decode()


def test_changed_files_carry_the_blobs_of_both_sides(api, demo, standin):
    sample = demo.with_history
    old, new = (
        {entry.path: entry.blob_id for entry in api.list_repo_tree(
            sample.id, repo_type=sample.kind, revision=commit, recursive=True) if hasattr(entry, "blob_id")}
        for commit in (sample.commits[-1], sample.commits[0])
    )
    listed = {}
    spec = f"{sample.commits[-1]}..{sample.commits[0]}"
    for line in compared(standin, sample, spec, raw="true").splitlines():
        _, facts, path = line.split("\t")
        before, after, letter = facts.split(" ")[2:]
        assert (letter == "A") == (set(before.strip(".")) == {"0"})
        listed[path] = (before.strip("."), after.strip("."))
    nothing = "0" * 40
    paths = {path for path in old | new if old.get(path) != new.get(path)}
    assert listed == {path: (old.get(path, nothing), new.get(path, nothing)) for path in paths}


def test_a_patch_of_text_leads_git_from_one_commit_to_the_next(demo, standin, tmp_path):
    def of_texts(one):
        return len(one.commits) > 1 and any(path.endswith(".txt") for path in one.files)

    sample = demo.one("repository with two commits and a text", of_texts)
    options = {"repo_type": sample.kind, "endpoint": standin.endpoint, "token": False, "allow_patterns": ["*.txt", "*.md"]}
    old, new = (
        Path(snapshot_download(sample.id, revision=commit, local_dir=tmp_path / commit, **options))
        for commit in (sample.commits[1], sample.commits[0])
    )
    patch = tmp_path / "patch"
    patch.write_text(compared(standin, sample, sample.commits[0]))
    command = ["git", "apply", "--include=*.txt", "--include=*.md", str(patch)]
    subprocess.run(command, cwd=old, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})

    def texts(folder):
        return {path: (folder / path).read_bytes() for path in tree_of(folder) if not path.startswith(".cache")}

    assert texts(old) == texts(new)


def test_parquet_files_of_a_dataset_are_listed_and_can_be_had(api, demo, home, monkeypatch, standin):
    # The client asks the viewer of the public Hub only: here the stand-in is both.
    monkeypatch.setattr(constants, "DATASETS_SERVER_ENDPOINT", f"{standin.endpoint}/_viewer")
    monkeypatch.setattr(constants, "_HF_DEFAULT_ENDPOINT", standin.endpoint)
    sample = demo.one("dataset with a table", lambda one: one.kind == "dataset" and "NOTES.txt" in one.files)
    files = api.list_dataset_parquet_files(sample.id)
    assert {file.split for file in files} == {"train", "test"}
    path = files[0].url.partition("refs%2Fconvert%2Fparquet/")[2]
    got = hf_hub_download(
        sample.id, path, repo_type="dataset", revision="refs/convert/parquet",
        endpoint=standin.endpoint, token=False, cache_dir=home.cache,
    )
    assert Path(got).stat().st_size == files[0].size
    metadata = get_hf_file_metadata(files[0].url, token=False, endpoint=standin.endpoint)
    assert metadata.size == files[0].size


def test_rows_of_a_dataset_are_shown(demo, standin):
    sample = demo.one("dataset with a table", lambda one: one.kind == "dataset" and "NOTES.txt" in one.files)

    def ask(word: str, **query):
        return get_json(standin, f"/_viewer/{word}?{urllib.parse.urlencode({'dataset': sample.id} | query)}")

    split = ask("splits")["splits"][0]
    table = {"config": split["config"], "split": split["split"]}
    rows = ask("rows", **table, offset=5, length=3)
    assert [row["row_idx"] for row in rows["rows"]] == [5, 6, 7]
    assert rows["num_rows_total"] == ask("statistics", **table)["num_examples"]
    columns = [feature["name"] for feature in rows["features"]]
    assert all(list(row["row"]) == sorted(columns) or set(row["row"]) == set(columns) for row in rows["rows"])
    found = ask("filter", **table, where='"id"<2', length=10)
    assert [row["row"]["id"] for row in found["rows"]] == [0, 1]
