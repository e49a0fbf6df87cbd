"""Values: those whose JSON type Zenskar refuses, repaired where the same fact can be written rightly."""

from __future__ import annotations

from cleanbill.rule import Found, Hit, rule_on
from cleanbill.schema import LONGEST, Field
from cleanbill.text import is_plain, squeeze, visible

rule = rule_on(Field)

_WANTED = {
    "prose": "a text",
    "token": "a text",
    "id": "a text",
    "flag": "true or false",
    "object": "an object",
    "list": "a list",
    "free": "an object",
}
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_EXACT = 2**53  # beyond it a JSON reader may have rounded a number already


@rule(
    "payload.type-wrong",
    reads={"*"},
    message="The value has the wrong JSON type; send {wanted}, as Zenskar wants it here.",
    bad={"customer_name": ["Nilgiri Analytics"]},
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def type_wrong(field: Field) -> Found:
    """Zenskar refuses the whole customer for one value of another type."""
    value, kind = field.value, field.kind
    right: type = {"object": dict, "free": dict, "list": list, "flag": bool}.get(kind, str)
    if isinstance(value, right) or _is_told_already(field):
        return None
    return Hit(words={"wanted": _WANTED[kind]})


@rule(
    "payload.number-for-text",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Send a text, not a number: a number loses its leading zeros on its way.",
    bad={"external_id": 42},
    good={"external_id": "42"},
    since="0.1",
)
def number_for_text(field: Field) -> Found:
    """Zenskar refuses a number here, and a postcode that has lost its leading zero lies in another tax region or in none."""
    text = _as_text(field)
    return Hit({"": text}) if text is not None else None


@rule(
    "payload.text-for-flag",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Send true or false, without quotes; this value is a text or a number.",
    bad={"auto_charge_enabled": "false"},
    good={"auto_charge_enabled": False},
    since="0.1",
)
def text_for_flag(field: Field) -> Found:
    """The text "false" counts as true in many programs, and a customer is charged who must not be."""
    flag = _as_flag(field)
    return Hit({"": flag}) if flag is not None else None


@rule(
    "payload.text-empty",
    level="info",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Send null, or leave the field out, where there is no value; this is an empty text.",
    bad={"email": ""},
    good={"email": None},
    since="0.1",
)
def text_empty(field: Field) -> Found:
    """Zenskar refuses an empty e-mail, and tax engines refuse empty address fields."""
    value = field.value
    if field.base == "/customer_name" or not isinstance(value, str):
        return None
    return None if is_plain(value) or squeeze(visible(value)) else Hit({"": None})


@rule(
    "payload.text-too-long",
    reads={"*"},
    message=f"A text here holds at most {LONGEST} characters; send a shorter one.",
    bad={"email": "a" * 2000},
    good={"email": "ap@nilgiri-analytics.in"},
    since="0.1",
)
def text_too_long(field: Field) -> Found:
    """A text of this length is a mistake, and systems on its way to the invoice refuse it or cut it off."""
    return Hit() if isinstance(field.value, str) and len(field.value) > LONGEST else None


@rule(
    "payload.text-unsendable",
    reads={"*"},
    message="The id holds a character that no database stores, such as a null character; send the id without it.",
    bad={"external_id": "C001\u0000"},
    good={"external_id": "C001"},
    since="0.1",
)
def text_unsendable(field: Field) -> Found:
    """Zenskar fails on it, and only its owner may change an id: a changed one finds no customer and no invoice."""
    value = field.value
    broken = (
        field.kind == "id" and isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
    )
    return Hit() if broken else None


def _is_told_already(field: Field) -> bool:
    """Whether another rule of this folder has something better to say of the value."""
    split = isinstance(field.value, str) and (not field.value.strip() or field.base in ("/address", "/ship_to_address"))
    return split or _as_text(field) is not None or _as_flag(field) is not None


def _as_text(field: Field) -> str | None:
    """The number in a text field as the text that was meant; None where that is not certain."""
    value = field.value
    if field.kind not in ("prose", "token", "id") or isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not (value.is_integer() and abs(value) < _EXACT):
        return None
    return str(int(value))


def _as_flag(field: Field) -> bool | None:
    value = field.value
    if field.kind != "flag" or isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return _FLAGS.get(str(value).strip().lower())
