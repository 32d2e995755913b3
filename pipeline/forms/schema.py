"""The parts of a form: sheets (Row), columns, rules; knows no particular sheet, does no input or output."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, Self, TypeVar, dataclass_transform, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PrivateAttr, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from pipeline.forms.annotations import targets, unwrapped
from pipeline.forms.cells import PERSON, REF, CellType, Ref, note, plain, refusal
from pipeline.forms.code import Code
from pipeline.forms.faults.cells import PR_01, TY_10, TY_11, TY_12
from pipeline.forms.faults.reasons import NM_09
from pipeline.forms.follows import AsPrepared, Follows
from pipeline.forms.list_cells import Many
from pipeline.forms.meant import meant_by
from pipeline.forms.needs import Need, is_absent
from pipeline.forms.places import Origin
from pipeline.forms.rules import Rule

R = TypeVar("R", bound="Row")


# Columns -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What `column()` demands of a value beyond its type; checked after parsing, each fault with its own number."""

    key: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = None
    at_least: int = 0
    by: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    earlier: bool = False
    suggested: tuple[str, ...] = ()
    named_in: tuple[type[Row], ...] = ()
    otherwise: str = ""
    late: bool = False
    follows: Follows | None = None
    needs: tuple[Need, ...] = ()
    note: str = ""
    example: str | None = None

    @property
    def bounded(self) -> bool:
        """Whether a value of the right type can still be wrong."""
        return bool(self.at_least or self.pattern or self.longest) or (self.minimum, self.maximum) != (None, None)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(source)
        return core_schema.with_info_after_validator_function(self._check, inner) if self.bounded else inner

    def _check(self, value: Any, info: ValidationInfo) -> Any:
        if value is None:
            return None
        if isinstance(value, tuple) and len(value) < self.at_least:
            raise refusal(PR_01)
        if self.pattern and not re.match(self.pattern, value):
            if not re.match(self.pattern, plain(value)):
                raise refusal(TY_10, example=self.example or "")
            note(info, NM_09)
            return plain(value)
        if isinstance(value, int | Decimal):
            if self.minimum is not None and value < self.minimum:
                raise refusal(TY_11, bound=f"不得小于 {self.minimum}")
            if self.maximum is not None and value > self.maximum:
                raise refusal(TY_11, bound=f"不得大于 {self.maximum}")
        if self.longest and isinstance(value, str) and len(value) > self.longest:
            raise refusal(TY_12, longest=self.longest, length=len(value))
        return value


