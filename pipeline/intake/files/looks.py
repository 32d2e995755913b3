"""How the cells of a workbook look: number formats, struck-through text, comments; knows no form.

Cells are searched only if the sheet's styles, shared strings or relations say that there is something to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.forms.cells import Rounded
from pipeline.intake.messages import shown

BUILT_IN = {
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "11": "0.00E+00",
    "12": "# ?/?",
    "13": "# ??/??",
    "17": "mmm-yy",
    "27": 'yyyy"年"m"月"',
    "36": 'yyyy"年"m"月"',
    "37": "#,##0",
    "38": "#,##0",
    "39": "#,##0.00",
    "40": "#,##0.00",
    "48": "##0.0E+0",
    "50": 'yyyy"年"m"月"',
    "52": 'yyyy"年"m"月"',
    "57": 'yyyy"年"m"月"',
}
"""Built-in formats (ISO/IEC 29500-1, 18.8.30) that may show less than the value; 27 to 57 in their Chinese meaning."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')
_CORE = re.compile(r"(?:[#,]*0+|#+)(\.[0#]+)?(%?)")
_TIME = re.compile(r"\[[hms]+\]|:", re.IGNORECASE)
_SYMBOLS = " ¥￥$€()（）-+\xa0"
_MOST_DECIMALS = 15
_LONGEST_CODE = 255
"""Characters of a number format (Excel's limit)."""
_WHOLE = 10**15
"""From here on, a number has no stored decimals."""


@dataclass(frozen=True)
class Format:
    """A format: what it writes around a value, and the decimals it shows; None if unknown."""

    code: str
    around: str = ""
    decimals: int | None = None
    percent: bool = False
    text: bool = False
    """Whether it is a text format, which shows all of a value."""
    dayless: bool = False
    """Whether it shows only the month of a day."""

    @classmethod
    def of(cls, code: str) -> Format | None:
        """None for a format that shows all of a value (General, text, days, times), and for one that is too long."""
        if len(code) > _LONGEST_CODE:
            return None
        first = code.split(";")[0]
        words = [match[1] or match[2] or "" for match in _LITERAL.finditer(first)]
        bare = _LITERAL.sub("", first)
        around = "".join([*words, re.sub(r"General|[0#?@.,%/E+\- ]", "", bare)]).strip(_SYMBOLS)
        if "General" in bare or "@" in bare:
            return cls(code, around, _MOST_DECIMALS + 1, text="@" in bare) if around else None
        if re.search("[ymdhs年月日]", bare, re.IGNORECASE):
            dayless = not re.search("[dhs日]", bare, re.IGNORECASE) and not _TIME.search(first)
            return cls(code, dayless=True) if dayless else None
        if not re.search("[0#?]", bare):  # it shows no digit: ;;; or "是"
            return cls(code, around) if "".join(words) or (not first and code) else None
        core = _CORE.fullmatch(re.sub(r"[^\x00-\x7f]", "", bare).strip(_SYMBOLS))
        return cls(code, around, len(core[1] or ".") - 1 if core else None, "%" in bare)

    def seen(self, value: float) -> float | None:
        """The value as shown; None if the format leaves that open."""
        if self.decimals is None or self.decimals > _MOST_DECIMALS:
            return None
        if not abs(value) < _WHOLE:
            return value
        places = self.decimals + 2 * self.percent
        # Excel shows and rounds 15 digits: 1.005, stored as 1.00499..., is shown as 1.01.
        return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@dataclass(frozen=True)
class CellStyles:
    """The cell styles of a workbook that matter, by number; empty for most workbooks."""

    formats: Mapping[int, Format] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()

    @classmethod
    def of(cls, elements: Iterable[Any]) -> CellStyles:
        """From the elements of the part with the styles, in order."""
        codes, fonts, cells = dict(BUILT_IN), [], []
        for item in elements:
            name = str(item.tag).rpartition("}")[2]
            if name == "numFmt":
                codes[item.get("numFmtId", "")] = item.get("formatCode", "")
            elif name == "fonts":
                fonts = [any(_strikes(mark) for mark in font) for font in item]
            elif name == "cellXfs":
                cells = list(item)
        known = {number: Format.of(code) for number, code in codes.items()}
        formats = {n: found for n, cell in enumerate(cells) if (found := known.get(cell.get("numFmtId", "")))}
        struck = {n for n, cell in enumerate(cells) if _at(fonts, cell.get("fontId", ""))}
        return cls(formats, frozenset(struck))


def _strikes(mark: Any) -> bool:
    name = str(mark.tag).rpartition("}")[2]
    return name == "strike" and mark.get("val", "1") not in ("0", "false")


def _at(fonts: list[bool], number: str) -> bool:
    return number.isdecimal() and len(number) < 9 and int(number) < len(fonts) and fonts[int(number)]


def as_shown(value: Any, look: Format) -> Any:
    """A number as the clerk sees it, a percentage with its mark; any other value, or one shown in full, unchanged."""
    if type(value) is not float:
        return value
    seen = look.seen(value)
    if look.percent:
        # Multiplying brings up binary noise: 0.07 * 100 is 7.000000000000001.
        return f"{shown(float(f'{(value if seen is None else seen) * 100:.13g}'))}%"
    return value if seen in (None, value) else Rounded(seen, value)
