"""`hubdesk-cli models|datasets|spaces|repos` shows what `hf` shows, and so what our client reads from the same Hub.

Both are asked the same with `--json`. The repositories and their order must be the same, and so must every field that
`hf` has; ours may have more. `null` and a field that is missing are the same thing. What differs on purpose:

| where            | hf                                   | hubdesk-cli                                                   |
|------------------|--------------------------------------|---------------------------------------------------------------|
| lists            | what the Hub gives unasked           | what the window's lists show: more fields (`EXTRA`)           |
| `info`           | files by name only                   | files with size and digest, and what the scans found          |
| `repos list`     | sizes for people only                | `storage_bytes`, too                                          |
| `evalResults`    | taken apart                          | as the Hub writes it                                          |
| files            | what a scan says, as the Hub writes  | of each scan: status, message, report and what a pickle loads |
| `info --quiet`   | taken, and without effect            | not taken                                                     |
| `--format`       | five of them                         | `--json` and `--quiet`                                        |
| `repos --explore`| a game                               | not there                                                     |
| `repos info`     | not there                            | `info` of the kind that `--type` names                        |
| nothing found    | says so among the answers            | says so on standard error                                     |
| a bad property   | exit code 2                          | exit code 1, with the properties there are                    |
| errors           | a sentence on standard error         | with `--json`, the error as JSON on standard error            |
"""

import errno
import json
import os
import subprocess

import pytest

from processes import RUN_LIMIT, hubdesk_cli

# What our lists show beside what the Hub gives unasked.
EXTRA = {
    "author", "last_modified", "gated", "disabled", "downloads_all_time", "safetensors", "runtime", "title", "emoji",
    "description", "main_size",
}  # fmt: skip

LISTS = [
    "models list",
    "models ls --limit 3",
    "models ls --limit 1",
    "models ls --limit 1000",
    "models ls --search polaris",
    "models ls --search POLARIS --author aurora-lab",
    "models ls --author paperbird",
    "models ls --author nobody-at-all",
    "models ls --filter gguf",
    "models ls --filter license:apache-2.0 --filter transformers",
    "models ls --filter no-such-tag",
    "models ls --pipeline-tag text-generation",
    "models ls --gated",
    "models ls --no-gated --sort likes",
    "models ls --apps ollama",
    "models ls --apps ollama --apps vllm --limit 2",
    "models ls --num-parameters min:1K",
    "models ls --num-parameters max:500K --sort downloads",
    "models ls --num-parameters min:100K,max:1M",
    "models ls --num-parameters min:0.1M",
    "models ls --inference-provider hf-inference",
    "models ls --inference-provider groq --inference-provider hf-inference",
    "models ls --inference-provider groq",
    "models ls --warm",
    "models ls --warm --search polaris",
    "datasets list",
    "datasets ls --limit 2",
    "datasets ls --search bird",
    "datasets ls --author field-notes --sort downloads",
    "datasets ls --filter language:en --filter audio",
    "datasets ls --filter size_categories:n<1K",
    "spaces list",
    "spaces ls --limit 1",
    "spaces ls --search polaris",
    "spaces ls --author paperbird",
    "spaces ls --filter static",
]
LISTS += [
    f"{kind} ls --sort {sort}"
    for kind in ("models", "datasets", "spaces")
    for sort in ("created_at", "downloads", "last_modified", "likes", "trending_score")
    if (kind, sort) != ("spaces", "downloads")
]

PROPERTIES = {
    "models": "author,baseModels,cardData,childrenModelCount,config,createdAt,disabled,downloads,downloadsAllTime,"
    "gated,gguf,inference,inferenceProviderMapping,lastModified,library_name,likes,mask_token,model-index,"
    "pipeline_tag,private,resourceGroup,safetensors,sha,siblings,spaces,tags,transformersInfo,trendingScore,"
    "usedStorage,widgetData",
    "datasets": "author,cardData,citation,createdAt,description,disabled,downloads,downloadsAllTime,gated,"
    "lastModified,likes,mainSize,paperswithcode_id,private,resourceGroup,sha,siblings,tags,trendingScore,usedStorage",
    "spaces": "author,cardData,createdAt,datasets,disabled,lastModified,likes,models,private,region,resourceGroup,"
    "runtime,sdk,sha,siblings,subdomain,tags,trendingScore,usedStorage",
}
KINDS = list(PROPERTIES)


