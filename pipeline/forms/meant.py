"""Words that clerks write instead of the terms of code lists: the term is suggested, never assumed."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.forms.code import Code
from pipeline.forms.codes import (
    CampaignOutcome,
    CampaignState,
    CheckResult,
    DocumentDirection,
    Feedback,
    Grade,
    Gravity,
    Handling,
    InspectorKind,
    Ownership,
    ProblemState,
    RectificationKind,
    SchoolKind,
    SchoolStatus,
)

MEANT: Mapping[type[Code], Mapping[Code, str]] = {
    SchoolKind: {
        SchoolKind.JUNIOR: "初中",
        SchoolKind.SENIOR: "高中",
        SchoolKind.PRIMARY: "完小 中心小学",
        SchoolKind.NINE_YEAR: "九年制",
        SchoolKind.VOCATIONAL: "职高 中职 中专",
        SchoolKind.SPECIAL: "特校",
    },
    Ownership: {
        Ownership.PUBLIC: "公立 公有 国办",
    },
    SchoolStatus: {
        SchoolStatus.OPEN: "在办 开办 正常办学",
        SchoolStatus.CLOSED: "停用 停止办学 已停办",
        SchoolStatus.MERGED: "已撤并 撤销",
    },
    InspectorKind: {
        InspectorKind.FULL_TIME: "全职",
        InspectorKind.PART_TIME: "外聘",
    },
    CampaignState: {
        CampaignState.PREPARING: "准备 准备中 筹备中 未开始",
        CampaignState.INSPECTING: "进行中 实施中",
        CampaignState.RECTIFYING: "整改中",
        CampaignState.DONE: "已办结 已完成 完成 结束",
    },
    CampaignOutcome: {
        CampaignOutcome.EXCELLENT: "优",
        CampaignOutcome.GOOD: "良",
        CampaignOutcome.FAIR: "及格",
        CampaignOutcome.FAILED: "不及格",
        CampaignOutcome.PASSED: "已通过",
        CampaignOutcome.NOT_PASSED: "不通过 没通过",
    },
    Grade: {
        Grade.EXCELLENT: "优",
        Grade.GOOD: "良",
        Grade.FAIR: "及格 达标",
        Grade.FAILED: "不及格 不达标",
    },
    DocumentDirection: {
        DocumentDirection.INCOMING: "收文 收到",
        DocumentDirection.OUTGOING: "发出 下发",
    },
    Feedback: {
        Feedback.SPOKEN: "口头 口头反馈",
        Feedback.OPINION: "意见书",
        Feedback.RECTIFICATION_NOTICE: "通知书",
        Feedback.NONE: "无 没有 未反馈 不需反馈 不用反馈",
    },
    Gravity: {
        Gravity.SLIGHT: "较轻 轻",
        Gravity.ORDINARY: "一般问题",
        Gravity.SERIOUS: "较重 较严重",
        Gravity.MAJOR_HAZARD: "重大",
    },
    Handling: {
        Handling.ON_SITE: "口头反馈 现场口头",
        Handling.OPINION: "意见书",
        Handling.RECTIFICATION_NOTICE: "通知书 下发整改通知书",
    },
    RectificationKind: {
        RectificationKind.AT_ONCE: "立即整改 当场整改 现场整改 即时整改",
    },
    ProblemState: {
        ProblemState.NOT_STARTED: "未整改 尚未整改 没有整改 没整改 未开始 待整改",
        ProblemState.UNDER_WAY: "正在整改 整改进行中 部分整改",
        ProblemState.AWAITING_CHECK: "已整改 整改完成 已完成 完成 已整改完成 整改完毕 整改到位 已整改到位 待核查",
        ProblemState.RETURNED: "退回",
        ProblemState.CLOSED: "销号",
    },
    CheckResult: {
        CheckResult.PASSED: "合格 已通过",
        CheckResult.FAILED: "不合格 未通过 没通过",
    },
}
"""The words that mean each term, by code list."""


def meant_by(codes: type[Code]) -> dict[str, str]:
    """The terms of a code list by the words written instead; {} for a list without any."""
    return {word: str(code) for code, words in MEANT.get(codes, {}).items() for word in words.split()}
