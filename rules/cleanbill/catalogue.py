"""The rules for people: what one of them says and does, and the page of all of them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from .body import read_body
from .checks import check_customer
from .notice import Notice
from .policy import Policy
from .renamed import RENAMED
from .report import Finding, Fix, Report
from .rule import Rule
from .rulebook import RULES, example_policies

REGENERATE = "cleanbill rules --markdown > rules/RULES.md"
FAMILIES: Mapping[str, str] = {
    "payload": "The shape of the body: keys that Zenskar would drop, and values that it would refuse.",
    "text": "Texts for people: what broke on the way from one system to the next.",
    "name": "The customer's name.",
    "party": "Who the customer is: ids, the connector, and what in custom_data decides the bill.",
    "address": "The fields of an address, each for itself and against the others.",
    "location": "What an address as a whole says of the tax.",
    "tax_id": "Tax identifiers: the pair that names the scheme, and the number.",
    "phone": "The phone number.",
    "email": "The e-mail address.",
    "consistency": "What two parts of a customer say of each other. Each may be right, so these only warn.",
    "required": "What a policy requires of a customer beyond Zenskar's own.",
}
FIXES: Mapping[Fix, str] = {
    "none": "no fix",
    "safe": "safe fix",
    "guess": "guess, only offered",
}
_LONGEST_TEXT = 100  # characters of an example's text that are shown
_LONGEST_LIST = 3
_ONE_LINE = 100
_INTRODUCTION = f"""# The rules

Every rule that cleanbill judges a customer by, with the reason why it matters for billing. This page is made of the rules
themselves by `{REGENERATE}`.

- **Level**: an *error* rejects the customer unless it is fixed, a *warn* is worth a look, an *info* is for the record. A policy may
  set another level for a rule or a family, or switch it off.
- **Fix**: a *safe* fix is applied. A *guess* is only offered, and applied where the policy says `fixes = "all"`. Where there is no
  fix, only the sender knows what is right.
- **Since**: the version of cleanbill that brought the rule.
- The quoted sentence is what the rule says of the example below it.

A rule keeps its id. Where one has to change, the old id stays listed [at the end](#renamed) and goes on working.
`cleanbill explain ID` and `GET /v1/rules/{{id}}` tell one rule alone."""


def heading(rule: Rule | Notice) -> list[str]:
    """The rule's level, fix and first version, in words; a policy's own rule has no version."""
    asked_for = ["where the policy asks for it"] if rule.id in example_policies() else []
    return [rule.level, FIXES[rule.fix], *asked_for, f"since {rule.since}" if rule.since else "of the policy"]


def said(rule: Rule) -> str:
    """The message that the bad example gets."""
    return _finding(rule, _judged(rule)).message


def becomes(rule: Rule) -> object:
    """What the bad example becomes where this rule's fix is applied; None where it has none."""
    report = _judged(rule)
    return report.clean if _finding(rule, report).applied else None


def example_text(example: object) -> str:
    """An example as JSON on one line: what is long is cut with its length, what nobody would see is escaped."""
    return _visible(example if isinstance(example, str) else json.dumps(_cut(example), ensure_ascii=False))


def page(renamed: Mapping[str, str] = RENAMED) -> str:
    """Every rule in Markdown, by family, each under an anchor that is its id."""
    parts = [_INTRODUCTION]
    for family, what in FAMILIES.items():
        rules = [rule for rule in RULES if rule.family == family]
        rows = [f"| {_link(rule.id)} | {rule.level} | {rule.fix} |" for rule in rules]
        parts += f"## {family}", what, "\n".join(["| rule | level | fix |", "|---|---|---|", *rows])
        parts += (part for rule in rules for part in _entry(rule))
    return "\n\n".join([*parts, *_renamed(renamed)]) + "\n"


def _entry(rule: Rule) -> Iterator[str]:
    change = ", in a body that changes a customer (`PATCH`)" if rule.partial else ""
    yield f'<a id="{rule.id}"></a>\n\n### {rule.id}'
    yield " · ".join(heading(rule))
    yield f"> {said(rule)}"
    yield " ".join(rule.reason.split())
    yield f"Hit{change}:\n\n{_block(rule.bad)}"
    corrected = becomes(rule)
    if corrected == rule.good:
        yield f"Becomes, and passes:\n\n{_block(rule.good)}"
        return
    if corrected is not None:
        yield f"Becomes:\n\n{_block(corrected)}"
    yield f"Passes:\n\n{_block(rule.good)}"


def _renamed(renamed: Mapping[str, str]) -> Iterator[str]:
    yield "## Renamed"
    rows = [f'| <a id="{old}"></a>{old} | {_link(new)} |' for old, new in renamed.items()]
    yield "\n".join(["| old id | id |", "|---|---|", *rows]) if rows else "None so far."


def _link(rule_id: str) -> str:
    return f"[{rule_id}](#{rule_id})"


def _block(example: object) -> str:
    text = example_text(example)
    if len(text) > _ONE_LINE and not isinstance(example, str):
        text = _visible(json.dumps(_cut(example), ensure_ascii=False, indent=2))
    return f"```json\n{text}\n```"


def _judged(rule: Rule) -> Report:
    """The report on the bad example, with the rule's fix applied."""
    example = read_body(rule.bad.encode()) if isinstance(rule.bad, str) else rule.bad
    policy = replace(example_policies().get(rule.id, Policy()), fixes="all" if rule.fix == "guess" else "safe")
    return check_customer(example, policy=policy, partial=rule.partial)


def _finding(rule: Rule, report: Report) -> Finding:
    return next(finding for finding in report.findings if finding.rule == rule.id)


def _cut(example: object) -> object:
    if isinstance(example, dict):
        return {key: _cut(value) for key, value in example.items()}
    if isinstance(example, list):
        more = [f"… {len(example)} items in all"] if len(example) > _LONGEST_LIST else []
        return [*(_cut(item) for item in example[: 1 if more else None]), *more]
    if isinstance(example, str) and len(example) > _LONGEST_TEXT:
        return f"{example[:30]}… {len(example)} characters in all"
    return example


def _visible(text: str) -> str:
    """The text with escapes for what is invisible or looks like a Latin letter and is none."""
    return "".join(
        c if c == "\n" or (c.isprintable() and "CYRILLIC" not in unicodedata.name(c, "")) else json.dumps(c)[1:-1]
        for c in text
    )
