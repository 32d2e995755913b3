"""How long reading takes: a ledger with error cells, beside other readers; ours must find every error cell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import ledger
from benchmarks.month import ROOT
from benchmarks.reader import READERS

ROUNDS = {20_000: 3, 200_000: 1}
"""How often each ledger is read, by its number of rows."""
OURS = READERS[:2]


@dataclass
class Turns:
    """What one reader's turns took, and the error cells it reports: address -> text."""

    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def markdown(folder: Path) -> Iterator[str]:
    """The table of each ledger; ledgers are written into the folder and deleted again."""
    yield from ("", "## (d) Reading a zone's workbook with a long 问题整改台账", "")
    bad = f"{len(ledger.errors(10))} error cells, {len(ledger.wrong(10))} of a wrong type"
    yield f"{len(ledger.LABELS)} columns; {bad}."
    yield (
        "`pipeline, rows`: the whole workbook, each row with its labels. `pipeline, cells`: the cells of the one sheet,"
        " as the others give them."
    )
    for rows, rounds in ROUNDS.items():
        path = folder / "ledger.xlsx"
        ledger.write(path, rows)
        yield from _table(rows, rounds, {name: Turns() for name in READERS}, path)
        path.unlink()


def _table(rows: int, rounds: int, turns: dict[str, Turns], path: Path) -> Iterator[str]:
    for _ in range(rounds):
        for name, taken in turns.items():
            turn(name, path, rows, taken)
    yield from ("", f"### {rows:,} rows ({rounds} {'round' if rounds == 1 else 'rounds'})", "")
    yield from ("| | s | times `pipeline, rows` | MB on top | error cells told |", "|---|---|---|---|---|")
    times = {name: median(taken.seconds) for name, taken in turns.items()}
    for name, taken in turns.items():
        told = sum(map(bool, taken.errors.values()))
        cells = (f"{times[name]:.2f}", f"{times[name] / times[OURS[0]]:.1f}", f"{median(taken.memory):.0f}")
        yield f"| {name} | {' | '.join(cells)} | {told} of {len(taken.errors)} |"
    yield ""
    ratios = [f"{times['openpyxl'] / times[ours]:.1f} times as long as `{ours}`" for ours in OURS]
    yield f"openpyxl takes {', '.join(ratios)}."
    alone = [f"`{ours}` {times[ours] / times['calamine alone']:.2f} times" for ours in OURS]
    yield f"Compared with calamine alone, which reports no error cell: {', '.join(alone)}."


def turn(name: str, path: Path, rows: int, taken: Turns) -> None:
    """One reader's turn. Ends the run if it does not give all rows, or ours misses a bad cell."""
    errors, wrong = ledger.errors(rows), ledger.wrong(rows)
    command = [sys.executable, "-m", "benchmarks.reader", name, str(path), *errors, *wrong]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    if told["rows"] != rows:
        sys.exit(f"{name} gave {told['rows']} of {rows} rows")
    if name in OURS and told["said"] != {**errors, **wrong}:
        sys.exit(f"{name} does not tell every bad cell: {told['said']}")
    taken.seconds.append(told["seconds"])
    taken.memory.append(told["memory"])
    taken.errors = {address: told["said"][address] for address in errors}
