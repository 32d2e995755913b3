"""A month's hand steps, carried out with files and counted: three faults that go back, and the example's month."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.forms.period import Period
from pipeline.trays import Tray
from tests.support.months import part_of_example
from tests.support.reading import EXAMPLE, ZONE

LEDGER = "问题整改台账"
MONTH, NEXT = EXAMPLE.name, str(Period.parse(EXAMPLE.name).next)  # type: ignore[union-attr]


@dataclass
class Desk:
    """The desks of an office and its zones: each act of a person is a step, and moves or changes real files."""

    folder: Path
    steps: list[str] = field(default_factory=list)

    @property
    def month(self) -> Path:
        return self.folder / "各月" / MONTH

    @property
    def made(self) -> Path:
        return self.folder / "文书" / MONTH

    def run(self, *words: str) -> int:
        """Type a command."""
        self.steps.append(" ".join(words))
        return main([words[0], str(self.folder / "各月"), "--output", str(self.folder / "文书"), *words[1:]])

    def send(self, file: Path, whom: str) -> Path:
        """Attach a file to a chat."""
        self.steps.append(f"{file.name} -> {whom}")
        (self.folder / whom).mkdir(exist_ok=True)
        return Path(shutil.copy(file, self.folder / whom))

    def paste(self, message: Path, whom: str) -> str:
        """Paste a message into a chat."""
        self.steps.append(f"{message.name} -> {whom}")
        return message.read_text(encoding="utf-8-sig")

    def correct(self, file: Path, cells: dict[tuple[str, str], object]) -> None:
        """Open a workbook, change some cells, save it."""
        book = load_workbook(file)
        self.steps.append(f"open {file.name}")
        for (sheet, cell), value in cells.items():
            book[sheet][cell] = value
            self.steps.append(f"{sheet} {cell}")
        book.save(file)
        self.steps.append(f"save {file.name}")

    def place(self, file: Path, within: Path) -> None:
        """Save a file from a chat into a folder, over the one of its name."""
        self.steps.append(f"{file.name} -> {within.name}")
        shutil.copy(file, within)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _break(path: Path, cells: Mapping[str, str]) -> None:
    """Write faults into the ledger of a workbook."""
    if cells:
        book = load_workbook(path)
        for cell, wrong in cells.items():
            book[LEDGER][cell] = wrong
        book.save(path)


def _returned(desk: Desk, files: str) -> Iterator[tuple[Path, str]]:
    """The files in 4-退回 of this pattern, with the zone of each."""
    for path in sorted((desk.made / Tray.RETURNED).glob(f"*/{files}")):
        yield path, path.parent.name


def test_three_faults_go_back_and_are_corrected_in_at_most_thirteen_steps(desk: Desk) -> None:
    """Of the office and the zone together; by hand it is 29."""

    part_of_example(desk.month)
    _break(desk.month / ZONE, {"E2": "3月底", "L3": "很重", "Q4": "待定"})
    assert desk.run("report") == 1
    ((message, zone),) = _returned(desk, "回复.txt")
    ((book, _),) = _returned(desk, "*.xlsx")
    assert "必改 3 处" in desk.paste(message, zone)
    received = desk.send(book, zone)
    right = {"E2": datetime(2023, 6, 15), "L3": "一般", "Q4": datetime(2023, 8, 25)}
    desk.correct(received, {(LEDGER, cell): value for cell, value in right.items()})
    back = desk.send(received, "督导室")
    desk.place(back, desk.month)
    assert desk.run("report") == 0
    assert not (desk.made / Tray.RETURNED).exists()
    assert len(desk.steps) <= 13, desk.steps


FAULTY = {
    "云岭责任区": {"E2": "3月底", "L3": "很重", "Q4": "待定", "D2": "快了"},
    "河口责任区": {"E2": "8月", "L3": "重", "Q2": "下周", "D3": "在改"},
    "青竹责任区": {"E2": "月初", "L2": "轻", "Q3": "尽快", "D4": "没有"},
    "石鼓责任区": {"E2": "上旬", "L4": "中", "Q2": "月底"},
}
"""Fifteen faults in the ledgers of four zones."""


def _receive(desk: Desk) -> None:
    """The workbooks of all zones come in, four of them with faults."""
    incoming = desk.folder / "交来"
    incoming.mkdir()
    for path in sorted(desk.month.glob("责任区月报-*.xlsx")):
        shutil.move(path, incoming)
        _break(incoming / path.name, FAULTY.get(path.stem.removeprefix("责任区月报-"), {}))
    for path in sorted(incoming.iterdir()):
        desk.place(path, desk.month)


def _return(desk: Desk) -> None:
    assert desk.run("report", "--period", MONTH) == 1
    for message, zone in _returned(desk, "回复.txt"):
        assert f"必改 {len(FAULTY[zone])} 处" in desk.paste(message, zone)
    for book, zone in _returned(desk, "*.xlsx"):
        received = desk.send(book, zone)
        shutil.copy(EXAMPLE / book.name, received)  # what the zone corrects in it
        desk.place(received, desk.month)


def _number(desk: Desk) -> None:
    assert desk.run("report", "--period", MONTH, "--number-from", "70") == 0
    desk.place(desk.made / Tray.LETTERS / "待编文号.xlsx", desk.month)
    assert desk.run("report", "--period", MONTH, "--zip") == 0


def _send(desk: Desk) -> None:
    """To zones, which hand on to their towns and schools, and to other units."""
    for kind in ("责任区", "其他单位"):
        for parcel in sorted((desk.made / Tray.TO_SEND / kind).glob("*.zip")):
            desk.send(parcel, f"{parcel.stem}的聊天")
    with_zone = {path.stem for path in (desk.made / Tray.TO_SEND).glob("[!责其]*/*.zip")}
    assert with_zone == {path.split("/")[1] for path in _handed_on(desk)}


def _handed_on(desk: Desk) -> Iterator[str]:
    for parcel in (desk.made / Tray.TO_SEND / "责任区").glob("*.zip"):
        with zipfile.ZipFile(parcel) as package:
            yield from (name for name in package.namelist() if name.startswith("转交/"))


def _prepare(desk: Desk) -> None:
    assert desk.run("next") == 0
    for parcel in sorted((desk.folder / "文书" / "发给责任区" / NEXT).glob("*.zip")):
        desk.send(parcel, f"{parcel.stem}的聊天")


def test_the_examples_month_takes_the_office_at_most_sixty_steps(desk: Desk) -> None:
    """The office's steps, from what comes in to the next month's workbooks; what zones type is not counted."""
    shutil.copytree(EXAMPLE.parent, desk.folder / "各月")
    steps = {}
    for part in (_receive, _return, _number, _send, _prepare):
        before = len(desk.steps)
        part(desk)
        steps[part.__name__] = len(desk.steps) - before
    assert len(desk.steps) <= 60, steps
    assert min(steps.values()) > 0
