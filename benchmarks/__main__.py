"""`make bench`: measures everything side by side, in turns, in one run; writes RESULTS.md and a picture beside it.

`python -m benchmarks [PART ...]` measures only these parts and prints them; with `--to FOLDER` it writes them there.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import growth, month, peers, pictures, reading, samples
from pipeline.caches import ELSEWHERE

RESULTS = Path(__file__).parent / "RESULTS.md"
ROUNDS = 5
OURS, LIMIT = "compiled", "limit"
JOBS = {
    "300 notices": ("notice", 300, 0),
    "300 lists of 10 rows": ("list", 300, 10),
    "one list of 5,000 rows": ("list", 1, 5_000),
}
LONG = {"3,000 notices": ("notice", 3_000, 0), "one list of 20,000 rows": ("list", 1, 20_000)}
"""Without the peers, which take too long."""


@dataclass
class Taken:
    """What one contestant's runs took: seconds, and additional megabytes of memory."""

    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def time(self) -> float:
        """The median, in seconds."""
        return median(self.seconds)


PARTS = ("month", "renderers", "reading", "growth")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; write the results if all parts are measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where RESULTS.md and the picture are written")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part: {', '.join(sorted(unknown))}")
    memory = Path("/dev/shm")  # so that renderers are measured, not a disk
    lines, drawn = [], Drawn()
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for line in _report(Path(folder), given.parts or PARTS, drawn):
            print(line, flush=True)
            lines.append(line)
    to = given.to or (None if given.parts else RESULTS.parent)
    if to:
        to.mkdir(parents=True, exist_ok=True)
        if drawn.renderers or drawn.counties:
            pictures.draw(to / pictures.PICTURE.name, drawn.renderers, drawn.counties)
        (to / RESULTS.name).write_text("\n".join([*lines, ""]), encoding="utf-8")


@dataclass
class Drawn:
    """The data of the picture: documents a second, by job and contestant; the runs over counties."""

    renderers: dict[str, dict[str, float]] = field(default_factory=dict)
    counties: list[growth.Growth] = field(default_factory=list)


def _report(folder: Path, parts: Sequence[str], drawn: Drawn) -> Iterator[str]:
    installed, missing = peers.install() if "renderers" in parts else ({}, [])
    yield "# Results of `make bench`"
    yield ""
    yield f"{date.today()}; {_machine()}. {_versions(installed)}."
    yield (
        f"Medians of {ROUNDS} rounds unless stated otherwise; in each round everyone takes a turn."
        " Times include compiling the template."
    )
    yield from (f"Not measured, because it could not be installed: {name}." for name in missing)
    if {"renderers", "growth"} & set(parts):
        yield from ("", f"![Documents a second by renderer; seconds by number of counties]({pictures.PICTURE.name})")
    if "month" in parts:
        yield from _month(folder)
    if "renderers" in parts:
        yield from _all_renderers(folder, list(installed), drawn)
    if "reading" in parts:
        yield from reading.markdown(folder)
    if "growth" in parts:
        drawn.counties += growth.measured(growth.ROUNDS)
        yield from ("", "## (f) Growth in counties and workers", "", growth.markdown(drawn.counties))


def _all_renderers(folder: Path, installed: list[str], drawn: Drawn) -> Iterator[str]:
    for title, job in JOBS.items():
        yield from _renderers(title, job, folder, [OURS, "docxtpl", *installed, LIMIT], drawn)
    for title, job in LONG.items():
        yield from _renderers(title, job, folder, [OURS, "docxtpl", LIMIT], drawn, rounds=3)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB of memory, {platform.system()}, {load}"


def _versions(installed: dict[str, str]) -> str:
    own = {name: version(name) for name in ("docxtpl", "jinja2", "lxml", "pandas", "openpyxl", "python-calamine")}
    return f"Python {platform.python_version()}, " + ", ".join(
        f"{name} {number}" for name, number in {**own, **installed}.items()
    )


