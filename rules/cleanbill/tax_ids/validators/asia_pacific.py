"""Numbers of Asia and the Pacific where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.au import abn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.id import nik
from stdnum.jp import cn as jp
from stdnum.sg import uen
from stdnum.th import pin
from stdnum.tr import tckimlik, vkn
from stdnum.vn import mst

from .number import NO_PARTS, Number, Refusal, weighted

# Luhn's algorithm modulo 36: what a character counts as it is, and doubled. python-stdnum has it too, at three times the cost.
_GST_PLAIN = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_GST_DOUBLED = {character: sum(divmod(2 * value, 36)) for character, value in _GST_PLAIN.items()}

# Kinds of GSTIN as the GST portal tells them apart: https://github.com/resilient-tech/india-compliance (constants)
_GSTIN = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]")
_GSTIN_OFFICE = re.compile(r"\d{2}[A-Z]{4}\d{5}[A-Z]\d[ZCD][0-9A-Z]")
_GSTIN_COLLECTOR = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z][CD][0-9A-Z]")
_GSTIN_FOREIGN = re.compile(r"\d{4}[A-Z]{3}\d{5}(?:N[RF]|OS|[UO]N)[0-9A-Z]")
# 01 to 38 are states and territories, 97 and 99 other territory and the centre's own jurisdiction.
_GST_STATES = frozenset(f"{n:02}" for n in (*range(1, 39), 97, 99))
_GST_PLACE_OF_SUPPLY = "96"
_PAN_HOLDERS = "ABCFGHJKLPT"  # the fourth letter; Income Tax Department, Permanent Account Number
_PAN_PERSONS = "P"

_ACN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1, 1)
_KR_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_TW_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
_OM_WEIGHTS = (1, 6, 3, 7, 9)
_JP_LENGTH = 13
_USCC_LENGTH = 18
_TCKN_LENGTH = 11
_NPWP_OLD = 15
_CITIZEN_ID = 12

# What the first three digits of a citizen's number, a province, never are: Circular 59/2021/TT-BCA, annex.
_VN_NO_PROVINCES = frozenset(
    (
        3,
        5,
        7,
        9,
        13,
        16,
        18,
        21,
        23,
        28,
        29,
        32,
        39,
        41,
        43,
        47,
        50,
        53,
        55,
        57,
        59,
        61,
        63,
        65,
        69,
        71,
        73,
        76,
        78,
        81,
        85,
        88,
        90,
    )
)
_VN_LAST_PROVINCE = 96


def in_gst(body: str) -> Number:
    """India: GSTIN of a taxable person, an office, a collector or deductor at source, a non-resident or a UN body.

    Source: Form GST REG-06 and the GST portal; check character ISO 7812 modulus 36.
    """
    state = body[:2]
    pan = body[2:12]
    if _GSTIN.fullmatch(body) or _GSTIN_COLLECTOR.fullmatch(body):
        if body[5] not in _PAN_HOLDERS or pan[5:9] == "0000":
            raise Refusal("structure", "in-pan")
    elif _GSTIN_FOREIGN.fullmatch(body):
        pan = ""
    elif not _GSTIN_OFFICE.fullmatch(body):
        raise Refusal("shape")
    if state not in _GST_STATES:
        raise Refusal("component", "in-state-96" if state == _GST_PLACE_OF_SUPPLY else "in-state")
    if (sum(map(_GST_PLAIN.__getitem__, body[::-2])) + sum(map(_GST_DOUBLED.__getitem__, body[-2::-2]))) % 36:
        raise Refusal("check-digit")
    if not pan:
        return Number(body, {"gst_state": state})
    return Number(body, {"gst_state": state, "pan": pan}, kind="person" if body[5] in _PAN_PERSONS else "company")


def au_abn(body: str) -> Number:
    """Australia: ABN, two check digits and nine; a company's nine are its ACN. Source: Australian Business Register."""
    if abn.calc_check_digits(body[2:]) != body[:2]:
        raise Refusal("check-digit")
    return Number(body, {"acn": body[2:]} if weighted(body[2:], _ACN_WEIGHTS) % 10 == 0 else NO_PARTS)


def sg_uen(body: str) -> Number:
    """Singapore: UEN of a business, a local company or another entity. Source: ACRA, www.uen.gov.sg."""
    return Number(str(uen.validate(body)))


def sg_gst(body: str) -> Number:
    """Singapore: GST number, M-form (its check letter is unpublished) or the UEN itself. Source: IRAS."""
    return Number(body) if body[0] == "M" else sg_uen(body)