def column(
    label: str,
    *,
    key: bool = False,
    unique: bool = False,
    pattern: str | None = None,
    minimum: int | None = None,
    maximum: int | None = None,
    longest: int | None = None,
    at_least: int = 0,
    by: tuple[str, ...] = (),
    besides: tuple[str, ...] = (),
    earlier: bool = False,
    suggested: tuple[str, ...] = (),
    named_in: tuple[type[Row], ...] = (),
    otherwise: str = "",
    late: bool = False,
    follows: Follows | None = None,
    required_if: Need | tuple[Need, ...] = (),
    note: str = "",
    example: str | None = None,
) -> Any:
    """Declare a column under its Chinese label.

    key: part of the sheet's key; unique: no two rows alike; pattern: an anchored regular expression; minimum, maximum:
    bounds of a number; longest: most characters; at_least: fewest items of a list; by: the columns of the target that a
    reference may name (else the target's `named_by`); besides: words accepted instead of a reference or number;
    earlier: the target may be in an earlier month; suggested: words offered but not required; named_in: sheets whose
    names the text may be, where a short name is replaced by the full one; otherwise: the label of the column for words
    if this one wants a day; late: older workbooks lack it, which is not reported; follows: what a blank cell is filled
    with; required_if: what other cells make it required; note: what the clerk should know; example: the value in the
    example row.
    """
    limits = Limits(
        key=key,
        unique=unique,
        pattern=pattern,
        minimum=minimum,
        maximum=maximum,
        longest=longest,
        at_least=at_least,
        by=by,
        besides=besides,
        earlier=earlier,
        suggested=suggested,
        named_in=named_in,
        otherwise=otherwise,
        late=late,
        follows=follows,
        needs=required_if if isinstance(required_if, tuple) else (required_if,),
        note=note,
        example=example,
    )
    declared = Field(alias=label)
    declared.metadata.append(limits)
    return declared


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a sheet as everyone else reads it: attribute, label, type and limits; one object for each."""

    attribute: str
    label: str
    kind: CellType
    many: Many | None
    required: bool
    codes: tuple[str, ...]
    targets: tuple[type[Row], ...]
    limits: Limits
    meant_by: Mapping[str, str] = field(default_factory=dict)
    """For a code list: what other words mean, for suggestions."""

    @property
    def follows(self) -> Follows | None:
        """What a blank cell is filled with; None if a blank stays blank."""
        return self.limits.follows

    @property
    def needed(self) -> bool:
        """Whether somebody must type a value: it is required, and follows from no other cell."""
        return self.required and isinstance(self.follows, AsPrepared | None)

    @property
    def how(self) -> str:
        """How to fill in a cell of this column, in words."""
        if self.limits.pattern and self.limits.example:
            return f"写作 {self.limits.example}"
        return f"{self.kind.how}，{self.many.how}" if self.many else self.kind.how

    @property
    def example(self) -> str:
        """The value in the example row of a blank; "" if an example would not help."""
        return self.limits.example if self.limits.example is not None else self.kind.example if self.required else ""

    @property
    def needs(self) -> tuple[Need, ...]:
        """What other cells make it required."""
        return self.limits.needs

    @cached_property
    def of_persons(self) -> bool:
        """Whether it names persons, directly or by reference to a sheet of persons."""
        return self.kind is PERSON or any(target.is_of_persons() for target in self.targets)

    def accepts(self, word: str) -> bool:
        """Whether a word is a term of the column or known to mean one, whatever it says elsewhere."""
        return word in self.codes or word in self.meant_by or word in self.limits.besides

    def names(self) -> tuple[tuple[type[Row], str], ...]:
        """The (sheet, attribute) pairs in which a reference is looked up; () for other columns."""
        return tuple(
            (target, name) for target in self.targets for name in self.limits.by or target.named_by or target.key()[:1]
        )


def _column(attribute: str, info: FieldInfo) -> Column:
    item, metadata, nullable = unwrapped(info.annotation, info.metadata)
    many = next((piece for piece in metadata if isinstance(piece, Many)), None)
    limits = next(piece for piece in metadata if isinstance(piece, Limits))
    if many:
        item, metadata, _ = unwrapped(get_args(item)[0], [])
    is_code = isinstance(item, type) and issubclass(item, Code)
    is_ref = get_origin(item) is Ref
    kind = next((piece for piece in metadata if isinstance(piece, CellType)), REF)
    if is_code:
        kind = CellType("code", "选项", "从下拉列表中选择", next(iter(item)), item._parse)
    return Column(
        attribute=attribute,
        label=info.alias or attribute,
        kind=kind,
        many=many,
        required=limits.at_least > 0 if many else not nullable,
        codes=tuple(str(code) for code in item) if is_code else ("是", "否") if kind.name == "yesno" else (),
        targets=targets(item) if is_ref else (),
        limits=limits,
        meant_by=meant_by(item) if is_code else {},
    )


_fields: Callable[[type[Row]], set[str]] = cache(lambda sheet: set(sheet.model_fields))
"""A sheet's field names, one set for all rows: pydantic would give each row its own, of 2 KB."""


# Sheets and forms ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnGroup:
    """Neighbouring columns about one thing, by attribute: folded away, they leave the first in sight."""

    name: str
    first: str
    last: str


class _Presence:
    """The condition of a rule that a column declares: its cell is filled, or no case of the need is given."""

    def __init__(self, sheet: type[Row], column: Column, need: Need) -> None:
        self.rule = Rule(need.number, need.sentence, column.label, need.severity, self)
        self._sheet, self._attribute, self._need = sheet, column.attribute, need

    def __call__(self, row: Row) -> bool:
        return not is_absent(getattr(row, self._attribute)) or not self._need.applies(row)

    def __reduce__(self) -> tuple[Callable[[type[Row], str], object], tuple[type[Row], str]]:
        return _condition, (self._sheet, self.rule.number)


def _condition(sheet: type[Row], number: str) -> object:
    """The condition of the sheet's rule with that number."""
    return next(rule.holds for rule in sheet.rules() if rule.number == number)


