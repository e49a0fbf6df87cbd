"""Clean bills start with clean customers.

>>> from cleanbill import check_customer
>>> report = check_customer({"customer_name": "Nilgiri Analytics", "address": {"country": "India", "state": "Karnataka"}})
>>> report.verdict, report.clean["address"]["state"]
('corrected', 'KA')
"""

from .checks import check_address, check_customer, check_email, check_name, check_phone, check_tax_id
from .countries.location import TaxLocation
from .policy import Policy
from .policy_error import PolicyError
from .policy_file import Policies
from .report import Edit, Finding, Report
from .required import Requirement, When
from .rule import Hit, Rule
from .rulebook import RULES

__all__ = [
    "RULES",
    "Edit",
    "Finding",
    "Hit",
    "Policies",
    "Policy",
    "PolicyError",
    "Report",
    "Requirement",
    "Rule",
    "TaxLocation",
    "When",
    "check_address",
    "check_customer",
    "check_email",
    "check_name",
    "check_phone",
    "check_tax_id",
]
