"""Cell types: how one cell of a form is written, parsed and shown; knows no sheet and no file.

A parser takes the raw cell as the reader gives it (str, int, float, bool, date, datetime, time, timedelta, Broken, or
None for a blank). It returns the value or refuses it with a fault of the catalogue.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from pipeline.forms.faults.cells import (
    PR_01,
    TY_02,
    TY_03,
    TY_04,
    TY_05,
    TY_06,
    TY_07,
    TY_08,
    TY_09,
    TY_13,
    TY_15,
    TY_22,
    TY_38,
)
from pipeline.forms.faults.fault import Fault, Reason
from pipeline.forms.faults.reasons import NM_01, NM_02, NM_03, NM_04, NM_05, NM_08, NM_10, NM_30, NM_31
from pipeline.words import counted, says_yes, western

TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
MONTH_FORMAT = "yyyy-mm"
MOST_DIGITS = 15
"""A spreadsheet keeps 15 significant digits of a number (IEEE 754 double); further ones are lost."""


@dataclass(frozen=True)
class Broken:
    """A cell without a value that is not blank: what the clerk sees in it, and its fault for all parsers."""

    fault: Fault
    shown: str

    def __str__(self) -> str:
        return self.shown


class Rounded(float):
    """A number as a cell shows it, together with the one it holds: 58 for 58.333 in the format 0."""

    stored: float

    def __new__(cls, seen: float, stored: float) -> Self:
        """Shown as `seen`."""
        number = super().__new__(cls, seen)
        number.stored = stored
        return number


def refusal(fault: Fault, **words: object) -> PydanticCustomError:
    """The error that a parser raises: the fault, as "fault" of its context, and the words for its sentence."""
    return PydanticCustomError("fault", "a fault of the catalogue", {"fault": fault, **words})


def note(info: ValidationInfo, what: Reason | Fault) -> None:
    """Record that a field was accepted in another form than it was written; without a callback, nothing is recorded.

    what: the reason, or a fault that leaves the value in doubt. The callback is a function of (attribute, what), given
    as the context of the validation.
    """
    if info.context is not None:
        info.context(info.field_name, what)


@dataclass(frozen=True)
class CellType:
    """A type of cell: name in the contract, Chinese word, Excel format, how to write it, and its parser."""

    name: str
    word: str
    how: str
    example: str
    parse: Callable[[Any, ValidationInfo], Any]
    excel_format: str = TEXT_FORMAT

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._present, handler(source))

    def _present(self, raw: Any, info: ValidationInfo) -> Any:
        if isinstance(raw, str):
            if not raw.isprintable() or raw[:1] == "=":
                look_at(raw, info)
            elif self.parse is _text and raw and raw[0] != " " != raw[-1]:
                return raw  # most cells need no cleaning
        elif raw is None:
            raise refusal(PR_01)
        elif isinstance(raw, Broken):
            raise refusal(raw.fault)
        elif isinstance(raw, Rounded):
            note(info, NM_30)
            raw = float(raw)
        return self.parse(raw, info)


# The parsers ---------------------------------------------------------------------------------------------------------

BLANKS = (
    " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_JOINING = "\u0600-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefc"
"""Scripts whose letters change their form at a joiner: Arabic, the Indian ones, Tibetan, Mongolian."""
_PICTURES = "\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
"""Characters that a joiner combines into one picture."""
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\ud800-\udfff\ufffe\uffff\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
    f"|(?<![{_JOINING}])[\u180e\u200c\u200d](?![{_JOINING}])(?:(?<![{_PICTURES}].)|(?![{_PICTURES}]))"
)
"""Controls, lone surrogates, and Unicode's format characters (Cf); not visible ones (U+0600), nor joiners that join."""
_PICTURE = re.compile(r"^(?:=|_xlfn\.|=_xlfn\.)DISPIMG\(", re.IGNORECASE)


def clean(raw: str) -> str:
    """The text without blanks at its ends and without invisible characters, with one kind of line break.

    Word's line break within a paragraph is pasted as a vertical tab. Escapes such as `_x000D_` (ECMA-376 part 1,
    22.9.2.19) are not decoded: calamine has done so once already.
    """
    return raw.strip(" ") if raw.isprintable() else _UNPRINTABLE.sub("", _BREAKS.sub("\n", raw)).strip(BLANKS)


def look_at(raw: str, info: ValidationInfo) -> None:
    """Note what `clean` removes inside a text; raise for an in-cell picture, which WPS writes as a formula."""
    if _UNPRINTABLE.search(_BREAKS.sub("\n", raw)):
        note(info, NM_01)
    if _PICTURE.match(raw):
        raise refusal(TY_22)


def is_blank(raw: Any) -> bool:
    """Whether a cell is empty, or holds nothing visible."""
    if not isinstance(raw, str):
        return raw is None
    # Asked for every cell: a first letter or digit saves the cleaning.
    return not raw or (not raw[0].isalnum() and not clean(raw))


@lru_cache(maxsize=2**16, typed=True)
def plain(raw: Any) -> str:
    """The form in which codes, numbers and dates are compared: NFKC, no blanks. Not for prose."""
    return "".join(unicodedata.normalize("NFKC", clean(str(raw))).split())


