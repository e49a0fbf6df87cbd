"""What an expression sees of a customer: typed, so that a misspelt field is found when the policy is loaded.

The messages mirror Zenskar's schema. A value of a wrong JSON type, null, an empty text and one of more than 1,000 characters
count as absent; other rules speak of them. `custom_data` is what the company put there; its numbers are doubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

from cleanbill.countries.location import TaxLocation
from cleanbill.schema import LONGEST, LONGEST_LIST, Shape, schema, text_of

PACKAGE = "cleanbill"
MOST_VALUES = 1000  # of custom_data
DEEPEST = 20  # of custom_data

_Field = descriptor_pb2.FieldDescriptorProto
_LOCATION = ("country", "subdivision", "postcode", "gst_state_code", "territory", "sufficiency")
_OBJECTS = {"address": "Address", "ship_to_address": "Address", "connector": "Connector", "tax_info": "TaxId"}


class TooLarge(ValueError):
    """custom_data holds more than a rule may read."""


class Record(NamedTuple):
    """The two variables of an expression."""

    customer: Any
    location: Any


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
        ("Location", {**dict.fromkeys(_LOCATION, "text"), "sufficient": "flag", "jurisdictions": "texts"}),
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


def bind(data: Mapping[str, Any], location: TaxLocation | None, *, custom_data: bool) -> Record:
    """The variables for one customer, without custom_data where no rule asks for it. Raises TooLarge."""
    types, shapes = messages(), schema()
    values: dict[str, Any] = {}
    for name, kind in shapes.customer.fields.items():
        value = data.get(name)
        if value is None:
            continue
        if kind == "flag":
            if isinstance(value, bool):
                values[name] = value
        elif kind == "object":
            if isinstance(value, dict):
                values[name] = _members(value, shapes.connector if name == "connector" else shapes.address)
        elif kind == "list":
            if isinstance(value, list):
                items = (item for item in value[:LONGEST_LIST] if isinstance(item, dict))
                values[name] = [_members(item, shapes.tax_info) for item in items]
        elif kind == "free":
            if custom_data and isinstance(value, dict):
                values[name] = _checked(value)
        elif text := _text(value):
            values[name] = text
    return Record(types.customer(**values), types.location(**_location(location) if location else {}))


def _location(location: TaxLocation) -> dict[str, object]:
    values = {name: value for name in _LOCATION if (value := getattr(location, name))}
    return {**values, "sufficient": location.sufficient, "jurisdictions": location.jurisdictions}


def _members(value: dict[str, object], shape: Shape) -> dict[str, str]:
    return {name: text for name in _texts(shape) if (text := _text(value.get(name)))}


def _texts(shape: Shape) -> list[str]:
    return [name for name, kind in shape.fields.items() if kind != "free"]


def _text(value: object) -> str | None:
    text = text_of(value)
    return text if text is None or text.isascii() or _is_unicode(text) else None


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    """The same custom data, where it is JSON that a rule may read."""
    for number, (member, depth) in enumerate(_walk(value, 0)):
        fits = len(member) <= LONGEST and _is_unicode(member) if isinstance(member, str) else _is_json(member)
        if number > MOST_VALUES or depth > DEEPEST or not fits:
            raise TooLarge
    return value


def _walk(value: object, depth: int) -> Iterator[tuple[object, int]]:
    yield value, depth
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            yield key, depth
            yield from _walk(member, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)


def _is_json(value: object) -> bool:
    return (
        value is None or isinstance(value, (bool, dict, list, float)) or (isinstance(value, int) and abs(value) < 1e300)
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
