"""Numbers whose answer is known from a public source, scheme by scheme: where python-stdnum alone would be wrong."""

import pytest
from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

from cleanbill.tax_ids.read import read_tax_id
from cleanbill.tax_ids.scheme import Scheme, find_scheme, schemes
from cleanbill.tax_ids.validators.named import problem_of

BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def row(id_: str, country: str | None = None) -> Scheme:
    scheme = find_scheme(id_, country)
    assert scheme
    return scheme


def gstin(body: str) -> str:
    return body + luhn.calc_check_digit(body, BASE36)


RIGHT = [
    # https://github.com/arthurdejong/python-stdnum/issues/497 (ec), /501 (tw); the test lists of python-stdnum 2.2 (others)
    ("tw_vat", "TW", "00501503"),
    ("tw_vat", "TW", "04595257"),
    ("il_vat", "IL", "511193815"),
    ("il_vat", "IL", "39337423"),
    ("th_vat", "TH", "0107542000011"),
    ("th_vat", "TH", "1350100018055"),
    ("za_vat", "ZA", "4010104463"),
    ("vn_tin", "VN", "0100233488"),
    ("vn_tin", "VN", "001099012345"),
    ("ca_bn", "CA", "789634326rc0001"),
    ("gb_vat", "GB", "980780684"),
    ("gb_vat", "GB", "GBGD001"),
    ("gb_vat", "GB", "GBHA599"),
    ("gb_vat", "GB", "GB100000230"),
    ("br_cnpj", "BR", "12.ABC.345/01DE-35"),
    ("eu_vat", "ES", "ESX2482300W"),
    ("eu_vat", "ES", "54362315K"),
    ("eu_vat", "NL", "NL000099998B57"),
    ("eu_vat", "BE", "BE0428759497"),
    ("eu_vat", "IE", "IE3628739UA"),
    ("eu_vat", "FR", "FR53000004605"),
    ("kz_bin", "KZ", "941240000193"),
    ("kz_bin", "KZ", "010940000162"),
    ("tr_tin", "TR", "17291716060"),
    ("cn_tin", "CN", "91110000600037341L"),
    ("cn_tin", "CN", "120103198806018241"),
    ("nz_bn", "NZ", "9429030097308"),
    ("ar_cuit", "AR", "20-05536168-2"),
    ("pe_ruc", "PE", "20512333797"),
    ("ec_ruc", "EC", "1792060346001"),
    ("us_ein", "US", "91-1144442"),
    ("id_npwp", "ID", "01.312.166.0-091.000"),
    ("id_npwp", "ID", "0762.2780.7507.7000"),
    ("bg_uic", "BG", "831641791"),
    ("hu_tin", "HU", "13122605-2-41"),
    ("gb_vat", "GB", "GB340804329"),  # https://github.com/koblas/stdnum-js/issues/37
    ("eu_vat", "CY", "CY60001744K"),  # https://github.com/yolk/valvat/issues/126
    ("eu_vat", "IE", "IE8F52100V"),  # https://github.com/validatorjs/validator.js/pull/2876
    ("eu_vat", "IE", "IE3206488LH"),
    ("eu_vat", "ES", "ESN0032484H"),
    ("eu_vat", "ES", "ESU99216426"),
    ("cz_dic", "CZ", "CZ7103192745"),
    ("cz_dic", "CZ", "CZ640903926"),
    ("in_gst", "IN", "0717UNO00157UNO"),
    ("in_gst", "IN", "9917SGP29001OST"),
    ("in_gst", "IN", gstin("38AABCU9603R1Z")),
    ("in_gst", "IN", gstin("97AABCU9603R1Z")),
    ("in_gst", "IN", gstin("29AABCU9603R1C")),
    ("in_gst", "IN", gstin("29AABCU9603R1D")),
    ("in_gst", "IN", gstin("29DELI07254E1D")),
]