def _text(raw: Any, info: ValidationInfo) -> str:  # noqa: ARG001
    if isinstance(raw, str):
        if text := clean(raw):
            return text
        raise refusal(PR_01)
    if isinstance(raw, bool):
        return "是" if raw else "否"
    # A reader gives a day in a text column as midnight of that day.
    if isinstance(raw, datetime) and raw.time() == time():
        raw = raw.date()
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return f"{raw.year}年{raw.month}月{raw.day}日"
    if isinstance(raw, time):
        return f"{raw.hour:02}:{raw.minute:02}"
    return _digits(raw) if isinstance(raw, float | int) else str(raw)


_PADDED = re.compile(rf"([㐀-鿿])[{BLANKS}]+([㐀-鿿])(?=[(（]|$)")


def _person(raw: Any, info: ValidationInfo) -> str:
    """A person's name without inner padding: a name of two characters is often padded to the width of three."""
    written = _text(raw, info)
    padded = _PADDED.match(written)
    if not padded:
        return written
    note(info, NM_10)
    return padded[1] + padded[2] + written[padded.end() :]


def _digits(raw: float) -> str:
    """A number as a spreadsheet shows it: at most 15 significant digits."""
    if not abs(raw) < 10**MOST_DIGITS:
        raise refusal(TY_09)
    return str(int(raw)) if raw == int(raw) else f"{Decimal(f'{raw:.{MOST_DIGITS}g}'):f}"


def _phrase(raw: Any, info: ValidationInfo) -> str:
    """A day in any notation, in that of the documents; other words unchanged."""
    try:
        return _text(_day(raw, info), info)
    except PydanticCustomError:
        return _text(raw, info)


def integer(raw: Any, info: ValidationInfo) -> int:
    """A whole number; TY_02 for anything else."""
    value = _decimal(raw)
    if value is None or value != int(value) or _is_share(raw):
        raise refusal(TY_02)
    if isinstance(raw, str):
        note(info, NM_02 if _NUMBER.match(plain(raw)) else NM_31)
    return int(value)


def _number(raw: Any, info: ValidationInfo) -> Decimal:
    value = _decimal(raw)
    if value is None:
        raise refusal(TY_03)
    if isinstance(raw, str):
        note(info, NM_08 if _is_share(raw) else NM_02 if _NUMBER.match(plain(raw)) else NM_31)
    return value


_NUMBER = re.compile(r"^(?=.*[0-9])([-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]+)?)%?$")


def _decimal(raw: Any) -> Decimal | None:
    """The number written, without a percent sign (75% -> 75); None if it is not one. TY_15 if it is too large."""
    if isinstance(raw, str):
        match = _NUMBER.match(plain(raw)) or _NUMBER.match(counted(plain(raw)))
        raw = Decimal(match[1].replace(",", "")) if match else None
    if isinstance(raw, bool) or not isinstance(raw, float | int | Decimal):
        return None
    if not abs(raw) < 10**MOST_DIGITS:  # this also refuses NaN
        raise refusal(TY_15)
    exact = raw if isinstance(raw, Decimal) else Decimal(f"{raw:.{MOST_DIGITS}g}")
    return Decimal(int(exact)) if exact == int(exact) else exact


def _is_share(raw: Any) -> bool:
    return isinstance(raw, str) and plain(raw).endswith("%")


_YMD = re.compile(r"^([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?(?:T?00:00(?::00)?)?$")
_TIME_OF_DAY = re.compile(r"[\sT]+[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?\s*$")
_YYYYMMDD = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})$")
_PARTIAL = re.compile(
    r"^(?:[0-9]{1,2}[-./月][0-9]{1,2}[日号]?|[0-9]{4}[-./年][0-9]{1,2}月?|.*[0-9]月(?:初|底|中旬|上旬|下旬|末).*)$"
)
_YEAR = re.compile(r"^((?:18|19|20|21)[0-9]{2})年?$")
_YM = re.compile(r"^([0-9]{4})[-./年]([0-9]{1,2})月?$")
_YYYYMM = re.compile(r"^([0-9]{4})([0-9]{2})$")
_SERIALS = range(20000, 80001)
"""Serial days of 1954-10-03 to 2119-01-12: a date in a cell of General format."""
_NUMBERS = range(1899, 1906)
"""The years that a spreadsheet shows for a small number in a cell of date format."""
_YEARS = range(1800, 2200)
"""The years that an office may mean; others are slips of the pen."""


def typed_number(raw: Any) -> float | None:
    """The number typed into a cell of date format, 9.1 for 1900-01-09 02:24; None for any other value.

    A date before the middle of 1905 is a number below 2000: nobody means such dates, but people type 9.1 and 1978.5. Up
    to day 60 a spreadsheet counts from 1899-12-31, since it takes 1900 for a leap year.
    """
    if not isinstance(raw, date) or raw.year not in _NUMBERS:
        return None
    moment = raw if isinstance(raw, datetime) else datetime.combine(raw, time())
    span = moment - datetime(1899, 12, 31)
    days = span.days + (span.days >= 60)
    return round(days + span.seconds / 86400, 6)


