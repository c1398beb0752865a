"""Compiles a JSON Schema into a function that says yes or no, some thirty times faster than looking for reasons.

It knows the keywords that the project's own schemas use, and refuses others. Where it says no, jsonschema says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Fits = Callable[[Any], bool]
    Build = Callable[[Mapping[str, Any]], Fits]

_NOTES: Final = frozenset(
    [
        "$schema", "$id", "$defs", "title", "description", "examples", "default", "errorMessage", "format",
        "defaultSnippets", "additionalProperties",
    ]
)  # fmt: skip
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def compile_schema(schema: Mapping[str, Any], resolve: Callable[[str], Mapping[str, Any]]) -> Fits:
    """`resolve` finds what a `$ref` names. Raises ValueError for an unknown keyword: at once, or once a value has its key."""
    known: dict[str, Fits] = {}

    def referred(name: str) -> Fits:
        if name not in known:
            known[name] = lambda value: known[name](value)  # noqa: PLW0108 - looked up late: a schema may refer to itself
            known[name] = build(resolve(name))
        return known[name]

    def build(part: Mapping[str, Any]) -> Fits:
        tests: list[Fits] = []
        for keyword, wanted in part.items():
            if keyword == "$ref":
                tests.append(referred(wanted))
            elif keyword not in _NOTES:
                tests.append(_test(keyword, wanted, part, build))
        if "additionalProperties" in part and "properties" not in part:
            tests.append(_properties({}, part, build))
        if len(tests) == 1:
            return tests[0]
        return _all_of(tests)

    return build(schema)


def _all_of(tests: Sequence[Fits]) -> Fits:
    def fits(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - `all` takes twice as long for one or two tests, which most values have
            if not test(value):
                return False
        return True

    return fits


def _test(keyword: str, wanted: Any, part: Mapping[str, Any], build: Build) -> Fits:
    match keyword:
        case "type":
            return _type(wanted)
        case "properties":
            return _properties(wanted, part, build)
        case "required":
            keys = frozenset(wanted)
            return lambda value: not isinstance(value, dict) or keys <= value.keys()
        case "propertyNames":
            name = build(wanted)
            return lambda value: not isinstance(value, dict) or all(name(key) for key in value)
        case "items":
            each = build(wanted)
            return lambda value: not isinstance(value, list) or all(each(item) for item in value)
        case "enum":
            words = frozenset(word for word in wanted if word is None or isinstance(word, str))
            return lambda value: value in (words if value is None or isinstance(value, str) else wanted)
        case "pattern":
            pattern = late_pattern(wanted)
            return lambda value: not isinstance(value, str) or pattern.search(value) is not None
        case "minLength" | "minItems":
            kind = str if keyword == "minLength" else list
            return lambda value: not isinstance(value, kind) or len(value) >= wanted
        case "maxLength" | "maxItems":
            kind = str if keyword == "maxLength" else list
            return lambda value: not isinstance(value, kind) or len(value) <= wanted
        case "minimum":
            return lambda value: not isinstance(value, (int, float)) or value >= wanted
        case "maximum":
            return lambda value: not isinstance(value, (int, float)) or value <= wanted
        case "oneOf" | "anyOf":
            tests = [build(schema) for schema in wanted]
            if keyword == "anyOf":
                return lambda value: any(test(value) for test in tests)
            return lambda value: sum(test(value) for test in tests) == 1
        case _:
            raise ValueError(f"unknown keyword {keyword}")


def _type(names: str | list[str]) -> Fits:
    classes = tuple(cls for name in ([names] if isinstance(names, str) else names) for cls in _TYPES[name])
    if bool in classes or not {int, float} & set(classes):
        return lambda value: isinstance(value, classes)
    return lambda value: isinstance(value, classes) and value.__class__ is not bool


def _properties(properties: Mapping[str, Any], part: Mapping[str, Any], build: Build) -> Fits:
    tests: dict[str, Fits] = {}
    """Those of keys that were met: a file has few of those that the schema knows."""
    more = part.get("additionalProperties", True)
    other: Fits | None = None if more is True else (lambda _: False) if more is False else build(more)

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        for key, item in value.items():
            test = tests.get(key)
            if test is None and key in properties:
                test = tests[key] = build(properties[key])
            if test is None:
                test = other
            if test is not None and not test(item):
                return False
        return True

    return fits
