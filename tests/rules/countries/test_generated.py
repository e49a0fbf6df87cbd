"""The generated tables are what their scripts build; nobody has edited them by hand."""

import importlib.util
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[3] / "rules" / "scripts"
DATA = files("cleanbill.countries") / "data"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_names_subdivisions_and_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = script("build_countries")
    monkeypatch.setattr(build, "DATA", tmp_path)
    build.main()
    for built in tmp_path.iterdir():
        assert built.read_text("utf-8") == (DATA / built.name).read_text("utf-8"), built.name
    assert {built.name for built in tmp_path.iterdir()} == {"names.json", "subdivisions.json", "formats.json"}


def test_postcodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = script("build_postcodes")
    monkeypatch.setattr(build, "TARGET", tmp_path / "postcodes.json")
    build.main()
    assert (tmp_path / "postcodes.json").read_text("utf-8") == (DATA / "postcodes.json").read_text("utf-8")
