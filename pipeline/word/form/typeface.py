"""Requirements on type: face, size, colour, and the face of its digits and letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.paragraphs import IDEOGRAPH, LATIN, Paragraph, TextRun
from pipeline.word.official import Basis, Face


def shown_size(points: float) -> str:
    """A size as readers know it: 三号（16磅）, 13磅."""
    name = official.SIZE_NAMES.get(points)
    return f"{name}（{points:g}磅）" if name else f"{points:g}磅"


def face_named(font: str, face: Face) -> bool:
    """Whether a font is of this face, by name."""
    return font in face.accepted


def is_cut_of(font: str, face: Face) -> bool:
    """Whether a font is another cut of this face, by name."""
    return any(kin in font.lower() for kin in face.kin)


def of_type(
    paragraph: Paragraph,
    item: str,
    faces: tuple[Face, ...],
    size: float | None,
    clause: str,
    basis: Basis,
    runs: Iterable[TextRun] | None = None,
) -> Iterator[Deviation]:
    """The deviations of a paragraph's type, or of some of its runs; one for each kind of fault.

    size: points; None if any will do.
    """
    looked_at = [run for run in (paragraph.runs if runs is None else runs) if run.text.strip()]
    place = paragraph.place
    for font in dict.fromkeys(run.asian for run in looked_at if IDEOGRAPH.search(run.text)):
        yield from _face(place, item, font, faces, clause, basis)
    other = next((run.size for run in looked_at if run.size != size), None)
    if size is not None and other is not None:
        yield Deviation(place, f"{item}字号", shown_size(other), shown_size(size), clause, basis)
    yield from _digits_and_letters(place, looked_at, faces)


def _digits_and_letters(place: str, runs: Iterable[TextRun], faces: tuple[Face, ...]) -> Iterator[Deviation]:
    """The first run with digits or letters in a face that is neither Times New Roman nor that of the text."""
    latin = {name for face in faces for name in face.accepted} | official.LATIN
    for run in runs:
        if LATIN.search(run.text) and run.latin not in latin:
            asked = f"Times New Roman 或{faces[0].name}"
            yield Deviation(place, "数字和字母字体", run.latin or "未指定", asked, "5.2.2", Basis.CUSTOM)
            return


def _face(place: str, item: str, font: str, faces: tuple[Face, ...], clause: str, basis: Basis) -> Iterator[Deviation]:
    if any(face_named(font, face) for face in faces):
        return
    names = "或".join(face.name for face in faces)
    # The standard names faces; which maker's cut of one is used is a custom.
    if any(is_cut_of(font, face) for face in faces):
        usual = "、".join(sorted(faces[0].accepted, key=lambda name: (name.isascii(), name))[:2])
        yield Deviation(place, f"{item}字体名称", font, usual, clause, Basis.CUSTOM)
    else:
        yield Deviation(place, f"{item}字体", font or "未指定", names, clause, basis)


def of_colour(paragraph: Paragraph, item: str, basis: Basis) -> Iterator[Deviation]:
    """Text in a colour other than black; no colour counts as black."""
    for run in paragraph.runs:
        if run.text.strip() and run.colour.lower() not in ("auto", "000000", "1"):
            yield Deviation(
                paragraph.place, f"{item}颜色", "红色" if run.red else f"#{run.colour}", "黑色", "5.2.4", basis
            )
            return
