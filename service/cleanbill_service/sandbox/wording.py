"""The words of pydantic 1 for the errors of pydantic 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleanbill_service.sandbox.model import Json

# pydantic 2 type: (pydantic 1 type, message)
V1 = {
    "missing": ("value_error.missing", "field required"),
    "string_type": ("type_error.str", "str type expected"),
    "string_too_long": ("value_error.any_str.max_length", "ensure this value has at most {max_length} characters"),
    "string_too_short": ("value_error.any_str.min_length", "ensure this value has at least {min_length} characters"),
    "bool_type": ("type_error.bool", "value could not be parsed to a boolean"),
    "bool_parsing": ("type_error.bool", "value could not be parsed to a boolean"),
    "int_parsing": ("type_error.integer", "value is not a valid integer"),
    "greater_than_equal": ("value_error.number.not_ge", "ensure this value is greater than or equal to {ge}"),
    "less_than_equal": ("value_error.number.not_le", "ensure this value is less than or equal to {le}"),
    "uuid_type": ("type_error.uuid", "value is not a valid uuid"),
    "uuid_parsing": ("type_error.uuid", "value is not a valid uuid"),
    "date_type": ("value_error.date", "invalid date format"),
    "date_parsing": ("value_error.date", "invalid date format"),
    "date_from_datetime_parsing": ("value_error.date", "invalid date format"),
    "list_type": ("type_error.list", "value is not a valid list"),
    "dict_type": ("type_error.dict", "value is not a valid dict"),
    "model_type": ("type_error.dict", "value is not a valid dict"),
    "model_attributes_type": ("type_error.dict", "value is not a valid dict"),
    "json_invalid": ("value_error.jsondecode", "{error}"),
}


def as_v1(error: Mapping[str, Any]) -> Json:
    """One item of `detail` as pydantic 1 words it: loc, msg and type, and never the input."""
    if error["type"] == "value_error" and "email" in error["msg"]:
        return {"loc": error["loc"], "msg": "value is not a valid email address", "type": "value_error.email"}
    if error["type"] in {"string_type", "bool_type", "uuid_type"} and error["input"] is None:
        return {"loc": error["loc"], "msg": "none is not an allowed value", "type": "type_error.none.not_allowed"}
    kind, message = V1.get(error["type"], ("value_error", error["msg"]))
    return {"loc": error["loc"], "msg": message.format_map(error.get("ctx", {})), "type": kind}
