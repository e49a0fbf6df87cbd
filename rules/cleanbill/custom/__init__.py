"""A company's own rules, written in CEL (cel.dev) in the `[[rules]]` tables of its policy.

`tables.py` reads the tables, `check.py` is what runs, `fix.py` what a rule may write, `expression.py` our view of the language,
`cel.py` the engine behind it, `variables.py` what an expression sees of a customer, `functions.py` the library's
checks in CEL and `calls.py` how they are called.
"""

from .tables import custom_rules

__all__ = ["custom_rules"]
