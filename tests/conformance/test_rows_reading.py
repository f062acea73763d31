"""Rows B: lists, and what is in one repository."""

import pytest
from huggingface_hub import DatasetCard, ModelCard, SpaceCard, hf_hub_download, hf_hub_url

KINDS = ["model", "dataset", "space"]


def same_lists(ours, theirs, kind: str, **query) -> None:
    list_all = {"model": theirs.list_models, "dataset": theirs.list_datasets, "space": theirs.list_spaces}[kind]
    official = list(list_all(full=True, **query))
    assert [one["id"] for one in ours("list", kind=kind, **query)] == [info.id for info in official]
    for our, their in zip(ours("list", kind=kind, **query), official):
        assert (our["author"], our["is_private"], our["likes"]) == (their.author, their.private, their.likes)
        assert our["tags"] == their.tags
        for name in ("downloads", "pipeline_tag", "library_name", "sdk"):
            assert our[name] == getattr(their, name, None), name


def test_b01_search_models(ours, theirs):
    same_lists(ours, theirs, "model", sort="likes")
    same_lists(ours, theirs, "model", search="polaris", author="aurora-lab", sort="downloads")
    same_lists(ours, theirs, "model", filter=["gguf"])


def test_b02_search_datasets(ours, theirs):
    same_lists(ours, theirs, "dataset", sort="created_at")
    same_lists(ours, theirs, "dataset", search="bird")


def test_b03_search_spaces(ours, theirs):
    same_lists(ours, theirs, "space", sort="last_modified")
    same_lists(ours, theirs, "space", author="paperbird")


def test_b04_search_spaces_by_meaning(ours, theirs):
    their = [[one.id, one.title, one.semantic_relevancy_score] for one in theirs.search_spaces("a page of drawn hills")]
    assert their and ours("search_spaces", text="a page of drawn hills") == their


def same_tags(ours, kind: str, their: dict) -> None:
    """The official client asks for them without a token."""
    their = {group: [[tag["id"], tag["label"]] for tag in tags] for group, tags in their.items()}
    assert ours.signed_out()("tags", kind=kind) == their


def test_b05_tags_of_models(ours, theirs):
    same_tags(ours, "model", theirs.get_model_tags())


def test_b06_tags_of_datasets(ours, theirs):
    same_tags(ours, "dataset", theirs.get_dataset_tags())


def same_details(our: dict, their) -> None:
    assert (our["id"], our["sha"], our["author"]) == (their.id, their.sha, their.author)
    assert (our["is_private"], our["likes"], our["tags"]) == (their.private, their.likes, their.tags)
    assert our["card_data"] == their.card_data.to_dict()
    assert our["gated"] == (getattr(their, "gated", None) or False)
    assert our["files"] == [
        [file.rfilename, file.size, file.blob_id, file.lfs.sha256 if file.lfs else None] for file in their.siblings
    ]


def test_b07_a_model_in_detail(ours, theirs, demo):
    their = theirs.model_info(demo.model.id, files_metadata=True)
    our = ours("details", repo=demo.model.id)
    same_details(our, their)
    assert (our["downloads"], our["pipeline_tag"]) == (their.downloads, their.pipeline_tag)
    assert our["library_name"] == their.library_name
    assert our["parameters"] == (their.safetensors.parameters if their.safetensors else None)


def test_b08_a_dataset_in_detail(ours, theirs, demo):
    id = demo.of_kind("dataset").id
    their = theirs.dataset_info(id, files_metadata=True)
    our = ours("details", kind="dataset", repo=id)
    same_details(our, their)
    assert (our["downloads"], our["description"]) == (their.downloads, their.description)


def test_b09_a_space_in_detail(ours, theirs, demo):
    id = demo.of_kind("space").id
    their = theirs.space_info(id, files_metadata=True)
    our = ours("details", kind="space", repo=id)
    same_details(our, their)
    assert (our["sdk"], our["subdomain"], our["stage"]) == (their.sdk, their.subdomain, their.runtime.stage)
    assert (our["models"], our["datasets"]) == (their.models or [], their.datasets or [])


def test_b11_details_of_any_kind(ours, theirs, demo):
    sample = demo.with_history
    for revision in [*sample.branches, *sample.tags, *sample.commits]:
        options = {"revision": revision, "files_metadata": True}
        their = theirs.repo_info(sample.id, repo_type=sample.kind, **options)
        same_details(ours("details", kind=sample.kind, repo=sample.id, revision=revision), their)


def test_b12_whether_a_repository_exists(ours, theirs, demo):
    samples = [(sample.kind, sample.id) for sample in demo.open_samples]
    for kind, id in [*samples, *demo.private_names, ("model", "nobody/has-this")]:
        assert ours("exists", kind=kind, repo=id) == theirs.repo_exists(id, repo_type=kind)


def test_b13_whether_a_revision_exists(ours, theirs, demo):
    sample = demo.with_history
    for revision in ["main", *sample.tags, sample.commits[-1], "no-such-branch", "refs/pr/999"]:
        our = ours("revision_exists", kind=sample.kind, repo=sample.id, revision=revision)
        assert our == theirs.revision_exists(sample.id, revision, repo_type=sample.kind)


