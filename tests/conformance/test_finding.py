"""Lists, searches, accounts and collections, as the official client and its command line see them."""

import json
from urllib.request import Request, urlopen

import pytest
from huggingface_hub.errors import HfHubHTTPError


def raw(standin, path: str):
    """What the stand-in answers with the token, as it is."""
    request = Request(standin.endpoint + path, headers={"Authorization": f"Bearer {standin.token}"})
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def ids(infos) -> list[str]:
    return [info.id for info in infos]


@pytest.fixture
def api(standin):
    return standin.api()


@pytest.fixture
def mine(standin):
    """The client, signed in."""
    return standin.api(standin.token)


@pytest.fixture
def signed_in(home, standin):
    home.environment["HF_TOKEN"] = standin.token
    return home


def rows(home, *command: str) -> list[dict]:
    return json.loads(home.hf(*command, "--json").stdout)


def test_models_are_narrowed_by_every_filter(api):
    everything = list(api.list_models(full=True))
    tags = {tag for info in everything for tag in info.tags}
    for tag in sorted(tags):
        assert set(ids(api.list_models(filter=tag))) == {info.id for info in everything if tag in info.tags}
    for task in {info.pipeline_tag for info in everything if info.pipeline_tag}:
        found = {info.id for info in everything if info.pipeline_tag == task}
        assert set(ids(api.list_models(pipeline_tag=task))) == found
    warm = ids(api.list_models(inference="warm"))
    assert warm and warm == ids(api.list_models(inference_provider="all"))
    assert warm == ids(api.list_models(inference_provider=["hf-inference", "groq"]))
    assert ids(api.list_models(inference_provider="groq")) == []
    local = ids(api.list_models(apps=["ollama", "no-such-app"]))
    assert local and set(local) <= set(ids(api.list_models(apps="llama.cpp")))
    dataset = next(tag for tag in tags if tag.startswith("dataset:")).removeprefix("dataset:")
    assert ids(api.list_models(trained_dataset=dataset)) == ids(api.list_models(filter=f"dataset:{dataset}"))
    assert set(ids(api.list_models(gated=True))).isdisjoint(ids(api.list_models(gated=False)))


