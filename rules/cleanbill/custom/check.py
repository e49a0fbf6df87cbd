"""The check of one custom rule: it pickles by its source and compiles again where it is needed."""

from __future__ import annotations

from typing import Any, Literal

from cleanbill.record import Customer
from cleanbill.rule import Found, Hit, Undecided
from cleanbill.schema import steps_of

from .expression import Bound, ExpressionFailed, bind, compile_expression, places_read
from .fix import Fix, Value, is_sound, plain_value, written

OnFailure = Literal["open", "closed"]

_FAILURES = {
    "budget": "This rule of the policy took more steps than a rule may, so the customer was not checked by it.",
    "missing": "This rule of the policy reads a value that is not there, so the customer was not checked by it; let it ask"
    " with has() first.",
    "other": "This rule of the policy has no answer for this customer, so the customer was not checked by it.",
    "too-large": "custom_data holds more than a rule of the policy may read, so the customer was not checked by it.",
}


class CustomCheck:
    """Whether `expression` is true of a customer, which is a hit, and what is then written or offered.

    `applies` tells whether the fix may be applied; else its value is only offered.
    """

    def __init__(self, expression: str, fix: Fix | None, on_failure: OnFailure, *, applies: bool, reason: str) -> None:
        self.__doc__ = reason
        self._source = (expression, fix, on_failure, applies, reason)
        self._hits = compile_expression(expression)
        self._value = compile_expression(fix.expression) if fix and fix.expression is not None else None
        self._fix = fix
        self._applies = applies
        self._on_failure = on_failure
        self.places = places_read(expression) | (places_read(fix.expression) if fix and fix.expression else frozenset())
        self.reads = frozenset(steps_of(place)[0] if place else "*" for place in self.places - {"location"})
        self._reads_custom_data = not self.reads.isdisjoint(("custom_data", "*"))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, self._source

    def __call__(self, customer: Customer) -> Found:
        if not self._may_judge(customer):
            return None
        record = _record(customer, custom_data=self._reads_custom_data)
        if record is None:
            raise self._undecided("too-large")
        try:
            value = self._hits.evaluate(record)
        except ExpressionFailed as failed:
            raise self._undecided(failed.failure) from None
        if not isinstance(value, bool):
            raise self._undecided("other")
        return self._hit(customer, record) if value else None

    def _may_judge(self, customer: Customer) -> bool:
        """Whether what it reads is known: a part alone, and a change of a customer, leave the rest unsaid."""
        if not customer.part and not customer.partial:
            return True
        decides = "ship_to_address" if customer.policy.tax_address == "ship_to" else "address"
        reads = self.reads | {decides} if "location" in self.places else self.reads
        if customer.part and reads - {customer.part[1:]}:
            return False
        split = (
            {address.base[1:] for address in customer.addresses if not address.is_whole} if customer.partial else set()
        )
        return reads <= customer.data.keys() and not reads & split

    def _hit(self, customer: Customer, record: Bound) -> Hit:
        """The hit with the fix, where there is one and the rule is content with it."""
        value = self._fixed_value(record)
        if self._fix is None or value is None:
            return Hit()
        offered = Hit(at=self._fix.pointer, candidates=(value,))
        change = written(customer.data, self._fix.pointer, value) if self._applies else None
        if change is None or not is_sound(self._fix.pointer, value):
            return offered
        name, after = change
        try:
            fixed = _bound(customer, {**customer.data, name: after}, custom_data=self._reads_custom_data)
            content = fixed is not None and self._hits.evaluate(fixed) is False
        except ExpressionFailed:
            return offered
        return Hit({f"/{name}": after}) if content else offered

    def _fixed_value(self, record: Bound) -> Value | None:
        if self._value is None:
            return self._fix.constant if self._fix else None
        try:
            return plain_value(self._value.evaluate(record))
        except ExpressionFailed:
            return None

    def _undecided(self, failure: str) -> Undecided:
        return Undecided("error" if self._on_failure == "closed" else "warn", _FAILURES[failure])


def _rebuilt(expression: str, fix: Fix | None, on_failure: OnFailure, applies: bool, reason: str) -> CustomCheck:  # noqa: FBT001
    """A check out of a pickle."""
    return CustomCheck(expression, fix, on_failure, applies=applies, reason=reason)


def _record(customer: Customer, *, custom_data: bool) -> Bound | None:
    """The customer as expressions see it, made once and kept with its other facts; None where it is too large."""
    facts: dict[str, Any] = customer.__dict__
    key = "custom rules with custom_data" if custom_data else "custom rules"
    if key not in facts:
        facts[key] = _bound(customer, customer.data, custom_data=custom_data)
    record: Bound | None = facts[key]
    return record


def _bound(customer: Customer, data: dict[str, Any], *, custom_data: bool) -> Bound | None:
    decides = customer.tax_address
    return bind(data, decides.location if decides else None, custom_data=custom_data)
