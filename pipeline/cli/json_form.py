"""The objects that --json prints: version 1, described in docs/json.md and in output.schema.json.

Every field is named here, so that changes within the program do not change the output. A version may gain fields; a
field that is removed or changes its meaning makes a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.terminal_counties import BALANCE, SEVERITIES, by_month, totals

if TYPE_CHECKING:
    from pipeline.counties.counties import CountiesResult, CountyResult, Summary
    from pipeline.dossier.province import CountyBalance
    from pipeline.excel.results import Withheld
    from pipeline.forms.faults.fault import Issue, Normalisation
    from pipeline.forms.places import Location
    from pipeline.intake.replies import SettledIssue
    from pipeline.publishing import Kept
    from pipeline.run.record import Facts
    from pipeline.run.renumbering import EditedLetter
    from pipeline.run.report import Outcome
    from pipeline.run.returning import ReturnedFolder
    from pipeline.word.form import Deviation
    from pipeline.word.printing.pdf import Printing
    from pipeline.word.templates.places import TemplateFault

VERSION = 1
SCHEMA = Path(__file__).with_name("output.schema.json")
"""The objects as a JSON Schema (2020-12)."""
MOST_REASONS = 50
"""Reasons written out at each document; all are listed once, and each document has their positions."""


def failed(sentence: str, exit_code: int) -> dict[str, Any]:
    """Nothing could be done, and why."""
    return _versioned({"error": sentence}, exit_code)


def _versioned(fields: Mapping[str, Any], exit_code: int) -> dict[str, Any]:
    return {"version": VERSION, **fields, "exit_code": exit_code}


# report --------------------------------------------------------------------------------------------------------------


def of_report(outcome: Outcome, exit_code: int) -> dict[str, Any]:
    """A run over one month, or over several as one."""
    positions: dict[str, int] = {}
    for one in outcome.withheld:
        for reason in one.reasons:
            positions.setdefault(reason, len(positions))
    fields = {
        "period": str(outcome.period),
        "folder": str(outcome.folder),
        "made": [str(path) for path in outcome.made],
        "unreported": list(outcome.unreported),
        "results": str(outcome.results),
        "kept": [_kept(one) for one in outcome.kept],
        "edited": [_edited(one, outcome.folder) for one in outcome.edited],
        "to_number": _to_number(outcome) if outcome.registration.proposals else None,
        "remarks": [list(pair) for pair in outcome.remarks],
        "printing": _printing(outcome.printing) if outcome.printing else None,
        "zipped": str(outcome.parcels[0].parents[1]) if outcome.parcels else None,
        "parcels": list(map(str, outcome.parcels)),
        "slowly": [list(pair) for pair in outcome.slowly],
        "deviating": [[str(path), [_deviation(one) for one in found]] for path, found in outcome.deviating],
        "issues": [_issue(one) for one in outcome.issues],
        "normalisations": [_normalisation(one) for one in outcome.normalisations],
        "withheld": [_withheld(one, positions) for one in outcome.withheld],
        "reasons": list(positions),
        "returned": [_returned(one) for one in outcome.returned],
        "settled": [_settled(one) for one in outcome.settled],
    }
    return _versioned(fields, exit_code)


def _returned(one: ReturnedFolder) -> dict[str, Any]:
    changes = one.changes and {"before": one.changes.before, "fixed": one.changes.fixed, "new": one.changes.new}
    return {"whose": one.whose, "files": [str(path) for path in one.files], "faults": one.faults, "changes": changes}


def _settled(one: SettledIssue) -> dict[str, Any]:
    return {**_issue(one.issue), "reply": one.words, "since": one.since}


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "number": issue.number,
        "severity": str(issue.severity),
        "location": _location(issue.location),
        "sentence": issue.sentence,
        "label": issue.label,
        "written": issue.written,
        "cells": issue.cells,
        "about": issue.about,
    }


def _normalisation(one: Normalisation) -> dict[str, Any]:
    return {
        "number": one.number,
        "location": _location(one.location),
        "label": one.label,
        "written": one.written,
        "taken": one.taken,
        "reason": one.reason,
        "filled": one.filled,
    }


def _location(place: Location) -> dict[str, str]:
    return {"workbook": place.workbook, "sheet": place.sheet, "cell": place.cell}


def _withheld(one: Withheld, positions: Mapping[str, int]) -> dict[str, Any]:
    """A document with the positions of all its reasons, and the first ones in words, then how many more there are."""
    more = len(one.reasons) - MOST_REASONS
    last = [f"另有 {more} 条，编号见 because"] if more > 0 else []
    because = [positions[reason] for reason in one.reasons]
    return {"title": one.title, "reasons": [*one.reasons[:MOST_REASONS], *last], "because": because}


def _kept(one: Kept) -> dict[str, Any]:
    return {"path": str(one.path), "differences": list(one.differences)}


def _edited(one: EditedLetter, folder: Path) -> dict[str, Any]:
    return {
        "path": str(folder / one.file),
        "number": {"was": one.was.number, "now": one.now.number},
        "dated": {"was": one.was.dated.isoformat(), "now": one.now.dated.isoformat()},
    }


def _to_number(outcome: Outcome) -> dict[str, Any]:
    of = outcome.registration
    return {
        "path": str(outcome.folder / str(of.proposals)),
        "waiting": list(of.waiting),
        "numbered": [list(pair) for pair in of.numbered],
    }


def _printing(printing: Printing) -> dict[str, Any]:
    fonts = printing.fonts
    return {
        "made": [str(path) for path in printing.made],
        "failed": [{"document": str(one.document), "reason": one.reason} for one in printing.failed],
        "fonts": None if fonts is None else [{"font": one.font, "stand_in": one.stand_in} for one in fonts],
    }


def _deviation(one: Deviation) -> dict[str, str]:
    return {
        "place": one.place,
        "item": one.item,
        "found": one.found,
        "asked": one.asked,
        "clause": one.clause,
        "basis": str(one.basis),
    }


# Several counties ----------------------------------------------------------------------------------------------------


def of_counties(run: CountiesResult, exit_code: int) -> dict[str, Any]:
    """A run over several counties: each county, and each month's totals with its 整改情况汇总."""
    names = ("made", "withheld", *SEVERITIES, *BALANCE)
    fields = {
        "counties": [_county(county) for county in run.counties],
        "totals": {month: dict(zip(names, totals(counties), strict=True)) for month, counties in by_month(run).items()},
        "summaries": [_summary(one) for one in run.summaries],
    }
    return _versioned(fields, exit_code)