def test_b14_the_commit_of_a_revision(ours, theirs, demo, home):
    sample = demo.with_history
    for revision in ["main", *sample.tags, sample.commits[-1]]:
        options = {"repo_type": sample.kind, "revision": revision, "cache_dir": home.cache}
        their = theirs.resolve_revision(sample.id, **options).resolved
        assert ours("resolve", kind=sample.kind, repo=sample.id, revision=revision) == their


def test_b15_whether_a_file_exists(ours, theirs, demo):
    sample = demo.model
    for path in [*sample.files, "no/such/file"]:
        assert ours("file_exists", repo=sample.id, path=path) == theirs.file_exists(sample.id, path)


def test_b16_a_files_digest_and_size(ours, theirs, demo, standin):
    sample = demo.model
    for path in sample.files:
        their = theirs.get_hf_file_metadata(url=hf_hub_url(sample.id, path, endpoint=standin.endpoint))
        our = ours("file_metadata", repo=sample.id, path=path)
        assert our == [their.commit_hash, their.etag, their.size]


@pytest.mark.parametrize("kind", KINDS)
def test_b17_all_files(ours, theirs, demo, kind):
    id = demo.of_kind(kind).id
    entries = ours("tree", kind=kind, repo=id, recursive=True)
    assert [one["path"] for one in entries if not one["is_folder"]] == theirs.list_repo_files(id, repo_type=kind)


def shown(entry) -> dict:
    """What the official client has of an entry, in our words."""
    lfs, last = getattr(entry, "lfs", None), entry.last_commit
    return {
        "path": entry.path,
        "is_folder": not hasattr(entry, "blob_id"),
        "size": getattr(entry, "size", 0),
        "oid": getattr(entry, "blob_id", None) or entry.tree_id,
        "sha256": lfs.sha256 if lfs else None,
        "last_commit": last.oid if last else None,
    }


def test_b18_a_folder(ours, theirs, demo):
    sample = demo.nested
    folder = next(path for path in sample.files if "/" in path).partition("/")[0]
    for path in (None, folder):
        for in_detail in (False, True):
            tree = theirs.list_repo_tree(sample.id, path, repo_type=sample.kind, expand=in_detail)
            our = ours("tree", kind=sample.kind, repo=sample.id, path=path, in_detail=in_detail)
            assert our == [shown(entry) for entry in tree]


def test_b19_entries_by_path(ours, theirs, demo):
    sample = demo.nested
    paths = [*list(sample.files)[:3], "no/such/file"]
    their = theirs.get_paths_info(sample.id, paths, repo_type=sample.kind)
    assert ours("paths_info", kind=sample.kind, repo=sample.id, paths=paths) == [shown(entry) for entry in their]


def test_b20_refs(ours, theirs, demo):
    for sample in demo.open_samples:
        their = theirs.list_repo_refs(sample.id, repo_type=sample.kind, include_pull_requests=True)
        our = ours("refs", kind=sample.kind, repo=sample.id)
        for group in ("branches", "tags", "converts", "pull_requests"):
            assert our[group] == [[one.name, one.ref, one.target_commit] for one in getattr(their, group)]


def test_b21_history(ours, theirs, demo):
    sample = demo.with_history
    their = theirs.list_repo_commits(sample.id, repo_type=sample.kind)
    assert ours("commits", kind=sample.kind, repo=sample.id) == [
        {"id": one.commit_id, "title": one.title, "message": one.message, "authors": one.authors} for one in their
    ]


def same_card(ours, standin, home, sample, reader) -> None:
    path = hf_hub_download(
        sample.id, "README.md", repo_type=sample.kind, endpoint=standin.endpoint, token=False, cache_dir=home.cache
    )
    their, our = reader.load(path), ours("card", kind=sample.kind, repo=sample.id)
    assert our["data"] and our["data"] == their.data.to_dict()
    assert our["body"] == their.text


def test_b22_a_models_card(ours, standin, home, demo):
    same_card(ours, standin, home, demo.model, ModelCard)


def test_b23_a_datasets_card(ours, standin, home, demo):
    same_card(ours, standin, home, demo.of_kind("dataset"), DatasetCard)


def test_b24_a_spaces_card(ours, standin, home, demo):
    same_card(ours, standin, home, demo.of_kind("space"), SpaceCard)


def tensors(file) -> dict:
    return {name: [one.dtype, one.shape, one.parameter_count] for name, one in file.tensors.items()}


@pytest.mark.parametrize("file", ["model.safetensors", "model.safetensors.index.json"])
def test_b25_the_weights_of_a_repository(ours, theirs, demo, file):
    sample = demo.one(f"model with {file}", lambda one: file in one.files)
    their, our = theirs.get_safetensors_metadata(sample.id), ours("safetensors", repo=sample.id)
    assert (our["is_sharded"], our["parameters"]) == (their.sharded, their.parameter_count)
    assert our["files"] == {path: tensors(one) for path, one in their.files_metadata.items()}


def test_b27_the_weights_in_one_file(ours, theirs, demo):
    path = "model.safetensors"
    sample = demo.one("model with one safetensors file", lambda one: path in one.files)
    their = theirs.parse_safetensors_file_metadata(sample.id, path)
    assert ours("safetensors_file", repo=sample.id, path=path) == tensors(their)
