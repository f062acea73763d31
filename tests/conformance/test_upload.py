"""`hubdesk-cli upload` beside `hf upload`: the same folder, the same options, the same tree afterwards."""

import json
import os
import random
import re

import pytest

from processes import Home, StandIn

# The stand-in's line between what travels in a commit and what does not.
LARGEST_REGULAR = 10 << 20


def write(folder, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def noise(seed: int, size: int) -> bytes:
    return b"\0" + random.Random(seed).randbytes(size - 1)


def odd_sizes(folder) -> None:
    write(folder, {"empty": "", "empty.bin": b"", "one": "1", "nul": b"\0"})
    write(folder, {"below.txt": b"t" * (LARGEST_REGULAR - 1), "at.txt": b"t" * LARGEST_REGULAR})
    write(folder, {"above.txt": b"t" * (LARGEST_REGULAR + 1)})


def text_and_binary(folder) -> None:
    write(folder, {"a.txt": "text\n", "b.bin": noise(1, 600), "late.bin": b"t" * 600 + b"\0", "utf16.txt": "ä".encode("utf-16")})


def odd_names(folder) -> None:
    write(folder, {"A.txt": "upper", "a.txt": "lower", "ä.txt": "composed", "a\u0308.txt": "decomposed"})
    write(folder, {"with space/& more/?#%.txt": "x", "日本語/🙂.txt": "y", ".hidden": "h", "-dash": "d"})


def links(folder) -> None:
    write(folder, {"real.txt": "r", "folder/inner.txt": "i"})
    os.symlink("real.txt", folder / "link.txt")
    os.symlink("folder", folder / "linked")
    os.symlink("nowhere", folder / "dangling")


def deep(folder) -> None:
    write(folder, {"/".join(["d"] * 40) + "/x.txt": "x"})
    (folder / "hollow").mkdir()


def attributes(folder) -> None:
    write(folder, {".gitattributes": "*.csv filter=lfs diff=lfs merge=lfs -text\n", "t.csv": "a,b\n", "t.txt": "t"})


def ignored(folder) -> None:
    write(folder, {".gitignore": "*.log\nsecret/\n", "a.log": "l", "keep.txt": "k", "secret/x.txt": "s", "sub/b.log": "l"})


def workings(folder) -> None:
    write(folder, {".git/config": "g", "sub/.git/HEAD": "g", ".cache/huggingface/x": "c", ".DS_Store": "j", "a.pyc": "p", "x.txt": "x"})


SHAPES = [odd_sizes, text_and_binary, odd_names, links, deep, attributes, ignored, workings]


class Pair:
    """Two repositories of one person, one for each program."""

    def __init__(self, standin: StandIn, home: Home, name: str):
        self.api = standin.api(standin.token)
        self.home = home
        self.ids = {"hf": f"demo/{name}-theirs", "hubdesk": f"demo/{name}-ours"}
        for repo in self.ids.values():
            self.api.create_repo(repo)

    def upload(self, *arguments: str, cwd=None) -> dict[str, str]:
        """What each of them printed."""
        programs = {"hf": self.home.hf, "hubdesk": self.home.hubdesk}
        return {
            who: programs[who]("upload", repo, *arguments, cwd=cwd).stdout.strip()
            for who, repo in self.ids.items()
        }

    def tree(self, who: str, revision: str = "main") -> dict[str, tuple]:
        entries = self.api.list_repo_tree(self.ids[who], recursive=True, revision=revision)
        return {
            entry.path: (entry.size, entry.blob_id, entry.lfs and entry.lfs.sha256)
            for entry in entries
            if hasattr(entry, "size")
        }

    def assert_same(self, revision: str = "main") -> dict[str, tuple]:
        theirs, ours = self.tree("hf", revision), self.tree("hubdesk", revision)
        assert ours == theirs
        return ours


@pytest.fixture
def person(standin, home):
    """Somebody signed in at a Hub without a chunk store, which the official client has to be told."""
    home.environment |= {"HF_TOKEN": standin.token, "HF_HUB_DISABLE_XET": "1"}
    return home


@pytest.fixture
def pair(standin, person, request):
    name = request.node.name.lower().replace(".", "dot").replace("/", "slash")
    return Pair(standin, person, "-".join(re.findall("[a-z0-9]+", name))[5:70])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_folder_becomes_the_same_tree(pair, tmp_path, shape):
    folder = tmp_path / "up"
    folder.mkdir()
    shape(folder)
    pair.upload(str(folder), ".")
    assert len(pair.assert_same()) > 1


def test_a_second_upload_with_changes_gives_the_same_tree(pair, tmp_path):
    folder = tmp_path / "up"
    write(folder, {"same.txt": "s", "changed.txt": "1", "gone.txt": "g", "w.bin": noise(2, 5000)})
    pair.upload(str(folder), "in")
    write(folder, {"changed.txt": "2", "new.txt": "n", "w.bin": noise(3, 5000)})
    (folder / "gone.txt").unlink()
    pair.upload(str(folder), "in")
    tree = pair.assert_same()
    assert "in/gone.txt" in tree


@pytest.mark.parametrize(
    "options",
    [
        ["--include", "*.txt"],
        ["--exclude", "d/*"],
        ["--include", "d/*", "--exclude", "*.bin"],
        ["--delete", "*.old"],
        ["--delete", "*"],
    ],
    ids=" ".join,
)
def test_patterns_mean_the_same(pair, tmp_path, options):
    before = tmp_path / "before"
    write(before, {"x.old": "o", "d/y.old": "o", "d/a.txt": "old", ".gitattributes": "*.z filter=lfs\n"})
    pair.upload(str(before), ".")
    folder = tmp_path / "up"
    write(folder, {"a.txt": "a", "b.bin": "b", "d/a.txt": "a", "d/b.bin": "b"})
    pair.upload(str(folder), ".", *options)
    pair.assert_same()


@pytest.mark.parametrize(
    "places",
    [["f.txt"], ["f.txt", "g.txt"], ["f.txt", "d/g.txt"], ["d"], ["d", "."], ["d", "to/here"], ["d", "/to/"], ["*.txt"]],
    ids=" ".join,
)
def test_what_is_named_goes_to_the_same_place(pair, tmp_path, places):
    folder = tmp_path / "up"
    write(folder, {"f.txt": "f", "d/x.txt": "x", "d/e/y.txt": "y"})
    said = pair.upload(*places, cwd=folder)
    pair.assert_same()
    page = re.compile(r"http://\S+-(?:ours|theirs)/commit/[0-9a-f]{40}$")
    assert all(page.search(text) for text in said.values()), said


def test_a_branch_is_made(pair, tmp_path):
    write(tmp_path / "up", {"x.txt": "x"})
    pair.upload(str(tmp_path / "up"), ".", "--revision", "dev")
    pair.assert_same("dev")
    assert "x.txt" not in pair.assert_same("main")


def test_a_pull_request_is_opened(pair, tmp_path):
    write(tmp_path / "up", {"x.txt": "x"})
    pair.upload(str(tmp_path / "up"), ".", "--create-pr")
    assert "x.txt" in pair.assert_same("refs/pr/1")
    assert "x.txt" not in pair.assert_same("main")


def test_a_repository_is_made(standin, person, tmp_path):
    write(tmp_path / "up", {"x.txt": "x"})
    said = json.loads(person.hubdesk("upload", "made-by-us", str(tmp_path / "up"), ".", "--private", "--json").stdout)
    api = standin.api(standin.token)
    info = api.model_info("demo/made-by-us")
    assert info.private
    assert [commit.commit_id for commit in api.list_repo_commits("demo/made-by-us")][0] == said["commits"][-1]


def test_messages_are_the_persons_own(pair, tmp_path):
    write(tmp_path / "up", {"x.txt": "x"})
    pair.upload(str(tmp_path / "up"), ".", "--commit-message", "Title", "--commit-description", "More about it")
    heads = [pair.api.list_repo_commits(repo)[0] for repo in pair.ids.values()]
    assert [(head.title, head.message) for head in heads] == [("Title", "More about it")] * 2


def test_many_files_are_the_same_tree(pair, tmp_path):
    folder = tmp_path / "up"
    write(folder, {f"{n % 7}/{n}.txt": f"{n}" for n in range(600)})
    pair.upload(str(folder), ".")
    assert len(pair.assert_same()) >= 600


def test_each_goes_on_where_the_other_has_been(standin, person, tmp_path):
    """What one of them has uploaded is nothing new for the other."""
    folder = tmp_path / "up"
    write(folder, {"a.txt": "a", "w.bin": noise(4, 20_000)})
    api = standin.api(standin.token)
    for first, second, name in [(person.hf, person.hubdesk, "they-first"), (person.hubdesk, person.hf, "we-first")]:
        first("upload", f"demo/{name}", str(folder), ".")
        head = api.model_info(f"demo/{name}").sha
        standin.forget_requests()
        second("upload", f"demo/{name}", str(folder), ".")
        assert api.model_info(f"demo/{name}").sha == head
        assert not any("/commit/" in request.path for request in standin.requests())


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with StandIn.start(tmp_path_factory.mktemp("store"), "--xet") as standin:
        yield standin


def test_in_chunks_it_is_the_same_tree(store, tmp_path):
    home = Home(tmp_path, store)
    home.environment |= {"HF_TOKEN": store.token}
    pair = Pair(store, home, "chunks")
    folder = tmp_path / "up"
    write(folder, {"w.bin": noise(5, 3_000_000), "v.bin": noise(6, 200_000), "x.txt": "x"})
    store.forget_requests()
    pair.upload(str(folder), ".")
    pair.assert_same()
    assert not any(request.host == "storage" for request in store.requests())
    write(folder, {"w.bin": noise(5, 3_000_000)[:-1] + b"!"})
    pair.upload(str(folder), ".")
    pair.assert_same()