# The month -----------------------------------------------------------------------------------------------------------


def _month(folder: Path) -> Iterator[str]:
    count = month.prepare(folder / "prepared.pickle")
    taken: dict[str, Taken] = {}
    for _ in range(ROUNDS):
        for name, command in month.commands(folder / "prepared.pickle", folder).items():
            started = time.perf_counter()
            subprocess.run(command, cwd=month.ROOT, env=_environment(folder / "cache"), check=True, capture_output=True)
            taken.setdefault(name, Taken()).seconds.append(time.perf_counter() - started)
    ours, first = taken["pipeline"].time, taken["pipeline"].seconds[0]
    again = [month.in_one_process(folder / "again", _environment(folder / "cache")) for _ in range(ROUNDS)]
    yield from ("", f"## (a) The example month, a whole process: 13 workbooks, {count} documents of Word", "")
    yield from ("| | seconds | times the pipeline's |", "|---|---|---|")
    yield from (f"| {name} | {one.time:.2f} | {one.time / ours:.1f} |" for name, one in taken.items())
    yield from (
        "",
        "naive.py reads and renders; the pipeline also checks, joins and counts, reads the three earlier months"
        " (33 workbooks), fills in the chart, writes 问题台账.xlsx and 统计表.xlsx and checks every document's form;"
        " naive.py gets the results of that work for free. Templates were compiled in the first run, which checks them"
        f" too, and took {first:.2f} s.",
        "",
        f"A second run in one process takes {median(one.second for one in again):.2f} s."
        f" Another document of a known kind takes {median(one.document for one in again) * 1000:.2f} ms,"
        " with the check of its form.",
    )


# Renderers -----------------------------------------------------------------------------------------------------------


def _renderers(
    title: str, job: tuple[str, int, int], folder: Path, names: list[str], drawn: Drawn, rounds: int = ROUNDS
) -> Iterator[str]:
    kind, count, rows = job
    values = folder / "values.json"
    values.write_text(json.dumps(samples.contexts(kind, count, rows), ensure_ascii=False), encoding="utf-8")
    taken: dict[str, Taken] = {name: Taken() for name in names}
    for _ in range(rounds):
        for name in names:
            _run(name, kind, values, folder, taken[name])
    ours = taken[OURS].time
    if count > 1:
        drawn.renderers[title] = {name: count / one.time for name, one in taken.items() if name != LIMIT}
    yield from ("", f"## {title}", "")
    yield from ("| | documents/s | ms | times compiled | MB on top |", "|---|---|---|---|---|")
    for name, one in taken.items():
        cells = (
            f"{count / one.time:,.0f}",
            f"{one.time * 1000:,.0f}",
            f"{one.time / ours:.2f}",
            f"{median(one.memory):.0f}",
        )
        yield f"| {name} | {' | '.join(cells)} |"


def _run(name: str, kind: str, values: Path, folder: Path, taken: Taken) -> None:
    """One contestant's turn; its first document must say what our first says."""
    output, first = folder / name, folder / OURS / "0.docx"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    template = folder / "template.docx"
    if name == LIMIT:
        shutil.copy(first, template)
    else:
        samples.write_template(template, kind, samples.SYNTAX[name])
    command = [*peers.command(name), name, str(template), str(values), str(output)]
    environment = _environment(output / "cache")  # an empty one, for compiling counts
    ran = subprocess.run(command, cwd=month.ROOT, env=environment, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout.splitlines()[-1])
    taken.seconds.append(told["seconds"])
    taken.memory.append(told["memory"])
    if samples.text(output / "0.docx") != samples.text(first):
        sys.exit(f"{name} made another document than {OURS}")


def _environment(cache: Path) -> dict[str, str]:
    """A user's: Python keeps its bytecode. cache: where compiled templates are kept."""
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join((str(month.ROOT), str(peers.PYTHON)))
    return {**usual, "PYTHONPATH": path, ELSEWHERE: str(cache)}


if __name__ == "__main__":
    main()
