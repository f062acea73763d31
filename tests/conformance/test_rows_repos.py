"""Rows C: what one of the two clients does to a repository, the other one sees."""

import pytest
from huggingface_hub import ModelCard, RepoCard, metadata_save

from oracle import Refused


def test_c01_create_a_repository(ours, theirs, own):
    assert ours("details", repo=own)["is_private"]
    for kind in ("model", "dataset", "space"):
        id = f"demo/made-by-us-{kind}"
        assert ours("create_repo", kind=kind, repo=id, hardware="t4-small" if kind == "space" else None) == id
        info = theirs.repo_info(id, repo_type=kind)
        assert (info.id, info.private, info.author) == (id, True, "demo")
        if kind == "space":
            assert (info.sdk, info.runtime.requested_hardware) == ("gradio", "t4-small")
            assert list(theirs.get_space_secrets(id)) == ["KEY"]
            assert theirs.get_space_variables(id)["MODE"].value == "fast"
            assert theirs.wait_for_space(id, poll_interval=0.01, timeout=20).hardware == "t4-small"
        theirs.delete_repo(id, repo_type=kind)


def test_c02_delete_a_repository(ours, theirs, own):
    ours("delete_repo", repo=own)
    assert not theirs.repo_exists(own)
    theirs.create_repo(own, private=True)
    theirs.delete_repo(own)
    assert not ours("exists", repo=own)


def test_c03_rename_a_repository(ours, theirs, own):
    ours("move_repo", repo=own, to=f"{own}-2")
    assert theirs.model_info(own).id == f"{own}-2"
    theirs.move_repo(f"{own}-2", own)
    assert ours("details", repo=f"{own}-2")["id"] == own


def test_c04_change_settings(ours, theirs, own):
    theirs.update_repo_settings(own, gated="manual")
    assert ours("details", repo=own)["gated"] == "manual"
    ours("change_settings", repo=own, settings={"gated": "auto", "discussionsDisabled": True})
    assert theirs.model_info(own).gated == "auto"
    assert ours("details", repo=own)["has_no_discussions"]
    with pytest.raises(Exception, match="disabled"):
        list(theirs.get_repo_discussions(own))
    with pytest.raises(Refused):
        ours("discussions", repo=own)


def test_c05_duplicate_a_repository(ours, theirs, demo, own):
    files = sorted(demo.model.files)
    ours("duplicate", repo=demo.model.id, to=f"{own}-ours")
    assert theirs.list_repo_files(f"{own}-ours") == files
    theirs.duplicate_repo(demo.model.id, f"{own}-theirs", private=True)
    copy = ours("details", repo=f"{own}-theirs")
    assert copy["is_private"] and [file[0] for file in copy["files"]] == files
    for name in ("ours", "theirs"):
        theirs.delete_repo(f"{own}-{name}")


def branches(ours, repo: str) -> list[str]:
    return [name for name, _, _ in ours("refs", repo=repo)["branches"]]


def test_c07_create_a_branch(ours, theirs, own):
    theirs.create_branch(own, branch="theirs/x")
    ours("create_branch", repo=own, name="ours/x", revision="theirs/x")
    assert branches(ours, own) == [ref.name for ref in theirs.list_repo_refs(own).branches]
    assert branches(ours, own) == ["main", "ours/x", "theirs/x"]


def test_c08_delete_a_branch(ours, theirs, own):
    for name in ("a", "b"):
        theirs.create_branch(own, branch=name)
    theirs.delete_branch(own, branch="a")
    assert branches(ours, own) == ["b", "main"]
    ours("delete_branch", repo=own, name="b")
    assert [ref.name for ref in theirs.list_repo_refs(own).branches] == ["main"]


def tags(ours, repo: str) -> list[list[str]]:
    return ours("refs", repo=repo)["tags"]


def test_c09_create_a_tag(ours, theirs, own):
    theirs.create_tag(own, tag="v1", tag_message="First")
    ours("create_tag", repo=own, name="v2", message="Second")
    their = theirs.list_repo_refs(own).tags
    assert tags(ours, own) == [[ref.name, ref.ref, ref.target_commit] for ref in their]
    assert [ref.name for ref in their] == ["v1", "v2"]


def test_c10_delete_a_tag(ours, theirs, own):
    for name in ("v1", "v2"):
        theirs.create_tag(own, tag=name)
    theirs.delete_tag(own, tag="v1")
    assert [name for name, _, _ in tags(ours, own)] == ["v2"]
    ours("delete_tag", repo=own, name="v2")
    assert theirs.list_repo_refs(own).tags == []


def test_c11_squash_a_branch(ours, theirs, own):
    def history() -> list[str]:
        return [commit["title"] for commit in ours("commits", repo=own)]

    theirs.upload_file(path_or_fileobj=b"a", path_in_repo="a", repo_id=own, commit_message="Add")
    assert len(history()) == 2
    theirs.super_squash_history(own, commit_message="One")
    assert history() == ["One"]
    commit = ours("squash", repo=own, message="Again")
    assert [(one.commit_id, one.title) for one in theirs.list_repo_commits(own)] == [(commit, "Again")]


@pytest.fixture
def large(theirs, demo, own):
    """A copy of a model with several large files."""
    sample = demo.one("model with large files", lambda one: one.kind == "model" and len(one.large_files) > 1)
    name = f"{own}-large"
    theirs.duplicate_repo(sample.id, name, private=True)
    yield name
    theirs.delete_repo(name)


def large_files(theirs, repo: str) -> list[list]:
    return [[file.oid, file.size, file.filename] for file in theirs.list_lfs_files(repo)]


def test_c12_list_large_files(ours, theirs, large):
    their = large_files(theirs, large)
    assert len(their) > 1 and ours("lfs_files", repo=large) == their


def test_c13_delete_large_files_for_good(ours, theirs, large):
    first, second = list(theirs.list_lfs_files(large))[:2]
    theirs.permanently_delete_lfs_files(large, [first])
    assert first.oid not in [sha256 for sha256, _, _ in ours("lfs_files", repo=large)]
    ours("delete_lfs_file", repo=large, sha256=second.oid)
    left = [file.oid for file in theirs.list_lfs_files(large)]
    assert not {first.oid, second.oid} & set(left)


def test_c14_edit_a_cards_metadata(ours, theirs, own, tmp_path):
    before = "---\nlicense: mit\ntags:\n- a\n---\n# Title\n"
    after = ours("merge_card", repo=own, card=before, new={"language": ["en"], "license": "apache-2.0"})
    ours("commit", repo=own, title="Edit", put={"README.md": after})
    assert theirs.model_info(own).card_data.to_dict() == {"license": "apache-2.0", "tags": ["a"], "language": ["en"]}
    path = tmp_path / "README.md"
    path.write_text(after)
    metadata_save(path, ModelCard(after).data.to_dict() | {"license": "mit"})
    theirs.upload_file(path_or_fileobj=path, path_in_repo="README.md", repo_id=own)
    assert ours("card", repo=own)["data"]["license"] == "mit"


def test_c15_validate_a_card(ours, standin, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", standin.endpoint)
    good, bad = "---\ntitle: T\nsdk: static\n---\n", "---\ntitle: T\n---\n"
    RepoCard(good).validate(repo_type="space")
    assert ours("validate_card", kind="space", card=good) == [True, []]
    with pytest.raises(ValueError) as refused:
        RepoCard(bad).validate(repo_type="space")
    is_valid, errors = ours("validate_card", kind="space", card=bad)
    assert not is_valid and errors and all(error in str(refused.value) for error in errors)