def jp_trn(body: str) -> Number:
    """Japan: T and thirteen digits; those of sole traders are no corporate numbers. Source: National Tax Agency."""
    if len(body) == _JP_LENGTH:
        jp.validate(body)
        return Number(body, {"corporate_number": body}, ("suffix-missing",), hint="jp-t")
    if not jp.is_valid(body[1:]):
        raise Refusal("check-digit", "jp-sole-trader", soft=True)
    return Number(body, {"corporate_number": body[1:]})


def kr_brn(body: str) -> Number:
    """South Korea: office, kind and serial number. The check digit is widely used; a few real numbers miss it."""
    if body[:3] < "101" or body[3:5] == "00" or body[5:9] == "0000":
        raise Refusal("component")
    total = weighted(body, _KR_WEIGHTS) + int(body[8]) * 5 // 10
    if (total + int(body[9])) % 10:
        raise Refusal("check-digit", soft=True)
    return Number(body)


def tw_vat(body: str) -> Number:
    """Taiwan: the sum of digits is divisible by 5 since April 2023 (by 10 before). Source: Fiscal Information Agency, MoF."""
    total = sum(sum(map(int, str(weight * int(digit)))) for weight, digit in zip(_TW_WEIGHTS, body, strict=True))
    if total % 5 and not (body[6] == "7" and (total + 1) % 5 == 0):
        raise Refusal("check-digit")
    return Number(body)


def cn_tin(body: str) -> Number:
    """China: unified social credit code (GB 32100) or identity number (GB 11643), 18 places; 15 and 20 digits are older."""
    if len(body) != _USCC_LENGTH:
        return Number(body)
    if uscc.is_valid(body):
        return Number(body, kind="company")
    if body[:17].isdigit() and ric.calc_check_digit(body) == body[-1]:
        ric.get_birth_date(body)
        return Number(body, kind="person")
    raise Refusal("check-digit")


def il_vat(body: str) -> Number:
    """Israel: nine digits with modulus 10, of companies (5…) and licensed dealers alike; leading zeros are often left out."""
    number = body.zfill(9)
    if int(number) == 0:
        raise Refusal("never-issued")
    if not luhn.is_valid(number):
        raise Refusal("check-digit", body=number)
    return Number(number, kind="company" if number[0] == "5" else None)


def om_vat(body: str) -> Number:
    """Oman: the check character is known from real numbers, not from the authority.

    Source: https://github.com/arthurdejong/python-stdnum (om/vat).
    """
    check = (1 + weighted(body[4:9], _OM_WEIGHTS)) % 11
    if body[9] != "0123456789X"[check]:
        raise Refusal("check-digit", soft=True)
    return Number(body)


def kz_bin(body: str) -> Number:
    """Kazakhstan: BIN or IIN, modulus 11 with a second round of weights. Source: Act on national registers, 2007."""
    check = weighted(body, tuple(range(1, 12))) % 11
    if check == 10:
        check = weighted(body, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    if str(check) != body[11]:
        raise Refusal("check-digit")
    return Number(body)


def tr_tin(body: str) -> Number:
    """Türkiye: VKN (10 digits) or a person's identity number (11). Source: Gelir İdaresi Başkanlığı."""
    if len(body) == _TCKN_LENGTH:
        return Number(str(tckimlik.validate(body)), kind="person")
    return Number(str(vkn.validate(body)))


def th_vat(body: str) -> Number:
    """Thailand: thirteen digits of a company (0…) or a person, modulus 11. Source: Revenue Department."""
    if pin.calc_check_digit(body) != body[12]:
        raise Refusal("check-digit")
    return Number(body)


def vn_tin(body: str) -> Number:
    """Viet Nam: ten digits, three more of a branch, or since July 2025 a citizen's twelve (Circular 86/2024/TT-BTC)."""
    if len(body) == _CITIZEN_ID:
        province = int(body[:3])
        if not 1 <= province <= _VN_LAST_PROVINCE or province in _VN_NO_PROVINCES:
            raise Refusal("component")
        return Number(body, kind="person")
    return Number(str(mst.validate(body)))


def id_npwp(body: str) -> Number:
    """Indonesia: fifteen digits, sixteen since 2024: the same with a leading zero, or a citizen's NIK (PMK 112/2022)."""
    if len(body) == _NPWP_OLD or body[0] == "0":
        if not luhn.is_valid(body[:9] if len(body) == _NPWP_OLD else body[:10]):
            raise Refusal("check-digit")
        return Number(body)
    try:
        nik.get_birth_date(body)
    except ValidationError as error:
        raise Refusal("component") from error
    return Number(body, kind="person")
