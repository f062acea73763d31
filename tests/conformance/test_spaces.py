"""Spaces: their state, their machine, their settings and logs, by the official client and the raw API."""

import itertools
import json
import urllib.request

import pytest
from huggingface_hub.errors import HfHubHTTPError

SPACE = "demo/night-sky"
OTHERS = "aurora-lab/polaris-chat"


@pytest.fixture
def api(standin):
    return standin.api(standin.token)


@pytest.fixture
def hf(home, standin):
    home.environment["HF_TOKEN"] = standin.token
    return lambda *arguments, **options: home.hf("spaces", *arguments, **options)


def raw(standin, path: str):
    headers = {"Authorization": f"Bearer {standin.token}"}
    request = urllib.request.Request(f"{standin.endpoint}/api/spaces{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_state_is_told_to_everybody(api, standin):
    assert standin.api().get_space_runtime(OTHERS).raw == raw(standin, f"/{OTHERS}/runtime")
    info = api.space_info(OTHERS, expand=["runtime"])
    assert info.runtime.stage == "RUNNING" and info.runtime.hardware == "cpu-basic"
    with pytest.raises(HfHubHTTPError) as error:
        api.restart_space(OTHERS)
    assert error.value.response.status_code == 403


def test_a_space_is_paused_restarted_and_waited_for(api):
    assert api.pause_space(SPACE).stage == "PAUSED"
    assert api.restart_space(SPACE).stage == "BUILDING"
    assert api.wait_for_space(SPACE, poll_interval=0.01, timeout=20).stage == "RUNNING"
    assert api.restart_space(SPACE, factory_reboot=True).stage == "BUILDING"
    assert api.wait_for_space(SPACE, poll_interval=0.01, timeout=20).stage == "RUNNING"


def test_the_catalogue_has_prices_and_its_machines_can_be_asked_for(api, standin):
    catalogue = api.list_spaces_hardware()
    assert [machine.name for machine in catalogue] == [machine["name"] for machine in raw(standin, "/hardware")]
    assert catalogue[0].unit_cost_usd == 0
    paid = next(machine for machine in catalogue if machine.accelerator)
    runtime = api.request_space_hardware(SPACE, paid.name, sleep_time=600)
    assert (runtime.requested_hardware, runtime.hardware, runtime.sleep_time) == (paid.name, "cpu-basic", 600)
    assert api.wait_for_space(SPACE, poll_interval=0.01, timeout=20).hardware == paid.name
    assert api.set_space_sleep_time(SPACE, -1).sleep_time == -1
    api.request_space_hardware(SPACE, "cpu-basic")
    api.wait_for_space(SPACE, poll_interval=0.01, timeout=20)


def test_secrets_are_listed_without_their_values(api, standin):
    api.add_space_secret(SPACE, "API_KEY", "open sesame", description="opens")
    secret = api.get_space_secrets(SPACE)["API_KEY"]
    assert secret.description == "opens" and secret.updated_at is not None
    assert "sesame" not in json.dumps(raw(standin, f"/{SPACE}/secrets"))
    api.delete_space_secret(SPACE, "API_KEY")
    assert "API_KEY" not in api.get_space_secrets(SPACE)


def test_variables_come_and_go(api):
    assert api.add_space_variable(SPACE, "MODE", "fast")["MODE"].value == "fast"
    api.add_space_variable(SPACE, "MODE", "slow", description="how")
    variable = api.get_space_variables(SPACE)["MODE"]
    assert (variable.value, variable.description) == ("slow", "how")
    assert "MODE" not in api.delete_space_variable(SPACE, "MODE")
    with pytest.raises(HfHubHTTPError):
        api.add_space_variable(SPACE, "1-bad", "x")


def test_logs_of_both_kinds_are_read(api):
    follow = api.fetch_space_logs(SPACE, follow=True)
    assert [line.strip() for line in itertools.islice(follow, 1)] == ["===== Application Startup ====="]
    follow.close()
    api.pause_space(SPACE)
    built = list(api.fetch_space_logs(SPACE, build=True))
    assert built[0] == "===== Build =====\n"
    api.restart_space(SPACE)
    api.wait_for_space(SPACE, poll_interval=0.01, timeout=20)


def test_the_command_line_does_the_same(hf, api):
    hf("pause", SPACE)
    assert "===== Build =====" in hf("logs", SPACE, "--build").stdout
    hf("restart", SPACE)
    hf("wait", SPACE, "--timeout", "1m")
    assert "cpu-basic" in hf("hardware").stdout
    hf("settings", SPACE, "--hardware", "cpu-upgrade", "--sleep-time", "300")
    assert api.get_space_runtime(SPACE).sleep_time == 300
    hf("settings", SPACE, "--hardware", "cpu-basic")
    hf("wait", SPACE, "--timeout", "1m")
    info = json.loads(hf("info", SPACE, "--expand", "runtime", "--format", "json").stdout)
    assert info["runtime"]["stage"] == "RUNNING"

    hf("secrets", "add", SPACE, "-s", "CLI_KEY=hush")
    listed = hf("secrets", "list", SPACE, "--format", "json").stdout
    assert "CLI_KEY" in listed and "hush" not in listed
    hf("secrets", "delete", SPACE, "CLI_KEY", "--yes")
    assert "CLI_KEY" not in api.get_space_secrets(SPACE)
    hf("variables", "add", SPACE, "-e", "CLI_MODE=loud")
    assert "loud" in hf("variables", "list", SPACE, "--format", "json").stdout
    hf("variables", "delete", SPACE, "CLI_MODE", "--yes")
    assert api.get_space_variables(SPACE) == {}
