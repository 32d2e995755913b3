"""The number and the date of a letter in its .docx: found by their words, and replaced; all else keeps its bytes."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape

from pipeline.ooxml.trees import tree
from pipeline.word.form.package import DOCUMENT
from pipeline.word.rendering.environment import long_date

UNNUMBERED = "【文号待编】"
"""What our templates print in place of a number that is not known yet."""
_TOKEN = re.compile(r"<w:p(?=[ >/])[^>]*>|</w:p>|<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PRINTED = "印发"
"""What follows the date in the colophon (GB/T 9704-2012, 7.4.3)."""


class PrintedNumber(NamedTuple):
    """What a letter prints: its number (None: UNNUMBERED) and its date."""

    number: str | None
    dated: date

    @property
    def words(self) -> tuple[str, str]:
        """Both as they stand in the document's XML."""
        return escape(self.number or UNNUMBERED), long_date(self.dated)


class _Portion(NamedTuple):
    """The text of one w:t and its place in the XML."""

    start: int
    text: str


def rest_of(content: bytes, printed: PrintedNumber) -> str:
    """The SHA-256 of all of a letter but its number and its date.

    Two letters with one such hash differ in nothing else. Raises BadZipFile or KeyError for anything but a .docx.
    """
    with zipfile.ZipFile(BytesIO(content)) as package:
        xml, _ = _replaced(package.read(DOCUMENT).decode(), dict.fromkeys(printed.words, ""))
        others = [(one.filename, one.CRC, one.file_size) for one in package.infolist() if one.filename != DOCUMENT]
    return hashlib.sha256(f"{others}{xml}".encode()).hexdigest()


def renumbered(content: bytes, was: PrintedNumber, now: PrintedNumber, *, like: bytes | None = None) -> bytes | None:
    """A letter with another number and date in the places of the old ones; nothing but the words there is touched.

    like: a letter with the new ones in every place. None if one that changes has no place, not even with the new words
    in it, or has more places than there; or for anything but a .docx. The same bytes if nothing changes.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            document = package.read(DOCUMENT)
            tree(document)
            words = {old: new for old, new in zip(was.words, now.words, strict=True) if old != new}
            xml, counts = _replaced(document.decode(), words)
            there, most = _places(document, words.values()), _places(_document(like), words.values()) if like else {}
            for old, new in words.items():
                places = counts[old] + there[new]
                if not places or places > most.get(new, places):
                    return None
            return _with(package, xml.encode()) if any(counts.values()) else content
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, SyntaxError, OSError):
        return None


def _places(document: bytes, words: Iterable[str]) -> Mapping[str, int]:
    """How often each word has a place in a document's part."""
    return _replaced(document.decode(), {word: word for word in words})[1]


def _document(content: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(DOCUMENT)


def _with(package: zipfile.ZipFile, document: bytes) -> bytes:
    """The package with other content for the document's part; its other members keep order, time and content."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for member in package.infolist():
            content = document if member.filename == DOCUMENT else package.read(member)
            written.writestr(member, content, compress_type=member.compress_type)
    return target.getvalue()


def _replaced(xml: str, words: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """The XML with words replaced in their places, and how many places each had."""
    counts = dict.fromkeys(words, 0)
    changes: list[tuple[int, int, str]] = []
    for portions in _paragraphs(xml):
        text = "".join(portion.text for portion in portions)
        for old, new in words.items():
            for at in _found(text, old):
                counts[old] += 1
                changes += _changes(portions, at, at + len(old), new)
    pieces, end = [], 0
    for start, stop, new in sorted(changes):
        pieces += [xml[end:start], new]
        end = stop
    return "".join([*pieces, xml[end:]]), counts


def _found(text: str, word: str) -> Iterator[int]:
    """Where a word is in a paragraph: a number anywhere, a date only where a letter is signed or printed.

    Elsewhere the same day may be that of something else.
    """
    if not word.endswith("日"):
        yield from (match.start() for match in re.finditer(re.escape(word), text))
        return
    bare = text.rstrip("\u3000 ").removesuffix(_PRINTED)
    if bare.endswith(word):
        yield len(bare) - len(word)


def _paragraphs(xml: str) -> Iterator[list[_Portion]]:
    """The texts of each paragraph, without those of the paragraphs of a text box in it."""
    open_ones: list[list[_Portion]] = [[]]
    for token in _TOKEN.finditer(xml):
        if token[0] == "</w:p>":
            yield open_ones.pop() if len(open_ones) > 1 else []
        elif token[1] is not None:
            open_ones[-1].append(_Portion(token.start(1), token[1]))
        elif not token[0].endswith("/>"):
            open_ones.append([])


def _changes(portions: list[_Portion], start: int, stop: int, new: str) -> Iterator[tuple[int, int, str]]:
    """What to replace in the XML: the first portion of a word takes the new one, the others lose their part."""
    at = 0
    for portion in portions:
        first, last = max(start, at), min(stop, at + len(portion.text))
        if first < last:
            yield portion.start + first - at, portion.start + last - at, new
            new = ""
        at += len(portion.text)
