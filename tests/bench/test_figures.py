"""What needs no clock and no network: `python3 -B -m unittest discover -s tests/bench`."""

import dataclasses
import tempfile
import unittest
from pathlib import Path

from cases import CASES, chosen
from ceilings import Ceilings
from figures import Comparison, Run, Spread, wait_for_digest
from report import Machine, render, verdicts
from uploads import UPLOADS, change, make


def run(wall: float, memory: int = 1 << 20, requests: int = 1) -> Run:
    return Run(wall, wall / 2, memory, requests, 4096)


def flat(speed: float) -> Spread:
    return Spread(speed, speed, speed)


CEILINGS = Ceilings(flat(2e9), flat(3e9), flat(1e9), flat(1e6), flat(1.5e9))
MACHINE = Machine("a processor", 2, 1 << 30, "a system", 0.5, "a client 1.0")


def case(name: str):
    return next(case for case in CASES if case.name == name)


class Figures(unittest.TestCase):
    def test_a_ratio_is_taken_within_pairs_and_then_the_middle_one(self):
        # The whole machine was three times slower during the last pair.
        pairs = [(run(1.0), run(2.0)), (run(1.2), run(2.0)), (run(3.0), run(6.0))]
        self.assertEqual(Comparison(pairs).ratio(), Spread(0.5, 0.5, 0.6))

    def test_memory_and_requests_are_the_most_of_any_run(self):
        comparison = Comparison([(run(1, 5, 3), run(1)), (run(1, 9, 2), run(1))])
        self.assertEqual((comparison.memory(0), comparison.requests(0)), (9, 3))

    def test_the_wait_for_a_digest_is_read_from_the_log(self):
        line = "2026-01-02T03:04:{}Z DEBUG hubdesk_download::writer: {}\n"
        last, known = line.format("05.900000", "all bytes are there"), line.format("06.150000", "the digest is known")
        self.assertAlmostEqual(wait_for_digest(f"Warning: x\n{last}{known}"), 0.25)
        for log in ("", last, last + known + known):
            with self.assertRaises(ValueError):
                wait_for_digest(log)

    def test_nothing_measured_is_no_figure(self):
        with self.assertRaises(ValueError):
            Spread.of([])

    def test_the_ceiling_is_the_slowest_part_over_the_better_loopback(self):
        self.assertEqual(CEILINGS.slowest(), 1e9)


class Limits(unittest.TestCase):
    def held(self, name: str, pairs) -> dict[str, bool]:
        return {verdict.what: verdict.holds for verdict in verdicts(case(name), Comparison(pairs), CEILINGS)}

    def test_each_limit_is_looked_at_by_itself(self):
        self.assertEqual(
            self.held("small", [(run(3.0, 300 << 20, 10_021), run(10.0))]),
            {"wall, Hubdesk ÷ hf": False, "peak memory": False, "requests": False},
        )
        self.assertEqual(
            self.held("small", [(run(2.0, 256 << 20, 10_020), run(10.0))]),
            {"wall, Hubdesk ÷ hf": True, "peak memory": True, "requests": True},
        )

    def test_hashing_counts_where_it_was_looked_at(self):
        pairs = [(run(1.0), run(9.0))]
        for waited, holds in ((0.06, False), (0.04, True)):
            found = verdicts(case("line"), Comparison(pairs, waited), CEILINGS)
            held = {verdict.what: verdict.holds for verdict in found}
            self.assertEqual(held["wall spent on nothing but hashing"], holds)

    def test_the_free_link_also_counts_against_the_ceiling(self):
        size = case("large").size
        for share, holds in ((0.79, False), (0.81, True)):
            held = self.held("large", [(run(size / 1e9 / share), run(100.0))])
            self.assertEqual(held["of the slowest ceiling"], holds)


class Report(unittest.TestCase):
    def test_what_missed_or_was_not_measured_is_plain_to_see(self):
        results = [(case("small"), Comparison([(run(9.0), run(10.0))])), (case("xet"), "it is not there.")]
        text = render(MACHINE, CEILINGS, results)
        self.assertIn("| wall, Hubdesk ÷ hf | 0.900 | ≤ 0.200 | **missed** |", text)
        self.assertIn("not measured: it is not there.", text)

    def test_every_row_of_a_table_is_as_wide_as_its_head(self):
        text = render(MACHINE, CEILINGS, [(case("large"), Comparison([(run(9.0), run(10.0))]))])
        for block in text.split("\n\n"):
            widths = {line.count("|") for line in block.splitlines() if line.startswith("|")}
            self.assertLessEqual(len(widths), 1, block)


class Uploads(unittest.TestCase):
    def test_a_folder_has_the_files_and_bytes_it_should_have(self):
        small = dataclasses.replace(UPLOADS[0], files=300, size=300 * 4096)
        with tempfile.TemporaryDirectory() as folder:
            content = Path(folder) / "content"
            make(small, content)
            sizes = [path.stat().st_size for path in content.rglob("*") if path.is_file()]
        self.assertEqual((len(sizes), sum(sizes)), (small.files, small.size))

    def test_a_hundredth_of_a_file_changes_and_its_length_does_not(self):
        case = dataclasses.replace(next(case for case in UPLOADS if case.needs_xet), size=16 << 20)
        with tempfile.TemporaryDirectory() as folder:
            content = Path(folder) / "content"
            make(case, content)
            before = (content / "model.safetensors").read_bytes()
            change(content)
            after = (content / "model.safetensors").read_bytes()
        self.assertEqual(len(after), len(before))
        differs = sum(before[at : at + 1024] != after[at : at + 1024] for at in range(0, len(before), 1024))
        self.assertEqual(differs, 160)


class Choice(unittest.TestCase):
    def test_cases_are_chosen_by_name_and_all_without_one(self):
        self.assertEqual([found.name for found in chosen("cached, small")], ["cached", "small"])
        self.assertEqual(chosen(""), CASES)
        with self.assertRaises(SystemExit):
            chosen("smal")


if __name__ == "__main__":
    unittest.main()
