"""The check of one custom rule: it pickles by its source and compiles again where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from cleanbill.countries.location import TaxLocation
from cleanbill.record import Customer
from cleanbill.rule import Found, Hit, Rule, Undecided
from cleanbill.schema import steps_of

from .expression import (
    Bound,
    Expression,
    ExpressionFailed,
    Mistake,
    bind,
    compile_expression,
    compile_together,
    conjuncts,
    places_read,
    reads_only,
)
from .fix import Fix, Value, is_sound, plain_value, written

OnFailure = Literal["open", "closed"]

_FAILURES = {
    "budget": "This rule of the policy took more steps than a rule may, so the customer was not checked by it.",
    "missing": "This rule of the policy reads a value that is not there, so the customer was not checked by it; let it ask"
    " with has() first.",
    "other": "This rule of the policy has no answer for this customer, so the customer was not checked by it.",
    "too-large": "custom_data holds more than a rule of the policy may read, so the customer was not checked by it.",
}
_FACT = "custom rules' view"  # where it stands among the customer's facts


class CustomCheck:
    """Whether `expression` is true of a customer, which is a hit, and what is then written or offered.

    `applies` tells whether the fix may be applied; else its value is only offered. `reason` is what it says in the catalogue.
    """

    def __init__(self, expression: str, fix: Fix | None, on_failure: OnFailure, *, applies: bool, reason: str) -> None:
        self.__doc__ = reason
        self.expression = expression
        self._source = (expression, fix, on_failure, applies, reason)
        self._hits = compile_expression(expression)
        self._value = compile_expression(fix.expression) if fix and fix.expression is not None else None
        self._fix = fix
        self._applies = applies
        self._level: Literal["warn", "error"] = "error" if on_failure == "closed" else "warn"
        self.places = places_read(expression) | (places_read(fix.expression) if fix and fix.expression else frozenset())
        self.reads = frozenset(steps_of(place)[0] if place else "*" for place in self.places - {"location"})
        self.reads_custom_data = not self.reads.isdisjoint(("custom_data", "*"))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, self._source

    def __call__(self, customer: Customer) -> Found:
        """Judge the customer. Raises Undecided where the expression has no answer."""
        view: _View = customer.__dict__.get(_FACT) or _view(customer)
        hit = view.answers.get(self.expression)
        if hit is False or ((customer.part or customer.partial) and not self._is_told(customer)):
            return None
        record = view.record
        if self.reads_custom_data and not record.is_whole:
            raise Undecided(self._level, _FAILURES["too-large"])
        try:
            hit = self._hits.evaluate(record) if hit is None else hit
        except ExpressionFailed as failed:
            raise Undecided(self._level, _FAILURES[failed.failure]) from None
        if hit is False:
            return None
        if hit is not True:
            raise Undecided(self._level, _FAILURES["other"])
        return self._hit(customer, record)

    def _is_told(self, customer: Customer) -> bool:
        """Whether all that it reads is there: a part alone, and a change of a customer, leave the rest unsaid."""
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
            fixed = bind({**customer.data, name: after}, _location(customer), self.places)
            content = fixed.is_whole and self._hits.evaluate(fixed) is False
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


def _rebuilt(expression: str, fix: Fix | None, on_failure: OnFailure, applies: bool, reason: str) -> CustomCheck:  # noqa: FBT001
    """A check out of a pickle."""
    return CustomCheck(expression, fix, on_failure, applies=applies, reason=reason)


class _View(NamedTuple):
    """A customer as expressions see it, and what they say of it by their text; nothing where one of them fails."""

    record: Bound
    answers: Mapping[str, object]


def _view(customer: Customer) -> _View:
    """The customer's view, kept with its other facts."""
    location = _location(customer)
    asked = _asked_in(customer.policy.custom, location.country if location else "")
    record = bind(customer.data, location, asked.places)
    view = customer.__dict__[_FACT] = _View(record, _answers(asked, record))
    return view


def _answers(asked: _Asked, record: Bound) -> Mapping[str, object]:
    if asked.together is None or not record.is_whole:
        return asked.answers
    try:
        found = asked.together.evaluate(record)
    except ExpressionFailed:
        return asked.answers  # each is asked alone
    return asked.answers | dict(zip(asked.sources, found, strict=True)) if isinstance(found, list) else asked.answers


class _Asked(NamedTuple):
    """What a customer is asked: the expressions that may hit, all at once where they are several, and the answer of the others."""

    sources: tuple[str, ...]
    together: Expression | None
    answers: dict[str, object]
    places: frozenset[str]


@lru_cache(maxsize=1024)
def _asked_in(rules: tuple[Rule, ...], country: str) -> _Asked:
    """What customers are asked whose tax location has this country."""
    location = TaxLocation(country, None, None, None, (), None, "none", (), ()) if country else None
    there = bind({}, location, frozenset(("location",)))
    checks = [rule.check for rule in rules if isinstance(rule.check, CustomCheck)]
    answers: dict[str, object] = {check.expression: False for check in checks if _is_apart(check.expression, there)}
    asked = [check for check in checks if check.expression not in answers]
    sources = tuple(dict.fromkeys(check.expression for check in asked))
    together = compile_together(sources) if len(sources) > 1 else None
    return _Asked(sources, together, answers, frozenset().union(*(check.places for check in asked)))


def _is_apart(source: str, there: Bound) -> bool:
    """Whether the country alone makes an expression false."""
    for part in conjuncts(source):
        try:
            if reads_only(part, "location.country") and compile_expression(part).evaluate(there) is False:
                return True
        except (ExpressionFailed, Mistake):
            continue
    return False


def _location(customer: Customer) -> TaxLocation | None:
    return customer.tax_address.location if customer.tax_address else None
