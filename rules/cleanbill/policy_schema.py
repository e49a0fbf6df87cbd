"""The JSON Schema of the policy file, for editors, made of the declarations that the file is read by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from .policy import Policy, Setting
from .policy_file import FILE, KEYS, SECTIONS
from .renamed import RENAMED
from .report import Level
from .required import Requirement, When
from .rule import Rule
from .rulebook import RULES
from .tax_ids.pairs import PairTable, pair_row

Schema = dict[str, Any]

_DIALECT = "http://json-schema.org/draft-07/schema#"  # the one that TOML editors know
_TEXT = {"type": "string"}
_RULE: Schema = {
    "type": "object",
    "required": ["id", "message"],
    "properties": {
        "id": {**_TEXT, "description": "A family that is not built in, a dot and a name: acme.terms-missing."},
        "when": {**_TEXT, "description": "CEL: of which customers; all where it is left out."},
        "require": {**_TEXT, "description": "CEL: what must be true. A rule has this or forbid."},
        "forbid": {**_TEXT, "description": "CEL: what must not be true."},
        "message": {**_TEXT, "description": "What to do, in a sentence that holds no customer's data."},
        "level": {"enum": list(get_args(Level))},
        "pointer": {**_TEXT, "description": "RFC 6901 pointer to the field that the rule speaks of."},
        "fix": {
            "type": "object",
            "required": ["set"],
            "properties": {"set": _TEXT, "to": {}, "expression": _TEXT, "safe": {"type": "boolean"}},
            "additionalProperties": False,
        },
        "on_failure": {"enum": ["open", "closed"]},
    },
    "additionalProperties": False,
}
_TABLES: Mapping[Any, Callable[..., object]] = {Requirement: Requirement, When: When, PairTable: pair_row}


def policy_schema() -> Schema:
    """The schema of a whole policy file."""
    references = {key: {"$ref": f"#/definitions/{key}"} for key in KEYS}
    organisations = {
        "type": "object",
        "description": "How the policy of an organisation, by its id in small letters, differs from the rest of the file.",
        "additionalProperties": _object(references),
    }
    return {
        "$schema": _DIALECT,
        "title": f"A policy of cleanbill, {FILE}",
        **_object({**references, "organisations": organisations}),
        "definitions": _definitions(),
    }


def _definitions() -> dict[str, Schema]:
    """The schema of each key of a policy."""
    hints = get_type_hints(Policy, include_extras=True)
    schemas: dict[str, Schema] = {
        name: {"type": "object", "description": "For the service, which judges these keys itself."} for name in SECTIONS
    }
    for found in fields(Policy):
        if found.init:
            schema = _of_type(hints[found.name])
            if found.default not in (MISSING, None, ()):
                schema["default"] = list(found.default) if isinstance(found.default, tuple) else found.default
            schemas["rules" if found.name == "custom" else found.name] = schema
    schemas["levels"] |= _selectors()
    return {key: schemas[key] for key in KEYS}


def _of_type(hint: Any) -> Schema:
    """The schema of the values of one type."""
    kind, inner = get_origin(hint), get_args(hint)
    if hint in _TABLES:
        schema = _of_parameters(_TABLES[hint])
        return {"type": "array", "items": schema} if hint is PairTable else schema
    if kind is Annotated:
        return {**_of_type(inner[0]), "description": inner[1]}
    if kind is UnionType:
        return _of_type(next(choice for choice in inner if choice is not NoneType))
    if kind is Literal:
        return {"enum": list(inner)}
    if inner:
        mapping = len(inner) == 2 and inner[1] is not ...
        return {"type": "object"} if mapping else {"type": "array", "items": _of_type(inner[0])}
    return _RULE if hint is Rule else _TEXT


def _of_parameters(made: Callable[..., object]) -> Schema:
    """The schema of a table whose keys are what a class, or a function, is called with."""
    parameters = signature(made).parameters.values()
    hints = get_type_hints(made, include_extras=True)
    schema = _object({parameter.name: _of_type(hints[parameter.name]) for parameter in parameters})
    required = [parameter.name for parameter in parameters if parameter.default is Parameter.empty]
    return schema | ({"required": required} if required else {})


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _selectors() -> Schema:
    """What may stand in levels: rules and families that are built in, for an editor to offer, and those of other families."""
    families = list(dict.fromkeys(rule.family for rule in RULES))
    known: dict[str, Schema] = {"*": {}, **{family: {} for family in families}}
    known |= {rule.id: {"default": rule.level} for rule in RULES}
    known |= {old: {"description": f"It is called {new} now."} for old, new in RENAMED.items()}
    others = {"not": {"pattern": rf"^({'|'.join(families)})(\.|$)"}}
    return {
        "properties": known,
        "patternProperties": {"": {"enum": list(get_args(Setting))}},
        "propertyNames": {"anyOf": [{"enum": list(known)}, others]},
    }
