"""`next`: a month's folder with the workbooks that are to be filled in, made from the month before; nothing is lost.

Knows the order of the steps. What somebody has filled in is left alone, and named with what it lacks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.documents.catalogue import file_name
from pipeline.dossier.carrying import CarriedMonth, CarriedZone, carried
from pipeline.errors import PipelineError
from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.registry import County, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Problem, ZoneReport
from pipeline.intake.files.folders import (
    FoundWorkbook,
    begun,
    folder_of,
    month_folder,
    months_in,
    registries_above,
    workbooks,
)
from pipeline.intake.files.prepared import OFFICE_FILE, as_prepared, recorded
from pipeline.intake.files.reading import read
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.intake.messages import shown
from pipeline.intake.numbers import Remembered
from pipeline.intake.registry import registered
from pipeline.publishing import PlacedFiles, place, refuse_among, writing_to, zipped
from pipeline.run.numbers import kept_numbers
from pipeline.walking import real
from pipeline.workbooks.next_month import write_office, write_zone

TO_SEND = "发给责任区"
"""The folder in the output folder with a zip for each zone, by month."""
REGISTRY_FILE = f"{REGISTRY.name}.xlsx"
LETTER = "说明.txt"


@dataclass(frozen=True)
class LeftWorkbook:
    """A workbook that somebody has changed, or brought: it stays; lacking: the open problems that it does not list."""

    name: str
    whose: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preparation:
    """What `next` did.

    base: the month from which; folder: the month's folder; placed: its workbooks by what became of them; registry: the
    one that serves the month; parcels: the folder of the zips, and what became of those; faults: what in the base must
    be put right; remarks: what the office should know; unclear: workbooks in the folder whose zone is unknown.
    """

    period: Period
    base: Period
    folder: Path
    registry: Path
    placed: PlacedFiles
    left: tuple[LeftWorkbook, ...]
    parcels: Path
    sent: PlacedFiles
    carried: Mapping[str, int]
    faults: tuple[Issue, ...]
    remarks: tuple[str, ...]
    unclear: tuple[str, ...]


def prepare(given: Path, output: Path, period: Period | None = None) -> Preparation:
    """Prepare a month from the one before it, or the month after the newest; see `Preparation`.

    Raises PipelineError if there is no month to make it from, or if a folder cannot be read or written.
    """
    base, month = _base(given, period, kept_numbers(output))
    period = month.period.next
    folder = folder_of(real(base).parent, period) or base.with_name(str(period))
    parcels = output / TO_SEND / str(period)
    for source in (real(base).parent, base):
        refuse_among(source, output, parcels)
    there = _there(folder)
    registry, own = _registry(month, folder, there)
    register = registered(registry, folder)
    plan = carried(month, register, period)
    with writing_to(folder), TemporaryDirectory() as scratch:
        fresh, zips = Path(scratch) / "月", Path(scratch) / "包"
        left, unclear = _write(fresh, plan, register, there, folder)
        if own:
            shutil.copyfile(registry, fresh / REGISTRY_FILE)
        placed = place(fresh, folder)
        _pack(zips, fresh, plan, register, placed)
        sent = place(zips, parcels)
    issues = month.issues if own else (*month.issues, *register.issues)
    changed = (_left(folder, name, plan) for name in placed.left)
    return Preparation(
        period=period,
        base=month.period,
        folder=folder,
        registry=folder / REGISTRY_FILE if own else registry,
        placed=placed,
        left=(*left, *changed),
        parcels=parcels,
        sent=sent,
        carried={zone.name: len(zone.problems) for zone in plan.zones},
        faults=tuple(issue for issue in issues if issue.severity is Severity.必改),
        remarks=plan.remarks,
        unclear=unclear,
    )


# From what -----------------------------------------------------------------------------------------------------------


def _base(given: Path, period: Period | None, known: Remembered) -> tuple[Path, Month]:
    """The folder of the month before, and the month; without a period, the newest that has been filled in."""
    if period and Period.of_folder(real(given).name) == period:
        given = real(given).parent  # the month to prepare itself was named
    folder = month_folder(given, period.previous) if period else _newest(given)
    if Period.of_folder(real(folder).name) is None:
        raise PipelineError(f"“{folder}”没有以月份命名，不知道备哪个月的表。请把它改名为 年-月（如 2024-03）后再试。")
    month = load(folder, remembered=known)
    if period is None and month.one(Report) is None and recorded(folder):
        earlier = begun(months_in(real(folder).parent)).get(month.period.previous)
        if earlier:  # being filled in: it is still the month that was prepared
            return earlier[0], load(earlier[0], remembered=known)
    return folder, month


def _newest(given: Path) -> Path:
    """The newest month that has a workbook of the office; one without was only begun to be collected."""
    newest = month_folder(given, None)
    months = begun(months_in(given)) if newest != given else {}
    for folders in (months[period] for period in sorted(months, reverse=True)):
        if any(one.form is OFFICE_REPORT for one in _there(folders[0])):
            return month_folder(given, Period.of_folder(folders[0].name))
    return newest


def _there(folder: Path) -> list[FoundWorkbook]:
    """The workbooks that the month's folder holds already; [] without a folder."""
    return workbooks(folder)[0] if folder.is_dir() else []