@pytest.fixture
def signed_in(home, standin):
    home.environment["HF_TOKEN"] = standin.token
    return home


def both(home, command: list[str]) -> tuple:
    """What the two command lines answer to the same."""
    ours, theirs = home.hubdesk(*command, "--json"), home.hf(*command, "--json")
    return without_nulls(json.loads(ours.stdout)), without_nulls(json.loads(theirs.stdout))


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def common(ours: dict, theirs: dict) -> dict:
    """Of ours the fields that theirs has."""
    return {name: value for name, value in ours.items() if name in theirs}


def samples(demo, kind: str) -> list[str]:
    return [sample.id for sample in demo.open_samples if f"{sample.kind}s" == kind]


@pytest.mark.parametrize("command", LISTS)
def test_lists_are_the_same(home, command):
    ours, theirs = both(home, command.split())
    assert [repo["id"] for repo in ours] == [repo["id"] for repo in theirs]
    for our, their in zip(ours, theirs):
        assert common(our, their) == their
        assert our.keys() - their.keys() <= EXTRA


@pytest.mark.parametrize("kind", KINDS)
def test_lists_show_what_only_the_owner_sees(signed_in, standin, kind):
    mine = [repo["id"] for repo in both(signed_in, [kind, "ls"])[0]]
    ours, theirs = both(signed_in, [kind, "ls", "--sort", "created_at"])
    assert sorted(mine) == sorted(repo["id"] for repo in ours)
    assert [(repo["id"], repo["private"]) for repo in ours] == [(repo["id"], repo["private"]) for repo in theirs]
    if kind == "models":
        assert any(repo["private"] for repo in ours)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("some", ["likes", "tags,likes", "cardData,siblings", "all"])
def test_lists_of_chosen_properties_are_the_same(home, kind, some):
    names = PROPERTIES[kind] if some == "all" else some
    ours, theirs = both(home, [kind, "ls", "--expand", names, "--sort", "likes"])
    assert ours and ours == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_info_is_the_same(home, demo, kind):
    for id in samples(demo, kind):
        ours, theirs = both(home, [kind, "info", id])
        named = [{"rfilename": file["rfilename"]} for file in ours["siblings"]]
        assert all(file["size"] >= 0 and file["blob_id"] for file in ours["siblings"])
        assert common(ours | {"siblings": named}, theirs) == theirs
        assert ours.keys() - theirs.keys() <= {"security_repo_status"}


@pytest.mark.parametrize("kind", KINDS)
def test_info_of_chosen_properties_is_the_same(home, demo, kind):
    id = samples(demo, kind)[0]
    for names in ("likes", "tags,sha", PROPERTIES[kind]):
        ours, theirs = both(home, [kind, "info", id, "--expand", names])
        assert ours == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_info_of_any_kind_is_that_of_its_kind(home, demo, kind):
    id = samples(demo, kind)[0]
    options = [] if kind == "models" else ["--type", kind.removesuffix("s")]
    assert home.hubdesk("repos", "info", id, *options, "--json").stdout == home.hubdesk(kind, "info", id, "--json").stdout


def test_info_at_a_revision_is_the_same(home, demo):
    sample = demo.with_history
    for revision in [*sample.branches, *sample.tags, *sample.commits]:
        ours, theirs = both(home, [f"{sample.kind}s", "info", sample.id, "--revision", revision])
        assert (ours["sha"], ours["last_modified"]) == (theirs["sha"], theirs["last_modified"])
        assert [file["rfilename"] for file in ours["siblings"]] == [file["rfilename"] for file in theirs["siblings"]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [[], ["-R"]])