def _county(county: CountyResult) -> dict[str, Any]:
    return {
        "name": county.name,
        "given": str(county.given),
        "period": county.period,
        "folder": str(county.folder) if county.folder else None,
        "facts": _facts(county.facts) if county.facts else None,
        "reused": county.reused,
        "reported": county.reported,
        "error": county.error,
    }


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "county": facts.county,
        "made": facts.made,
        "withheld": facts.withheld,
        "unprinted": facts.unprinted,
        "deviating": facts.deviating,
        "issues": dict(facts.issues),
        "unreported": list(facts.unreported),
        "balance": _balance(facts.balance) if facts.balance else None,
    }


def _balance(balance: CountyBalance) -> dict[str, int]:
    return {name: getattr(balance, name) for name in BALANCE}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "period": str(summary.story.period),
        "path": str(summary.path) if summary.path else None,
        "kept": _kept(summary.kept) if summary.kept else None,
        "reason": summary.reason,
    }


# check, check-form ---------------------------------------------------------------------------------------------------


def of_check(found: Mapping[Path, Sequence[TemplateFault]], exit_code: int) -> dict[str, Any]:
    """The templates checked, and every fault."""
    faults = [_template_fault(path, fault) for path, faults in found.items() for fault in faults]
    return _versioned({"templates": [str(path) for path in found], "faults": faults}, exit_code)


def _template_fault(template: Path, fault: TemplateFault) -> dict[str, Any]:
    return {
        "template": template.name,
        "place": str(fault.place),
        "text": fault.text,
        "sentence": fault.sentence,
        "error": fault.error,
    }


def of_check_form(
    found: Mapping[Path, Sequence[Deviation]],
    unread: Mapping[Path, str],
    skipped: Mapping[Path, str],
    exit_code: int,
) -> dict[str, Any]:
    """The documents checked, those that could not be read, and the files skipped, with reasons."""
    checked = [{"file": str(path), "deviations": [_deviation(one) for one in of]} for path, of in found.items()]
    lost = [{"file": str(path), "error": sentence} for path, sentence in unread.items()]
    passed = [{"file": str(path), "skipped": why} for path, why in skipped.items()]
    return _versioned({"files": [*checked, *lost, *passed]}, exit_code)
