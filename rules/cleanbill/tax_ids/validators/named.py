"""The validators by the names that the tables give them.

Importing python-stdnum costs about 25 ms, so `read.py` imports this module when the first number is read.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError

from .number import Number, Problem, Refusal, Validator


@cache
def named(name: str) -> Validator:
    """The function that `name` names, a module of python-stdnum or "module.function" of this package; it raises Refusal alone."""
    validate = _of_library(name) if name.startswith("stdnum.") else _of_ours(name)

    def validated(body: str) -> Number:
        try:
            return validate(body)
        except ValidationError as error:
            raise Refusal(problem_of(error)) from error

    return validated


def problem_of(error: ValidationError) -> Problem:
    """The problem that an exception of python-stdnum stands for."""
    if isinstance(error, InvalidChecksum):
        return "check-digit"
    if isinstance(error, InvalidComponent):
        return "component"
    return "length" if isinstance(error, InvalidLength) else "shape"


def _of_library(name: str) -> Validator:
    validate = import_module(name).validate
    return lambda body: Number(str(validate(body)))


def _of_ours(name: str) -> Validator:
    module, function = name.split(".")
    validator: Validator = getattr(import_module(f"{__package__}.{module}"), function)
    return validator