def _registry(month: Month, folder: Path, there: Sequence[FoundWorkbook]) -> tuple[Path, bool]:
    """The registry that serves the month: its own, or that above; else last month's, which is to be copied (True)."""
    record = recorded(folder)
    last = next(month.files[name] for name, form in month.workbooks.items() if form is REGISTRY)
    for one in (each for each in there if each.form is REGISTRY):
        if not as_prepared(one.path, record):
            return one.path, False
        return last, True
    above = registries_above(folder)
    return (above[0].path, False) if above else (last, True)


# The workbooks -------------------------------------------------------------------------------------------------------


def _write(
    fresh: Path, plan: CarriedMonth, register: Month, there: Sequence[FoundWorkbook], folder: Path
) -> tuple[list[LeftWorkbook], tuple[str, ...]]:
    """Write every workbook that nobody has brought under another name; gives those, and those of unknown zones."""
    fresh.mkdir()
    record = recorded(folder)
    brought: dict[str, FoundWorkbook] = {}
    unclear = []
    for one in there:
        if as_prepared(one.path, record) or (one.path.parent == folder and one.path.name in record):
            continue
        whose = OFFICE_REPORT.name if one.form is OFFICE_REPORT else _zone_of(one, register)
        if whose:
            brought.setdefault(whose, one)
        elif one.form is ZONE_REPORT:
            unclear.append(one.name)
    left = [_brought(one, whose, plan) for whose, one in brought.items()]
    if OFFICE_REPORT.name not in brought:
        write_office(fresh / OFFICE_FILE, plan, register)
    for zone in plan.zones:
        if zone.name not in brought:
            write_zone(fresh / _file(zone.name), zone, plan, register)
    return left, tuple(unclear)


def _file(zone: str) -> str:
    return file_name(f"{ZONE_REPORT.name}-{{subject}}.xlsx", zone)


def _zone_of(one: FoundWorkbook, register: Month) -> str:
    """The zone that a workbook states, in full; "" for another form, or if it states no known zone."""
    if one.form is not ZONE_REPORT:
        return ""
    label = ZoneReport.label_of("zone")
    rows = _raw(one.path).get(ZoneReport.sheet_title(), [])
    stated = next((shown(row[label]) for row in rows if label in row), "")
    if plain(stated) == COUNTY_LEVEL:
        return COUNTY_LEVEL
    zone = register.find(Zone, stated)
    return zone.name if zone else ""


def _raw(path: Path) -> dict[str, list[Mapping[str, object]]]:
    """What is written in a zone's workbook, by title of the sheet; {} if it cannot be read."""
    try:
        sheets = read(path, path.name, ZONE_REPORT)[0].sheets
    except Exception:  # a reader fails in many ways; the fault is reported when the month is
        return {}
    return {sheet.sheet_title(): [row.values for row in rows] for sheet, rows in sheets.items()}


def _brought(one: FoundWorkbook, whose: str, plan: CarriedMonth) -> LeftWorkbook:
    return LeftWorkbook(one.name, whose, _lacking(one.path, next((z for z in plan.zones if z.name == whose), None)))


def _left(folder: Path, name: str, plan: CarriedMonth) -> LeftWorkbook:
    zone = next((zone for zone in plan.zones if _file(zone.name) == name), None)
    whose = zone.name if zone else Path(name).stem
    return LeftWorkbook(name, whose, _lacking(folder / name, zone))


def _lacking(path: Path, zone: CarriedZone | None) -> tuple[str, ...]:
    """The open problems of a zone that its workbook does not list."""
    if zone is None:
        return ()
    label = Problem.label_of("id")
    listed = {plain(shown(row.get(label))) for row in _raw(path).get(Problem.sheet_title(), [])}
    return tuple(number for number in zone.problems if plain(number) not in listed)


# What is sent --------------------------------------------------------------------------------------------------------


def _pack(zips: Path, fresh: Path, plan: CarriedMonth, register: Month, placed: PlacedFiles) -> None:
    """A zip for each zone whose workbook is as it was prepared: the workbook, and what to do with it."""
    zips.mkdir()
    letter = zips.with_name(LETTER)
    for zone in plan.zones:
        name = _file(zone.name)
        if zone.name != COUNTY_LEVEL and (fresh / name).exists() and name not in placed.left:
            letter.write_text("\r\n".join(_letter(zone, plan.period, register)) + "\r\n", encoding="utf-8-sig")
            zipped({name: fresh / name, LETTER: letter}, zips / file_name("{subject}.zip", zone.name))


def _letter(zone: CarriedZone, period: Period, register: Month) -> Iterator[str]:
    county = register.one(County)
    day = county.report_day if county else None
    by = f"{period.next.year}年{period.next.month}月{day}日前" if day else "月末后"
    yield f"{zone.name}：请填报{period.year}年{period.month}月的责任区月报。"
    yield f"1. 请用附件《{_file(zone.name)}》填报，不要用以前的空白表；责任区和年月已经填好，不必改。"
    if zone.problems:
        yield (
            f"2. 上月末没有销号的 {len(zone.problems)} 个问题已经列入“问题整改台账”，编号终身不变，请不要改动或删除；"
            "请逐个更新整改状态、整改措施等内容，本月新发现的问题接着往下填。"
        )
    else:
        yield "2. 上月末没有未销号的问题。"
    yield "3. 填报人、审核人沿用上月，有变动的请改；填报日期请填。"
    to = county.office_short if county else "督导室"
    who = f"，联系人：{county.contact}，{county.telephone}" if county else ""
    yield f"4. 请于{by}报{to}{who}。"
