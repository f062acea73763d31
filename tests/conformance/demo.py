"""The demo Hub's repositories by the part they play here, so that no test depends on what the samples are called."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile

from processes import StandIn


@dataclass(frozen=True)
class Sample:
    """A repository that everybody may read."""

    kind: str
    id: str
    commit: str
    files: dict[str, RepoFile]
    branches: list[str]
    tags: list[str]
    commits: list[str]  # of main, newest first

    @property
    def folder(self) -> str:
        """Its folder in the cache."""
        return f"{self.kind}s--{self.id.replace('/', '--')}"

    def files_where(self, wanted: Callable[[RepoFile], bool]) -> list[str]:
        return sorted(path for path, file in self.files.items() if wanted(file))

    @property
    def large_files(self) -> list[str]:
        return self.files_where(lambda file: file.lfs is not None)

    @property
    def regular_files(self) -> list[str]:
        return self.files_where(lambda file: file.lfs is None)


class Demo:
    """What the demo Hub holds, asked once through the official client."""

    def __init__(self, standin: StandIn):
        api = standin.api()
        public = names(api)
        self.gated_names = [("model", info.id) for info in api.list_models(gated=True)]
        self.gated_names += [("dataset", info.id) for info in api.list_datasets(gated=True)]
        self.private_names = [name for name in names(standin.api(standin.token)) if name not in public]
        self.open_samples = [sample(api, *name) for name in public if name not in self.gated_names]

    def one(self, what: str, wanted: Callable[[Sample], bool]) -> Sample:
        """The first sample for which `wanted` holds. `what` says so in words, for the day there is none."""
        for sample in self.open_samples:
            if wanted(sample):
                return sample
        pytest.fail(f"the demo Hub has no {what}", pytrace=False)

    def of_kind(self, kind: str) -> Sample:
        return self.one(f"{kind} open to everyone", lambda sample: sample.kind == kind)

    @property
    def model(self) -> Sample:
        """A model with regular and large files."""
        return self.one(
            "model with regular and large files",
            lambda sample: sample.kind == "model" and sample.large_files and len(sample.regular_files) > 1,
        )

    @property
    def nested(self) -> Sample:
        return self.one("repository with folders", lambda sample: any("/" in path for path in sample.files))

    @property
    def biggest_listing(self) -> Sample:
        return max(self.open_samples, key=lambda sample: len(sample.files))

    @property
    def with_history(self) -> Sample:
        return self.one("repository with two commits", lambda sample: len(sample.commits) > 1)


def names(api: HfApi) -> list[tuple[str, str]]:
    """Kind and id of every repository that is listed."""
    lists = {"model": api.list_models, "dataset": api.list_datasets, "space": api.list_spaces}
    return [(kind, info.id) for kind, list_all in lists.items() for info in list_all()]


def sample(api: HfApi, kind: str, id: str) -> Sample:
    refs = api.list_repo_refs(id, repo_type=kind)
    tree = api.list_repo_tree(id, repo_type=kind, recursive=True)
    commits = api.list_repo_commits(id, repo_type=kind)
    return Sample(
        kind=kind,
        id=id,
        commit=commits[0].commit_id,
        files={entry.path: entry for entry in tree if isinstance(entry, RepoFile)},
        branches=[ref.name for ref in refs.branches],
        tags=[ref.name for ref in refs.tags],
        commits=[commit.commit_id for commit in commits],
    )