def test_files_are_the_same(home, demo, kind, options):
    for id in samples(demo, kind):
        ours, theirs = both(home, [kind, "ls", id, *options])
        assert ours and ours == theirs


def test_files_at_a_revision_are_the_same(home, demo):
    sample = demo.with_history
    for revision in [*sample.branches, *sample.tags, *sample.commits]:
        ours, theirs = both(home, [f"{sample.kind}s", "list", sample.id, "--revision", revision, "--recursive"])
        assert ours == theirs


@pytest.mark.parametrize("options", [[], ["-h"], ["-R"]])
def test_files_for_people_are_the_same(home, demo, options):
    command = ["models", "ls", demo.nested.id if demo.nested.kind == "model" else demo.model.id, *options]
    ours, theirs = home.hubdesk(*command).stdout, home.hf(*command).stdout
    paths = [[line.split()[-1] for line in text.splitlines()] for text in (ours, theirs)]
    assert paths[0] == paths[1]
    if "-h" not in options:
        assert ours == theirs


def test_a_tree_for_people_has_the_same_branches(home, demo):
    command = ["models", "ls", demo.model.id, "-R", "--tree"]
    assert home.hubdesk(*command).stdout.splitlines() == home.hf(*command, "--format", "human").stdout.splitlines()
    assert home.hubdesk(*command, "-q").stdout == home.hf(*command, "-q").stdout


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--limit", "1"],
        ["--limit", "0"],
        ["--type", "model"],
        ["--type", "space"],
        ["--type", "bucket"],
        ["--search", "ADAPTER"],
        ["--search", "demo/"],
        ["--search", "nothing-like-it"],
        ["--namespace", "demo-no-such-org"],
    ],
    ids=" ".join,
)
def test_own_repositories_are_the_same(signed_in, options):
    command = ["repos", "list", *options, "--json"]
    ours, theirs = signed_in.hubdesk(*command, check=False), signed_in.hf(*command, check=False)
    assert ours.returncode == theirs.returncode
    if ours.returncode == 0:
        rows = [(row, row.pop("storage_bytes")) for row in json.loads(ours.stdout)]
        assert [row for row, _ in rows] == json.loads(theirs.stdout)
        assert all(size >= 0 for _, size in rows)


@pytest.mark.parametrize(
    "command",
    [
        ["models", "ls", "--limit", "4"],
        ["datasets", "ls", "--sort", "likes"],
        ["spaces", "ls", "--search", "zzzz"],
        ["spaces", "ls", "--expand", "likes"],
        ["repos", "ls"],
    ],
    ids=" ".join,
)
def test_quiet_prints_the_same_names(signed_in, command):
    assert signed_in.hubdesk(*command, "-q").stdout == signed_in.hf(*command, "-q").stdout


def test_quiet_prints_the_same_paths(home, demo):
    for options in ([], ["-R"]):
        command = ["models", "ls", demo.model.id, *options, "-q"]
        assert home.hubdesk(*command).stdout == home.hf(*command).stdout


@pytest.mark.parametrize(
    "command",
    [
        ["models", "info", "nobody/has-this"],
        ["datasets", "info", "nobody/has-this"],
        ["spaces", "info", "nobody/has-this"],
        ["models", "info", "not a name"],
        ["models", "ls", "nobody/has-this"],
        ["models", "info", "pebble-base", "--revision", "no-such-branch"],
        ["models", "ls", "pebble-base", "--revision", "no-such-branch"],
        ["repos", "ls"],
    ],
    ids=" ".join,
)
def test_what_is_missing_or_closed_is_an_error_for_both(home, command):
    ours, theirs = home.hubdesk(*command, "--json", check=False), home.hf(*command, "--json", check=False)
    assert (ours.returncode, theirs.returncode) == (1, 1)
    assert ours.stdout == ""
    assert set(json.loads(ours.stderr)["error"]) == {"code", "message", "hint", "requestId"}


