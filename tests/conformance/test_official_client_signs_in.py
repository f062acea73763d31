"""The official command line signs in at our stand-in, in each of its ways, and keeps the session alive."""

import configparser
import re
import urllib.request
from pathlib import Path

import pytest

from processes import Home, wait_until


@pytest.fixture
def person(tmp_path, standin):
    return Home(tmp_path, standin)


def stored(home: Home) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(Path(home.environment["HF_HOME"]) / "stored_tokens", encoding="utf-8")
    return parser


def decide(standin, code: str, decision: str) -> None:
    urllib.request.urlopen(f"{standin.endpoint}/oauth/device/decide?user_code={code}&{decision}", timeout=10).read()


def begin_with_a_code(home: Home):
    """`hf auth login`, which waits for a decision, and the code it shows."""
    process = home.start_hf("auth", "login")
    shown = ""
    while not (code := re.search(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", shown)):
        line = process.stdout.readline()
        assert line, f"it ended without showing a code:\n{shown}"
        shown += line
    return process, code[0]


def test_with_a_pasted_token(person, standin):
    person.hf("auth", "login", "--token", standin.token)
    assert person.hf("auth", "token").stdout.strip() == standin.token
    assert '"user": "demo"' in person.hf("auth", "whoami", "--json").stdout
    assert "demo's token" in person.hf("auth", "list").stdout
    person.hf("auth", "switch", "--token-name", "demo's token")
    person.hf("auth", "logout", "--token-name", "demo's token")
    assert person.hf("auth", "whoami", check=False).returncode != 0


def test_a_wrong_token_is_not_kept(person):
    assert person.hf("auth", "login", "--token", "hf_wrong", check=False).returncode != 0
    assert stored(person).sections() == []


def test_on_another_device(person, standin):
    process, code = begin_with_a_code(person)
    decide(standin, code, "allow=true&as=demo")
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert stored(person).sections() == ["oauth-demo"]
    assert '"user": "demo"' in person.hf("auth", "whoami", "--json").stdout


def test_on_another_device_where_the_person_says_no(person, standin):
    process, code = begin_with_a_code(person)
    decide(standin, code, "allow=false")
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert stored(person).sections() == []


def test_a_session_that_is_about_to_end_is_renewed(person, standin):
    process, code = begin_with_a_code(person)
    decide(standin, code, "allow=true&as=demo")
    process.communicate(timeout=30)
    first = dict(stored(person)["oauth-demo"])
    about_to_end = stored(person)
    about_to_end["oauth-demo"]["expires_at"] = "1"
    with (Path(person.environment["HF_HOME"]) / "stored_tokens").open("w", encoding="utf-8") as file:
        about_to_end.write(file)

    token = person.hf("auth", "token").stdout.strip()
    wait_until("the new session is stored", lambda: stored(person)["oauth-demo"]["expires_at"] != "1")
    second = dict(stored(person)["oauth-demo"])
    assert token == second["hf_token"] != first["hf_token"]
    assert second["refresh_token"] != first["refresh_token"]
