"""What two parts of a customer say of each other. Each may be right, so these warn."""

from . import contact, holder, tax_id

RULES = (*tax_id.RULES, *holder.RULES, *contact.RULES)
