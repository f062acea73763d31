"""Our stand-in is a Hub as the official client sees it."""

from pathlib import Path

import pytest
from huggingface_hub import HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from processes import PAGE_SIZE
from soundness import assert_complete, assert_sound, digest_of, tree_of

KINDS = ["model", "dataset", "space"]


@pytest.fixture
def api(standin):
    return standin.api()


@pytest.fixture
def places(standin, home):
    """Where to download from and to, as a visitor without an account."""
    return {"endpoint": standin.endpoint, "cache_dir": home.cache, "token": False}


@pytest.mark.parametrize("kind", KINDS)
def test_every_single_file_of_each_kind_arrives_whole(demo, places, kind):
    sample = demo.of_kind(kind)
    for path, file in sample.files.items():
        digest = file.lfs.sha256 if file.lfs else file.blob_id
        got = hf_hub_download(sample.id, path, repo_type=kind, **places)
        assert digest_of(got, like=digest) == digest


@pytest.mark.parametrize("kind", KINDS)
def test_a_snapshot_of_each_kind_arrives_whole(demo, home, places, kind):
    sample = demo.of_kind(kind)
    snapshot = snapshot_download(sample.id, repo_type=kind, **places)
    assert set(tree_of(snapshot)) == set(sample.files)
    assert_sound(home)
    assert_complete(home, sample)


def test_a_listing_of_many_pages_arrives_whole(demo, places, standin):
    sample = demo.biggest_listing
    assert len(sample.files) > 4 * PAGE_SIZE
    snapshot = snapshot_download(sample.id, repo_type=sample.kind, **places)
    pages = [request for request in standin.requests() if "/tree/" in request.path]
    assert len(pages) >= len(sample.files) / PAGE_SIZE
    assert set(tree_of(snapshot)) == set(sample.files)


def test_an_old_commit_a_branch_and_a_tag_are_revisions(demo, api, places):
    sample = demo.one("repository with history and a tag", lambda one: len(one.commits) > 1 and one.tags)
    for revision in [sample.commits[-1], *sample.branches, *sample.tags]:
        listed = set(api.list_repo_files(sample.id, repo_type=sample.kind, revision=revision))
        snapshot = snapshot_download(sample.id, repo_type=sample.kind, revision=revision, **places)
        assert set(tree_of(snapshot)) == listed


def test_large_files_come_from_another_host_which_never_sees_the_token(demo, places, standin):
    path = demo.model.large_files[0]
    hf_hub_download(demo.model.id, path, **places | {"token": standin.token})
    asked = standin.requests()
    assert all(request.had_token for request in asked if request.host == "hub")
    assert [request.had_token for request in asked if request.host == "storage"] == [False]


def test_a_part_of_a_large_file_is_sent_when_asked_for(demo, places, standin):
    # The client's file system knows no names without an owner.
    sample = demo.one(
        "model with an owner and a large file",
        lambda one: one.kind == "model" and "/" in one.id and one.large_files,
    )
    path = sample.large_files[0]
    whole = Path(hf_hub_download(sample.id, path, **places)).read_bytes()
    standin.forget_requests()
    hub = HfFileSystem(endpoint=standin.endpoint, token=False, skip_instance_cache=True)
    with hub.open(f"{sample.id}/{path}", block_size=16, cache_type="none") as file:
        file.seek(7)
        assert file.read(11) == whole[7:18]
    parts = [request for request in standin.requests() if request.host == "storage" and request.method == "GET"]
    assert [(request.range, request.status, request.bytes) for request in parts] == [("bytes=7-17", 206, 11)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_repository_has_its_own_error(places, standin, kind):
    for token in (False, standin.token):
        with pytest.raises(RepositoryNotFoundError) as error:
            hf_hub_download("nobody/has-this", "README.md", repo_type=kind, **places | {"token": token})
        assert not isinstance(error.value, GatedRepoError)


def test_a_missing_revision_has_its_own_error(demo, places):
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(demo.model.id, "README.md", revision="no-such-branch", **places)
    with pytest.raises(RevisionNotFoundError):
        snapshot_download(demo.model.id, revision="no-such-branch", **places)


def test_a_missing_file_has_its_own_error_and_tells_the_commit(demo, places):
    with pytest.raises(RemoteEntryNotFoundError) as error:
        hf_hub_download(demo.model.id, "no/such/file.bin", **places)
    assert error.value.response.headers["X-Repo-Commit"] == demo.model.commit


def test_a_gated_repository_has_its_own_error_and_can_still_be_listed(demo, api, places):
    kind, id = demo.gated_names[0]
    path = api.list_repo_files(id, repo_type=kind)[0]
    with pytest.raises(GatedRepoError):
        hf_hub_download(id, path, repo_type=kind, **places)
    with pytest.raises(GatedRepoError):
        api.auth_check(id, repo_type=kind)


def test_a_private_repository_is_missing_for_all_but_its_owner(demo, places, standin):
    kind, id = demo.private_names[0]
    with pytest.raises(RepositoryNotFoundError) as error:
        snapshot_download(id, repo_type=kind, **places)
    assert not isinstance(error.value, GatedRepoError)
    snapshot = snapshot_download(id, repo_type=kind, **places | {"token": standin.token})
    assert tree_of(snapshot)


def test_a_token_says_whose_it_is_and_a_wrong_one_is_refused(standin):
    assert standin.api(standin.token).whoami()["type"] == "user"
    with pytest.raises(HfHubHTTPError) as error:
        standin.api("hf_nobodys").whoami()
    assert error.value.response.status_code == 401


def test_lists_go_over_pages_and_can_be_narrowed(demo, api, standin):
    everything = [info.id for list_all in (api.list_models, api.list_datasets, api.list_spaces) for info in list_all()]
    names = {sample.id for sample in demo.open_samples} | {id for _, id in demo.gated_names}
    assert sorted(everything) == sorted(set(everything)) and set(everything) == names
    assert any("cursor" in request.path for request in standin.requests()), "everything fitted on one page"

    assert len(list(api.list_models(limit=2))) == 2
    word = demo.model.id.split("/")[-1]
    assert demo.model.id in [info.id for info in api.list_models(search=word)]
    assert list(api.list_models(search="no model is called this")) == []


def test_facts_about_a_repository_agree_with_each_other(demo, api):
    sample = demo.model
    info = api.model_info(sample.id, files_metadata=True)
    assert info.sha == sample.commit
    assert {file.rfilename: file.size for file in info.siblings} == {
        path: file.size for path, file in sample.files.items()
    }
    refs = api.list_repo_refs(sample.id)
    assert {ref.name: ref.target_commit for ref in refs.branches}["main"] == sample.commit


def test_history_and_entries_by_path_are_told(demo, api):
    sample = demo.nested
    nested = next(path for path in sample.files if "/" in path)
    folder = nested.rsplit("/", 1)[0]
    asked = [nested, folder, "no/such/file.bin"]
    found = api.get_paths_info(sample.id, asked, repo_type=sample.kind, expand=True)
    assert sorted(entry.path for entry in found) == sorted([nested, folder])
    assert all(entry.last_commit.oid in sample.commits for entry in found)
    assert api.file_exists(sample.id, nested, repo_type=sample.kind)
    assert not api.file_exists(sample.id, "no/such/file.bin", repo_type=sample.kind)
