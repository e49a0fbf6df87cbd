"""Keys: Zenskar drops those it does not know without a word, so each one is named, and moved where that is certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from cleanbill.record import Body
from cleanbill.report import Fix
from cleanbill.rule import REMOVE, Found, Hit, rule_on
from cleanbill.schema import LONGEST_LIST, Kind, Object, escape, fold_key, schema

body_rule = rule_on(Body)
rule = rule_on(Object)

_SCALAR: tuple[Kind, ...] = ("prose", "token", "id", "flag")


@body_rule(
    "payload.not-object",
    reads={"*"},
    message="Send one customer a request, as a JSON object with fields such as customer_name.",
    bad=["a list"],
    good={"customer_name": "Nilgiri Analytics"},
    since="0.1",
)
def not_object(body: Body) -> Found:
    """Without an object there is no customer to bill: Zenskar refuses it, and does not say what was meant."""
    return None if isinstance(body.value, dict) else Hit()


@body_rule(
    "payload.key-duplicate",
    reads={"*"},
    message="This key stands more than once in one object, and readers differ in which value they take; send it once.",
    bad='{"customer_name": "Nilgiri Analytics", "customer_name": "Deccan Tools"}',
    good='{"customer_name": "Nilgiri Analytics"}',
    since="0.1",
)
def key_duplicate(body: Body) -> Found:
    """One system reads the first value and the next one the second, so the invoice may show what nobody has checked."""
    return [Hit(at=pointer) for pointer in body.duplicates] or None


@rule(
    "payload.key-misnamed",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Zenskar has no field of this name and would drop the value; send it as {field}.",
    bad={"customer_name": "Nilgiri Analytics", "phone": "+919845012345"},
    good={"customer_name": "Nilgiri Analytics", "phone_number": "+919845012345"},
    since="0.1",
)
def key_misnamed(found: Object) -> Found:
    """A value under a wrong key is lost without an error, and is missed on an invoice months later."""
    data, shape = found.data, found.shape
    misnamed = defaultdict(list)
    for key in found.strange_keys:
        field = shape.spellings.get(fold_key(key))
        if field and (_fits(data[key], shape.fields[field]) or _is_blank(data[key])):
            misnamed[field].append(key)
    hits = []
    for field, keys in misnamed.items():
        free = _is_blank(data.get(field)) and all(data[key] == data[keys[0]] for key in keys)
        for key in keys:
            moved = {"/" + field: data[key], escape(key): REMOVE} if free and key == keys[0] else {}
            hits.append(Hit(moved, words={"field": field}, at=escape(key)))
    return hits or None


@rule(
    "payload.address-flattened",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Zenskar would drop this key, because an address is an object of its own; send it as {field}.",
    bad={"customer_name": "Nilgiri Analytics", "address_city": "Bengaluru", "address_line1": "12 Residency Road"},
    good={"customer_name": "Nilgiri Analytics", "address": {"city": "Bengaluru", "line1": "12 Residency Road"}},
    since="0.1",
)
def address_flattened(found: Object) -> Found:
    """A customer whose address was sent flat is stored without any, so no regional tax can be calculated."""
    if found.base:
        return None
    hits = []
    places = _flat_keys(found, schema().flat)
    for key, field in _flat_keys(found, schema().beside).get("address", {}).items():
        if "address" in places:
            places["address"].setdefault(key, field)
        else:
            hits.append(_moved(found, "address", {key: field}, fix="guess"))
    for place, keys in places.items():
        if found.data.get(place) is None:
            hits.append(_moved(found, place, keys))
        else:
            hits += [_moved(found, place, {key: field}) for key, field in keys.items()]
    return hits or None


def _flat_keys(found: Object, meaning: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """By address, the keys that hold one field of it, and the field; the first key of several for one field."""
    places: dict[str, dict[str, str]] = {}
    for key in found.strange_keys:
        folded = fold_key(key)
        place, field = meaning.get(folded, ("", ""))
        if place.endswith("address") and _fits(found.data[key], "prose") and folded not in found.shape.spellings:
            fields = places.setdefault(place, {})
            if field not in fields.values():
                fields[key] = field
    return places


def _moved(found: Object, place: str, keys: Mapping[str, str], fix: Fix | None = None) -> Hit:
    """A hit that moves flat keys into one address, or only names where they belong where a value is already there."""
    data, address = found.data, found.data.get(place)
    edits: dict[str, object] = {}
    if address is None:
        edits = {f"/{place}": {field: data[key] for key, field in keys.items()}}
    elif isinstance(address, dict) and all(_is_blank(address.get(field)) for field in keys.values()):
        edits = {f"/{place}/{field}": data[key] for key, field in keys.items()}
    edits |= {escape(key): REMOVE for key in keys} if edits else {}
    named = " and ".join(f"{place}.{field}" for field in keys.values())
    return Hit(edits, fix if edits else None, {"field": named}, escape(next(iter(keys))))


@rule(
    "payload.tax-id-misplaced",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Zenskar would drop this key; send tax identifiers as items of tax_info, each with country_code, tax_code"
    " and tax_id.",
    bad={"customer_name": "Nilgiri Analytics", "taxId": "29AABCU9603R1ZJ"},
    good={"customer_name": "Nilgiri Analytics", "tax_info": [{"tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def tax_id_misplaced(found: Object) -> Found:
    """An invoice without the customer's tax identifier costs them their input tax."""
    data = found.data
    if found.base:
        return None
    keys = [
        key
        for key in found.strange_keys
        if schema().flat.get(fold_key(key)) == ("tax_info", "tax_id") and _fits(data[key], "token")
    ]
    free = len(keys) == 1 and not data.get("tax_info")
    return [
        Hit({"/tax_info": [{"tax_id": data[key]}], escape(key): REMOVE} if free else {}, at=escape(key)) for key in keys
    ] or None


