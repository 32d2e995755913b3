"""A whole run: the example's facts in its documents, and a sentence for every way in which a run can go wrong."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.documents.catalogue import Document as Kind
from pipeline.documents.catalogue import documents, file_name, unlike
from pipeline.dossier.building import build_dossier
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.figures import Absent, AbsentFact
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST
from pipeline.run import report as conductor
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.template_checks import faults_of
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.trays import Tray
from pipeline.word.rendering.environment import environment, sentence
from pipeline.word.rendering.template import render
from pipeline.word.templates.places import TemplateFault
from tests.support.months import part_of_example
from tests.support.reading import EXAMPLE, family_of, lines, of_family, of_word, table, text

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "fact",
    [
        "督学责任区由8个增加到10个",
        "专职督学（含责任区主任）由25人增加到29人",
        "平均年龄由51周岁降至46周岁",
        "聘任兼职督学51人",
        "中心校、县直学校负责人和财务人员16人，原责任区主任4人，原专职督学3人，初中校长6人",
        "本月新到县政府教育督导室工作人员2人",
        "于8月4日、5日、9日、10日开展督导，共组成5个检查组",
        "乡镇街道学校62所（分布在29个乡镇、街道）",
        "未发现学校组织集体补课或强制自修",
        "座谈会由董芸（市教育体育局副局长）主持，共5项议程",
        "由周瀚（督导室副主任）主持，62人参加",
        "《教育督导法规政策文件汇编》《清溪县督学工作手册》",
        "上午到白沙完小、松坡小学、黄榆小学、井塘中学、雕岭小学、胜水学校，共6所学校",
        "下午到月塘完小、溪滨中学，共2所学校",
        "视导发现的5个问题已列入整改台账",
        "专项督导组全体督学共72人参加",
        "共分12个督导组，安排督学72人",
        "上月末未销号问题10个，本月新增40个，销号12个，月末未销号38个",
    ],
)
def test_the_summary_says(summary: Path, fact: str) -> None:
    assert fact in text(summary)


def test_the_summary_has_its_ten_sections_in_order(summary: Path) -> None:
    headings = [p.text for p in Document(str(summary)).paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [
        "队伍建设",
        "专项督导",
        "经常性督导",
        "上级调研和交流",
        "会议和培训",
        "乡镇视导",
        "评估监测",
        "问题整改",
        "存在不足",
        "下步打算",
    ]


def test_the_list_has_a_row_for_each_problem_and_its_totals_close(county_list: Path) -> None:
    heading, *rows, totals = [line.split(" | ") for line in lines(county_list) if " | " in line]
    assert heading == ["序号", "学校", "问题", "整改要求", "责任单位", "责任人", "期限", "状态", "销号日期"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 51)]
    states = [row[7].removesuffix("（逾期）") for row in rows]
    told = "、".join(
        f"{state}{states.count(state)}个" for state in ("未启动", "整改中", "已完成待核查", "退回重改", "已销号")
    )
    overdue = sum(row[7].endswith("（逾期）") for row in rows)
    assert totals == ["合计", f"共50个问题：{told}；其中逾期{overdue}个。"]


def test_both_documents_are_made_and_nothing_must_be_mended(outcome: Outcome) -> None:
    made = Counter(family_of(path) for path in outcome.made)
    lists = {"清单": 2, "责任区": 11, "学校": 30, "乡镇街道": 23, "督导工作": 3}
    assert made == {**lists, "通知": 2, "整改通知书": 6, "督办单": 7, "意见书": 7, "通报": 2, "总结": 1, "呈签": 1}
    assert outcome.withheld == ()
    assert {issue.severity for issue in outcome.issues} == {"提示"}


def test_no_input_is_changed(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    before = digests(folder)
    report(folder, tmp_path / "out")
    assert digests(folder) == before


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


# What can go wrong ---------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_run_from_the_terminal_ends_with_a_table_and_exit_code_0(outcome: Outcome, tmp_path: Path) -> None:
    done = run("report", "input", "--output", tmp_path, "--period", "2023-08")
    assert done.returncode == 0, done.stderr
    assert f"共生成 {len(outcome.made)} 份，未生成 0 份" in done.stdout
    assert "…" not in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "没有这个文件夹"], "找不到数据文件夹“没有这个文件夹”"),
        (["report", "input", "--period", "2022-01"], "没有 2022-01 这个月的文件夹"),
        (["report", "input", "--period", "8月"], "时段“8月”写法不对。月份请写作 2024-03"),
        (["report"], "命令写法不对"),
        (["draw"], "命令写法不对"),
        (["blank", "input_templates/excel", "--registry", str(EXAMPLE / "名录.xlsx")], "请写到别的文件夹"),
        (["blank", "output/x", "--registry", "没有.xlsx"], "无法读取名录“没有.xlsx”"),
        (["blank", "output/x", "--registry", str(EXAMPLE / "督导室月报.xlsx")], "不是名录"),
    ],
)
def test_a_wrong_call_is_reported_in_chinese_with_exit_code_2(words: list[str], told: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_month_without_a_registry_says_where_to_put_it(folder: Path, tmp_path: Path) -> None:
    (folder / "名录.xlsx").unlink()
    with pytest.raises(PipelineError, match="没有能读的名录"):
        report(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_nearest_registry_above_the_month_serves(folder: Path, tmp_path: Path) -> None:
    (folder / "名录.xlsx").rename(tmp_path / "全县底册.xlsx")
    assert report(folder, tmp_path / "out").withheld == ()


def test_an_empty_month_is_reported(tmp_path: Path) -> None:
    (tmp_path / "2023-08").mkdir()
    shutil.copy(EXAMPLE / "名录.xlsx", tmp_path)
    with pytest.raises(PipelineError, match="没有能读的督导室月报，无法出文"):
        report(tmp_path, tmp_path / "out")


def test_a_month_with_one_zone_only_is_reported_and_names_the_others(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    zones = sorted(folder.glob("责任区月报-*.xlsx"))
    for path in zones[1:]:
        path.unlink()
    done = report(folder, tmp_path / "out")
    assert done.withheld == ()
    assert len(done.unreported) == 10, "nine zones and 县本级"
    summary = of_family(done.made, "总结")[0]
    assert "尚未报送本月数据，以下各项数字不含其情况" in text(summary)


def test_without_a_period_the_newest_month_is_taken(folder: Path, tmp_path: Path) -> None:
    folder.with_name("2023-05").mkdir()
    assert report(tmp_path, tmp_path.with_name("out")).period == Period(2023, 8)


def test_a_folder_of_another_month_than_its_workbook_is_reported(tmp_path: Path) -> None:
    part_of_example(tmp_path / "2023-09")
    with pytest.raises(PipelineError, match="填的是 2023-08，不是 2023-09"):
        report(tmp_path, tmp_path / "out", RunOptions(Period(2023, 9)))


def test_a_missing_template_withholds_its_documents_alone(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "word")
    (tmp_path / "word" / "整改清单.docx").unlink()
    done = report(folder, tmp_path / "out", RunOptions(templates=tmp_path / "word"))
    assert not [path for path in of_word(done.made) if Tray.LISTS in path.parts]
    assert of_family(done.made, "总结")
    assert {withheld.reasons for withheld in done.withheld} == {
        ("模板《整改清单.docx》：找不到这个文件，请核对文件名；模板丢失的，请从原始版本中恢复",)
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "这是空文件（0 字节），请从原始版本中恢复"),
        (b"PK\x03\x04 no zip", "文件不完整或已损坏，请从原始版本中恢复"),
        (b"not a document at all", "这不是 .docx 文件，请用 Word 或 WPS 打开，另存为 .docx"),
    ],
)
def test_a_broken_template_is_reported_without_a_traceback(
    folder: Path, tmp_path: Path, content: bytes, told: str
) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "word")
    (tmp_path / "word" / "整改清单.docx").write_bytes(content)
    done = report(folder, tmp_path / "out", RunOptions(templates=tmp_path / "word"))
    assert {withheld.reasons for withheld in done.withheld} == {(f"模板《整改清单.docx》：{told}",)}
    assert of_family(done.made, "总结")


def with_mark(folder: Path, mark: str) -> Path:
    """The templates with a mark at the end of 整改清单."""
    return with_mark_in(Path(shutil.copytree(TEMPLATES, folder)), mark)


def with_mark_in(folder: Path, mark: str) -> Path:
    """A folder of templates, in which 整改清单 gets a mark at its end."""
    document = Document(str(folder / "整改清单.docx"))
    document.add_paragraph(mark)
    document.save(str(folder / "整改清单.docx"))
    return folder


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("{{ 没有这个变量 }}", "没有“没有这个变量”这个变量，请核对变量名"),
        ("{% for x in range(10000000) %}{% endfor %}", "模板里不能用“range(……)”这样的写法，请改用变量和过滤器"),
    ],
)
def test_a_template_at_fault_withholds_all_its_documents_and_no_other(
    folder: Path, tmp_path: Path, mark: str, told: str, draft: bool, part: Outcome
) -> None:
    done = report(folder, tmp_path / "out", RunOptions(templates=with_mark(tmp_path / "word", mark), draft=draft))
    lists = [path for path in of_word(part.made) if Tray.LISTS in path.parts]
    assert len(done.withheld) == len(lists)
    assert len(done.made) == len(part.made) - len(lists)
    (reasons,) = {withheld.reasons for withheld in done.withheld}
    (reason,) = reasons
    assert reason == f"模板《整改清单.docx》正文第4段“{mark.removesuffix('{% endfor %}')}”：{told}"


def test_a_template_is_checked_once_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object]] = []
    real = faults_of

    def counting(document: Kind, folder: Path) -> tuple[TemplateFault, ...]:
        asked.append((document.template, document.context))
        return real(document, folder)

    monkeypatch.setattr("pipeline.run.template_checks.faults_of", counting)
    report(EXAMPLE, tmp_path / "out")
    assert len(asked) == len(set(asked))
    assert {template for template, _ in asked} == {kind.template for kind in documents() if not kind.longer}


def test_a_template_that_an_earlier_run_found_sound_is_not_checked_again_and_a_changed_one_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = faults_of

    def counting(document: Kind, folder: Path) -> tuple[TemplateFault, ...]:
        if document.template:
            asked.append(document.template)
        return real(document, folder)

    monkeypatch.setattr("pipeline.run.template_checks.faults_of", counting)
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    first = report(folder, tmp_path / "out", RunOptions(templates=templates))
    manifest = (first.folder / MANIFEST).read_bytes()
    assert asked
    asked.clear()
    report(folder, tmp_path / "out", RunOptions(templates=templates))
    assert asked == []
    assert (first.folder / MANIFEST).read_bytes() == manifest
    with_mark_in(templates, "{{ 没有这个变量 }}")
    again = report(folder, tmp_path / "out", RunOptions(templates=templates))
    assert set(asked) == {"整改清单"}
    assert len(again.withheld) == len([path for path in of_word(first.made) if Tray.LISTS in path.parts])


def test_a_remark_on_a_template_withholds_nothing(folder: Path, tmp_path: Path) -> None:
    done = report(folder, tmp_path / "out", RunOptions(templates=with_mark(tmp_path / "word", "{{ 制表日期 }}")))
    assert done.withheld == ()


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    found = build_dossier(load(part_of_example(tmp_path_factory.mktemp("part") / EXAMPLE.name), None))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("{{ 没有这个变量 }}", "用了“没有这个变量”这个没有的变量"),
        ("{% for 行 in 问题 %}", "中的标记写法有误"),
        ("{{ 问题.__class__.__mro__ }}", "用了不允许的写法"),
        ("{{ 主送机关.x.y }}", "用了“主送机关”这个没有的变量"),
        ("{% if 问题|没有这个过滤器 %}{% endif %}", "“没有这个过滤器”这个没有的过滤器"),
        ("{{ 合计 + 1 }}", "用错了地方"),
        ("{{ 合计|int }}", "“int”这个没有的过滤器"),
        ("{{ 年份|月日 }}", "用错了地方"),
        ("{{ 1/0 }}", "用错了地方"),
        ("{% for x in range(10000000) %}{% endfor %}", "用错了地方"),
        ('{% include "x" %}', "用错了地方"),
        ("{% for 行 in 问题 %}{{ 行.销号日期|日期 }}{% endfor %}", "要印“销号日期”，但本月没有这项内容"),
        ("{% for 行 in 问题 %}{{ 行.销号日期 }}{% endfor %}", "要印“销号日期”，但本月没有这项内容"),
    ],
)
def test_what_an_unchecked_template_does_wrong_is_reported_by_its_name(
    dossier: Dossier, tmp_path: Path, mark: str, told: str
) -> None:
    kind = next(kind for kind in documents() if kind.template == "整改清单")
    draft = next(kind.drafts(dossier))
    path = with_mark(tmp_path / "word", mark) / "整改清单.docx"
    with pytest.raises(PipelineError, match=f"整改清单.*{re.escape(told)}"):
        render(path, draft.context, tmp_path / "清单.docx")
    assert not (tmp_path / "清单.docx").exists()


def test_an_output_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(PipelineError, match="无法写入输出文件夹"):
        report(EXAMPLE, tmp_path / "out")


def test_an_output_folder_on_a_closed_device_is_reported() -> None:
    with pytest.raises(PipelineError, match="无法写入输出文件夹"):
        report(EXAMPLE, Path("/dev/null/out"))


def test_a_broken_workbook_withholds_what_is_its_own_and_is_named(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "责任区月报-县本级.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = report(folder, tmp_path / "out")
    assert done.withheld[0].title == "县本级2023年8月教育督导问题整改清单"
    assert all("责任区月报-县本级.xlsx" in withheld.reasons[0] for withheld in done.withheld)
    (folder / "责任区月报-县本级.xlsx").unlink()
    without = report(folder, tmp_path / "without")
    assert [path.name for path in without.made] == [path.name for path in done.made]
    assert done.unreported == without.unreported == ("县本级",)


def test_marks_of_xml_and_of_templates_in_cells_reach_the_document_as_text(folder: Path, tmp_path: Path) -> None:
    wild = 'A & B <x> "引" {{ 7*7 }} {% raw %} ｛｛ ｝｝'
    book = load_workbook(folder / "督导室月报.xlsx")
    book["叙述补充"]["B2"] = wild
    book.save(folder / "督导室月报.xlsx")
    done = report(folder, tmp_path / "out")
    assert wild in text(of_family(done.made, "总结")[0])


def test_withheld_documents_give_exit_code_1_and_their_reasons(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(folder / "责任区月报-县本级.xlsx")
    book["问题整改台账"]["L2"] = "很严重"
    book.save(folder / "责任区月报-县本级.xlsx")
    assert main(["report", str(folder), "--output", str(tmp_path / "out")]) == 1
    shown = capsys.readouterr().out
    assert "未生成" in shown
    assert "“很严重”不在选项之内" in shown
    assert not of_family(conductor.report(folder, tmp_path / "out").made, "清单")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("清溪县总结", "清溪县总结"),
        ("../../溪县", "／..／溪县"),
        ('a\\b:c*d?e"f<g>h|i', "a＼b：c＊d？e＂f＜g＞h｜i"),
        ("甲\n乙\x00丙", "甲乙丙"),
        ("...", "未命名"),
        ("清溪县总结. ", "清溪县总结"),
        ("长" * 200, "长" * 75 + "…"),
    ],
)
def test_a_title_becomes_a_file_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name("{subject}", title) == name


def test_a_long_name_is_cut_in_the_subject_and_keeps_what_the_document_is() -> None:
    name = file_name("{subject}{year}年{month}月整改清单", "长" * 90, year=2024, month=3)
    assert name.endswith("长…2024年3月整改清单")
    assert len(name) <= 120
    assert len(f"{name}（草稿）（2）.docx".encode()) <= 255


def test_names_that_would_be_one_file_are_numbered() -> None:
    assert unlike("甲", set()) == "甲"
    assert unlike("A", {"a", "a（2）"}) == "A（3）"


def test_a_county_named_like_a_path_stays_in_its_folder(folder: Path, tmp_path: Path) -> None:
    book = load_workbook(folder / "名录.xlsx")
    book["基础信息"]["B2"] = "../../" + "溪" * 90 + '/:*?"<>|县'
    book.save(folder / "名录.xlsx")
    done = report(folder, tmp_path / "out")
    assert done.withheld == ()
    assert all((tmp_path / "out" / "2023-08").resolve() in path.resolve().parents for path in done.made)
    assert all(path.is_file() for path in done.made)


def test_a_folder_named_for_another_month_is_reported_without_a_period_too(tmp_path: Path) -> None:
    part_of_example(tmp_path / "2023-09")
    with pytest.raises(PipelineError, match="填的是 2023-08，不是 2023-09"):
        report(tmp_path, tmp_path / "out")


def test_a_filled_workbook_is_never_overwritten_by_a_blank(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(folder)
    assert main(["blank", str(folder)]) == 2
    assert "已经填有内容" in capsys.readouterr().err
    assert digests(folder) == before
    assert main(["blank", str(tmp_path / "空白")]) == 0
    assert main(["blank", str(tmp_path / "空白")]) == 0  # a blank may be written again


def test_self_reports_close(summary: Path) -> None:
    rows = [row for row in table(EXAMPLE / "督导室月报.xlsx", "自查报告报送") if row["督导编号"] == "DD-2023-012"]
    due = [row["应报日期"] or datetime(2023, 8, 3) for row in rows]
    on_time = sum(row["实报日期"] is not None and row["实报日期"] <= day for row, day in zip(rows, due, strict=True))
    late = sum(row["实报日期"] is not None and row["实报日期"] > day for row, day in zip(rows, due, strict=True))
    missing = len(rows) - on_time - late
    told = f"应报自查报告{len(rows)}份，按时报送{on_time}份，逾期报送{late}份，未报{missing}份"
    assert min(on_time, late, missing) > 0
    assert told in text(summary)


def test_every_filter_tells_an_absent_fact_and_takes_only_what_it_is_for() -> None:
    for spoken in environment().filters.values():
        if getattr(spoken, "__module__", "").startswith("pipeline"):
            with pytest.raises(AbsentFact, match="期限"):
                spoken(Absent("期限"))


@pytest.mark.parametrize(
    ("written", "ended"),
    [
        ("好", "好。"),
        ("好。", "好。"),
        ("好；", "好。"),
        ("有关情况如下：", "有关情况如下："),
        ("他说“好。”", "他说“好。”"),
        ("好（很好。）", "好（很好。）"),
        ("《条例》", "《条例》。"),
    ],
)
def test_a_sentence_ends_with_one_mark(written: str, ended: str) -> None:
    assert sentence(written) == ended
