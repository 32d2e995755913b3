"""How the time of a run grows with counties and workers; prints a Markdown table.

`python -m benchmarks.growth [--counties N ...]`. Counties are invented (tests/support/county.py, seeds 0, 1, ...) and
small: see SMALL. A time is the wall clock of one run over all of them, with everything made anew; it includes starting
a pool, but not a cluster. The ways alternate within a round. The table has medians over the rounds, seconds for each
county, and the gain of two workers over one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from pipeline.counties.counties import run
from pipeline.run.options import RunOptions
from tests.support import county
from tests.support.cluster import cluster

ROUNDS = {10: 5, 100: 3, 1000: 1}
"""How many rounds are run, by number of counties."""
MOST_ON_DASK = 100
SMALL = {"zones": 2, "towns": 4, "schools": 10, "inspectors": 6, "records": 6, "problems": 8, "campaigns": 1}

SPAWN = multiprocessing.get_context("spawn")
ONE, POOL, DASK, DASK_OF_2 = "1 process", "pool of 2", "Dask, 1 worker", "Dask, 2 workers"
Way = Callable[[Sequence[Path], Path], None]


@dataclass(frozen=True)
class Growth:
    """The median seconds of each way for this many counties, and how many documents they have."""

    counties: int
    rounds: int
    documents: int
    seconds: Mapping[str, float]

    def gain(self, one: str, two: str) -> str:
        """How many times as fast the second way is; a dash if it was not measured."""
        return f"{self.seconds[one] / self.seconds[two]:.2f}" if two in self.seconds else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--counties", type=int, nargs="+", default=list(ROUNDS))
    given = parser.parse_args(arguments)
    print(markdown(list(measured({number: given.rounds or ROUNDS.get(number, 1) for number in given.counties}))))


def measured(rounds: Mapping[int, int]) -> Iterator[Growth]:
    """The times for each number of counties; the folders are deleted afterwards."""
    with tempfile.TemporaryDirectory() as made:
        folders = _counties(Path(made) / "in", max(rounds))
        for number, count in rounds.items():
            with ways(Path(made) / str(number), dask=number <= MOST_ON_DASK) as each:
                times: dict[str, list[float]] = {name: [] for name in each}
                for _ in range(count):
                    for name, way in each.items():
                        times[name].append(_afresh(way, folders[:number], Path(made) / "out"))
            documents = sum(1 for _ in (Path(made) / "out").rglob("*.docx"))
            yield Growth(number, count, documents, {name: median(of) for name, of in times.items()})


@contextmanager
def ways(folder: Path, *, dask: bool) -> Iterator[dict[str, Way]]:
    """The ways to run counties: one process, a pool of two and, on Dask, clusters of one and two workers."""
    with ExitStack() as stack:
        each = {ONE: partial(_run, workers=1), POOL: partial(_run, workers=2)}
        for workers, name in ((1, DASK), (2, DASK_OF_2)) if dask else ():
            address, *_ = stack.enter_context(cluster(_made(folder / f"dask{workers}"), workers=workers))
            each[name] = partial(_run, scheduler=address)
        yield each


def markdown(found: Sequence[Growth]) -> str:
    """The times as a table, with seconds for each county and ratios."""
    names = (ONE, POOL, DASK, DASK_OF_2)
    heading = ["counties", "documents", *names, "s a county, 1", "s a county, pool", "pool / 1", "Dask 2 / 1"]
    rows = [heading, ["---:"] * len(heading), *(_row(growth, names) for growth in found)]
    rounds = ", ".join(f"{growth.counties} counties {growth.rounds}" for growth in found)
    sizes = ", ".join(f"{n} {what}" for what, n in SMALL.items())
    told = f"Seconds, medians of rounds ({rounds}). Small counties: {sizes}."
    return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", told])


def _row(growth: Growth, names: Sequence[str]) -> list[str]:
    seconds = [f"{growth.seconds[name]:.1f}" if name in growth.seconds else "–" for name in names]
    each = [f"{growth.seconds[name] / growth.counties:.3f}" for name in (ONE, POOL)]
    return [
        f"{growth.counties:,}",
        f"{growth.documents:,}",
        *seconds,
        *each,
        growth.gain(ONE, POOL),
        growth.gain(DASK, DASK_OF_2),
    ]


def _counties(folder: Path, count: int) -> list[Path]:
    """This many counties, each in its own folder."""
    with ProcessPoolExecutor(mp_context=SPAWN) as pool:
        return list(pool.map(partial(_county, folder), range(count), chunksize=5))


def _county(folder: Path, seed: int) -> Path:
    county.write(county.county(seed, **SMALL), folder / f"{seed:04}" / "2024-03")
    return folder / f"{seed:04}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _run(given: Sequence[Path], output: Path, *, workers: int = 1, scheduler: str | None = None) -> None:
    made = run(given, output, RunOptions(), again=True, workers=workers, scheduler=scheduler)
    if failed := [county.error for county in made.counties if county.facts is None]:
        sys.exit(f"a county was not made: {failed[0]}")


def _afresh(way: Way, given: Sequence[Path], output: Path) -> float:
    """The seconds in a new process, which has checked no template yet."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as alone:
        return alone.submit(_seconds, way, given, output).result()


def _seconds(way: Way, given: Sequence[Path], output: Path) -> float:
    shutil.rmtree(output, ignore_errors=True)
    started = time.perf_counter()
    way(given, output)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