@rule(
    "payload.address-not-object",
    fix="guess",
    reads={"*"},
    writes={"*"},
    message="An address is an object with line1, city, state, zipCode, country and country_code, not one text; split it.",
    bad={"address": "12 Residency Road, Bengaluru"},
    good={"address": {"line1": "12 Residency Road, Bengaluru"}},
    since="0.1",
)
def address_not_object(found: Object) -> Found:
    """No tax engine reads a region out of one line of text, so no regional tax is charged."""
    if found.base:
        return None
    return [
        Hit({f"/{name}": {"line1": value}}, at=f"/{name}")
        for name in ("address", "ship_to_address")
        if isinstance(value := found.data.get(name), str) and value.strip()
    ] or None


@rule(
    "payload.tax-info-not-list",
    at="/tax_info",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Send tax_info as a list of objects, each with country_code, tax_code and tax_id.",
    bad={"tax_info": {"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def tax_info_not_list(found: Object) -> Found:
    """Zenskar refuses the whole customer, so there is nobody to bill."""
    value = found.data.get("tax_info")
    if found.base or not value:
        return None
    if isinstance(value, dict):
        return Hit({"/tax_info": [value]})
    return Hit({"/tax_info": [{"tax_id": value}]}) if isinstance(value, str) else None


@rule(
    "payload.tax-info-item-not-object",
    level="warn",
    fix="safe",
    reads={"*"},
    writes={"*"},
    message="Send each item of tax_info as an object with country_code, tax_code and tax_id, not as the number alone.",
    bad={"tax_info": ["29AABCU9603R1ZJ"]},
    good={"tax_info": [{"tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def tax_info_item_not_object(found: Object) -> Found:
    """Zenskar refuses a bare number, and without country_code and tax_code nobody can tell which tax it is for."""
    items = found.data.get("tax_info")
    if found.base or not isinstance(items, list):
        return None
    return [
        Hit({f"/tax_info/{n}": {"tax_id": item}}, at=f"/tax_info/{n}")
        for n, item in enumerate(items)
        if isinstance(item, str) and item
    ] or None


@rule(
    "payload.tax-info-item-type-wrong",
    reads={"*"},
    message="Send each item of tax_info as an object with country_code, tax_code and tax_id; this one is something else.",
    bad={"tax_info": [7]},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def tax_info_item_type_wrong(found: Object) -> Found:
    """Zenskar refuses the whole customer for it, so there is nobody to bill."""
    items = found.data.get("tax_info")
    if found.base or not isinstance(items, list):
        return None
    return [Hit(at=f"/tax_info/{n}") for n, item in enumerate(items) if not isinstance(item, dict)] or None


@rule(
    "payload.tax-info-too-long",
    at="/tax_info",
    reads={"*"},
    message=f"tax_info holds at most {LONGEST_LIST} items, and only so many are judged; send this customer's alone.",
    bad={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}] * 21},
    good={"tax_info": [{"country_code": "IND", "tax_code": "GST", "tax_id": "29AABCU9603R1ZJ"}]},
    since="0.1",
)
def tax_info_too_long(found: Object) -> Found:
    """So long a list is a mistake in an export: it holds other customers' identifiers, which would stand on this one's invoices."""
    items = found.data.get("tax_info")
    return Hit() if not found.base and isinstance(items, list) and len(items) > LONGEST_LIST else None


@rule(
    "payload.key-unknown",
    level="warn",
    reads={"*"},
    message="Zenskar knows no such field and drops it without a word; send facts of your own in custom_data.",
    bad={"customer_name": "Nilgiri Analytics", "industry": "software"},
    good={"customer_name": "Nilgiri Analytics", "custom_data": {"industry": "software"}},
    since="0.1",
)
def key_unknown(found: Object) -> Found:
    """What is dropped in silence is believed to be stored, and is missed when an invoice needs it."""
    return [Hit(at=escape(key)) for key in found.strange_keys if not _named_already(key, found)] or None


def _named_already(key: str, found: Object) -> bool:
    """Whether an earlier rule has said what to do with this key."""
    folded, value = fold_key(key), found.data[key]
    field = found.shape.spellings.get(folded)
    if field:
        return _fits(value, found.shape.fields[field]) or _is_blank(value)
    flat = folded in schema().flat or folded in schema().beside
    return not found.base and flat and _fits(value, "prose")


def _fits(value: object, kind: Kind) -> bool:
    if kind == "free":
        return True
    if _is_blank(value):
        return False
    return isinstance(value, (str, int, float)) if kind in _SCALAR else isinstance(value, (dict, list, str))


def _is_blank(value: object) -> bool:
    return value is None or value == ""
