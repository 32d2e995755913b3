"""The workbooks of a month's folder, read and validated, one of each; joins nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms import OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Row, Severity
from pipeline.forms.zone import ZoneReport
from pipeline.intake.claims import block_mistaken, claims, number_of, one_of_each, reported
from pipeline.intake.files.folders import FoundWorkbook, registries_above, workbooks
from pipeline.intake.files.properties import modified
from pipeline.intake.files.reading import RawWorkbook, read
from pipeline.intake.issues import Issue, Location
from pipeline.intake.joining import Month, join, listed
from pipeline.intake.messages import sentence, shown
from pipeline.intake.occasion import Occasion
from pipeline.intake.validation import Checked, validate
from pipeline.walking import real


def joined(folder: Path, prefix: str = "") -> Month:
    """Read, validate and join the month that lies in this folder; `prefix` stands before the names that clerks are told.

    Raises PipelineError where there is no registry or no workbook of the office.
    """
    found, issues = workbooks(folder, prefix)
    sources = sorted([*found, *_registries(folder, found, issues)], key=_in_order)
    if not any(source.form is OFFICE_REPORT for source in sources):
        raise PipelineError(_nothing_to_report(folder, issues))
    read_in, more = _read(sources)
    named = Period.of_folder(real(folder).name)
    raws, doubles = one_of_each(read_in, named)
    dropped = {raw.name for raw in read_in} - {raw.name for raw in raws}
    more = [issue for issue in more if issue.location.workbook not in dropped]
    tables: dict[type[Row], Checked] = {Report: Checked()}
    period = reported(raws) or named
    offices = [raw for raw in raws if raw.form is not ZONE_REPORT]
    for raw in offices:
        _validate_into(tables, raw, Occasion(period))
    paths = {source.name: source.path for source in sources}
    claimed = claims([raw for raw in raws if raw.form is ZONE_REPORT], tables, lambda name: modified(paths[name]))
    books = {raw.name: raw.form for raw in (*offices, *claimed.kept)}
    del read_in, raws, offices
    while claimed.kept:  # the raw rows of a workbook are let go of as soon as they are checked
        raw = claimed.kept.pop(0)
        _validate_into(tables, raw, Occasion(period, number_of(raw, tables)))
    tables[Report] = _told_of_the_month(tables[Report], named)
    if ZoneReport in tables:
        tables[ZoneReport] = block_mistaken(tables[ZoneReport], claimed.issues)
    month = join(tables, [*issues, *doubles, *more, *claimed.issues], folder, books, claimed.placed, claimed.guessed)
    return replace(month, files={source.name: source.path for source in sources if source.name not in dropped})


def _in_order(found: FoundWorkbook) -> tuple[bool, bool, str]:
    """The registry first, then the office's workbook, then the zones'."""
    return found.form is not REGISTRY, found.form is not OFFICE_REPORT, found.name


def _told_of_the_month(table: Checked, named: Period | None) -> Checked:
    """The table of 报告信息; where its month, at odds with 制表日期, is not the folder's, that is told as the cause."""
    label = Report.label_of("month")
    for blocked in table.blocked:
        year, month = (blocked.values.get(Report.label_of(name)) for name in ("year", "month"))
        said = Period.parse(f"{shown(year)}-{shown(month):0>2}")
        if named and said not in (None, named) and blocked.faulty == {Report.label_of("made_on")}:
            words = sentence("FL-59", written=said, folder=named)
            told = Issue("FL-59", Severity.必改, Location.at(blocked.origin, label), words, label, shown(month))
            return replace(table, issues=[told if issue.number == "BG-01" else issue for issue in table.issues])
    return table


def _registries(folder: Path, found: Sequence[FoundWorkbook], issues: Iterable[Issue]) -> list[FoundWorkbook]:
    """The registry from above, or several that lie there, where the month's own folder holds none."""
    if any(item.form is REGISTRY for item in found):
        return []
    above = registries_above(folder)
    if not above:
        if not found:
            raise PipelineError(_nothing_to_report(folder, issues))
        raise PipelineError(
            f"“{folder}”及其上级文件夹中没有能读的名录。"
            f"请把填好的名录（空白表见 input_templates/excel/名录.xlsx）放进该文件夹后再试。{listed(issues)}"
        )
    taken = {issue.location.workbook for issue in issues} | {item.name for item in found}
    return [replace(item, name=f"../{item.name}") if item.name in taken else item for item in above]


def _nothing_to_report(folder: Path, issues: Iterable[Issue]) -> str:
    return (
        f"“{folder}”中没有能读的督导室月报，无法出文。"
        f"请把填好的督导室月报.xlsx 和各责任区月报放进该文件夹后再试。{listed(issues)}"
    )


def _read(sources: Iterable[FoundWorkbook]) -> tuple[list[RawWorkbook], list[Issue]]:
    """The raw rows of every workbook that can be read, and what is to be said of files and sheets."""
    raws: list[RawWorkbook] = []
    issues: list[Issue] = []
    for source in sources:
        try:
            raw, found = read(source.path, source.name, source.form)
        except Exception:  # see folders._try
            issues.append(Issue("FL-01", Severity.必改, Location(source.name), sentence("FL-01")))
        else:
            raws.append(raw)
            issues += found
    return raws, issues


def _validate_into(tables: dict[type[Row], Checked], raw: RawWorkbook, occasion: Occasion) -> None:
    for sheet, raw_rows in raw.sheets.items():
        checked, table = validate(sheet, raw_rows, occasion), tables.setdefault(sheet, Checked())
        table.rows += checked.rows
        table.blocked += checked.blocked
        table.issues += checked.issues
        table.normalisations += checked.normalisations
