"""A sign-in of ours that is shared is one of the official command line's, and the other way round."""

import json
import os
import stat
from pathlib import Path

import pytest

from processes import Home


@pytest.fixture
def person(tmp_path, standin):
    return Home(tmp_path, standin)


def answer(home: Home, *arguments: str):
    return json.loads(home.hubdesk(*arguments, "--json").stdout)


def test_what_we_share_is_used_by_the_official_client_until_we_sign_out(person, standin):
    account = answer(person, "auth", "login", "--token", standin.token, "--share")
    assert (account["user"], account["kept"]) == ("demo", "outside")
    assert '"user": "demo"' in person.hf("auth", "whoami", "--json").stdout
    assert "demo's token" in person.hf("auth", "list").stdout
    if os.name == "posix":
        for name in ("token", "stored_tokens"):
            mode = (Path(person.environment["HF_HOME"]) / name).stat().st_mode
            assert stat.S_IMODE(mode) == 0o600

    answer(person, "auth", "logout")
    assert person.hf("auth", "whoami", check=False).returncode != 0
    assert "demo's token" not in person.hf("auth", "list").stdout


def test_a_sign_in_of_the_official_client_is_used_but_is_not_ours(person, standin):
    person.hf("auth", "login", "--token", standin.token)
    assert answer(person, "auth", "whoami")["user"] == "demo"
    assert answer(person, "auth", "list")["accounts"] == []
    answer(person, "auth", "logout")
    assert '"user": "demo"' in person.hf("auth", "whoami", "--json").stdout


def test_sharing_a_token_the_official_client_has_already_takes_nothing_away_later(person, standin):
    person.hf("auth", "login", "--token", standin.token)
    answer(person, "auth", "login", "--token", standin.token, "--share")
    answer(person, "auth", "logout")
    assert '"user": "demo"' in person.hf("auth", "whoami", "--json").stdout


def test_both_give_the_same_answer_about_who_one_is(person, standin):
    answer(person, "auth", "login", "--token", standin.token, "--share")
    ours, theirs = answer(person, "auth", "whoami"), json.loads(person.hf("auth", "whoami", "--json").stdout)
    assert ours["user"] == theirs["user"]
    assert set(ours["orgs"]) == set(filter(None, (theirs.get("orgs") or "").split(",")))
