"""How a large county fares: a whole `report` of a month without faults, and of the same month damaged.

`python -m benchmarks.large`. The months are invented (`tests.support.county`), with 750 problems a zone. In the damaged
one, every third problem has a state that does not exist. Each run is a process of its own. The figures are its seconds
of CPU, which other work on the computer disturbs less than wall-clock time, its peak of memory, and its lines of
output.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support import county

SEED = 13
PROBLEMS_OF_A_ZONE = 750
RECORDS_PER_PROBLEM = 1 / 3
_HEAD = f"{'problems':>9}{'schools':>9}  {'month':<9}{'exit':>5}{'CPU s':>8}{'peak MB':>9}{'lines':>7}"


@dataclass(frozen=True)
class Measured:
    """A run of `report`: its exit code, seconds of CPU, peak of memory, and lines printed."""

    code: int
    seconds: float
    megabytes: float
    lines: int


def main() -> None:
    """Build the months and print a line for each run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--problems", type=int, nargs="+", default=[15_000, 30_000, 60_000])
    parser.add_argument("--schools", type=int, help="of each month (default: one to 30 problems)")
    parser.add_argument("--only", choices=["clean", "damaged"], help="one of the two months alone")
    args = parser.parse_args()
    print(_HEAD)
    for problems in args.problems:
        schools = args.schools or max(1, problems // 30)
        for kind in [args.only] if args.only else ["clean", "damaged"]:
            with tempfile.TemporaryDirectory() as folder:
                build(Path(folder) / "2024-03", problems, schools, damaged=kind == "damaged")
                run = reported(Path(folder) / "2024-03", Path(folder) / "output")
            figures = f"{run.code:>5}{run.seconds:>8.1f}{run.megabytes:>9.0f}{run.lines:>7}"
            print(f"{problems:>9}{schools:>9}  {kind:<9}{figures}", flush=True)


def build(month: Path, problems: int, schools: int, *, damaged: bool = False) -> None:
    """Write a month's workbooks into a new folder; with `damaged`, every third problem has a wrong cell."""
    zones = -(-problems // PROBLEMS_OF_A_ZONE)
    workbooks = county.county(
        SEED,
        zones=zones,
        towns=max(zones, schools // 16),
        schools=schools,
        inspectors=3 * zones,
        people=20,
        records=int(problems * RECORDS_PER_PROBLEM),
        problems=problems,
    )
    for _, rows in workbooks.values():
        for line in rows.get("问题整改台账", [])[::3] if damaged else []:
            line["整改状态"] = "改了"
    county.write(workbooks, month)


def reported(month: Path, output: Path) -> Measured:
    """Run `report` in its own process, as the office does."""
    command = [sys.executable, "-m", "pipeline", "report", str(month), "--output", str(output)]
    with tempfile.TemporaryFile() as told:
        run = subprocess.Popen(
            command, stdout=told, stderr=subprocess.STDOUT, cwd=Path(__file__).resolve().parent.parent
        )
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        lines = sum(1 for _ in told)
    per_megabyte = 2**20 if sys.platform == "darwin" else 1024
    return Measured(run.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / per_megabyte, lines)


if __name__ == "__main__":
    main()
