"""Clean bills start with clean customers.

>>> from cleanbill import check_customer
>>> report = check_customer({"customer_name": "Nilgiri Analytics", "address": {"country": "India", "state": "Karnataka"}})
>>> report.verdict, report.clean["address"]["state"]
('corrected', 'KA')
"""

from .checks import check_address, check_customer, check_email, check_name, check_phone, check_tax_id
from .countries.location import TaxLocation
from .policy import Policy, PolicyError
from .report import Edit, Finding, Report
from .rule import Hit, Rule
from .rulebook import RULES

__all__ = [
    "RULES",
    "Edit",
    "Finding",
    "Hit",
    "Policy",
    "PolicyError",
    "Report",
    "Rule",
    "TaxLocation",
    "check_address",
    "check_customer",
    "check_email",
    "check_name",
    "check_phone",
    "check_tax_id",
]