@dataclass_transform(kw_only_default=True, field_specifiers=(column,))
class Row(BaseModel):
    """A row of a sheet: subclass it with `title=` the sheet's name, one `column()` per line, rules as methods below.

    single: the sheet holds one row and is laid out as label | value | note; named_by: the attributes by which other
    sheets refer to a row (default: the key); in_view: how many of the first columns stay beside those scrolled to;
    groups: its columns after these, where they are in groups; about: what the sheet is for, for the clerk.
    """

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)
    single: ClassVar[bool] = False
    named_by: ClassVar[tuple[str, ...]] = ()
    in_view: ClassVar[int] = 0
    groups: ClassVar[tuple[ColumnGroup, ...]] = ()
    about: ClassVar[str] = ""
    _origin: Origin | None = PrivateAttr(None)

    def __init_subclass__(
        cls,
        single: bool = False,
        named_by: tuple[str, ...] = (),
        in_view: int = 0,
        groups: tuple[ColumnGroup, ...] = (),
        about: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.single, cls.named_by, cls.in_view, cls.groups, cls.about = single, named_by, in_view, groups, about

    @classmethod
    def sheet_title(cls) -> str:
        """The sheet's name."""
        return cls.model_config.get("title") or cls.__name__

    @classmethod
    @cache
    def columns(cls) -> tuple[Column, ...]:
        """All columns in the order of the sheet."""
        return tuple(_column(name, info) for name, info in cls.model_fields.items())

    @classmethod
    @cache
    def rules(cls) -> tuple[Rule, ...]:
        """All rules in the order of declaration: those of columns, then the methods."""
        declared = (_Presence(cls, item, need).rule for item in cls.columns() for need in item.needs if need.sentence)
        methods = (value for value in cls.__dict__.values() if callable(value))
        return (
            *declared,
            *(method.__dict__["rule"] for method in methods if "rule" in getattr(method, "__dict__", {})),
        )

    @classmethod
    @cache
    def key(cls) -> tuple[str, ...]:
        """The attributes that together identify a row; () for a sheet without a key."""
        return tuple(item.attribute for item in cls.columns() if item.limits.key)

    @classmethod
    @cache
    def names(cls) -> tuple[Column, ...]:
        """The columns that each identify a row alone: a key of one column, unique columns, `named_by`."""
        alone = {*cls.named_by, *(cls.key() if len(cls.key()) == 1 else ())}
        return tuple(item for item in cls.columns() if item.limits.unique or item.attribute in alone)

    @classmethod
    @cache
    def is_of_persons(cls) -> bool:
        """Whether other sheets refer to its rows by a person's name."""
        named = cls.named_by or cls.key()
        return any(item.kind is PERSON and item.attribute in named for item in cls.columns())

    @classmethod
    def label_of(cls, attribute: str) -> str:
        """The Chinese label of an attribute; KeyError if there is none."""
        return cls.model_fields[attribute].alias or attribute

    def predates(self, day: date) -> bool:  # noqa: ARG002
        """Whether the row is about something before that day, perhaps recorded in an earlier month."""
        return False

    def placed(self, origin: Origin) -> Self:
        """The same row with its place."""
        self._origin = origin
        object.__setattr__(self, "__pydantic_fields_set__", _fields(type(self)))
        return self

    def changed(self, values: Mapping[str, object]) -> Self:
        """The row at the same place with other values for some attributes, which are not validated again."""
        return self.model_copy(update=values).placed(self.origin)

    @property
    def origin(self) -> Origin:
        """Where the row was read; LookupError for a row from no workbook."""
        held: Origin | None = (self.__pydantic_private__ or {}).get("_origin")  # six times as fast as self._origin
        if held is None:
            raise LookupError(f"{type(self).__name__} was not read from a workbook")
        return held


FormName = Literal["名录", "督导室月报", "责任区月报", "待编文号"]


@dataclass(frozen=True)
class Form:
    """A workbook that staff fill in: its name, the version of its layout, its sheets in order.

    awaited: for a workbook written by a run, the attributes that staff fill in; steps: how, in place of the rules for
    blanks.
    """

    name: FormName
    version: str
    sheets: tuple[type[Row], ...]
    about: str
    awaited: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    def sheet(self, title: str) -> type[Row]:
        """The sheet with that title; KeyError if the form has none."""
        return {sheet.sheet_title(): sheet for sheet in self.sheets}[title]
