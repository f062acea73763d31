"""What every test gets: a stand-in Hub, a home of its own, and no trace of the person's own settings.

The official client is a test oracle here, both ways: it uses our Hub, and it shares a cache with our downloads.
"""

import os
import tempfile

AMBIENT = ("HF_", "HUGGING", "TRANSFORMERS_", "XDG_")
for name in list(os.environ):
    if name.startswith(AMBIENT) or name.lower().endswith("_proxy"):
        del os.environ[name]
# The client reads these once, when it is imported. Each test names its own cache, so this home stays empty.
_HOME = tempfile.TemporaryDirectory(prefix="hubdesk-conformance-")
os.environ["HF_HOME"] = _HOME.name
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"

import pytest  # noqa: E402

pytest.register_assert_rewrite("soundness")

import oracle  # noqa: E402
from demo import Demo  # noqa: E402
from processes import Home, StandIn  # noqa: E402


@pytest.fixture(scope="session")
def running_standin(tmp_path_factory):
    with StandIn.start(tmp_path_factory.mktemp("standin")) as standin:
        yield standin


@pytest.fixture(scope="session")
def demo(running_standin):
    return Demo(running_standin)


@pytest.fixture
def standin(running_standin, demo):
    """The stand-in, with an empty log."""
    running_standin.forget_requests()
    return running_standin


@pytest.fixture
def home(tmp_path, standin):
    """A person's home folder with an empty cache, whose programs use the stand-in."""
    return Home(tmp_path, standin)


@pytest.fixture
def other_home(tmp_path_factory, standin):
    """A second person, to compare with."""
    return Home(tmp_path_factory.mktemp("other"), standin)


@pytest.fixture(scope="session")
def running_oracle(running_standin, tmp_path_factory):
    process = oracle.start(tmp_path_factory.mktemp("oracle"), running_standin)
    yield process
    oracle.stop(process)


@pytest.fixture
def ours(running_oracle, standin):
    """Our client, signed in."""
    return oracle.Oracle(running_oracle, standin.token)


@pytest.fixture
def theirs(standin):
    """The official client, signed in as the same person."""
    return standin.api(standin.token)


@pytest.fixture
def own(theirs, request):
    """The id of a private model that only this test has."""
    name = f"demo/{request.node.name.split('[')[0][5:]}"
    theirs.create_repo(name, private=True)
    yield name
    theirs.delete_repo(name, missing_ok=True)
