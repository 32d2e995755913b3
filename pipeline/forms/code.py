"""The cell type of a code list: one of a few Chinese terms; knows no sheet and no file."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from pipeline.forms.cells import CellType, note, plain, refusal, whole
from pipeline.forms.faults.cells import CD_01
from pipeline.forms.faults.reasons import NM_06


class Code(StrEnum):
    """A code list: each member's value is the Chinese term in the cell."""

    __hash__ = str.__hash__  # it equals its term, so it must hash like it

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        kind = CellType("code", "选项", "从下拉列表中选择", next(iter(cls)), cls._parse)
        return kind.__get_pydantic_core_schema__(source, lambda _: core_schema.any_schema())  # type: ignore[arg-type]

    @classmethod
    def _parse(cls, raw: Any, info: ValidationInfo) -> Code:
        members = cls._value2member_map_
        written = raw if raw in members else plain(whole(raw))
        if written in members:
            return cast(Code, members[written])
        if cls.numbered() and re.fullmatch("[0-9]{1,3}", written) and 1 <= int(written) <= len(cls):
            note(info, NM_06)
            return list(cls)[int(written) - 1]
        raise refusal(CD_01, codes=[str(code) for code in cls], written=written)

    @classmethod
    def numbered(cls) -> bool:
        """Whether clerks may write a member's ordinal number instead of its term."""
        return False
