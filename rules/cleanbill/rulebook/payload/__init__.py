"""The shape of the body: what is no object, keys that Zenskar would drop, values of the wrong JSON type."""

from . import changes, keys, values

RULES = (
    keys.not_object,
    keys.key_duplicate,
    keys.key_misnamed,
    keys.address_not_object,
    keys.address_flattened,
    keys.tax_id_misplaced,
    keys.tax_info_not_list,
    keys.tax_info_item_not_object,
    keys.tax_info_item_type_wrong,
    keys.tax_info_too_long,
    keys.key_unknown,
    values.type_wrong,
    values.number_for_text,
    values.text_for_flag,
    values.text_empty,
    values.text_too_long,
    values.text_unsendable,
)
# What can be said of an address once its fields are settled.
AFTERWARDS = (changes.address_partial,)