def test_models_are_narrowed_by_their_size(api):
    counts = {info.id: total(info) for info in api.list_models(expand=["safetensors", "gguf"])}
    sized = sorted(count for count in counts.values() if count)
    middle = sized[len(sized) // 2]
    small = {id for id, count in counts.items() if count and count <= middle}
    assert set(ids(api.list_models(num_parameters=f"max:{middle}"))) == small
    assert set(ids(api.list_models(num_parameters=f"min:{middle + 1}"))) == {
        id for id, count in counts.items() if count and count > middle
    }
    with pytest.raises(HfHubHTTPError):
        list(api.list_models(num_parameters="min:many"))


def total(info) -> int | None:
    if info.safetensors:
        return info.safetensors.total
    return info.gguf["total"] if info.gguf else None


@pytest.mark.parametrize("sort", ["created_at", "downloads", "last_modified", "likes", "trending_score"])
def test_models_come_in_the_order_asked_for(api, sort):
    found = list(api.list_models(sort=sort, expand=["createdAt", "downloads", "lastModified", "likes", "trendingScore"]))
    values = [getattr(info, sort) for info in found]
    assert values == sorted(values, reverse=True) and len(set(values)) > 1


def test_datasets_are_narrowed_by_what_their_cards_say(api):
    for info in api.list_datasets(full=True):
        for tag in info.tags:
            key, _, value = tag.partition(":")
            if key in ("language", "size_categories", "task_categories", "multilinguality"):
                assert info.id in ids(api.list_datasets(**{key: value}))
    assert ids(api.list_datasets(benchmark=True)) == []
    assert ids(api.list_datasets(dataset_name="bird", search="calls")) == ["field-notes/bird-calls"]


def test_spaces_are_narrowed_by_what_they_use(api):
    linked = ids(api.list_spaces(linked=True))
    assert linked
    for info in api.list_spaces(expand=["models", "datasets"]):
        assert (info.id in linked) == bool(info.models or info.datasets)
        for model in info.models or []:
            assert info.id in ids(api.list_spaces(models=model))
    assert ids(api.list_spaces(models="no/model", datasets=["no/data"])) == []


def test_spaces_are_found_by_what_they_do(api):
    running = list(api.search_spaces("a page of drawn hills"))
    assert running[0].id == "paperbird/sketchbook"
    assert running[0].title == "Sketchbook" and running[0].runtime.stage == "RUNNING"
    scores = [space.semantic_relevancy_score for space in running]
    assert scores == sorted(scores, reverse=True)
    assert "field-notes/bird-listener" not in ids(running)
    everything = ids(api.search_spaces("bird listener", include_non_running=True))
    assert "field-notes/bird-listener" in everything
    assert {space.sdk for space in api.search_spaces("polaris hills", sdk="static")} == {"static"}


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_every_tag_of_the_vocabulary_finds_something(api, kind):
    groups = api.get_model_tags() if kind == "model" else api.get_dataset_tags()
    list_all = api.list_models if kind == "model" else api.list_datasets
    tags = [tag for group in groups.values() for tag in group]
    assert len(tags) > 5 and all(tag["type"] in groups for tag in tags)
    assert all(next(iter(list_all(filter=tag["id"], limit=1)), None) for tag in tags)


def test_whoami_is_what_the_command_line_shows(mine, signed_in, standin):
    me = mine.whoami()
    assert (me["type"], me["auth"]["accessToken"]["role"]) == ("user", "write")
    shown = json.loads(signed_in.hf("auth", "whoami", "--json").stdout)
    assert me["name"] in json.dumps(shown)


def test_pages_of_people_and_organisations(api, mine):
    name = mine.whoami()["name"]
    user = mine.get_user_overview(name)
    assert (user.username, user.num_following, user.is_following) == (name, 0, False)
    assert user.num_likes == mine.list_liked_repos().total
    org = mine.get_organization_overview("aurora-lab")
    assert (org.fullname, org.is_verified, org.plan, org.num_followers) == ("Aurora Lab", True, "team", 1)
    assert org.num_models == len(list(api.list_models(author="aurora-lab")))
    assert [user.username for user in mine.list_organization_followers("aurora-lab")] == [name]
    for unknown in (api.get_user_overview, api.get_organization_overview):
        with pytest.raises(HfHubHTTPError):
            unknown("nobody-at-all")


def test_likes_are_taken_back(mine):
    liked = mine.list_liked_repos()
    assert liked.spaces == ["paperbird/sketchbook"]
    assert liked.total == len(liked.models + liked.datasets + liked.spaces)
    mine.unlike("paperbird/sketchbook", repo_type="space")
    assert mine.list_liked_repos().spaces == []


def test_storage_adds_up(mine, signed_in):
    stored = list(mine.list_user_repos())
    assert stored and round(sum(repo.storage_percent for repo in stored)) == 100
    sizes = [repo.storage for repo in stored]
    assert sizes == sorted(sizes, reverse=True)
    shown = rows(signed_in, "repos", "list")
    assert [row["id"] for row in shown] == [repo.id for repo in stored]


def test_a_collection_lives_its_whole_life(mine, standin):
    name = mine.whoami()["name"]
    made = mine.create_collection("Kept for later", description="Not now.", private=True)
    assert made.slug.startswith(f"{name}/kept-for-later-") and made.private and made.items == []
    with pytest.raises(HfHubHTTPError) as again:
        mine.create_collection("Kept for later")
    assert again.value.response.status_code == 409
    assert mine.create_collection("Kept for later", exists_ok=True).slug == made.slug
    with pytest.raises(HfHubHTTPError):
        standin.api().get_collection(made.slug)

    mine.add_collection_item(made.slug, "pebble-base", "model", note="old")
    mine.add_collection_item(made.slug, "2401.00001", "paper")
    mine.add_collection_item(made.slug, "pebble-base", "model", exists_ok=True)
    filled = mine.add_collection_item(made.slug, "paperbird/sketchbook", "space")
    assert [(item.item_type, item.position) for item in filled.items] == [("model", 0), ("paper", 1), ("space", 2)]
    assert filled.items[0].note == "old"

    mine.update_collection_item(made.slug, filled.items[2].item_object_id, note="new", position=0)
    mine.delete_collection_item(made.slug, filled.items[0].item_object_id)
    mine.delete_collection_item(made.slug, filled.items[0].item_object_id, missing_ok=True)
    now = mine.update_collection_metadata(made.slug, title="Kept for ever", theme="green", private=False)
    assert now.slug != made.slug and now.slug[-24:] == made.slug[-24:] and now.theme == "green"
    assert [(item.item_id, item.note) for item in now.items] == [("paperbird/sketchbook", "new"), ("2401.00001", None)]
    assert raw(standin, f"/api/collections/{now.slug}")["title"] == "Kept for ever"

    mine.delete_collection(now.slug)
    mine.delete_collection(now.slug, missing_ok=True)
    with pytest.raises(HfHubHTTPError):
        mine.get_collection(now.slug)


def test_collections_are_listed_with_four_items(api):
    found = list(api.list_collections(owner="aurora-lab"))
    assert [len(collection.items) for collection in found] == [4]
    assert len(api.get_collection(found[0].slug).items) == 5
    with_it = list(api.list_collections(item="datasets/field-notes/bird-calls"))
    assert [collection.title for collection in with_it] == ["Heard outside"]
    most = list(api.list_collections(sort="upvotes"))
    assert [collection.upvotes for collection in most] == sorted((one.upvotes for one in most), reverse=True)


@pytest.mark.parametrize(
    "command",
    [
        ["models", "list", "--filter", "gguf", "--sort", "likes"],
        ["models", "list", "--apps", "ollama", "--num-parameters", "min:1K"],
        ["models", "list", "--warm", "--search", "polaris", "--expand", "likes,tags"],
        ["datasets", "list", "--author", "field-notes", "--sort", "downloads"],
        ["spaces", "list", "--search", "polaris"],
        ["spaces", "search", "talk to a small model", "--description"],
        ["collections", "list", "--owner", "aurora-lab"],
    ],
    ids=" ".join,
)
def test_the_command_line_finds_something(home, command):
    assert rows(home, *command)


def test_the_command_line_keeps_a_collection(signed_in):
    def hf(*command: str) -> dict:
        return json.loads(signed_in.hf("collections", *command, "--json").stdout)

    slug = hf("create", "From the shell", "--description", "d")["slug"]
    hf("add-item", slug, "pebble-base", "model", "--note", "n")
    item = hf("info", slug)["items"][0]
    assert (item["item_id"], item["note"]) == ("pebble-base", "n")
    hf("update-item", slug, item["item_object_id"], "--note", "other")
    assert hf("info", slug)["items"][0]["note"] == "other"
    hf("delete-item", slug, item["item_object_id"])
    new = hf("update", slug, "--title", "From a shell")["slug"]
    assert hf("info", new)["items"] == []
    hf("delete", new)
    assert signed_in.hf("collections", "info", new, check=False).returncode != 0
