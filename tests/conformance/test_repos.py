"""Whole repositories: made, set, copied, renamed, squashed and removed, by the official client and by `hf`."""

import json

import pytest
from huggingface_hub.errors import BadRequestError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

OWNER = "demo"
KINDS = ["model", "dataset", "space"]


@pytest.fixture
def api(standin):
    return standin.api(standin.token)


@pytest.fixture
def visitor(standin):
    return standin.api()


@pytest.fixture
def fresh(api, request):
    """A model of this test's own. It is gone afterwards: others count what everybody sees."""
    name = f"{OWNER}/{request.node.name.split('[')[0][5:65].strip('_').replace('__', '_')}"
    api.create_repo(name)
    yield name
    api.delete_repo(name, missing_ok=True)


@pytest.fixture
def hf(home, standin):
    """The `hf` command, signed in."""
    home.environment["HF_TOKEN"] = standin.token

    def run(*arguments, **options):
        return home.hf(*arguments, **options).stdout

    return run


def exists(api, name, kind="model"):
    return api.repo_exists(name, repo_type=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_of_each_kind_comes_and_goes(api, visitor, standin, kind):
    name = f"{OWNER}/made-{kind}"
    sdk = "static" if kind == "space" else None
    url = api.create_repo(name, repo_type=kind, private=True, space_sdk=sdk)
    assert (url.repo_id, url.repo_type, url.endpoint) == (name, kind, standin.endpoint)
    assert ".gitattributes" in api.list_repo_files(name, repo_type=kind)
    assert api.repo_info(name, repo_type=kind).private
    assert not exists(visitor, name, kind)

    with pytest.raises(HfHubHTTPError) as error:
        api.create_repo(name, repo_type=kind, space_sdk=sdk)
    assert error.value.response.status_code == 409
    assert api.create_repo(name, repo_type=kind, space_sdk=sdk, exist_ok=True).repo_id == name

    api.delete_repo(name, repo_type=kind)
    assert not exists(api, name, kind)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(name, repo_type=kind)
    api.delete_repo(name, repo_type=kind, missing_ok=True)


def test_nothing_is_made_for_somebody_else_or_by_nobody(api, visitor):
    for client, name, status in [(api, "nobody/x", 403), (visitor, f"{OWNER}/x", 401)]:
        with pytest.raises(HfHubHTTPError) as error:
            client.create_repo(name)
        assert error.value.response.status_code == status


def test_a_renamed_repository_is_found_under_both_names(api, fresh):
    api.move_repo(fresh, f"{OWNER}/renamed")
    assert api.model_info(f"{OWNER}/renamed").id == f"{OWNER}/renamed"
    assert api.model_info(fresh).id == f"{OWNER}/renamed"
    api.delete_repo(f"{OWNER}/renamed")
    assert not exists(api, fresh)


def test_settings_are_in_force_at_once(api, visitor, fresh):
    api.update_repo_settings(fresh, gated="auto")
    assert visitor.model_info(fresh).gated == "auto"
    api.update_repo_settings(fresh, gated=False, private=True)
    assert not exists(visitor, fresh)
    api.update_repo_settings(fresh, visibility="public")
    assert visitor.model_info(fresh).gated is False


def test_a_copy_has_the_same_files(api, demo):
    for kind in KINDS:
        sample = demo.of_kind(kind)
        name = f"{OWNER}/copy-of-{kind}"
        url = api.duplicate_repo(sample.id, name, repo_type=kind, private=True)
        assert (url.repo_id, url.files_copy_pending) == (name, False)
        assert set(api.list_repo_files(name, repo_type=kind)) == set(sample.files)
        assert api.repo_info(name, repo_type=kind).private
        with pytest.raises(HfHubHTTPError) as error:
            api.duplicate_repo(sample.id, name, repo_type=kind)
        assert error.value.response.status_code == 409
        api.delete_repo(name, repo_type=kind)


def test_branches_and_tags_come_and_go(api, fresh):
    api.create_branch(fresh, branch="feat/x")
    api.create_tag(fresh, tag="v1", revision="feat/x", tag_message="first")
    refs = api.list_repo_refs(fresh)
    assert [branch.name for branch in refs.branches] == ["feat/x", "main"]
    assert [tag.name for tag in refs.tags] == ["v1"]
    for again in (lambda: api.create_branch(fresh, branch="feat/x"), lambda: api.create_tag(fresh, tag="v1")):
        with pytest.raises(HfHubHTTPError) as error:
            again()
        assert error.value.response.status_code == 409
    api.create_branch(fresh, branch="feat/x", exist_ok=True)
    api.create_tag(fresh, tag="v1", exist_ok=True)
    with pytest.raises(BadRequestError):
        api.create_branch(fresh, branch="refs/pr/1")
    api.delete_branch(fresh, branch="feat/x")
    api.delete_tag(fresh, tag="v1")
    with pytest.raises(RevisionNotFoundError):
        api.delete_tag(fresh, tag="v1")


def test_a_squashed_branch_is_one_commit_with_the_same_files(api, demo):
    sample = demo.with_history
    name = f"{OWNER}/squashed"
    api.duplicate_repo(sample.id, name, repo_type=sample.kind, private=True)
    before = len(api.list_repo_commits(name, repo_type=sample.kind))
    api.super_squash_history(name, repo_type=sample.kind, commit_message="one")
    commits = api.list_repo_commits(name, repo_type=sample.kind)
    assert before > 1 and [commit.title for commit in commits] == ["one"]
    assert set(api.list_repo_files(name, repo_type=sample.kind)) == set(sample.files)
    api.delete_repo(name, repo_type=sample.kind)


def test_large_files_are_listed_over_pages_and_removed_for_good(api, demo):
    name = f"{OWNER}/large"
    api.duplicate_repo(demo.model.id, name, private=True)
    listed = list(api.list_lfs_files(name))
    heads = {file.lfs.sha256 for file in demo.model.files.values() if file.lfs}
    assert heads <= {file.oid for file in listed}
    doomed = listed[:1]
    api.permanently_delete_lfs_files(name, doomed)
    assert doomed[0].oid not in {file.oid for file in api.list_lfs_files(name)}
    left = api.list_repo_tree(name, recursive=True)
    assert doomed[0].oid not in {file.lfs.sha256 for file in left if getattr(file, "lfs", None)}
    api.delete_repo(name)


def test_the_command_line_manages_repositories(hf, api):
    one, two, three = (f"{OWNER}/by-hf-{n}" for n in (1, 2, 3))
    made = json.loads(hf("repos", "create", one, "--private", "--json"))
    assert one in json.dumps(made)
    assert api.model_info(one).private
    hf("repos", "settings", one, "--public", "--gated", "manual")
    info = api.model_info(one)
    assert (info.private, info.gated) == (False, "manual")
    hf("repos", "branch", "create", one, "feat")
    hf("repos", "tag", "create", one, "v1", "--revision", "feat", "-m", "first")
    assert "v1" in hf("repos", "tag", "list", one)
    hf("repos", "tag", "delete", one, "v1", "--yes")
    hf("repos", "branch", "delete", one, "feat")
    assert [branch.name for branch in api.list_repo_refs(one).branches] == ["main"]
    hf("repos", "duplicate", one, two, "--private")
    hf("repos", "move", two, three)
    assert api.model_info(three).private
    for name in (one, three):
        hf("repos", "delete", name, "--yes")
        assert not exists(api, name)


def test_a_space_is_made_with_what_it_runs_on(hf, api):
    name = f"{OWNER}/space-by-hf"
    hf("repos", "create", name, "--type", "space", "--sdk", "gradio", "--flavor", "t4-small", "-s", "K=v", "-e", "V=w")
    info = api.space_info(name)
    assert info.sdk == "gradio"
    assert info.runtime.requested_hardware == "t4-small"
    api.delete_repo(name, repo_type="space")