WRONG = [
    ("tw_vat", "TW", "00501502", "check-digit"),
    ("br_cpf", "BR", "111.111.111-11", "never-issued"),
    ("br_cpf", "BR", "00000000000", "never-issued"),
    ("br_cnpj", "BR", "11.111.111/1111-11", "never-issued"),
    ("ca_bn", "CA", "000000000", "never-issued"),
    ("ca_gst_hst", "CA", "700784499RT0000", "component"),
    ("ca_gst_hst", "CA", "700784499RC0001", "wrong-kind"),
    ("ca_gst_hst", "CA", "700784499", "wrong-kind"),
    ("gb_vat", "GB", "000000000", "never-issued"),
    ("gb_vat", "GB", "GBGD501", "component"),
    ("gb_vat", "GB", "GBHA001", "component"),
    ("eu_vat", "ES", "00000000T", "never-issued"),
    ("eu_vat", "ES", "X0000000T", "never-issued"),
    ("eu_vat", "ES", "99999999R", "never-issued"),
    ("eu_vat", "ES", "B5837843A", "check-digit"),
    ("eu_vat", "BE", "BE0000009698", "check-digit"),
    ("eu_vat", "SE", "556250398602", "component"),
    ("eu_vat", "SE", "5562503986", "wrong-kind"),
    ("eu_vat", "FR", "954506077", "wrong-kind"),
    ("eu_vat", "DE", "36574261809", "wrong-kind"),
    ("eu_vat", "XI", "GB980780684", "wrong-kind"),
    ("us_ein", "US", "07-1144442", "component"),
    ("ar_cuit", "AR", "21055361682", "component"),
    ("eu_vat", "BE", "BE005502670", "shape"),
    ("eu_vat", "GR", "EL09425921", "shape"),
    ("eu_vat", "NL", "NL04495445B01", "shape"),
    ("eu_vat", "CZ", "CZ294224041", "component"),  # no month 42
    ("eu_vat", "CZ", "CZ182127228", "component"),  # 20 is added to months since 2004 only
    ("eu_vat", "ES", "ESU2576740A", "check-digit"),
    ("eu_vat", "HU", "13122605-2-99", "component"),
    ("eu_vat", "FI", "FI88336000", "check-digit"),  # a remainder of 1 is not given out
    ("eu_vat", "PL", "PL8144534270", "check-digit"),  # nor one of 10
    ("eu_vat", "NL", "NL780695320B92", "check-digit"),
    ("gb_vat", "GB", "GB888347127", "check-digit"),
    ("gb_vat", "GB", "GB862833798", "check-digit"),
    ("ad_nrt", "AD", "A-805868-B", "component"),
    ("sm_coe", "SM", "SM00003", "component"),
    ("vn_tin", "VN", "003099012345", "component"),
    ("vn_tin", "VN", "097099012345", "component"),
    ("in_gst", "IN", "0717UNO07157UNO", "check-digit"),
    ("au_abn", "AU", "005 749 986", "wrong-kind"),
    ("in_gst", "IN", "AABCU9603R", "wrong-kind"),
    ("in_gst", "IN", "39AABCU9603R1ZJ", "component"),
    ("in_gst", "IN", "96AABCU9603R1ZJ", "component"),
    ("in_gst", "IN", "29AABXU9603R1ZJ", "structure"),
    ("in_gst", "IN", "29AABCU9603R0ZJ", "shape"),
    ("in_gst", "IN", "29AABCU9603R1ZK", "check-digit"),
    ("hu_tin", "HU", "13122605-2-99", "component"),
    ("eu_oss_vat", "EU", "EU826012345", "component"),
    ("za_vat", "ZA", "0001339050", "wrong-kind"),
    ("ma_vat", "MA", "001561191000066", "wrong-kind"),
    ("nz_gst", "NZ", "9429030097308", "wrong-kind"),
]

# Real numbers fail these checks, so they are doubts.
DOUBTED = [
    ("ec_ruc", "EC", "0993390324001"),
    ("kr_brn", "KR", "206-18-12345"),
    ("mx_rfc", "MX", "AAMM450222AJ1"),
    ("jp_trn", "JP", "T1234567890123"),
    ("ca_qst", "CA", "1224002902TQ0001"),
    ("om_vat", "OM", "OM1100000002"),
    ("co_nit", "CO", "830035735"),
    ("ve_rif", "VE", "C200000000"),
    ("eu_vat", "LV", "LV32047269716"),
]


@pytest.mark.parametrize(("id_", "country", "number"), RIGHT)
def test_real_number_is_right(id_: str, country: str, number: str) -> None:
    assert read_tax_id(number, row(id_, country)).problem is None


