"""The table of schemes is whole: every row has what its readers rely on, and every example reads back."""

import re
import tomllib
from importlib.resources import files

import pytest

from cleanbill.tax_ids.dress import compact
from cleanbill.tax_ids.read import _registers, _rules, _validator, hint_text, read_tax_id
from cleanbill.tax_ids.scheme import Scheme, display_form, find_scheme, schemes, schemes_of

each = pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
DATA = files("cleanbill.tax_ids") / "data"


def test_every_row_is_one_scheme_of_one_country() -> None:
    keys = [(scheme.id, scheme.country) for scheme in schemes()]
    assert len(set(keys)) == len(keys) == 162


def test_every_stripe_type_is_known() -> None:
    """135 types on https://docs.stripe.com/billing/customer/tax-ids; the es_cif and ic_nif families share a form, not an id."""
    assert len({scheme.id for scheme in schemes()}) >= 135


@each
def test_row_says_what_it_is_and_where_that_is_documented(scheme: Scheme) -> None:
    assert scheme.name
    assert scheme.source.startswith("https://")
    assert re.fullmatch("[A-Z]{2}", scheme.country)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in scheme.addresses)
    assert scheme.grade == "none" or scheme.validator, "a graded scheme has a check digit to grade"
    assert not (scheme.foreign and scheme.addresses)


@each
def test_example_is_canonical_and_nothing_is_wrong_with_it(scheme: Scheme) -> None:
    reading = read_tax_id(scheme.example, scheme)
    assert (reading.canonical, reading.problem) == (scheme.example, None)


@each
def test_example_has_a_length_that_the_row_lists(scheme: Scheme) -> None:
    assert len(scheme.example.removeprefix(scheme.prefix)) in scheme.lengths


@each
def test_display_form_reads_back(scheme: Scheme) -> None:
    shown = display_form(scheme, scheme.example)
    assert read_tax_id(shown, scheme).canonical == scheme.example
    assert compact(shown) == scheme.example


@each
def test_scheme_is_found_by_id_and_country(scheme: Scheme) -> None:
    assert find_scheme(scheme.id, scheme.country) is scheme
    assert scheme in schemes_of(scheme.country)


@each
def test_scheme_knows_the_addresses_it_may_stand_beside(scheme: Scheme) -> None:
    home = {"EU": "FR", "XI": "GB", "IC": "ES"}.get(scheme.country, scheme.country)
    assert scheme.may_stand_beside(home) is not scheme.foreign


def test_find_scheme_takes_the_codes_that_people_write() -> None:
    assert find_scheme("EU_VAT", "el") is find_scheme("eu_vat", "GR")
    assert find_scheme("gb_vat", "UK") is find_scheme("gb_vat")
    assert find_scheme("eu_vat") is None
    assert find_scheme("xx_vat") is None
    assert schemes_of("ZZ") == ()


def test_patterns_match_without_backtracking_on_long_text() -> None:
    for scheme in schemes():
        assert _rules(scheme).shape("1" * 10_000) is None
        assert read_tax_id("1" * 100_000, scheme).problem == "length"


def test_every_hint_is_a_sentence_and_is_used() -> None:
    hints = tomllib.loads((DATA / "hints.toml").read_text("utf-8"))
    assert all(text[0].isupper() and text.endswith(".") for text in hints.values())
    code = "".join(
        path.read_text("utf-8") for path in (files("cleanbill.tax_ids") / "validators").iterdir() if path.is_file()
    )
    code += (DATA / "registers.csv").read_text("utf-8") + (files("cleanbill.tax_ids") / "read.py").read_text("utf-8")
    assert {key for key in hints if key not in code} == set()
    assert hint_text("no-mva")


def test_registers_name_schemes_of_the_table_and_known_hints() -> None:
    for (id_, country), registers in _registers().items():
        assert find_scheme(id_, country)
        assert all(hint_text(register.hint) for register in registers)


def test_samples_are_keyed_by_schemes_of_the_table_and_fit_them() -> None:
    tables = tomllib.loads((DATA / "samples.toml").read_text("utf-8"))
    assert set(tables) == {"generic", "placeholder"}
    for kind, table in tables.items():
        for key, bodies in table.items():
            id_, _, country = key.partition("/")
            rows = [s for s in schemes() if s.id == id_ and country in ("", s.country)]
            assert rows
            for body in bodies:
                reading = read_tax_id(rows[0].prefix + body, rows[0])
                assert kind in reading.remarks, (key, body)


def test_validators_are_functions_that_are_there() -> None:
    assert all(callable(_validator(scheme.validator)) for scheme in schemes())
