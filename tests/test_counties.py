"""Several counties in one run: in turn, in a pool, on Dask; a failure stops nothing, unchanged ones stay."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import pipeline.counties.counties
from pipeline.cli.verbs import main
from pipeline.counties import executing
from pipeline.counties.counties import CountiesResult, CountyResult, Task, named, paying, run
from pipeline.counties.counties import made as made_alone
from pipeline.counties.executing import Lost, each_done
from pipeline.dossier.building import build_dossier
from pipeline.excel import results
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.record import Facts
from pipeline.run.report import report
from pipeline.trays import Tray
from tests.support import county
from tests.support.cluster import cluster, free_port
from tests.support.reading import EXAMPLE, lines

NAMES = ("甲县", "乙县", "丙县")
SUMMARY = "整改情况汇总（2024年3月）.docx"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three counties, each with one month."""
    folder = tmp_path_factory.mktemp("各县")
    for seed, name in enumerate(NAMES):
        county.write(county.county(seed, zones=2, schools=8, records=6, problems=8), folder / name / "2024-03")
    return folder


@pytest.fixture(scope="module")
def given(inputs: Path) -> list[Path]:
    return [inputs / name for name in NAMES]


@pytest.fixture(scope="module")
def local(given: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[CountiesResult, Path]:
    """The run of one worker that others are compared with."""
    output = tmp_path_factory.mktemp("本机")
    return run(given, output, RunOptions(), workers=1), output


def one_by_one(
    work: Callable[[Task], CountyResult], tasks: Sequence[Task], **_: object
) -> Iterator[tuple[Task, CountyResult]]:
    yield from ((task, work(task)) for task in tasks)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in this process, for tests of the result: a new process needs time to start and to check the templates."""
    monkeypatch.setattr(pipeline.counties.counties, "each_done", one_by_one)


def contents(output: Path) -> dict[str, bytes]:
    """The bytes of every document, by its path."""
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(output.rglob("*.docx"))}


def written(output: Path) -> dict[str, int]:
    """When each file of the counties was written, by its path."""
    return {str(path): path.stat().st_mtime_ns for path in output.glob("*/2024-03/**/*") if path.is_file()}


# What comes out ------------------------------------------------------------------------------------------------------


def test_each_county_has_its_folder_and_the_totals_close(local: tuple[CountiesResult, Path]) -> None:
    made, output = local
    assert [c.folder for c in made.counties] == [output / name / "2024-03" for name in NAMES]
    table = Document(str(output / SUMMARY)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    counties, total = rows[1:4], rows[4]
    assert [row[1] for row in counties] == [c.facts.county for c in made.counties if c.facts]
    assert total[0] == "合计（3个）"
    for column in range(2, 7):
        assert int(total[column]) == sum(int(row[column]) for row in counties)
    for row in [*counties, total]:
        opening, new, closed, closing = map(int, row[2:6])
        assert opening + new - closed == closing
        assert row[7] == f"{closed * 100 / (opening + new):.1f}%"
    assert int(total[3]) > 0


def test_a_county_s_numbers_are_those_of_its_own_month_and_folder(local: tuple[CountiesResult, Path]) -> None:
    made, _ = local
    for one in made.counties:
        assert one.facts is not None
        assert one.folder is not None
        dossier = build_dossier(load(one.given))
        assert dossier is not None
        assert one.facts.balance is not None
        for name, number in vars(one.facts.balance).items():
            assert number == getattr(dossier.rectification, name).value
        assert Facts.in_folder(one.folder) == one.facts
        beside = {results.NAME, MANIFEST, Tray.RETURNED, Tray.TO_SEND, "待编文号.xlsx"}
        documents = [path for path in one.folder.rglob("*") if path.is_file() and beside.isdisjoint(path.parts)]
        assert one.facts.made == len(documents)


@pytest.mark.usefixtures("in_this_process")
def test_a_draft_of_the_summary_says_who_is_missing(given: list[Path], tmp_path: Path) -> None:
    run([given[0], tmp_path / "空县"], tmp_path / "out", RunOptions(draft=True), workers=1)
    assert "空县没有列入" in "".join(lines(tmp_path / "out" / SUMMARY.replace(".docx", "（草稿）.docx")))


@pytest.mark.usefixtures("in_this_process")
def test_the_table_and_the_json_tell_of_every_county(
    given: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = list(map(str, given))
    assert main(["report", *folders, str(tmp_path / "没有"), "--output", str(tmp_path), "--workers", "1"]) == 1
    shown = capsys.readouterr()
    assert [line.partition("：")[0] for line in shown.err.splitlines()] == [*NAMES, "没有"]
    assert "共 4 个县：处理成 3 个（其中沿用上次文书 0 个），未成 1 个。" in shown.out
    assert "找不到数据文件夹" in shown.out.replace("\n", "")
    assert main(["report", *folders, "--output", str(tmp_path), "--workers", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["reused"] for one in told["counties"]] == [True] * 3
    totals = told["totals"]["2024-03"]
    assert totals["opening"] + totals["new"] - totals["closed"] == totals["closing"]
    assert totals["made"] == sum(one["facts"]["made"] for one in told["counties"])


def test_one_county_is_reported_as_ever(given: list[Path], tmp_path: Path) -> None:
    main(["report", str(given[0]), "--output", str(tmp_path)])
    assert (tmp_path / "2024-03" / MANIFEST).is_file()
    assert not (tmp_path / SUMMARY).exists()


def test_no_county_that_can_be_run_is_exit_code_2(tmp_path: Path) -> None:
    assert main(["report", str(tmp_path / "一"), str(tmp_path / "二"), "--output", str(tmp_path / "out")]) == 2


# What fails ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_this_process")
def test_counties_that_failed_or_did_not_report_are_named_and_the_rest_is_made(
    given: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "空县" / "2024-03").mkdir(parents=True)
    damaged = tmp_path / "误县" / "2024-03"
    county.write(county.county(7, zones=1, schools=4, problems=4), damaged)
    book = next(path for path in damaged.glob("责任区月报-*.xlsx") if load_workbook(path)["问题整改台账"]["A2"].value)
    page = load_workbook(book)
    page["问题整改台账"]["A2"] = "不成编号"
    page.save(book)
    (tmp_path / "坏县" / "2024-03").mkdir(parents=True)
    (tmp_path / "坏县" / "2024-03" / "督导室月报.xlsx").write_bytes(b"no workbook")

    folders = [*given[:2], tmp_path / "空县", tmp_path / "误县", tmp_path / "坏县"]
    made = run(folders, tmp_path / "out", RunOptions(), workers=1)
    assert [c.facts is not None for c in made.counties] == [True, True, False, True, False]
    assert made.incomplete
    (summary,) = made.summaries
    assert summary.story.absent == ("空县",)
    assert summary.story.faulty == (made.counties[3].called, "坏县")
    text = "".join(lines(tmp_path / "out" / SUMMARY))
    assert "未报送、未列入本表的县（市、区）：空县。" in text
    assert f"本月的表有误、未列入本表的县（市、区）：{made.counties[3].called}、坏县。" in text
    assert "合计（2个）" in text


def failing(given: Path, *others: object, **options: object) -> object:
    """A report that goes wrong as the county's name says."""
    if given.name == "误县":
        raise ZeroDivisionError("division by zero")
    if given.name == "大县":
        bytearray(sys.maxsize)
    if given.name == "死县":
        os.kill(os.getpid(), signal.SIGKILL)
    return report(given, *others, **options)  # type: ignore[arg-type]


def made_failing(task: Task) -> CountyResult:
    """A worker's run with `failing` put into it: a worker does not see what is patched in this process."""
    with pytest.MonkeyPatch.context() as worker:
        worker.setattr(pipeline.counties.counties, "report", failing)
        return made_alone(task)


def test_what_fails_in_one_county_stops_no_other_with_one_worker_too(
    given: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("误县", "大县", "死县"):
        shutil.copytree(given[1], tmp_path / name)
    monkeypatch.setattr(pipeline.counties.counties, "made", made_failing)
    folders = [given[0], *(tmp_path / name for name in ("误县", "大县", "死县")), given[2]]
    came = run(folders, tmp_path / "out", RunOptions(), workers=1)
    assert [c.facts is not None for c in came.counties] == [True, False, False, False, True]
    assert "这是程序的问题，不是表的问题" in came.counties[1].error
    assert "ZeroDivisionError" in came.counties[1].error
    assert came.counties[2].error == "内存不足，没有处理完。请关闭其他程序后再运行一次。"
    assert "意外中止" in came.counties[3].error
    assert "合计（2个）" in "".join(lines(tmp_path / "out" / SUMMARY))


def test_a_county_alone_that_lacks_memory_ends_with_a_sentence(
    given: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(given[1], tmp_path / "大县")
    monkeypatch.setattr(pipeline.counties.counties, "report", failing)
    (county,) = run([tmp_path / "大县"], tmp_path / "out", RunOptions()).counties
    assert county.error.startswith("内存不足")


def broken(_: Path, __: object, target: Path, **___: object) -> None:
    """Printing that leaves a document which no program opens."""
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<w:document")


@pytest.mark.usefixtures("in_this_process")
def test_a_summary_that_is_broken_is_not_written(
    given: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.counties.counties, "render", broken)
    (summary,) = run(given[:2], tmp_path, RunOptions(), workers=1).summaries
    assert summary.path is None
    assert summary.reason.startswith("由模板《整改情况汇总.docx》印出的文件")
    assert not list(tmp_path.glob("*.docx"))


@pytest.mark.usefixtures("in_this_process")
def test_counties_of_different_months_are_reported_and_tabulated_by_month(
    given: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["report", str(given[0]), str(EXAMPLE), "--output", str(tmp_path), "--workers", "1"])
    shown = capsys.readouterr().out.replace("\n", "")
    assert f"各县的月份不同（{EXAMPLE.name}、2024-03），已按月分列；要统一月份，请加 --period。" in shown
    assert len(list(tmp_path.glob("整改情况汇总（*）.docx"))) == 2, "one for each month"


# Names ---------------------------------------------------------------------------------------------------------------


def test_counties_are_called_by_their_folders_and_told_apart_by_those_above(tmp_path: Path) -> None:
    for part in ("东市/甲县/2024-03", "西市/甲县/2024-03", "乙县/2024-02", "乙县/2024-03"):
        (tmp_path / part).mkdir(parents=True)
    folders = [tmp_path / "东市/甲县", tmp_path / "西市/甲县/2024-03", tmp_path / "乙县", tmp_path / "乙县/2024-03"]
    tasks = named([*folders, tmp_path / "乙县/2024-02"], tmp_path / "out", RunOptions())
    assert [task.name for task in tasks] == ["东市-甲县", "西市-甲县", "乙县", "乙县"]
    assert [task.given.name for task in tasks] == ["甲县", "2024-03", "乙县", "2024-02"]


# What has not changed ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_this_process")
def test_what_has_not_changed_is_not_made_again(given: list[Path], tmp_path: Path) -> None:
    run(given, tmp_path, RunOptions(), workers=1)
    before = written(tmp_path)
    again = run(given, tmp_path, RunOptions(), workers=1)
    assert [c.reused for c in again.counties] == [True] * 3
    assert written(tmp_path) == before
    forced = run(given[:2], tmp_path, RunOptions(), again=True, workers=1)
    assert [c.reused for c in forced.counties] == [False] * 2
    assert [c.reused for c in run(given[:2], tmp_path, RunOptions(parcels=True), workers=1).counties] == [False] * 2


def test_a_county_is_made_again_where_anything_it_depends_on_has_changed(tmp_path: Path) -> None:
    month = tmp_path / "in" / "甲县" / "2024-03"
    county.write(county.county(3, zones=1, schools=4, records=3, problems=3), month)
    folder, out = month.parent, tmp_path / "out"

    def reused() -> bool:
        (made,) = run([folder], out, RunOptions(), workers=1).counties
        assert made.facts is not None
        return made.reused

    assert [reused(), reused()] == [False, True]
    (month / "旧表.xls").write_bytes(b"anything")  # it is reported
    assert [reused(), reused()] == [False, True]
    (folder / "2024-02").mkdir()
    (folder / "2024-02" / "督导室月报.xlsx").write_bytes(b"anything")
    assert [reused(), reused()] == [False, True]
    (folder / "名录.xlsx").write_bytes((month / "名录.xlsx").read_bytes())
    assert [reused(), reused()] == [False, True]
    next((out / "甲县" / "2024-03" / Tray.SUMMARIES).glob("*.docx")).unlink()
    assert [reused(), reused()] == [False, True]
    (out / "甲县" / "2024-03" / "扫描件.pdf").write_bytes(b"a file of somebody's own")
    assert reused()


@pytest.mark.usefixtures("in_this_process")
def test_a_summary_that_somebody_has_edited_is_kept(given: list[Path], tmp_path: Path) -> None:
    run(given[:2], tmp_path, RunOptions(), workers=1)
    edited = Document(str(tmp_path / SUMMARY))
    edited.paragraphs[0].runs[0].text = "改过的标题"
    edited.save(str(tmp_path / SUMMARY))
    (summary,) = run(given[:2], tmp_path, RunOptions(), workers=1).summaries
    assert summary.kept is not None
    assert summary.kept.path == tmp_path / "手工修改" / SUMMARY
    assert lines(summary.kept.path)[0] == "改过的标题"
    assert lines(tmp_path / SUMMARY)[0] == "教育督导问题整改情况汇总"
    (summary,) = run(given[:2], tmp_path, RunOptions(), workers=1).summaries
    assert summary.kept is None


# A pool --------------------------------------------------------------------------------------------------------------


def test_a_pool_makes_what_one_process_makes(
    given: list[Path], tmp_path: Path, local: tuple[CountiesResult, Path]
) -> None:
    made = run(given, tmp_path, RunOptions(), workers=2)
    assert [c.facts for c in made.counties] == [c.facts for c in local[0].counties]
    assert contents(tmp_path) == contents(local[1])


def test_a_worker_that_is_killed_costs_no_county(given: list[Path], tmp_path: Path) -> None:
    killed: list[int] = []

    def told(_: object) -> None:
        if not killed:
            child = multiprocessing.active_children()[0].pid
            assert child is not None
            os.kill(child, signal.SIGKILL)
            killed.append(child)

    made = run(given, tmp_path, RunOptions(), workers=2, when_done=told)
    assert killed
    assert [c.facts is not None for c in made.counties] == [True] * 3
    assert not list(tmp_path.glob("*/.*.新-*"))


def dying(task: str) -> str:
    """Work that kills its process."""
    if task == "坏":
        os.kill(os.getpid(), signal.SIGKILL)
    return task * 2


@pytest.mark.parametrize("workers", [1, 2])
def test_work_that_kills_its_process_is_lost_alone(workers: int) -> None:
    done = dict(each_done(dying, ["甲", "坏", "乙", "丙"], workers=workers))
    assert {task: done[task] for task in ("甲", "乙", "丙")} == {"甲": "甲甲", "乙": "乙乙", "丙": "丙丙"}
    assert isinstance(done["坏"], Lost)
    assert "意外中止" in done["坏"].sentence


def limits(_: str) -> tuple[int, int]:
    """The process that did it, and how much memory it may take."""
    return os.getpid(), resource.getrlimit(resource.RLIMIT_AS)[0]


def test_several_tasks_are_done_outside_this_process_in_the_computer_s_memory_and_one_alone_here() -> None:
    before = limits("")
    (first, most), second = (result for _, result in each_done(limits, ["甲", "乙"]) if not isinstance(result, Lost))
    assert second == (first, most)
    assert first != os.getpid()
    assert 0 < most <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert [result for _, result in each_done(limits, ["甲"], workers=4)] == [before]


def test_few_counties_are_run_one_after_the_other_and_many_on_every_processor() -> None:
    assert paying(7) == 1
    assert paying(1000) == min(os.cpu_count() or 1, 61)


# Dask ----------------------------------------------------------------------------------------------------------------


def test_dask_makes_what_one_process_makes(
    given: list[Path], tmp_path: Path, local: tuple[CountiesResult, Path]
) -> None:
    with cluster(tmp_path) as (address, *_):
        made = run([*given, tmp_path / "没有"], tmp_path / "out", RunOptions(), scheduler=address)
        assert [c.facts for c in made.counties] == [*(c.facts for c in local[0].counties), None]
        counties = {name: made for name, made in contents(tmp_path / "out").items() if "/" in name}
        assert counties == {name: made for name, made in contents(local[1]).items() if "/" in name}
        again = run(given, tmp_path / "out", RunOptions(), scheduler=address)
        assert [c.reused for c in again.counties] == [True] * 3
        assert contents(tmp_path / "out") == contents(local[1])


def test_a_dask_worker_that_is_killed_costs_no_county(given: list[Path], tmp_path: Path) -> None:
    with cluster(tmp_path) as (address, workers, _):
        made = run(
            given,
            tmp_path / "out",
            RunOptions(),
            scheduler=address,
            when_done=lambda _: workers[0].kill(),
        )
        assert [c.facts is not None for c in made.counties] == [True] * 3


def test_a_scheduler_that_dies_ends_the_run_with_a_sentence_and_what_was_made_stays(
    given: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with cluster(tmp_path, workers=1) as (address, _, scheduler):
        made = run(given, tmp_path / "out", RunOptions(), scheduler=address, when_done=lambda _: scheduler.kill())
    first, *others = sorted(made.counties, key=lambda county: county.facts is None)
    assert first.facts is not None
    assert all("与调度程序的连接断了" in c.error for c in others)
    assert caplog.records == []  # Dask would show tracebacks


def test_a_cluster_without_workers_ends_with_a_sentence(
    given: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "PATIENCE", 1)
    with cluster(tmp_path, workers=0) as (address, *_):
        made = run(given, tmp_path / "out", RunOptions(), scheduler=address)
    assert made.nothing_made
    assert all("没有工作进程可用" in c.error for c in made.counties)


@pytest.mark.parametrize("address", ["主机名", "tcp://", "tcp://127.0.0.1:端口", "http://127.0.0.1:8786"])
def test_what_is_no_address_of_a_scheduler_leaves_no_client_half_made(
    address: str, given: list[Path], tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "report",
        str(given[0]),
        "--output",
        str(tmp_path),
        "--scheduler",
        address,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)  # one sentence, and nothing from the end of the run
    assert f"连不上 Dask 调度程序“{address}”" in ended.stderr


def test_a_scheduler_that_cannot_be_reached_is_reported(
    given: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "CONNECTING", 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "不是地址"):
        folders = list(map(str, given))
        assert main(["report", *folders, "--output", str(tmp_path / "out"), "--scheduler", address]) == 2
        assert f"连不上 Dask 调度程序“{address}”" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
