"""A row with some unreadable cells: rules that do not look at those may still check it; knows no rule, no sheet."""

from __future__ import annotations

import inspect
from collections.abc import Set
from functools import cached_property
from types import FunctionType, MethodType
from typing import Any

from pydantic import BaseModel

from pipeline.forms.schema import Row


class UnknownCell(BaseException):
    """A rule looked at a faulty cell. Not an Exception, so that no handler within a rule swallows it."""


class Watched:
    """A stand-in row as rules see it; raises UnknownCell as soon as a faulty cell is read in any way.

    Methods and properties of the sheet run on this view, and functions that get the row get the view: what they read
    counts as read by the rule. What an `or` or an early return skips is not read.
    """

    __slots__ = ("__faulty", "__row")

    def __init__(self, row: Row, faulty: Set[str]) -> None:
        self.__row, self.__faulty = row, faulty

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # functions that are given the row may ask for its sheet
        return type(self.__row)

    def __getattr__(self, name: str) -> Any:
        sheet = type(self.__row)
        if name in sheet.model_fields:
            if sheet.label_of(name) in self.__faulty:
                raise UnknownCell(name)
            return getattr(self.__row, name)
        if name == "__dict__" or hasattr(BaseModel, name):
            raise UnknownCell(name)  # reads all cells at once: vars(), model_dump()
        held = inspect.getattr_static(sheet, name, None)
        if isinstance(held, property) and held.fget and name != "origin":
            return held.fget(self)
        if isinstance(held, cached_property):
            return held.func(self)
        return MethodType(held, self) if isinstance(held, FunctionType) else getattr(self.__row, name)
