"""Rows M: what the official client has no method for. There our client is compared with what the Hub answers as it is."""

import json
import urllib.parse
import urllib.request

import pytest
from huggingface_hub import ModelCard, constants, metadata_load
from huggingface_hub.repocard_data import model_index_to_eval_results


@pytest.fixture
def raw(standin):
    """What the Hub answers, signed in."""

    def get(path: str, **query) -> str:
        address = f"{standin.endpoint}{path}?{urllib.parse.urlencode(query, doseq=True)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {standin.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    return get


@pytest.fixture
def raw_json(raw):
    return lambda path, **query: json.loads(raw(path, **query))


def test_m01_search_while_typing(ours, raw_json):
    for text in ("polaris", "bird", "aurora", "heard", "demo"):
        our, their = ours("quicksearch", text=text), raw_json("/api/quicksearch", q=text)
        for name, key in [("models", "id"), ("datasets", "id"), ("spaces", "id"), ("collections", "title")]:
            assert our[name] == [[hit[key] for hit in their[name]], their[f"{name}Count"]], name
        for name, key in [("users", "user"), ("orgs", "name")]:
            assert our[name] == [[hit[key] for hit in their[name]], their[f"{name}Count"]], name
    assert ours("quicksearch", text="polaris")["models"][1] > 0


def test_m02_what_is_trending(ours, theirs, raw_json):
    for kind in ("model", "dataset", "space"):
        their = raw_json("/api/trending", type=kind, limit=20)["recentlyTrending"]
        our = ours("trending", kind=kind)
        assert our and our == [one["repoData"]["id"] for one in their]
    # The same order as that of the lists.
    listed = [info.id for info in theirs.list_models(sort="trending_score", limit=3)]
    assert listed == ours("trending", kind="model")[:3]


def test_m03_the_size_of_a_folder(ours, theirs, demo):
    sample = demo.nested
    folder = next(path for path in sample.files if "/" in path).rpartition("/")[0]
    for path in (None, folder):
        tree = theirs.list_repo_tree(sample.id, path, repo_type=sample.kind, recursive=True)
        size = sum(getattr(entry, "size", 0) for entry in tree)
        assert ours("tree_size", kind=sample.kind, repo=sample.id, path=path) == size


def test_m04_compare_revisions(ours, theirs, demo, raw):
    sample = demo.with_history
    base, head = sample.commits[-1], sample.commits[0]
    about = {"kind": sample.kind, "repo": sample.id, "base": base, "head": head}

    def blobs(revision: str) -> dict[str, str]:
        tree = theirs.list_repo_tree(sample.id, repo_type=sample.kind, revision=revision, recursive=True)
        return {entry.path: entry.blob_id for entry in tree if hasattr(entry, "blob_id")}

    old, new = blobs(base), blobs(head)
    changed = {path: [old.get(path), new.get(path)] for path in old | new if old.get(path) != new.get(path)}
    assert changed and {path: [before, after] for path, before, after in ours("changed_files", **about)} == changed
    spec = urllib.parse.quote(f"{base}..{head}", safe="")
    assert ours("patch", **about) == raw(f"/api/{sample.kind}s/{sample.id}/compare/{spec}")


def test_m05_what_scans_found(ours, theirs, demo):
    status = theirs.model_info(demo.model.id, securityStatus=True).security_repo_status
    issues = [issue["path"] for issue in status["filesWithIssues"]]
    assert ours("scan", repo=demo.model.id) == [status["scansDone"], issues]


@pytest.fixture
def table(demo, theirs, monkeypatch, standin, raw_json):
    """A dataset with a table: what our client and the raw viewer are asked about."""
    monkeypatch.setattr(constants, "DATASETS_SERVER_ENDPOINT", f"{standin.endpoint}/_viewer")
    monkeypatch.setattr(constants, "_HF_DEFAULT_ENDPOINT", standin.endpoint)
    sample = demo.one("dataset with a table", lambda one: one.kind == "dataset" and "NOTES.txt" in one.files)
    (first, *_) = raw_json("/_viewer/splits", dataset=sample.id)["splits"]
    return sample.id, {"config": first["config"], "split": first["split"]}


