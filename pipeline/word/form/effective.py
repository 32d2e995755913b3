"""Effective formatting: the look of a paragraph and its characters after styles, numbering and theme.

Knows WordprocessingML (ISO/IEC 29500-1, 17.7.2: the order in which formatting is applied), knows no official document.
Properties are flat dicts: "ind.firstLine", "rFonts.eastAsia", "sz"; an element's val is under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from pipeline.word.form.package import DocumentPackage
from pipeline.word.official import TWIPS_IN_A_POINT

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Properties = dict[str, str]
_SCRIPTS = ("ascii", "hAnsi", "eastAsia", "cs")
_LARGEST = 1e9
_MOST_RECENT = 32
"""Templates whose styles are kept at hand."""
_OF_A_PARAGRAPH = frozenset({"rPr", "sectPr", "pPrChange"})
_OF_A_PARAGRAPH_IN_FULL = frozenset(W + name for name in _OF_A_PARAGRAPH)
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"}
    | {"ideographDigital", "taiwaneseDigital", "koreanDigital2"}
)
"""Number formats that give 一, 二, 三 (ISO/IEC 29500-1, 17.18.59)."""


_MOST_LOOKS = 5000
"""Looks kept at hand; a document with more is read more slowly."""
_Key = tuple[Any, ...]


class CharacterLook(NamedTuple):
    """How characters look: font names, points, colour, points between characters."""

    asian: str
    latin: str
    size: float
    colour: str
    tracking: float
    underlined: bool
    hidden: bool


def _key(element: Any | None) -> _Key:
    """The content of a pPr or rPr, the same for the same formatting."""
    found: list[Any] = []
    for child in () if element is None else element:
        found += [child.tag, *child.items()]
        if len(child) and child.tag not in _OF_A_PARAGRAPH_IN_FULL:
            found.append(_key(child))
    return tuple(found)


def on(value: str | None) -> bool:
    """Whether a toggle is on; an absent one is off."""
    return value is not None and value not in ("0", "false", "off", "none")


def number(value: str | None) -> float | None:
    """A measure in its own unit; None if it is absent, or not a number of a sensible size."""
    try:
        given = float(value) if value is not None else None
    except ValueError:
        return None
    return given if given is not None and abs(given) < _LARGEST else None


def properties(element: Any | None) -> Properties:
    """The properties that a pPr or rPr itself states; {} for none."""
    found: Properties = {}
    for child in () if element is None else element:
        if not isinstance(child.tag, str) or not child.tag.startswith(W):
            continue
        name = child.tag[len(W) :]
        if name in ("pBdr", "numPr"):
            for part in child:
                _add(found, f"{name}.{part.tag.rpartition('}')[2]}", part)
        elif name == "tabs":
            for tab in child:
                found[f"tabs.{tab.get(W + 'pos')}"] = tab.get(W + "val", "left")
        elif name not in _OF_A_PARAGRAPH:
            _add(found, name, child)
    return found


def _add(found: Properties, name: str, element: Any) -> None:
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    value = attributes.pop("val", None)
    if value is not None or not attributes:
        found[name] = value if value is not None else "1"
    for key, given in attributes.items():
        found[f"{name}.{key}"] = given


def over(base: Properties, own: Mapping[str, str]) -> Properties:
    """Properties with others laid over them: a replaced border or theme font leaves nothing behind."""
    kept = dict(base)
    for script in _SCRIPTS:
        theme = f"rFonts.{script}Theme" if script != "cs" else "rFonts.cstheme"
        if f"rFonts.{script}" in own and theme not in own:
            kept.pop(theme, None)
    # A hanging indent overrides one of the first line (17.3.1.12), so stating either drops the other if inherited.
    if any(key.startswith("ind.hanging") for key in own):
        kept = {key: value for key, value in kept.items() if not key.startswith("ind.firstLine")}
    if any(key.startswith("ind.firstLine") for key in own):
        kept = {key: value for key, value in kept.items() if not key.startswith("ind.hanging")}
    kept.update(own)
    return kept


class DocumentStyles:
    """The styles, numbering and theme of a document, from the roots of these parts; None for a part it lacks."""

    def __init__(self, styles: Any | None, numbering: Any | None, theme: Any | None) -> None:
        self._tree = styles
        self._levels = {} if numbering is None else dict(_levels(numbering))
        self._theme = {} if theme is None else dict(_theme_fonts(theme))
        self._paragraph: dict[str, tuple[Properties, Properties]] = {}
        self._paragraphs: dict[_Key, tuple[Properties, Properties]] = {}
        self._tables: dict[str, list[Any]] = {}
        self._looks: dict[tuple[int, _Key], tuple[Properties, CharacterLook]] = {}
        self.blocks: dict[bytes, dict[bytes, Any]] = {}
        """What was read from pieces of bodies, shared by many documents: by the body's head and the piece."""
        self.read: dict[bytes, Any] = {}
        """What was read from other parts with these styles (footers, settings), by the bytes of the part."""

    @classmethod
    def of(cls, package: DocumentPackage) -> Self:
        """Those of a document; documents of one template share them."""
        names = [package.related(package.main, kind) for kind in ("styles", "numbering", "theme")]
        contents = tuple(map(package.content, names))
        if contents not in cls._recent:
            while len(cls._recent) >= _MOST_RECENT:
                cls._recent.pop(next(iter(cls._recent)))
            cls._recent[contents] = cls(*map(package.tree, names))
        return cls._recent[contents]

    _recent: ClassVar[dict[tuple[bytes | None, ...], Self]] = {}

    def paragraph(self, element: Any | None) -> tuple[Properties, Properties]:
        """The properties of a paragraph with such a w:pPr, and of its characters before their own formatting."""
        key = _key(element)
        if key not in self._paragraphs:
            if len(self._paragraphs) >= _MOST_LOOKS:
                self._paragraphs.clear()
            self._paragraphs[key] = self._of_paragraph(element)
        return self._paragraphs[key]

    def _of_paragraph(self, element: Any | None) -> tuple[Properties, Properties]:
        own = properties(element)
        style = own.get("pStyle") or self._default
        of_paragraph, of_text = self._of_style(style)
        level = self.level(own) if "numPr.numId" in own else None
        if level is not None:
            of_paragraph = over(of_paragraph, properties(level.find(W + "pPr")))
        return over(of_paragraph, own), of_text

    def look(self, base: Properties, element: Any | None) -> CharacterLook:
        """The look of a run with such a w:rPr. base: the paragraph's character properties, from `paragraph`."""
        key = id(base), _key(element)
        if key not in self._looks:
            if len(self._looks) >= _MOST_LOOKS:
                self._looks.clear()
            # The base is kept with its look, so that no other object gets its id.
            self._looks[key] = base, self._look(self._character(base, element))
        return self._looks[key][1]

    def _look(self, of: Properties) -> CharacterLook:
        return CharacterLook(
            self._font(of, "eastAsia"),
            self._font(of, "ascii"),
            # w:sz counts half-points; without one Word takes 10 points.
            (number(of.get("sz")) or 20) / 2,
            of.get("color", "auto"),
            (number(of.get("spacing")) or 0) / TWIPS_IN_A_POINT,
            on(of.get("u")),
            on(of.get("vanish")),
        )

    def _character(self, base: Properties, element: Any | None) -> Properties:
        own = properties(element)
        if "rStyle" in own:
            base = over(base, self._chain(own["rStyle"], "rPr"))
        return over(base, own) if own else base

    def _font(self, of: Properties, script: str) -> str:
        """The name of the font for a script (ascii, eastAsia); "" if nothing names one."""
        theme = of.get(f"rFonts.{script}Theme")
        if theme:
            return self._theme.get(theme, "")
        return of.get(f"rFonts.{script}", "")

    def table_borders(self, style: str) -> list[Any]:
        """The w:tblBorders of a table style, after those it is based on; [] for none."""
        if style not in self._tables:
            given = (link.find(f"{W}tblPr/{W}tblBorders") for link in self._basis(style))
            self._tables[style] = [borders for borders in given if borders is not None]
        return self._tables[style]

    def level(self, of: Properties) -> Any | None:
        """The w:lvl that numbers a paragraph; None without Word's numbering."""
        reference, depth = of.get("numPr.numId", "0"), of.get("numPr.ilvl", "0")
        return self._levels.get((reference, depth))

    def label(self, of: Properties) -> str:
        """The kind of number that Word shows before a paragraph, as 一、 or （1）; "" for none."""
        level = self.level(of)
        if level is None:
            return ""
        text = level.find(W + "lvlText")
        form = level.find(W + "numFmt")
        kind = form.get(W + "val", "decimal") if form is not None else "decimal"
        if kind in ("bullet", "none"):
            return ""
        sample = "一" if kind in _CHINESE else "1" if kind.startswith("decimal") else "a"
        written = text.get(W + "val", "") if text is not None else ""
        return "".join(sample if char.isdigit() else char for char in written.replace("%", ""))

    def _of_style(self, style: str) -> tuple[Properties, Properties]:
        if style not in self._paragraph:
            of_paragraph = dict(self._defaults[0])
            for link in self._basis(style):
                own = properties(link.find(W + "pPr"))
                level = self.level(own | {"numPr.ilvl": own.get("numPr.ilvl", "0")}) if "numPr.numId" in own else None
                if level is not None:
                    of_paragraph = over(of_paragraph, properties(level.find(W + "pPr")))
                of_paragraph = over(of_paragraph, own)
            self._paragraph[style] = of_paragraph, over(self._defaults[1], self._chain(style, "rPr"))
        return self._paragraph[style]

    def _chain(self, style: str, part: str) -> Properties:
        found: Properties = {}
        for link in self._basis(style):
            found = over(found, properties(link.find(W + part)))
        return found

    def _basis(self, style: str) -> list[Any]:
        """The style, after all those it is based on; [] if unknown."""
        chain: list[Any] = []
        # A damaged style may be based on itself.
        while style in self._by_id and self._by_id[style] not in chain:
            chain.append(self._by_id[style])
            based = chain[-1].find(W + "basedOn")
            style = based.get(W + "val", "") if based is not None else ""
        return chain[::-1]

    @cached_property
    def _by_id(self) -> Mapping[str, Any]:
        styles = () if self._tree is None else self._tree.iter(W + "style")
        return {style.get(W + "styleId", ""): style for style in styles}

    @cached_property
    def _default(self) -> str:
        """The style of a paragraph that names none."""
        return next(
            (
                name
                for name, style in self._by_id.items()
                if style.get(W + "type") == "paragraph" and on(style.get(W + "default"))
            ),
            "",
        )

    @cached_property
    def _defaults(self) -> tuple[Properties, Properties]:
        if self._tree is None:
            return {}, {"sz": "20"}
        of_paragraph = self._tree.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
        of_text = self._tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        return properties(of_paragraph), {"sz": "20"} | properties(of_text)


