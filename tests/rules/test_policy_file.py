"""The policy file: what it says, for whom, and where a mistake in it stands."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanbill import Policies, Policy, PolicyError, Requirement, When, check_customer
from cleanbill.checks import ENGINE
from cleanbill.policy_file import find_policy
from cleanbill.toml_text import TomlText

NORTH, SOUTH = "3f0c2a5e-6d4b-4a8e-9b1f-2c7d5e8f9a10", "11111111-2222-4333-8444-555555555555"
FILE = f"""\
# What all organisations share
fixes = "safe"
state_inferred_in = ["US", "IN"]

[levels]
party = "warn"
"address.po-box" = "error"

[[required]]
fields = ["/tax_info", "/address/state"]
when = {{ country = ["IN"], customer = "company" }}

[gateway]
mode = "observe"
limit = 3

[organisations.{NORTH}]
state = "iso"
state_inferred_in = ["DE"]

[organisations.{NORTH}.levels]
party = "info"
phone = "off"

[[organisations.{NORTH}.required]]
fields = ["/external_id"]
level = "warn"

[organisations.{NORTH}.gateway]
mode = "enforce"
"""


def test_file_says_what_the_fields_of_a_policy_say() -> None:
    policy = Policies.from_toml(FILE).base
    indian = Requirement(("/tax_info", "/address/state"), When(("IN",), "company"))
    same = Policy(
        levels={"party": "warn", "address.po-box": "error"}, state_inferred_in=("IN", "US"), required=(indian,)
    )
    assert policy == same
    assert hash(policy) == hash(same)
    assert Policies.from_toml("").base == Policies().base == Policy()


def test_organisation_extends_the_base() -> None:
    policies = Policies.from_toml(FILE)
    own = policies.of(NORTH)
    assert own.levels == {"party": "info", "address.po-box": "error", "phone": "off"}
    assert (own.state, own.fixes, own.state_inferred_in) == ("iso", "safe", {"DE"})
    assert [requirement.level for requirement in own.required] == ["error", "warn"]
    assert policies.section("gateway", NORTH) == {"mode": "enforce", "limit": 3}
    assert policies.section("gateway") == policies.section("gateway", SOUTH) == {"mode": "observe", "limit": 3}
    assert Policies().section("gateway", NORTH) == {}


def test_organisation_that_does_not_differ_has_the_base() -> None:
    policies = Policies.from_toml(FILE)
    assert policies.of(SOUTH) is policies.of(None) is policies.of("") is policies.base
    assert policies.of(NORTH.upper()) is policies.of(NORTH) is not policies.base


def test_going_from_one_organisation_to_another_compiles_nothing_again() -> None:
    policies = Policies.from_toml(FILE)
    compiled = []
    for organisation in (NORTH, SOUTH, None) * 3:
        check_customer({"customer_name": "Nilgiri"}, policy=policies.of(organisation))
        compiled.append(ENGINE.plan.cache_info().misses)
    assert len(set(compiled[2:])) == 1


PAIR = "[[pairs]]\ncountry = 'IND'\ncode = 'GST'\nissuer = 'IN'\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("fixes = ", 1, "not valid TOML"),
        ("state = 'iso'\nfixes = 'safe\n", 2, "not valid TOML"),
        ("[levels", 1, "not valid TOML"),
        ("a = " + "[" * 5000, 1, "nested too deeply"),
        ("fixes = 'some'", 1, "fixes in the policy is one of none, safe, all"),
        ("\n\n# why\nstate = 'short'", 4, "state in the policy is one of code, iso"),
        ("country = 3", 1, "country in the policy is one of name, alpha-2, alpha-3"),
        ("fixes = 'all'\n\nlevel = {}", 3, "did you mean 'levels'"),
        ("levels = 1", 1, "levels in the policy is a table"),
        ("[levels]\naddress = 'warn'\nparty = 'loud'", 3, "levels.party in the policy is one of off, info, warn, error"),
        ("levels.party = 'of'", 1, "did you mean 'off'"),
        ("[levels]\n'party.name-mising' = 'off'", 2, "did you mean 'party.name-missing'"),
        ("territories = 'mine'", 1, "territories in the policy is one of as-sent, own, envelope"),
        ("engine = 'vertex'", 1, "engine in the policy is one of strictest, zenskar, stripe, avalara, anrok"),
        ("tax_address = 'home'", 1, "tax_address in the policy is one of billing, ship_to"),
        ("state_inferred_in = 'US'", 1, "state_inferred_in in the policy is a list of ISO 3166-1 alpha-2 codes"),
        ("state_inferred_in = ['usa']", 1, "state_inferred_in in the policy is a list of ISO 3166-1 alpha-2 codes"),
        ("state_inferred_in = ['US', 'UK']", 1, "'UK' is none, did you mean 'GB'?"),
        ("fixes = 'all'\n[[required]]\nfields = ['/email']\nwhen.country = ['ZZ']", 4, "'ZZ' is none"),
        ("[[required]]\nfields = ['/custom_data/a~2']", 2, "is no field of a customer"),
        ("[levels]\nparty = 'off'\naddress.po-box = 'error'", 3, 'write the id of a rule in quotes: "address.po-box"'),
        ("fixes = 'all'\r\n[levels]\r\nparty = 'loud'\r\n", 3, "levels.party in the policy is one of"),
        ("fixes = " + "9" * 5000, 1, "too long a number"),
        ("[organisations.'']", 1, "without spaces around it"),
        ("[organisations.' x ']", 1, "without spaces around it"),
        (PAIR + "schemes = 3", 1, "schemes of a pair is a list of texts"),
        (PAIR + "schemes = 'in_gst'", 1, "schemes of a pair is a list of texts"),
        (PAIR + "schemes = []\n" + PAIR + "schemes = []\ncods = []", 11, "did you mean 'codes'"),
        ("phone_types = ['mobil']", 1, "did you mean 'mobile'"),
        ("phone_types = 'mobile'", 1, "phone_types in the policy is a list of texts"),
        ("phone_types = []", 1, "phone_types in the policy names at least one kind"),
        ("pairs = [1]", 1, "pairs in the policy is a list of tables"),
        ("[[pairs]]\ncountry = 'IND'\ncode = 'GST'\nissuer = 'IN'\nschemes = ['no_such']", 1, "pairs in the policy: IN issues"),
        ("required = 1", 1, "required in the policy is a list of tables"),
        ("[[required]]\nfields = ['/email']\n[[required]]\nfields = ['/emial']", 4, "did you mean '/email'"),
        ("[[required]]\nfields = ['/address/zip']", 2, "did you mean '/address/zipCode'"),
        ("[[required]]\nlevel = 'warn'", 1, "fields in the policy lists the pointers"),
        ("[[required]]\nfields = '/email'", 2, "fields in the policy is a list of texts"),
        ("[[required]]\nfields = ['/email']\n[required.when]\ncountries = ['DE']", 4, "did you mean 'country'"),
        ("[[required]]\nfields = ['/email']\nwhen.customer = 'firm'", 3, "customer in the policy is one of any, company"),
        ("[[required]]\nfields = ['/email']\nwhen = 'always'", 3, "when in the policy is a table"),
        ("[[required]]\nfields = ['/email']\nlevel = 'off'", 3, "level in the policy is one of error, warn"),
        ("gateway = 1", 1, "gateway in the policy is a table"),
        ("organisations = []", 1, "organisations in the policy holds a table"),
        ("[organisations]\nx = 1", 2, "organisations.x in the policy is a table"),
        ("[organisations.NORTH]", 1, "small letters"),
        ("[organisations.x]\n[organisations.x.organisations]", 2, "unknown key 'organisations'"),
        ("fixes = 'all'\n[organisations.x]\nstate = 'iso'\n[organisations.x.levels]\nparti = 'off'", 5, "did you mean 'party'"),
        ("phone_types = [\n  'mobile',\n  'fax',\n]\nfixes = 'all'", 1, "phone_types"),
    ],
)  # fmt: skip
def test_mistake_is_refused_with_its_line_and_what_to_change(text: str, line: int, reason: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Policies.from_toml(text, name="ours.toml")
    assert str(refused.value).startswith(f"ours.toml:{line}: ")
    assert reason in str(refused.value)
    assert refused.value.line == line


def test_service_can_tell_where_a_mistake_in_its_section_stands() -> None:
    policies = Policies.from_toml(FILE, name="ours.toml")
    lines = FILE.split("\n")
    for organisation, key, told in ((None, "mode", "observe"), (NORTH, "mode", "enforce"), (NORTH, "limit", "limit")):
        error = policies.mistake("that is wrong", ("gateway", key), organisation)
        assert told in lines[error.line - 1]  # type: ignore[operator]
        assert str(error) == f"ours.toml:{error.line}: that is wrong"


def test_file_is_given_or_named_or_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given, named, here = tmp_path / "given.toml", tmp_path / "named.toml", Path("cleanbill.toml")
    assert find_policy() is None
    here.write_text("fixes = 'all'")
    assert find_policy() == here
    monkeypatch.setenv("CLEANBILL_POLICY", str(named))
    assert find_policy() == named
    assert find_policy(given) == given
    assert Policies.load(here).base.fixes == "all"


def test_file_that_is_there_and_cannot_be_read_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = tmp_path / "cleanbill.toml"
    for kind in (lambda: here.symlink_to("no-such-file"), here.mkdir):
        kind()
        with pytest.raises(OSError, match="cleanbill"):
            Policies.load(find_policy() or Path("default"))
        here.rmdir() if here.is_dir() else here.unlink()


def test_mark_of_an_editor_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "cleanbill.toml"
    file.write_bytes(b"\xef\xbb\xbffixes = 'all'\r\nstate = 'iso'\r\n")
    assert Policies.load(file).base == Policy(fixes="all", state="iso")


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cleanbill.toml"
    file.write_bytes(b"fixes = 'all'\n# caf\xe9")
    with pytest.raises(PolicyError, match=r"cleanbill\.toml:2: the policy is not UTF-8 text"):
        Policies.load(file)


WORDS = st.sampled_from(["a", "b", "c d", "é", '"'])
VALUES = st.recursive(
    st.sampled_from(["1", "'x'", '"""\ntwo\n= [a]\n"""', "'''\n[b]\n'''", "[ # one\n 1,\n\n 2 ]", "{ a = { b = 1 } }"]),
    lambda inner: st.lists(inner, max_size=2).map(lambda items: "[\n" + ",\n".join(items) + "\n]"),
    max_leaves=3,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        key = ".".join(json.dumps(word) for word in draw(st.lists(WORDS, min_size=1, max_size=3)))
        kind = draw(st.sampled_from(["value", "value", "table", "array", "blank"]))
        lines += {
            "value": [f"{key} = {draw(VALUES)}"],
            "table": [f"[{key}]"],
            "array": [f"[[{key}]] # [x]"],
            "blank": ["", "# a = 1"],
        }[kind]
    return "\n".join(lines)


def places(value: object) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *rest) for key, member in members for rest in places(member))]


@given(documents())
def test_line_of_a_place_is_where_it_begins(text: str) -> None:
    """Without the lines from there on the text does not know the place, and with the statement there it does."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    source, lines = TomlText("x", text), text.split("\n")
    for at in places(table)[1:]:
        line = source.line_of(at)
        assert not TomlText("x", "\n".join(lines[: line - 1])).holds(at)
        assert any(
            known.holds(at)
            for end in range(line, len(lines) + 1)
            if (known := TomlText("x", "\n".join(lines[:end]))) and _is_toml(known.text)
        )
        assert lines[line - 1].strip()
        assert source.line_of((*at, "nowhere")) == line


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
