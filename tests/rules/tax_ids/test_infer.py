"""The scheme is found from whatever is known, and where it is not certain nothing is claimed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanbill.tax_ids.infer import infer
from cleanbill.tax_ids.pairs import country_of, default_pairs
from cleanbill.tax_ids.read import read_tax_id
from cleanbill.tax_ids.scheme import Scheme, find_scheme, schemes


@pytest.mark.parametrize(
    ("pair", "number", "scheme", "country"),
    [
        (("IND", "GST"), "29AABCU9603R1ZJ", "in_gst", "IN"),
        (("in", "gst"), "27aapfu0939f1zx", "in_gst", "IN"),
        (("India", "GSTIN"), "29AABCU9603R1ZJ", "in_gst", "IN"),
        (("USA", "TIN"), "91-1144442", "us_ein", "US"),
        (("US", "VAT"), "91-1144442", "us_ein", "US"),
        (("UK", "VAT"), "980780684", "gb_vat", "GB"),
        (("GB", "VAT"), "GB980780684", "gb_vat", "GB"),
        (("AUS", "GST"), "51 824 753 556", "au_abn", "AU"),
        (("SG", "GST"), "M90312345A", "sg_gst", "SG"),
        (("SG", "VAT"), "M90312345A", "sg_gst", "SG"),
        (("EU", "VAT"), "DE811128135", "eu_vat", "DE"),
        (("EU", "VAT"), "EU372022452", "eu_oss_vat", "EU"),
        (("DE", "VAT"), "811128135", "eu_vat", "DE"),
        (("GR", "VAT"), "GR094259216", "eu_vat", "GR"),
        (("EL", "VAT"), "EL094259216", "eu_vat", "GR"),
        (("FR", "VAT"), "954506077", "eu_vat", "FR"),
        (("BR", "CNPJ"), "248.438.034-80", "br_cpf", "BR"),
        (("BR", "CNPJ"), "82.027.129/0001-58", "br_cnpj", "BR"),
        (("CA", "GST/HST"), "700784499RT0001", "ca_gst_hst", "CA"),
        (("CA", "GST"), "789634326", "ca_bn", "CA"),
        (("NO", "MVA"), "919405619MVA", "no_vat", "NO"),
        (("CH", "VAT"), "CHE-112.256.297", "ch_vat", "CH"),
        (("JP", "JCT"), "T7030204178342", "jp_trn", "JP"),
        (("AR", "CUIT"), "20-14345590-5", "ar_cuit", "AR"),
        (("AE", "VAT"), "100123456700003", "ae_trn", "AE"),
        (("AE", "VAT"), "not a number", "ae_trn", "AE"),
        (("XI", "VAT"), "XI980780684", "eu_vat", "XI"),
    ],
)
def test_pair_and_number_tell_the_scheme(pair: tuple[str, str], number: str, scheme: str, country: str) -> None:
    assert infer(number, pair=pair).scheme is find_scheme(scheme, country)


@pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
def test_named_scheme_is_taken(scheme: object) -> None:
    row = next(s for s in schemes() if s is scheme)
    assert infer(row.example, scheme=row.id.upper(), country=row.country).scheme is row
    assert infer("?", scheme=row.id, country=row.country).scheme is row


def test_prefix_of_the_number_outweighs_the_country_beside_a_family_name() -> None:
    assert infer("FR61954506077", scheme="eu_vat", country="DE").scheme is find_scheme("eu_vat", "FR")
    assert infer("811128135", scheme="eu_vat", country="DE").scheme is find_scheme("eu_vat", "DE")
    assert infer("DE811128135", scheme="eu_vat").scheme is find_scheme("eu_vat", "DE")


def test_number_alone_is_enough_only_where_one_scheme_fits() -> None:
    assert infer("29AABCU9603R1ZJ").scheme is find_scheme("in_gst")
    assert infer("DE811128135").scheme is find_scheme("eu_vat", "DE")
    assert infer("DE81112813X5").scheme is find_scheme("eu_vat", "DE")
    assert infer("811128135").scheme is None
    assert len(infer("811128135").candidates) > 1
    assert infer("HRB 104").candidates == ()


def test_labels_and_notes_change_nothing_about_the_scheme() -> None:
    for dressed, scheme in (
        ("GSTIN: 29AABCU9603R1ZJ", "in_gst"),
        ("GSTIN29AABCU9603R1ZJ", "in_gst"),
        ("VAT no.: DE 811 128 135 - see contract", "eu_vat"),
        ("Germany 811128135", "eu_vat"),
        ("P.IVA GB980781684 , valid", "gb_vat"),
    ):
        found = infer(dressed).scheme
        assert found
        assert found.id == scheme


def test_label_is_not_read_as_letters_of_a_number() -> None:
    """IDNO3102488553 satisfies the check digits of a Brazilian CNPJ with letters."""
    for written in ("ID no. 3102488553", "ID no.  3 1 0 2 4 8 8 5 5 3 - see contract"):
        found = infer(written)
        assert found.scheme is None or found.scheme.id != "br_cnpj"


def test_address_helps_where_nothing_else_is_known() -> None:
    assert infer("811128135", address_country="DE").scheme is find_scheme("eu_vat", "DE")
    assert infer("811128135", address_country="DE").how == "address"


def test_shape_alone_does_not_make_a_wrong_number_right() -> None:
    """A wrong ACN has the shape of a WPN, which has no check digit."""
    assert infer("005749986", country="AU").scheme is find_scheme("au_acn")
    assert infer("005749987", country="AU").scheme is None


def test_number_of_another_country_than_the_pair_is_seen() -> None:
    found = infer("FR61954506077", pair=("DE", "VAT"))
    assert (found.scheme, found.how, found.pair) == (find_scheme("eu_vat", "FR"), "prefix", ("FR", "VAT"))


def test_unknown_scheme_is_no_exception() -> None:
    found = infer("1", scheme="no_such_scheme")
    assert (found.scheme, found.candidates, found.how) == (None, (), "unknown")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("IN", "gst"), ("IND", "GST")),
        (("US", "TIN"), ("USA", "TIN")),
        (("US", "VAT"), ("USA", "VAT")),
        (("usa", "EIN"), ("USA", "TIN")),
        (("AU", " gst "), ("AUS", "GST")),
        (("DEU", "vat"), ("DE", "VAT")),
        (("NZ", "gst"), ("NZ", "GST/IRD")),
        (("CA", "gst / hst"), ("CA", "GST/HST")),
        (("IND", "GST"), None),
        (("UK", "VAT"), None),
        (("EL", "VAT"), None),
        (("FR", "VAT"), None),
        (("AR", "CUIT"), None),
        (("IN", "VAT"), None),
    ],
)
def test_pair_is_respelt_only_where_that_is_certain(given: tuple[str, str], wanted: tuple[str, str] | None) -> None:
    assert default_pairs().respell(*given) == wanted
    if wanted:
        assert default_pairs().respell(*wanted) is None


def test_contested_spellings_are_known_and_kept() -> None:
    assert infer("91-1144442", pair=("US", "VAT")).contested
    assert infer("980780684", pair=("UK", "VAT")).contested
    assert not infer("91-1144442", pair=("USA", "TIN")).contested


def test_pairs_name_schemes_of_the_table() -> None:
    known = {scheme.id for scheme in schemes()}
    for pair in default_pairs().pairs:
        assert set(pair.schemes) <= known
        assert default_pairs().find(pair.country, pair.code) is pair


def test_inference_carries_the_reading_it_rests_on() -> None:
    for found in (
        infer("DE811128135", pair=("DE", "VAT")),
        infer("51824753556", pair=("AUS", "GST")),
        infer("not a number", pair=("AE", "VAT")),
        infer("FR61954506077", pair=("DE", "VAT")),
        infer("DE81112813", pair=("EU", "VAT")),
        infer("123-45-6780", pair=("USA", "TIN")),
        infer("811128135", address_country="DE"),
        infer("29AABCU9603R1ZJ"),
    ):
        assert found.scheme
        assert found.reading
        assert found.reading.scheme is found.scheme
    assert infer("811128135").reading is None


@pytest.mark.parametrize("scheme", schemes(), ids=lambda s: f"{s.id}-{s.country}")
@pytest.mark.parametrize("dress", ["{}", "VAT no.: {}", "{} (verified)", "{}9", "?"])
def test_reading_carried_is_the_one_that_its_scheme_gives(scheme: Scheme, dress: str) -> None:
    value = dress.format(scheme.example)
    for found in (
        infer(value, scheme=scheme.id, country=scheme.country),
        infer(value, country=scheme.country),
        infer(value, pair=(scheme.country, None)),
        infer(value, address_country=scheme.country),
    ):
        assert (found.reading is None) is (found.scheme is None)
        assert found.scheme is None or found.reading == read_tax_id(value, found.scheme)


def test_wrong_number_of_the_union_belongs_to_the_state_of_its_prefix() -> None:
    for number in ("DE81112813", "DE811128136", "GR094259215"):
        found = infer(number, pair=("EU", "VAT"))
        assert found.scheme
        assert found.scheme.prefix == number[:2].replace("GR", "EL")


def test_another_table_of_pairs_can_be_given() -> None:
    vat = {"country": "USA", "code": "VAT", "issuer": "US", "schemes": ["us_ein"], "codes": ["TIN", "EIN"]}
    uk = {"country": "UK", "code": "VAT", "issuer": "GB", "schemes": ["gb_vat"]}
    table = default_pairs().changed([vat, uk])
    assert table.respell("USA", "TIN") == ("USA", "VAT")
    assert table.respell("GB", "VAT") == ("UK", "VAT")
    assert table.respell("IN", "gst") == ("IND", "GST")
    assert infer("911144442", pair=("USA", "TIN"), pairs=table).pair == ("USA", "VAT")
    assert not infer("911144442", pair=("USA", "VAT"), pairs=table).contested
    assert infer("911144442", pair=("USA", "TIN")).pair is None
    assert table != default_pairs()
    assert hash(table) == hash(default_pairs().changed([vat, uk]))


@pytest.mark.parametrize(
    "row",
    [
        {"country": "USA", "code": "VAT", "issuer": "US", "schemes": ["in_gst"]},
        {"country": "USA", "code": "VAT", "issuer": "US"},
        {"country": "USA", "code": "VAT", "issuer": "US", "schemes": "us_ein"},
        {"country": 1, "code": "VAT", "issuer": "US", "schemes": ["us_ein"]},
        {"country": "USA", "code": "VAT", "issuer": "US", "schemes": ["us_ein"], "label": "x"},
    ],
)
def test_row_of_another_form_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        default_pairs().changed([row])


def test_country_words() -> None:
    assert [country_of(word) for word in ("IND", "germany", "UK", "el", "EU", "Deutschland", "??", None)] == [
        "IN", "DE", "GB", "GR", "EU", "DE", None, None,
    ]  # fmt: skip


words = (
    st.none()
    | st.sampled_from(["IND", "us", "EU", "UK", "GST", "VAT", "vat no", "", "X", "CA", "BR", "CNPJ"])
    | st.text(max_size=5)
)
values = st.text(max_size=20) | st.sampled_from([s.example for s in schemes()])


@settings(max_examples=150)
@given(values, words, words, words, words)
def test_anything_gets_an_answer(
    value: str, scheme: str | None, country: str | None, code: str | None, near: str | None
) -> None:
    found = infer(value, pair=(country, code), address_country=near)
    assert found.scheme is None or found.scheme in schemes()
    named = infer(value, scheme=scheme, country=country)
    assert named.scheme is None or named.scheme in schemes()


def test_missing_prefix_is_not_taken_from_the_one_country_whose_check_digit_happens_to_hold() -> None:
    """811128136 is a wrong German number and could be a Czech one."""
    assert infer("811128136", scheme="eu_vat", country="DE").scheme is find_scheme("eu_vat", "DE")
    for found in (infer("811128136", scheme="eu_vat"), infer("811128136", pair=("EU", "VAT"))):
        assert found.how == "number"
    assert infer("811128135", pair=("EU", "VAT"), address_country="DE").how == "address"
    assert infer("DE811128135", pair=("EU", "VAT")).how == "pair"
