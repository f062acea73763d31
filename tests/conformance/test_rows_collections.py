"""Rows G: collections that one of the two clients makes and fills, as the other one sees them."""

import pytest

from oracle import Refused

CHAT = "aurora-lab/polaris-mini-chat"
BASE = "pebble-base"


def shown(collection) -> dict:
    """What the official client has of a collection, in our words."""
    return {
        "slug": collection.slug,
        "title": collection.title,
        "description": collection.description,
        "owner": collection.owner["name"],
        "is_private": collection.private,
        "upvotes": collection.upvotes,
        "items": [
            {
                "id": item.item_id,
                "kind": item.item_type,
                "object_id": item.item_object_id,
                "position": item.position,
                "note": item.note,
            }
            for item in collection.items
        ],
    }


@pytest.fixture
def slug(theirs, request):
    """A private collection of this test's own."""
    made = theirs.create_collection(request.node.name[5:40], namespace="demo", private=True)
    yield made.slug
    theirs.delete_collection(made.slug, missing_ok=True)


@pytest.fixture
def same(ours, theirs):
    """A collection that is the same for both."""

    def look(slug: str) -> dict:
        our = ours("collection", slug=slug)
        assert our == shown(theirs.get_collection(slug))
        return our

    return look


def test_g01_find_collections(ours, theirs):
    found = ours("collections", owner="aurora-lab")
    assert found and found == [shown(one) for one in theirs.list_collections(owner="aurora-lab")]


def test_g02_view_a_collection(theirs, same):
    for listed in theirs.list_collections():
        same(listed.slug)


def test_g03_create_a_collection(ours, theirs, same):
    made = [
        theirs.create_collection("Theirs", namespace="demo", description="d", private=True).slug,
        ours("create_collection", title="Ours", namespace="demo", description="d", private=True)["slug"],
    ]
    for slug, title in zip(made, ("Theirs", "Ours")):
        found = same(slug)
        assert (found["title"], found["description"], found["is_private"]) == (title, "d", True)
        theirs.delete_collection(slug)


def test_g04_edit_a_collection(ours, theirs, same, slug):
    theirs.update_collection_metadata(slug, description="Theirs")
    assert same(slug)["description"] == "Theirs"
    ours("update_collection", slug=slug, description="Ours")
    assert same(slug)["description"] == "Ours"


def test_g05_delete_a_collection(ours, theirs, slug):
    ours("delete_collection", slug=slug)
    with pytest.raises(Exception, match="404"):
        theirs.get_collection(slug)
    other = theirs.create_collection("Another", namespace="demo", private=True).slug
    theirs.delete_collection(other)
    with pytest.raises(Refused):
        ours("collection", slug=other)


def test_g06_add_an_item(ours, theirs, same, slug):
    theirs.add_collection_item(slug, CHAT, "model", note="theirs")
    ours("add_item", slug=slug, repo=BASE, note="ours")
    items = same(slug)["items"]
    assert [(item["id"], item["note"]) for item in items] == [(CHAT, "theirs"), (BASE, "ours")]


@pytest.fixture
def items(ours, slug):
    """The two items of that collection."""
    for repo in (CHAT, BASE):
        found = ours("add_item", slug=slug, repo=repo)
    return [item["object_id"] for item in found["items"]]


def test_g07_edit_an_item(ours, theirs, same, slug, items):
    theirs.update_collection_item(slug, items[0], note="theirs")
    assert same(slug)["items"][0]["note"] == "theirs"
    ours("edit_item", slug=slug, item=items[1], note="ours", position=0)
    first, second = same(slug)["items"]
    assert (first["note"], second["note"]) == ("ours", "theirs")


def test_g08_remove_an_item(ours, theirs, same, slug, items):
    theirs.delete_collection_item(slug, items[0])
    assert [item["object_id"] for item in same(slug)["items"]] == [items[1]]
    ours("remove_item", slug=slug, item=items[1])
    assert same(slug)["items"] == []
