"""What the types of JSON documents are made of: `python -m tests.write_schema` reads them, and `tests.documents` says how."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias


class Also(str):
    """What a JSON Schema says beside the type of a key, as JSON."""

    __slots__ = ()


Version: TypeAlias = Literal[1]
Count: TypeAlias = Annotated[int, Also('{"minimum": 0}')]
Moment: TypeAlias = Annotated[str, Also('{"format": "date-time"}')]
"""UTC, as `2027-03-02T08:00:00Z`."""
