"""How the time of a run grows with counties and workers; `python -m benchmarks.growth [--large] [--rounds N]` prints a Markdown table.

Counties are invented (tests/county.py, seeds 0, 1, ...), 30 schools and 20 problems each. A time is the wall clock of one
whole run over all of them, in which everything is made anew; starting a pool counts, starting a cluster does not. The ways
alternate within a round; shown are medians over the rounds, and how many times as fast two workers are as one.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pipeline.counties import Options, run
from tests import county
from tests.cluster import cluster

FEW, LARGE = (10, 100), 1000
AGAIN = Options(again=True)
Way = Callable[[Sequence[Path], Path], None]


@dataclass(frozen=True)
class Growth:
    """The median seconds of each way for so many counties, over so many rounds."""

    counties: int
    rounds: int
    seconds: dict[str, float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--large", action="store_true", help=f"{LARGE} counties too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--counties", type=int, nargs="+", help="these numbers instead")
    given = parser.parse_args(arguments)
    numbers = given.counties or (*FEW, *([LARGE] if given.large else []))
    print(markdown(list(measured(numbers, given.rounds))))


def measured(numbers: Sequence[int], rounds: int) -> Iterator[Growth]:
    """The times for each number of counties; the folders are gone afterwards."""
    with tempfile.TemporaryDirectory() as made, ways(Path(made)) as each:
        folders = [_county(Path(made) / "in", seed) for seed in range(max(numbers))]
        for number in numbers:
            times: dict[str, list[float]] = {name: [] for name in each}
            for _ in range(rounds):
                for name, way in each.items():
                    times[name].append(_seconds(way, folders[:number], Path(made) / "out"))
            yield Growth(number, rounds, {name: median(of) for name, of in times.items()})


@contextmanager
def ways(folder: Path) -> Iterator[dict[str, Way]]:
    """The ways to run counties: one process, a pool of two, a cluster of one worker and one of two."""
    with ExitStack() as stack:
        one, two = (stack.enter_context(cluster(_made(folder / f"dask{n}"), workers=n))[0] for n in (1, 2))
        yield {
            "1 process": lambda given, out: _run(given, out, workers=1),
            "pool of 2": lambda given, out: _run(given, out, workers=2),
            "Dask, 1 worker": lambda given, out: _run(given, out, scheduler=one),
            "Dask, 2 workers": lambda given, out: _run(given, out, scheduler=two),
        }


def markdown(found: Sequence[Growth]) -> str:
    """The times as a table, with seconds a county and ratios."""
    names = list(found[0].seconds)
    heading = ["counties", *names, "s a county, 1 process", "pool / 1 process", "Dask 2 / 1"]
    rows = [heading, ["---:"] * len(heading), *map(_row, found)]
    rounds = ", ".join(f"{growth.rounds} with {growth.counties} counties" for growth in found)
    told = f"Seconds, medians of rounds ({rounds}); {platform.machine()}, Python {platform.python_version()}."
    return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", told])


def _row(growth: Growth) -> list[str]:
    single, pool, one, two = growth.seconds.values()
    seconds = [f"{value:.1f}" for value in growth.seconds.values()]
    each = f"{single / growth.counties:.2f}"
    return [str(growth.counties), *seconds, each, f"{single / pool:.2f}", f"{one / two:.2f}"]


def _county(folder: Path, seed: int) -> Path:
    county.write(county.county(seed), folder / f"{seed:04}" / "2024-03")
    return folder / f"{seed:04}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _run(given: Sequence[Path], output: Path, *, workers: int = 1, scheduler: str | None = None) -> None:
    made = run(given, output, AGAIN, workers=workers, scheduler=scheduler)
    if failed := [county.error for county in made.counties if county.facts is None]:
        sys.exit(f"a county was not made: {failed[0]}")


def _seconds(way: Way, given: Sequence[Path], output: Path) -> float:
    shutil.rmtree(output, ignore_errors=True)
    started = time.perf_counter()
    way(given, output)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
