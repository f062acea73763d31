"""`hubdesk-cli download` behaves as `hf download` does."""

import json
from pathlib import Path

import pytest

from soundness import assert_sound, tree_of

# Options by name. Words in angle brackets stand for facts about the sample that is downloaded.
SAME = {
    "everything": [],
    "one file": ["<regular>"],
    "one large file": ["<large>"],
    "two files": ["<regular>", "<large>"],
    "a folder": ["<folder>/"],
    "a file and a folder": ["<regular>", "<folder>/"],
    "include by ending": ["--include", "*.json"],
    "include twice": ["--include", "*.json", "--include", "*.md"],
    "include matches across folders": ["--include", "*<folder>*"],
    "include a set of characters": ["--include", "[!.]*"],
    "exclude by ending": ["--exclude", "*.json"],
    "exclude twice": ["--exclude", "*.json", "--exclude", "*.md"],
    "include and exclude": ["--include", "*.json", "--include", "*.md", "--exclude", "README*"],
    "exclude a folder": ["--exclude", "<folder>/"],
    "names win over patterns": ["<regular>", "--include", "*.no-such-ending"],
    "revision by commit": ["--revision", "<commit>"],
    "revision by branch": ["--revision", "main"],
    "one worker": ["--max-workers", "1"],
}
FAILS = {
    "missing repository": ["nobody/has-this"],
    "missing file": ["<id>", "no/such/file.bin"],
    "missing revision": ["<id>", "--revision", "no-such-branch"],
    "name that is none": ["not a name"],
    "name that leads out": ["<id>", "../../outside.bin"],
    "folder with include": ["<id>", "<folder>/", "--include", "*"],
    "wrong kind": ["<id>", "--repo-type", "nonsense"],
}


@pytest.fixture
def sample(demo):
    return demo.one(
        "model with a folder, and regular and large files",
        lambda one: one.kind == "model" and one.large_files and one.regular_files and folder_of(one),
    )


@pytest.mark.parametrize("case", SAME)
def test_same_path_and_same_files(sample, home, other_home, case):
    command = ["download", sample.id, *filled(SAME[case], sample), "--json"]
    ours, theirs = json.loads(home.hubdesk(*command).stdout), json.loads(other_home.hf(*command).stdout)
    our_path, their_path = Path(ours["path"]), Path(theirs["path"])
    assert our_path.relative_to(home.cache) == their_path.relative_to(other_home.cache)
    assert snapshots_in(home.cache) == snapshots_in(other_home.cache)
    assert refs_in(home.cache) == refs_in(other_home.cache)
    assert_sound(home)


