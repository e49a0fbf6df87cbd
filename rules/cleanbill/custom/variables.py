"""What an expression sees of a customer: typed, so that a misspelt field is found when the policy is loaded.

The messages mirror Zenskar's schema. A value of a wrong JSON type, null, an empty text and one of more than 1,000 characters
count as absent; other rules speak of them. `custom_data` is what the company put there; its numbers are doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from typing import Any, Literal, NamedTuple

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

from cleanbill.countries.location import TaxLocation
from cleanbill.schema import LONGEST, LONGEST_LIST, Shape, schema, steps_of, text_of

PACKAGE = "cleanbill"
MOST_VALUES = 500  # of custom_data, its keys included
MOST_TEXT = 20_000  # characters of custom_data
DEEPEST = 20  # of custom_data

_Field = descriptor_pb2.FieldDescriptorProto
LOCATION = ("country", "subdivision", "postcode", "gst_state_code", "territory", "sufficiency")
_OBJECTS = {"address": "Address", "ship_to_address": "Address", "connector": "Connector", "tax_info": "TaxId"}


class TooLarge(ValueError):
    """custom_data holds more than a rule may read."""


class Variables(NamedTuple):
    """What expressions see of one customer; of its custom_data only what they read."""

    data: Mapping[str, Any]
    location: TaxLocation | None
    custom_data: Mapping[str, Any]


class Field(NamedTuple):
    """A field that stands in no list and not in custom_data. `read` gives "" for a text, else None, where it is absent."""

    path: str
    kind: Literal["text", "flag", "object"]
    read: Callable[[Variables], Any]


class Messages(NamedTuple):
    """The message types, and the pool that knows them."""

    pool: descriptor_pool.DescriptorPool
    customer: type[Any]
    location: type[Any]


@cache
def messages() -> Messages:
    """The types of the variables, built from the schema."""
    shapes = schema()
    file = descriptor_pb2.FileDescriptorProto(
        name="cleanbill.proto", package=PACKAGE, syntax="proto3", dependency=["google/protobuf/struct.proto"]
    )
    for name, fields in (
        ("Address", dict.fromkeys(_texts(shapes.address), "text")),
        ("TaxId", dict.fromkeys(_texts(shapes.tax_info), "text")),
        ("Connector", dict.fromkeys(_texts(shapes.connector), "text")),
        ("Customer", shapes.customer.fields),
        ("Location", {**dict.fromkeys(LOCATION, "text"), "sufficient": "flag", "jurisdictions": "texts"}),
    ):
        _add_message(file, name, fields)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    customer, location = (
        message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))
        for name in ("Customer", "Location")
    )
    return Messages(pool, customer, location)


def fields_of_message(name: str) -> list[str]:
    """The fields of one message type, by its full name."""
    return [field.name for field in messages().pool.FindMessageTypeByName(name).fields]


@cache
def fields() -> Mapping[str, Field]:
    """The fields of a customer and of a tax location by their selection, such as customer.address.city."""
    shapes = schema()
    inner = {"address": shapes.address, "ship_to_address": shapes.address, "connector": shapes.connector}
    found = [Field(f"location.{name}", "text", partial(_of_location, name, "")) for name in LOCATION]
    found.append(Field("location.sufficient", "flag", partial(_of_location, "sufficient", None)))
    for name, kind in shapes.customer.fields.items():
        path = f"customer.{name}"
        if kind == "object":
            found.append(Field(path, "object", partial(_object, name)))
            found += [Field(f"{path}.{text}", "text", partial(_inner, name, text)) for text in _texts(inner[name])]
        elif kind == "flag":
            found.append(Field(path, "flag", partial(_outer_flag, name)))
        elif kind not in ("list", "free"):
            found.append(Field(path, "text", partial(_outer_text, name)))
    return {field.path: field for field in found}


def bind(data: Mapping[str, Any], location: TaxLocation | None, places: frozenset[str]) -> Variables:
    """The variables for one customer, with the custom_data that expressions read of it. Raises TooLarge."""
    members: dict[str, Any] = {}
    names = _members_read(places, "custom_data")
    if names is not None and isinstance(held := data.get("custom_data"), dict):
        members = _small({name: held[name] for name in names if name in held} if names else held)
    return Variables(data, location, {name: _with_doubles(member) for name, member in members.items()})


def customer_message(record: Variables, places: frozenset[str]) -> Any:
    """The places of the customer that an expression reads, as a message."""
    values = {name: read(value) for name, read in _readers(places) if (value := record.data.get(name)) is not None}
    if _members_read(places, "custom_data") == []:
        values["custom_data"] = record.custom_data
    return messages().customer(**values)


def tax_info(name: str, record: Variables) -> list[str]:
    """One text of each item of tax_info, "" where it is absent."""
    held = record.data.get("tax_info")
    items = held[:LONGEST_LIST] if isinstance(held, list) else ()
    return [_text(item.get(name)) or "" for item in items if isinstance(item, dict)]


def location_message(record: Variables) -> Any:
    """The tax location as a message."""
    if record.location is None:
        return messages().location()
    return messages().location(
        **{name: getattr(record.location, name) for name in (*LOCATION, "sufficient", "jurisdictions")}
    )


def without_custom_data(places: frozenset[str]) -> frozenset[str]:
    """What else of a customer these places are."""
    names = {f"/{name}" for name in schema().customer.fields} if "" in places else set()
    return frozenset(place for place in places | names if place and not place.startswith("/custom_data"))


@lru_cache(maxsize=1024)
def _readers(places: frozenset[str]) -> list[tuple[str, Callable[[Any], object]]]:
    """How each field that is read is read, None standing for absent, custom_data left out."""
    shapes = schema()
    inner = {"connector": shapes.connector, "tax_info": shapes.tax_info}
    readers: list[tuple[str, Callable[[Any], object]]] = []
    for name, kind in shapes.customer.fields.items():
        members = _members_read(places, name)
        if members is None or kind == "free":
            continue
        texts = [text for text in _texts(inner.get(name, shapes.address)) if not members or text in members]
        if kind == "object":
            readers.append((name, partial(_members, texts)))
        elif kind == "list":
            readers.append((name, partial(_items, texts)))
        else:
            readers.append((name, _flag if kind == "flag" else _text))
    return readers


@lru_cache(maxsize=1024)
def _members_read(places: frozenset[str], field: str) -> list[str] | None:
    """The members of a field that are read; none named is all of it, None is nothing of it."""
    read = [steps_of(place) for place in places - {"location"}]
    if [] in read or [field] in read:
        return []
    return sorted({steps[1] for steps in read if steps[0] == field}) or None


def _members(texts: list[str], value: object) -> dict[str, str] | None:
    return {name: text for name in texts if (text := _text(value.get(name)))} if isinstance(value, dict) else None


def _items(texts: list[str], value: object) -> list[object]:
    items = value[:LONGEST_LIST] if isinstance(value, list) else ()
    return [_members(texts, item) for item in items if isinstance(item, dict)]


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _outer_text(name: str, record: Variables) -> str:
    return _text(record.data.get(name)) or ""


def _outer_flag(name: str, record: Variables) -> bool | None:
    return _flag(record.data.get(name))


def _inner(outer: str, name: str, record: Variables) -> str:
    held = record.data.get(outer)
    return (_text(held.get(name)) or "") if isinstance(held, dict) else ""


def _object(name: str, record: Variables) -> object:
    held = record.data.get(name)
    return held if isinstance(held, dict) else None


def _of_location(name: str, absent: str | None, record: Variables) -> object:
    value = getattr(record.location, name, None)
    return absent if value is None else value


def _texts(shape: Shape) -> list[str]:
    return [name for name, kind in shape.fields.items() if kind != "free"]


def _text(value: object) -> str | None:
    text = text_of(value)
    return text if text is None or text.isascii() or _is_unicode(text) else None


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _small(custom_data: dict[str, Any]) -> dict[str, Any]:
    """The same custom data. Raises TooLarge where it is more than a rule may read."""
    level: list[dict[str, Any] | list[Any]] = [custom_data]
    values = text = 0
    for _ in range(DEEPEST):
        inner: list[dict[str, Any] | list[Any]] = []
        for container in level:
            members = [*container, *container.values()] if isinstance(container, dict) else container
            values += len(members)
            text += sum(len(member) for member in members if isinstance(member, str))
            if values > MOST_VALUES or text > MOST_TEXT or not all(map(_is_readable, members)):
                raise TooLarge
            inner += [member for member in members if isinstance(member, (dict, list))]
        if not inner:
            return custom_data
        level = inner
    raise TooLarge


def _with_doubles(value: Any) -> Any:
    """JSON as messages hold it: all numbers are doubles."""
    if isinstance(value, dict):
        return {name: _with_doubles(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_doubles(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_readable(value: object) -> bool:
    """Whether it is JSON, and no text or number that is too large."""
    if isinstance(value, str):
        return len(value) <= LONGEST and (value.isascii() or _is_unicode(value))
    return (
        value is None
        or isinstance(value, (bool, dict, list, float))
        or (isinstance(value, int) and abs(value) < 2**1000)
    )


def _add_message(file: descriptor_pb2.FileDescriptorProto, name: str, fields: Mapping[str, str]) -> None:
    message = file.message_type.add(name=name)
    for number, (field, kind) in enumerate(fields.items(), 1):
        many = kind in ("list", "texts")
        added = message.field.add(
            name=field, number=number, label=_Field.LABEL_REPEATED if many else _Field.LABEL_OPTIONAL
        )
        if kind == "free":
            added.type, added.type_name = _Field.TYPE_MESSAGE, ".google.protobuf.Struct"
        elif kind in ("object", "list"):
            added.type, added.type_name = _Field.TYPE_MESSAGE, f".{PACKAGE}.{_OBJECTS[field]}"
        else:
            added.type = _Field.TYPE_BOOL if kind == "flag" else _Field.TYPE_STRING
        if not many and added.type != _Field.TYPE_MESSAGE:  # so that has() tells false and "" from absent
            added.proto3_optional, added.oneof_index = True, len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field}")