def test_m06_tables_of_a_dataset(ours, theirs, table, raw_json):
    id, split = table

    def our(word: str, **query):
        return ours(f"viewer_{word}", kind="dataset", repo=id, **query)

    def their(word: str, **query):
        return raw_json(f"/_viewer/{word}", dataset=id, **query)

    validity = their("is-valid")
    assert our("validity") == [validity[name] for name in ("preview", "viewer", "search", "filter", "statistics")]
    assert our("splits") == [[one["config"], one["split"]] for one in their("splits")["splits"]]
    ordered = {"where": '"id">2', "orderby": '"id" DESC', "length": 3}
    text = next(value for value in their("first-rows", **split)["rows"][0]["row"].values() if isinstance(value, str))
    for ours_is, theirs_is, query in [
        ("first_rows", "first-rows", {}),
        ("rows", "rows", {"offset": 5, "length": 3}),
        ("search", "search", {"query": text, "offset": 0, "length": 100}),
        ("filter", "filter", ordered),
    ]:
        rows, expected = our(ours_is, **split, **query), their(theirs_is, **split, **query)
        assert rows["rows"] and rows["rows"] == [[row["row_idx"], row["row"]] for row in expected["rows"]]
        assert rows["columns"] == [column["name"] for column in expected["features"]]
        assert rows["total"] == expected.get("num_rows_total")
    statistics = their("statistics", **split)
    assert our("statistics", **split) == [
        statistics["num_examples"],
        [[one["column_name"], one["column_type"], one["column_statistics"]] for one in statistics["statistics"]],
    ]
    assert our("sizes") == their("size")["size"]["dataset"]["num_rows"]
    assert our("info") == their("info")["dataset_info"]
    assert our("parquet") == [
        [one.config, one.split, one.url, one.url.rpartition("/")[2], one.size]
        for one in theirs.list_dataset_parquet_files(id)
    ]


def test_m14_avatars(ours, theirs, standin):
    for name, overview in [("demo", theirs.get_user_overview), ("aurora-lab", theirs.get_organization_overview)]:
        expected = urllib.parse.urljoin(standin.endpoint, overview(name).avatar_url)
        assert urllib.parse.urljoin(standin.endpoint, ours("avatar", name=name)) == expected


def test_m15_userinfo_of_a_sign_in(ours, theirs, raw_json):
    our, their, me = ours("userinfo"), raw_json("/oauth/userinfo"), theirs.whoami()
    assert our == {name: their.get(name) for name in ("sub", "preferred_username", "name", "picture")}
    assert (our["sub"], our["preferred_username"]) == (me["id"], me["name"])


def test_m29_cards_and_evaluation_results(ours, theirs, own, tmp_path):
    result = {
        "task": {"type": "text-generation"},
        "dataset": {"type": "bird-calls", "name": "Bird calls"},
        "metrics": [{"type": "accuracy", "value": 0.5}],
    }
    new = {"model-index": [{"name": "m", "results": [result]}], "tags": ["a"]}
    text = ours("merge_card", repo=own, card="---\nlicense: mit\n---\n# M\n", new=new)
    (tmp_path / "README.md").write_text(text)
    their = metadata_load(tmp_path / "README.md")
    assert their == {"license": "mit"} | new
    _, (read,) = model_index_to_eval_results(their["model-index"])
    assert (read.metric_type, read.metric_value) == ("accuracy", 0.5)
    theirs.upload_file(path_or_fileobj=text.encode(), path_in_repo="README.md", repo_id=own)
    our = ours("card", repo=own)
    assert our["data"] == their and our["body"] == ModelCard(text, ignore_metadata_errors=False).text
