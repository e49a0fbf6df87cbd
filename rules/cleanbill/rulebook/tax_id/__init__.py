"""Tax identifiers: the pair that names the scheme, the spelling of the number, then what is wrong with it."""

from . import number, pair, scheme, spelling

RULES = (*pair.RULES, *spelling.RULES, *scheme.RULES, *number.RULES)