ADDRESSES = {
    "a repository": "hf://<id>",
    "its kind": "hf://models/<id>",
    "a branch": "hf://<id>@main",
    "a commit": "hf://<id>@<commit>",
    "a file": "hf://<id>/<regular>",
    "a file of a branch": "hf://<id>@main/<large>",
    "a folder": "hf://<id>/<folder>/",
}
BAD_ADDRESSES = {
    "a bucket": ["hf://buckets/o/n"],
    "a kind twice": ["hf://<id>", "--repo-type", "model"],
    "a revision twice": ["hf://<id>@main", "--revision", "main"],
    "a file twice": ["hf://<id>/<regular>", "<large>"],
    "no name": ["hf://gpt2"],
    "two destinations": ["<id>", "--local-dir", "here", "--cache-dir", "there"],
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_means_the_same(sample, home, other_home, address):
    (address,) = filled([ADDRESSES[address]], sample)
    command = ["download", address, "--json"]
    ours, theirs = json.loads(home.hubdesk(*command).stdout), json.loads(other_home.hf(*command).stdout)
    assert Path(ours["path"]).relative_to(home.cache) == Path(theirs["path"]).relative_to(other_home.cache)
    assert snapshots_in(home.cache) == snapshots_in(other_home.cache)
    assert refs_in(home.cache) == refs_in(other_home.cache)


@pytest.mark.parametrize("case", BAD_ADDRESSES)
def test_what_contradicts_itself_is_refused_by_both(sample, home, other_home, case, tmp_path):
    command = ["download", *filled(BAD_ADDRESSES[case], sample)]
    assert other_home.hf(*command, check=False, cwd=tmp_path).returncode != 0
    assert home.hubdesk(*command, check=False, cwd=tmp_path).returncode != 0


def test_local_files_alone_are_an_answer_when_they_are_whole(sample, home, standin):
    first = home.hubdesk("download", sample.id, "--local-files-only", check=False)
    assert first.returncode != 0 and "is not on this computer" in first.stderr
    assert standin.requests() == []
    path = home.hf("download", sample.id, "--json").stdout
    standin.forget_requests()
    assert json.loads(home.hubdesk("download", sample.id, "--local-files-only", "--json").stdout)["path"] in path
    (Path(json.loads(path)["path"]) / sample.regular_files[0]).unlink()
    partial = home.hubdesk("download", sample.id, "--local-files-only", check=False)
    assert partial.returncode != 0 and f"{sample.regular_files[0]} is not in" in partial.stderr
    assert standin.requests() == []


@pytest.mark.parametrize("pattern", ["*.no-such-ending", "*.JSON", "./README.md", ""])
def test_a_pattern_that_matches_nothing_is_no_error(sample, home, other_home, pattern):
    command = ["download", sample.id, "--include", pattern, "--json"]
    ours, theirs = json.loads(home.hubdesk(*command).stdout), json.loads(other_home.hf(*command).stdout)
    assert Path(ours["path"]).relative_to(home.cache) == Path(theirs["path"]).relative_to(other_home.cache)
    assert snapshots_in(home.cache) == {}


@pytest.mark.parametrize("case", FAILS)
def test_fails_where_it_fails_and_says_why(sample, home, other_home, case):
    command = ["download", *filled(FAILS[case], sample)]
    ours, theirs = home.hubdesk(*command, check=False), other_home.hf(*command, check=False)
    assert theirs.returncode != 0
    assert ours.returncode != 0
    assert ours.stderr.strip() and ours.stdout == ""
    assert snapshots_in(home.cache) == {}


@pytest.mark.parametrize("kind", ["gated", "private"])
def test_says_that_access_is_missing(demo, home, kind):
    repo_type, id = (demo.gated_names if kind == "gated" else demo.private_names)[0]
    refused = home.hubdesk("download", id, "--repo-type", repo_type, check=False)
    assert refused.returncode != 0 and id in refused.stderr


def test_a_token_opens_what_is_private(demo, home, standin):
    kind, id = demo.private_names[0]
    result = home.hubdesk("download", id, "--repo-type", kind, "--token", standin.token, "--json")
    assert tree_of(json.loads(result.stdout)["path"])
    assert standin.token not in result.stdout + result.stderr


def test_a_token_never_reaches_the_other_host(sample, home, standin):
    home.hubdesk("download", sample.id, "--token", standin.token)
    asked = standin.requests()
    assert {request.had_token for request in asked if request.host == "hub"} == {True}
    assert {request.had_token for request in asked if request.host == "storage"} == {False}


def test_prints_the_path_and_nothing_else(sample, home):
    whole = home.hubdesk("download", sample.id)
    assert tree_of(whole.stdout.removesuffix("\n")).keys() == sample.files.keys()
    one = home.hubdesk("download", sample.id, sample.regular_files[0])
    assert Path(one.stdout.removesuffix("\n")).is_file()


@pytest.mark.parametrize("options", [[], ["--include", "*.json"], ["<regular>"]])
def test_a_dry_run_lists_the_same_and_fetches_nothing(sample, home, other_home, standin, options):
    assert dry_run_of_hubdesk(home, sample, options) == dry_run_of_hf(other_home, sample, options)
    assert standin.file_bodies() == []
    assert snapshots_in(home.cache) == {}


def test_a_dry_run_knows_what_is_there(sample, home):
    home.hubdesk("download", sample.id, sample.regular_files[0])
    listed = dry_run_of_hubdesk(home, sample, [])
    assert listed == dry_run_of_hf(home, sample, [])
    assert set(listed.values()) == {True, False}


def test_force_fetches_everything_again(sample, home, standin):
    path = home.hubdesk("download", sample.id).stdout
    once = standin.file_bytes()
    standin.forget_requests()
    assert home.hubdesk("download", sample.id, "--force-download").stdout == path
    assert standin.file_bytes() == once > 0
    assert_sound(home)


def test_another_cache_folder_is_used_when_named(sample, home, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    path = home.hubdesk("download", sample.id, "--cache-dir", str(elsewhere)).stdout
    assert path.startswith(str(elsewhere))
    assert not home.cache.exists()


def dry_run_of_hubdesk(home, sample, options: list[str]) -> dict[str, bool]:
    """Every file that is meant, and whether it would be downloaded."""
    command = ["download", sample.id, *filled(options, sample), "--dry-run", "--json"]
    return {file["file"]: file["will_download"] for file in json.loads(home.hubdesk(*command).stdout)["files"]}


def dry_run_of_hf(home, sample, options: list[str]) -> dict[str, bool]:
    command = ["download", sample.id, *filled(options, sample), "--dry-run", "--json"]
    return {file["file"]: file["size"] != "-" for file in json.loads(home.hf(*command).stdout)}


def folder_of(sample) -> str | None:
    return next((path.split("/")[0] for path in sample.files if "/" in path), None)


def filled(options: list[str], sample) -> list[str]:
    facts = {
        "<id>": sample.id,
        "<regular>": sample.regular_files[0],
        "<large>": sample.large_files[0],
        "<folder>": folder_of(sample),
        "<commit>": sample.commits[-1],
    }
    for word, fact in facts.items():
        options = [option.replace(word, fact) for option in options]
    return options


def snapshots_in(cache: Path) -> dict[str, bytes]:
    """Every snapshot's files with their content."""
    found = {}
    for snapshots in cache.glob("*--*/snapshots"):
        found |= {f"{snapshots.parent.name}/{path}": content for path, content in tree_of(snapshots).items()}
    return found


def refs_in(cache: Path) -> dict[str, str]:
    return {str(ref.relative_to(cache)): ref.read_text() for ref in cache.glob("*--*/refs/**/*") if ref.is_file()}