@pytest.mark.parametrize(
    "command",
    [
        ["models", "ls", "pebble-base", "--search", "x"],
        ["models", "ls", "-R"],
        ["models", "ls", "pebble-base", "--tree", "--json"],
        ["models", "ls", "--warm", "--inference-provider", "groq"],
        ["spaces", "ls", "--sort", "downloads"],
        ["repos", "ls", "--type", "kernel"],
        ["models", "info", "pebble-base", "--sort", "likes"],
    ],
    ids=" ".join,
)
def test_what_does_not_fit_together_is_refused_by_both(home, command):
    ours, theirs = home.hubdesk(*command, check=False), home.hf(*command, check=False)
    assert (ours.returncode, theirs.returncode) == (2, 2)


def test_an_unknown_property_is_refused_before_anything_is_asked(home, standin):
    result = home.hubdesk("datasets", "ls", "--expand", "likes,gguf", "--json", check=False)
    assert result.returncode == 1 and "mainSize" in json.loads(result.stderr)["error"]["message"]
    assert standin.requests() == []


@pytest.mark.parametrize("command", [["models", "ls"], ["spaces", "info", "a/b"], ["repos", "ls"]], ids=" ".join)
def test_offline_says_so_and_asks_nothing(home, standin, command):
    home.environment["HF_HUB_OFFLINE"] = "1"
    result = home.hubdesk(*command, check=False)
    assert result.returncode == 1 and "HF_HUB_OFFLINE is set" in result.stderr
    assert standin.requests() == []


def test_a_token_among_the_arguments_is_the_one_that_is_used(home, standin):
    ids = [repo["id"] for repo in json.loads(home.hubdesk("models", "ls", "--json").stdout)]
    mine = json.loads(home.hubdesk("models", "ls", "--token", standin.token, "--json").stdout)
    assert len(mine) > len(ids)


def test_whoever_signed_in_sees_their_own(home, standin):
    home.hubdesk("auth", "login", "--token", standin.token, "--share")
    for kind in KINDS:
        ours, theirs = both(home, [kind, "ls", "--sort", "likes"])
        assert [repo["id"] for repo in ours] == [repo["id"] for repo in theirs]
    assert json.loads(home.hubdesk("repos", "ls", "--json").stdout)


def test_a_table_is_for_people(home, demo):
    lines = home.hubdesk("models", "ls").stdout.splitlines()
    assert lines[0].split()[:3] == ["ID", "DOWNLOADS", "LIKES"]
    assert [line.split()[0] for line in lines[1:]] == home.hubdesk("models", "ls", "-q").stdout.split()
    assert max(map(len, lines)) > 80, "nothing is cut where there is no edge"
    nothing = home.hubdesk("models", "ls", "--search", "zzzz")
    assert nothing.stdout == "" and nothing.stderr == "Nothing was found.\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals of this kind")
def test_a_table_is_cut_at_the_edge_of_a_terminal(home):
    whole = home.hubdesk("models", "ls").stdout.splitlines()
    cut, uncut = on_terminal(home, 40, "models", "ls"), on_terminal(home, 40, "models", "ls", "--no-truncate")
    assert uncut == whole
    assert cut == [line if len(line) <= 40 else f"{line[:39]}…" for line in whole]
    assert max(map(len, cut)) == 40


def on_terminal(home, width: int, *command: str) -> list[str]:
    """The lines of a command whose answers go to a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as reader:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        pipes = {"stdin": subprocess.DEVNULL, "stdout": theirs, "stderr": subprocess.DEVNULL}
        try:
            # A table of the demo Hub fits into the terminal's buffer, so nobody has to read meanwhile.
            subprocess.run([hubdesk_cli(), *command], env=home.environment, timeout=RUN_LIMIT, check=True, **pipes)
        finally:
            os.close(theirs)
        return b"".join(until_hung_up(reader)).decode().splitlines()


def until_hung_up(reader):
    """What arrives until the other end is closed: some systems call that an error, some the end."""
    try:
        while chunk := reader.read(1 << 16):
            yield chunk
    except OSError as error:
        assert error.errno == errno.EIO