def _levels(tree: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every level of every list, by the list's number and its own."""
    abstract = {item.get(W + "abstractNumId"): item for item in tree.iter(W + "abstractNum")}
    for item in tree.iter(W + "num"):
        reference = item.find(W + "abstractNumId")
        of = abstract.get(reference.get(W + "val")) if reference is not None else None
        # The list's own levels are overrides (w:lvlOverride), so they come last.
        levels = [*(() if of is None else of.iter(W + "lvl")), *item.iter(W + "lvl")]
        for level in levels:
            yield (item.get(W + "numId", ""), level.get(W + "ilvl", "")), level


def _theme_fonts(tree: Any) -> Iterator[tuple[str, str]]:
    """The fonts of a theme by the names used in formatting; without an East Asian one, that of script Hans."""
    for group in ("major", "minor"):
        fonts = tree.find(f".//{A}{group}Font")
        if fonts is None:
            continue
        latin, asian = fonts.find(A + "latin"), fonts.find(A + "ea")
        hans = next((font.get("typeface", "") for font in fonts.iter(A + "font") if font.get("script") == "Hans"), "")
        face = latin.get("typeface", "") if latin is not None else ""
        yield f"{group}HAnsi", face
        yield f"{group}Ascii", face
        yield f"{group}EastAsia", (asian.get("typeface", "") if asian is not None else "") or hans
