"""The fields of Zenskar's create-customer body, the other names under which they are sent, and a body held against them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal, get_args

from .data_files import read_data
from .rule import Scope

LONGEST = 1000  # characters of any one text; nothing in a customer's body is longer, and longer ones are not read
LONGEST_LIST = 20  # items of tax_info

Kind = Literal["prose", "token", "id", "flag", "object", "list", "free"]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One kind of object in the body.

    `fields` are its fields with their kinds, `types` those with the types of their values, `spellings` maps a folded key to the
    field that it means, `containers` are the fields that hold objects or lists, with their types.
    """

    fields: Mapping[str, Kind]
    types: Mapping[str, type]
    spellings: Mapping[str, str]
    containers: tuple[tuple[str, type], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """The shapes of the body's objects, and what flat keys of a customer stand for.

    `flat` maps a folded key to the place of its value: ("address", "line1") or ("tax_info", "tax_id"). `beside` maps those
    that have a place only beside others of the same address.
    """

    customer: Shape
    address: Shape
    tax_info: Shape
    connector: Shape
    flat: Mapping[str, tuple[str, str]]
    beside: Mapping[str, tuple[str, str]]


class Object:
    """One JSON object of the body with the shape it should have."""

    scope: ClassVar[Scope] = "object"

    def __init__(self, base: str, data: dict[str, object], shape: Shape) -> None:
        self.base = base
        self.data = data
        self.shape = shape

    @property
    def strange_keys(self) -> list[str]:
        """The keys that are no fields, in their order."""
        fields = self.shape.fields
        return [] if self.data.keys() <= fields.keys() else [key for key in self.data if key not in fields]

    @property
    def in_order(self) -> bool:
        """Whether its keys are all fields, and what should be an object or a list of objects is one."""
        if not self.data.keys() <= self.shape.fields.keys():
            return False
        for name, kind in self.shape.containers:
            value = self.data.get(name)
            if value and not isinstance(value, kind):
                return False
            if isinstance(value, list) and not _is_list_of_objects(value):
                return False
        return True


class Field:
    """One known field whose value is not plainly of the right type and size, whatever JSON it holds."""

    scope: ClassVar[Scope] = "field"

    def __init__(self, base: str, name: str, kind: Kind, container: dict[str, object]) -> None:
        self.base = base
        self.name = name
        self.kind = kind
        self._container = container

    @property
    def value(self) -> object:
        """The value as it stands now."""
        return self._container.get(self.name)


class Text(Field):
    """One field with a text for people that is not plainly clean; it is not blank."""

    scope: ClassVar[Scope] = "text"

    @property
    def value(self) -> str:
        """The text as it stands now."""
        return str(self._container[self.name])


def escape(key: str) -> str:
    """A key as one step of an RFC 6901 pointer, with its slash."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def steps_of(pointer: str) -> list[str]:
    """The unescaped steps of an RFC 6901 pointer."""
    if "~" not in pointer:
        return pointer.split("/")[1:]
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def overlaps(one: str, other: str) -> bool:
    """Whether two pointers lead to the same value, or one to what is inside the other's."""
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def text_of(value: object) -> str | None:
    """A field's text, None where it is absent, empty, no text or far too long."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST else None


def fold_key(key: str) -> str:
    """The key under which camelCase, snake_case and spaced spellings of a name are one."""
    return "".join(c for c in key.casefold() if c.isalnum())


@cache
def schema() -> Schema:
    """Zenskar's create-customer schema; read once."""
    tables = tomllib.loads(read_data(__package__, "zenskar.toml"))
    address = _shape(tables["address"])
    return Schema(
        _shape(tables["customer"]),
        address,
        _shape(tables["tax_info"]),
        _shape(tables["connector"]),
        _flat(tables["flat"], address),
        {fold_key(key): ("address", address.spellings[fold_key(key)]) for key in tables["flat"]["beside"]},
    )


# Words of ASCII or Latin letters, each text on a line, with single spaces inside; no letter that an encoding slip or HTML brings.
_LETTERS = "[!-%'-~\u00c0-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c]+"
_TIDY = re.compile(f"{_LETTERS}(?:[ \n]{_LETTERS})*")


def is_tidy(data: Mapping[str, object], shape: Shape) -> bool:
    """Whether an object of the body is plainly in order: its keys are fields, its values have their types, its texts are clean.

    This is quick and careful: an object that fails it may still be quite right.
    """
    types = shape.types
    texts: list[str] = []
    for name, value in data.items():
        wanted = types.get(name)
        if type(value) is wanted:
            if isinstance(value, str):
                texts.append(value)
            elif wanted is list and not _is_list_of_objects(value):
                return False
        elif wanted is None or value is not None:
            return False
    if not texts:
        return True
    text = "\n".join(texts)
    return len(text) <= LONGEST and _TIDY.fullmatch(text) is not None and text.count("\n") < len(texts)


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and len(value) <= LONGEST_LIST and all(isinstance(item, dict) for item in value)


def fields_of(base: str, data: dict[str, object], shape: Shape) -> Iterator[Field]:
    """The known fields of one object whose value is not plainly of the right type and size."""
    kinds = shape.fields
    for name, value in list(data.items()):
        if value is not None and (kind := kinds.get(name)) and not _is_sendable(kind, value):
            yield Field(base + escape(name), name, kind, data)


def texts_of(base: str, data: dict[str, object], shape: Shape) -> Iterator[Text]:
    """The texts for people in one object that are not plainly clean; none that is blank."""
    kinds = shape.fields
    for name, value in list(data.items()):
        if isinstance(value, str) and kinds.get(name) == "prose" and not _TIDY.fullmatch(value) and value.strip():
            yield Text(base + escape(name), name, "prose", data)


def _is_sendable(kind: Kind, value: object) -> bool:
    if not isinstance(value, str):
        return isinstance(value, _TYPES.get(kind, str))
    says_something = any(map(str.isalnum, value)) and len(value) <= LONGEST
    return says_something and (kind in ("prose", "token") or (kind == "id" and value.isprintable()))


_TYPES: Mapping[Kind, type] = {"flag": bool, "object": dict, "list": list, "free": dict}


def _shape(table: Mapping[str, Mapping[str, object]]) -> Shape:
    spellings = {}
    for name, facts in table.items():
        for spelling in (name, *_words(facts["also"])):
            spellings[fold_key(spelling)] = name
    fields = {name: _kind(facts["kind"]) for name, facts in table.items()}
    containers = tuple((name, _TYPES[kind]) for name, kind in fields.items() if kind in ("object", "list"))
    types = {name: _TYPES.get(kind, str) for name, kind in fields.items()}
    return Shape(fields, types, spellings, containers)


def _flat(table: Mapping[str, list[str]], address: Shape) -> dict[str, tuple[str, str]]:
    flat = {fold_key(key): ("tax_info", "tax_id") for key in table["tax_id"]}
    for place in ("address", "ship_to_address"):
        for prefix in table[place]:
            for spelling, name in address.spellings.items():
                flat.setdefault(fold_key(prefix) + spelling, (place, name))
    for key in table["bare"]:
        flat[fold_key(key)] = ("address", address.spellings[fold_key(key)])
    return flat


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []


def _kind(value: object) -> Kind:
    return next(kind for kind in get_args(Kind) if kind == value)