@pytest.mark.parametrize(("id_", "country", "number", "problem"), WRONG)
def test_wrong_number_is_told_what_is_wrong(id_: str, country: str, number: str, problem: str) -> None:
    reading = read_tax_id(number, row(id_, country))
    assert reading.problem == problem
    assert "soft" not in reading.remarks
    assert problem != "wrong-kind" or reading.hint


@pytest.mark.parametrize(("id_", "country", "number"), DOUBTED)
def test_unreliable_check_is_only_a_doubt(id_: str, country: str, number: str) -> None:
    reading = read_tax_id(number, row(id_, country))
    assert reading.problem == "check-digit"
    assert "soft" in reading.remarks
    assert reading.canonical


@pytest.mark.parametrize(
    ("id_", "country", "number", "remark"),
    [
        ("mx_rfc", "MX", "XAXX010101000", "generic"),
        ("mx_rfc", "MX", "XEXX010101000", "generic"),
        ("ec_ruc", "EC", "9999999999999", "generic"),
        ("co_nit", "CO", "222222222222", "generic"),
        ("py_ruc", "PY", "44444401-7", "generic"),
        ("eu_vat", "PT", "PT123456789", "placeholder"),
        ("eu_vat", "DE", "DE123456788", "placeholder"),
        ("us_ein", "US", "12-3456789", "placeholder"),
        ("eu_vat", "PL", "PL1111111111", "placeholder"),
        ("no_vat", "NO", "919405619", "suffix-missing"),
        ("ch_vat", "CH", "CHE-112.256.297", "suffix-missing"),
        ("jp_trn", "JP", "7030204178342", "suffix-missing"),
        ("eu_vat", "BG", "BG7501020018", "person"),
        ("in_gst", "IN", gstin("29AABPU9603R1Z"), "person"),
        ("eu_oss_vat", "EU", "EU372022452", "seller"),
        ("hu_tin", "HU", "13122605-4-41", "group-member"),
        ("eu_vat", "HU", "13122605-4-41", "group-member"),
    ],
)
def test_unusual_number_is_remarked_on(id_: str, country: str, number: str, remark: str) -> None:
    reading = read_tax_id(number, row(id_, country))
    assert remark in reading.remarks
    assert reading.problem is None


def test_social_security_number_is_not_made_to_look_like_an_ein() -> None:
    reading = read_tax_id("123-45-6780", row("us_ein"))
    assert (reading.canonical, reading.problem, reading.hint) == (None, None, "us-ssn")
    assert "person" in reading.remarks


def test_number_tells_what_is_inside_it() -> None:
    assert read_tax_id("29AABCU9603R1ZJ", row("in_gst")).parts == {"gst_state": "29", "pan": "AABCU9603R"}
    assert read_tax_id("FR61954506077", row("eu_vat", "FR")).parts == {"siren": "954506077"}
    assert read_tax_id("FR53000004605", row("eu_vat", "FR")).parts == {"monaco": "000004605"}
    assert read_tax_id("ESN0032484H", row("eu_vat", "ES")).parts == {"nif_letter": "N"}
    assert read_tax_id("79 000 024 733", row("au_abn")).parts == {"acn": "000024733"}
    assert "manx" in read_tax_id("GB002425728", row("gb_vat")).parts


def test_kind_of_holder_is_told_where_the_number_tells() -> None:
    assert read_tax_id("B58378431", row("eu_vat", "ES")).kind == "company"
    assert read_tax_id("54362315K", row("eu_vat", "ES")).kind == "person"
    assert read_tax_id("7727705694", row("ru_inn")).kind == "company"
    assert read_tax_id("24843803480", row("br_cpf")).kind == "person"
    assert read_tax_id("DE811128135", row("eu_vat", "DE")).kind is None


def test_exceptions_of_stdnum_have_each_their_problem() -> None:
    pairs = (
        (InvalidChecksum, "check-digit"),
        (InvalidComponent, "component"),
        (InvalidLength, "length"),
        (InvalidFormat, "shape"),
    )
    assert [problem_of(error()) for error, _ in pairs] == [problem for _, problem in pairs]


def test_nothing_but_zeros_passes_as_a_german_or_british_number() -> None:
    for scheme in schemes():
        assert read_tax_id("000000000", scheme).problem is not None
