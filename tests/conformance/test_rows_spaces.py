"""Rows F: a Space that one of the two clients sets in motion, as the other one sees it."""

import pytest


@pytest.fixture
def space(theirs, request):
    """A Space of this test's own, which runs."""
    name = f"demo/{request.node.name.split('[')[0][5:]}"
    theirs.create_repo(name, repo_type="space", space_sdk="docker", private=True)
    theirs.wait_for_space(name, poll_interval=0.01, timeout=20)
    yield name
    theirs.delete_repo(name, repo_type="space")


@pytest.fixture
def ask(ours, space):
    """Our client, about that Space."""
    return lambda call, **about: ours(f"space_{call}", kind="space", repo=space, **about)


def shown(runtime) -> dict:
    """What the official client has of a state, in our words."""
    return {
        "stage": runtime.stage,
        "hardware": runtime.hardware,
        "requested_hardware": runtime.requested_hardware,
        "sleep_time": runtime.sleep_time,
    }


def settled(theirs, space: str) -> dict:
    return shown(theirs.wait_for_space(space, poll_interval=0.01, timeout=20))


def test_f01_a_spaces_state(ours, theirs, demo, ask, space):
    assert ask("runtime") == shown(theirs.get_space_runtime(space))
    for id in [sample.id for sample in demo.open_samples if sample.kind == "space"]:
        assert ours("space_runtime", kind="space", repo=id) == shown(theirs.get_space_runtime(id))


def test_f02_wait_for_a_space(theirs, ask, space):
    theirs.restart_space(space)
    our = ask("wait")
    assert our["stage"] == "RUNNING" and our == shown(theirs.get_space_runtime(space))
    ask("restart")
    assert settled(theirs, space)["stage"] == "RUNNING"


def test_f03_logs_of_a_space(theirs, ask, space):
    ask("pause")
    for build in (True, False):
        their = list(theirs.fetch_space_logs(space, build=build))
        assert their and ask("logs", build=build) == their


@pytest.mark.parametrize("factory", [True, False])
def test_f04_restart_a_space(theirs, ask, space, factory):
    our = ask("restart", factory=factory)
    assert our["stage"] == "BUILDING" and settled(theirs, space) == ask("runtime")
    assert shown(theirs.restart_space(space, factory_reboot=factory)) == our
    assert ask("wait")["stage"] == "RUNNING"


def test_f05_pause_a_space(theirs, ask, space):
    assert shown(theirs.pause_space(space)) == ask("runtime") == ask("pause")
    theirs.restart_space(space)
    ask("wait")
    assert ask("pause")["stage"] == theirs.get_space_runtime(space).stage == "PAUSED"


def test_f06_change_a_spaces_hardware(theirs, ask, space):
    theirs.request_space_hardware(space, "t4-small", sleep_time=600)
    our = ask("wait")
    assert (our["hardware"], our["sleep_time"]) == ("t4-small", 600)
    ask("request_hardware", flavour="cpu-upgrade", sleep=300)
    their = settled(theirs, space)
    assert (their["hardware"], their["sleep_time"]) == ("cpu-upgrade", 300)


def test_f07_a_spaces_sleep_time(theirs, ask, space):
    theirs.request_space_hardware(space, "t4-small")
    theirs.set_space_sleep_time(space, 900)
    assert ask("runtime")["sleep_time"] == 900
    for sleep, seconds in [("never", -1), (120, 120)]:
        ask("sleep_time", sleep=sleep)
        assert theirs.get_space_runtime(space).sleep_time == seconds


def accelerator(machine) -> list | None:
    one = machine.accelerator
    return [one.model, int(one.quantity), one.vram] if one else None


def test_f08_hardware_to_choose_from(ours, theirs):
    their = theirs.list_spaces_hardware()
    assert len(their) > 3 and ours("space_hardware") == [
        {
            "name": machine.name,
            "pretty_name": machine.pretty_name,
            "cpu": machine.cpu,
            "ram": machine.ram,
            "accelerator": accelerator(machine),
            "price_micro_usd": machine.unit_cost_micro_usd,
        }
        for machine in their
    ]


def secrets(theirs, space: str) -> dict:
    return {key: one.description for key, one in theirs.get_space_secrets(space).items()}


def test_f09_list_secrets(theirs, ask, space):
    theirs.add_space_secret(space, "ONE", "hidden", description="first")
    theirs.add_space_secret(space, "TWO", "hidden")
    our = {key: description for key, (description, _) in ask("secrets").items()}
    assert our == secrets(theirs, space) == {"ONE": "first", "TWO": None}


def test_f10_set_a_secret(theirs, ask, space):
    ask("set_secret", key="KEY", value="hidden", description="ours")
    assert secrets(theirs, space) == {"KEY": "ours"}
    theirs.add_space_secret(space, "KEY", "other", description="theirs")
    assert ask("secrets")["KEY"][0] == "theirs"


def test_f11_delete_a_secret(theirs, ask, space):
    for key in ("ONE", "TWO"):
        ask("set_secret", key=key, value="hidden")
    theirs.delete_space_secret(space, "ONE")
    assert list(ask("secrets")) == ["TWO"]
    ask("delete_secret", key="TWO")
    assert theirs.get_space_secrets(space) == {}


def variables(theirs, space: str) -> dict:
    return {key: [one.value, one.description] for key, one in theirs.get_space_variables(space).items()}


def test_f12_list_variables(theirs, ask, space):
    theirs.add_space_variable(space, "ONE", "1", description="first")
    theirs.add_space_variable(space, "TWO", "2")
    assert ask("variables") == variables(theirs, space) == {"ONE": ["1", "first"], "TWO": ["2", None]}


def test_f13_set_a_variable(theirs, ask, space):
    ask("set_variable", key="MODE", value="fast", description="ours")
    assert variables(theirs, space) == {"MODE": ["fast", "ours"]}
    theirs.add_space_variable(space, "MODE", "slow")
    assert ask("variables")["MODE"][0] == "slow"


def test_f14_delete_a_variable(theirs, ask, space):
    for key in ("ONE", "TWO"):
        ask("set_variable", key=key, value="1")
    theirs.delete_space_variable(space, "ONE")
    assert list(ask("variables")) == ["TWO"]
    ask("delete_variable", key="TWO")
    assert variables(theirs, space) == {}
