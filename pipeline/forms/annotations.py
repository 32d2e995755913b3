"""What the annotation of a column says: its inner type, what is attached to it, whether it may be blank."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin


def unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any], bool]:
    """Strip `| None` and `Annotated` off a type: what is inside, all metadata, whether None was allowed."""
    nullable = False
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        nullable = len(members) < len(get_args(annotation))
        annotation = members[0]
    if hasattr(annotation, "__metadata__"):
        metadata, annotation = [*metadata, *annotation.__metadata__], annotation.__origin__
    return annotation, metadata, nullable


def targets(ref: Any) -> tuple[Any, ...]:
    """The sheets that a reference may name: A and B of `Ref[A | B]`."""
    (target,) = get_args(ref)
    return get_args(target) if get_origin(target) in (Union, types.UnionType) else (target,)