def _day(raw: Any, info: ValidationInfo) -> date:
    if (number := typed_number(raw)) is not None:
        raw = number
    if isinstance(raw, date):
        return _real_day(raw.year, raw.month, raw.day)
    if isinstance(raw, bool | time | timedelta):
        raise refusal(TY_04)
    if isinstance(raw, int | float):
        return _day_of_number(raw, info)
    written = western(plain(_TIME_OF_DAY.sub("", str(raw))))
    if match := _YMD.match(written) or _YYYYMMDD.match(written):
        note(info, NM_03)
        return _real_day(*(int(part) for part in match.groups()))
    raise refusal(TY_05 if _PARTIAL.match(written) else TY_04)


def _day_or_month(raw: Any, info: ValidationInfo, last: bool) -> date:
    """A day; if only the month or year is given, its first or last day."""
    number = typed_number(raw)
    written = western(plain(whole(raw if number is None else number)))
    if match := _YEAR.match(written):
        first = _real_day(int(match[1]), 1, 1)
        final = first.replace(month=12, day=31)
    elif (match := _YM.match(written)) and 1 <= int(match[2]) <= 12:
        first = _real_day(int(match[1]), int(match[2]), 1)
        final = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        return _day(raw, info)
    note(info, TY_38)
    return final if last else first


def _day_of_number(raw: float, info: ValidationInfo) -> date:
    if not abs(raw) < 10**MOST_DIGITS:
        raise refusal(TY_04)
    if match := _YYYYMMDD.match(str(int(raw))):
        note(info, NM_04)
        return _real_day(*(int(part) for part in match.groups()))
    if int(raw) in _SERIALS:
        note(info, NM_04)
        return date(1899, 12, 30) + timedelta(days=int(raw))
    raise refusal(TY_05 if 1 <= raw < 13 else TY_04)


def _real_day(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise refusal(TY_13)
    try:
        return date(year, month, day)
    except ValueError:
        raise refusal(TY_06) from None


def _month(raw: Any, info: ValidationInfo) -> date:
    if (number := typed_number(raw)) is not None:
        raw = number
    if isinstance(raw, date):
        return _real_day(raw.year, raw.month, 1)
    written = western(plain(raw)) if isinstance(raw, str) else str(raw)
    match = _YM.match(written) if isinstance(raw, str) else None
    match = match or _YYYYMM.match(written.removesuffix(".0"))
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1900:
        raise refusal(TY_07)
    note(info, NM_03)
    return date(int(match[1]), int(match[2]), 1)


def _yes_no(raw: Any, info: ValidationInfo) -> bool:
    if isinstance(raw, bool):
        return raw
    said = says_yes(plain(whole(raw)))
    if said is None:
        raise refusal(TY_08)
    if plain(raw) not in ("是", "否"):
        note(info, NM_05)
    return said


def whole(raw: Any) -> Any:
    """1 for 1.0, since all numbers of a workbook are read as floats; anything else unchanged."""
    return int(raw) if isinstance(raw, float) and math.isfinite(raw) and raw == int(raw) else raw


# The types -----------------------------------------------------------------------------------------------------------

Text = Annotated[str, CellType("text", "文字", "直接填写文字", "示例文字", _text)]
PERSON = CellType("text", "文字", "直接填写文字", "示例文字", _person)
PersonName = Annotated[str, PERSON]
Phrase = Annotated[str, CellType("text", "文字", "填写日期（如 2024-03-31）或“下旬”一类的说法", "下旬", _phrase)]
Integer = Annotated[int, CellType("integer", "整数", "填整数", "1", integer, "0")]
Number = Annotated[Decimal, CellType("number", "数字", "只填数字，如 86.5", "86.5", _number, "General")]
Day = Annotated[date, CellType("date", "日期", "写作 2024-03-31", "2024-03-31", _day, DATE_FORMAT)]
_DAY_OR_MONTH = "写作 2024-03-31，只知道年月的写作 2024-03"
DayFrom = Annotated[
    date, CellType("date", "日期", _DAY_OR_MONTH, "2024-03-31", partial(_day_or_month, last=False), DATE_FORMAT)
]
DayUntil = Annotated[
    date, CellType("date", "日期", _DAY_OR_MONTH, "2024-03-31", partial(_day_or_month, last=True), DATE_FORMAT)
]
YearMonth = Annotated[date, CellType("month", "年月", "写作 1978-05", "1978-05", _month, MONTH_FORMAT)]
YesNo = Annotated[bool, CellType("yesno", "是否", "填“是”或“否”", "是", _yes_no)]


T = TypeVar("T")
REF = CellType("ref", "引用", "填写名录或台账中已有的名称或编号", "", _text)


class Ref(str, Generic[T]):
    """The name or key of a row of sheet T (or one of several, `Ref[A | B]`), as written until joining resolves it."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        to_ref = core_schema.no_info_plain_validator_function(cls)
        return REF.__get_pydantic_core_schema__(source, lambda _: to_ref)  # type: ignore[arg-type]
