"""Every pack, and every generated table: codes that live, names that mean one thing, sources that are named."""

import json
from importlib.resources import files

import pytest

from cleanbill.countries.country import codes, country, pack, subdivision_index
from cleanbill.countries.reading import key
from cleanbill.countries.subdivisions import read_subdivision

PACKS = sorted(file.name.removesuffix(".toml") for file in (files("cleanbill.countries") / "packs").iterdir())
each = pytest.mark.parametrize("code", PACKS)


@each
def test_pack_is_of_a_country_and_says_what_a_pack_may(code: str) -> None:
    assert country(code)
    assert set(pack(code)) <= {"tax_by_subdivision", "subdivisions", "parents", "aliases", "written_anyway"}


@each
def test_pack_names_its_sources_and_when_they_were_read(code: str) -> None:
    text = (files("cleanbill.countries") / "packs" / f"{code}.toml").read_text("utf-8")
    comment = " ".join(line for line in text.splitlines() if line.startswith("#"))
    assert "Source" in comment
    assert "Checked 20" in comment


@each
def test_alias_belongs_to_a_live_code_and_to_one_alone(code: str) -> None:
    land = country(code)
    assert land
    owners: dict[str, str] = {}
    for suffix, names in pack(code).get("aliases", {}).items():
        assert suffix in land.subdivisions
        assert names
        for name in names:
            assert owners.setdefault(key(name), suffix) == suffix, name
            assert read_subdivision(land, name).code == suffix, name


@each
def test_better_name_is_read_as_its_own_code(code: str) -> None:
    land = country(code)
    assert land
    for suffix, name in pack(code).get("subdivisions", {}).items():
        if name != "Islas Baleares":  # which the province and the community share
            assert read_subdivision(land, name).code in {suffix, "PM"}, name


def test_generated_index_is_no_older_than_iso() -> None:
    for code in codes():
        land = country(code)
        assert land
        live = set(land.subdivisions)
        index = subdivision_index(code)
        assert set(index["level"]) <= live
        assert set(index["names"]) <= live
        assert {suffix for meant in index["keys"].values() for suffix in meant.split()} <= live
        assert bool(index["keys"]) == bool(index["level"])


@pytest.mark.parametrize("name", ["names.json", "subdivisions.json", "formats.json"])
def test_generated_table_names_its_sources(name: str) -> None:
    table = json.loads((files("cleanbill.countries") / "data" / name).read_text("utf-8"))
    assert table["_about"]["sources"]
    assert set(table) - {"_about"}
