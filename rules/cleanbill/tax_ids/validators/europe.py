"""European numbers where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

from stdnum.be import vat as be
from stdnum.bg import vat as bg
from stdnum.ch import uid
from stdnum.cz import dic
from stdnum.es import nif
from stdnum.eu import oss
from stdnum.exceptions import ValidationError
from stdnum.fr import tva
from stdnum.hu import anum
from stdnum.lv import pvn
from stdnum.mt import vat as mt
from stdnum.no import orgnr
from stdnum.ro import cnp, cui
from stdnum.se import orgnr as se_orgnr
from stdnum.sm import coe
from stdnum.ua import edrpou, rntrc

from .number import NO_PARTS, Kind, Number, Refusal, weighted

_GB_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_GB_HEALTH = 500
_UID_LENGTH = 9
_CNP_LENGTH = 13

# Made-up numbers of Spanish forms, refused by the tax agency: https://github.com/yolk/valvat, lib/valvat/checksum/es.rb
_ES_NEVER = frozenset(("00000000T", "X0000000T", "00000001R", "99999999R"))
_ES_LETTER_ONLY = "NPQRSW"  # control character is a letter (Orden EHA/451/2008)
_ES_DIGIT_ONLY = "ABEHJUV"  # control character is a digit, unless the two digits of the province are 00
_ES_PROVINCES = 56
_ES_ABROAD = "LN"  # Spaniards who live abroad, and foreign entities without a permanent establishment

# Counties 02-20, their second series 22-44 and the office for large taxpayers 51 (Act CL of 2017, annex).
_HU_COUNTIES = frozenset(f"{n:02}" for n in (*range(2, 21), *range(22, 45), 51))
_HU_EU_LENGTH = 8
_HU_GROUP_MEMBER = "4"

# Months of Czech birth numbers: women's have 50 added, and since 2004, with ten digits, 20 more where a day's numbers run out.
_CZ_MONTHS = frozenset(f"{n:02}" for start in (1, 51) for n in range(start, start + 12))
_CZ_MONTHS_SINCE_2004 = frozenset(f"{n:02}" for start in (21, 71) for n in range(start, start + 12))
_CZ_LEGAL_LENGTH = 8
_CZ_LENGTH = 10
_CZ_SPECIAL = "6"

_LV_DATELESS = "32"

# Andorra numbers companies from 700000 to 799999 and persons who live there up to 699999.
_AD_COMPANIES = ("700000", "799999")
_SM_SHORT = 3


def gb_vat(body: str) -> Number:
    """United Kingdom and Northern Ireland: modulus 97 with the ranges in which each of the two methods was used.

    GD are government departments (below 500), HA health authorities; a branch adds three digits. Source: HMRC, VAT
    registration numbers, modulus checks; ranges as in https://github.com/se-panfilov/jsvat (GB).
    """
    if body[0] in "GH":
        if (body[0] == "G") is not (int(body[2:]) < _GB_HEALTH):
            raise Refusal("component")
        return Number(body)
    serial, check = int(body[:7]), int(body[7:9])
    total = (weighted(body, _GB_WEIGHTS) + check) % 97
    old = total == 0 and not (100_000 <= serial <= 999_999 or 9_490_001 <= serial <= 9_700_000 or serial > 9_990_000)
    new = total == 97 - 55 and serial > 1_000_000
    if check >= 97 or not (old or new):
        raise Refusal("check-digit")
    return Number(body, {"manx": body[:2]} if body.startswith("00") else NO_PARTS)


def be_vat(body: str) -> Number:
    """Belgium: ten digits, nine before 2007; the last two are 97 less the remainder, so from 01 to 97. Source: KBO/BCE."""
    number = str(be.validate(body))
    if not 1 <= int(number[8:]) <= 97:
        raise Refusal("check-digit")
    return Number(number)


def cz_dic(body: str) -> Number:
    """Czechia: IČO of a company, or a birth number (Act 133/2000, section 13), whose month says more than a month."""
    number = str(dic.validate(body))
    if len(number) == _CZ_LEGAL_LENGTH or (len(number) < _CZ_LENGTH and number.startswith(_CZ_SPECIAL)):
        return Number(number)
    month = number[2:4]
    late = len(number) == _CZ_LENGTH and "04" <= number[:2] < "54"
    if month not in _CZ_MONTHS and not (late and month in _CZ_MONTHS_SINCE_2004):
        raise Refusal("component")
    return Number(number)


def lv_pvn(body: str) -> Number:
    """Latvia: a company's number, or a person's code. Codes that begin with 32 hold no birth date and their check is unconfirmed.

    Source: Fizisko personu reģistra likums (Law on the Register of Natural Persons), personal codes since July 2017.
    """
    if not body.startswith(_LV_DATELESS):
        return Number(str(pvn.validate(body)))
    if pvn.calc_check_digit_pers(body[:-1]) != body[-1]:
        raise Refusal("check-digit", soft=True)
    return Number(body, kind="person")


def mt_vat(body: str) -> Number:
    """Malta: eight digits; the last two are 37 less the remainder, so from 01 to 37."""
    if not 1 <= int(body[6:]) <= 37:
        raise Refusal("check-digit")
    return Number(str(mt.validate(body)))


def fr_tva(body: str) -> Number:
    """France and Monaco: a key of two characters and the SIREN; Monaco's have 000 in place of one."""
    number = str(tva.validate(body))
    if number[2:5] == "000":
        return Number(number, {"monaco": number[2:]})
    return Number(number, {"siren": number[2:]})


def es_nif(body: str) -> Number:
    """Spain: DNI, NIE and the numbers of entities, with the control characters that each kind may have.

    Source: Orden EHA/451/2008 and Real Decreto 1065/2007, art. 18 to 22; https://github.com/yolk/valvat (es.rb).
    """
    if body in _ES_NEVER or body[1:8] == "0000000":
        raise Refusal("never-issued")
    number, first, last = str(nif.validate(body)), body[0], body[-1]
    digit_only = first in _ES_DIGIT_ONLY and body[1:3] != "00"
    if (first in _ES_LETTER_ONLY and last.isdigit()) or (digit_only and not last.isdigit()):
        raise Refusal("check-digit", "es-control")
    if first in "KLM" and not 1 <= int(number[1:3]) <= _ES_PROVINCES:
        raise Refusal("component")
    kind: Kind = "person" if first.isdigit() or first in "KLMXYZ" else "company"
    return Number(number, {"nif_letter": first} if first in _ES_ABROAD else NO_PARTS, kind=kind)


def hu_vat(body: str) -> Number:
    """Hungary's number for trade inside the EU: the first eight digits of the domestic tax number."""
    if len(body) == _HU_EU_LENGTH:
        return Number(str(anum.validate(body)))
    return hu_tin(body)._replace(body=body[:_HU_EU_LENGTH])


def hu_tin(body: str) -> Number:
    """Hungary's domestic tax number: eight digits, a VAT code and a county. A group's members (code 4) share a number (5).

    Source: Act CL of 2017 on taxation; NAV, Online Invoice interface specification (groupMemberTaxNumber).
    """
    anum.validate(body[:_HU_EU_LENGTH])
    if body[9:] not in _HU_COUNTIES:
        raise Refusal("component")
    code = body[_HU_EU_LENGTH]
    if code == _HU_GROUP_MEMBER:
        return Number(body, {"vat_code": code}, ("group-member",), hint="hu-group-member")
    return Number(body, {"vat_code": code})


def se_vat(body: str) -> Number:
    """Sweden: the organisation or personal number and 01. Source: Skatteverket, VAT registration number."""
    if body[10:] != "01":
        raise Refusal("component", "se-ends-01")
    se_orgnr.validate(body[:10])
    return Number(body)


def no_vat(body: str) -> Number:
    """Norway: the organisation number and MVA, which says that it is registered for VAT. Source: Brønnøysundregistrene."""
    orgnr.validate(body[:9])
    if len(body) == _UID_LENGTH:
        return Number(body, {"orgnr": body}, ("suffix-missing",), hint="no-mva")
    return Number(body, {"orgnr": body[:9]})


def ch_vat(body: str) -> Number:
    """Switzerland: the UID and MWST, TVA or IVA, which says that it is registered for VAT.

    Source: eCH-0097; Federal Tax Administration, UID register.
    """
    uid.validate(f"CHE{body[:9]}")
    if len(body) == _UID_LENGTH:
        return Number(body, {"uid": f"CHE{body}"}, ("suffix-missing",), hint="ch-mwst")
    return Number(body, {"uid": f"CHE{body[:9]}"})


def ch_uid(body: str) -> Number:
    """Switzerland and Liechtenstein: the UID; what says in which register it stands is no part of it. Source: eCH-0097."""
    uid.validate(f"CHE{body[:9]}")
    return Number(body[:9])


def ro_tin(body: str) -> Number:
    """Romania: CNP of persons (13 digits) or CUI of companies (2 to 10)."""
    if len(body) == _CNP_LENGTH:
        return Number(str(cnp.validate(body)), kind="person")
    return Number(str(cui.validate(body)), kind="company")


def bg_uic(body: str) -> Number:
    """Bulgaria: nine digits of a company, and four more of a branch with a second check digit. Source: BULSTAT register."""
    if body[8] != bg.calc_check_digit_legal(body[:8]):
        raise Refusal("check-digit")
    if len(body) == _UID_LENGTH:
        return Number(body)
    check = weighted(body[8:12], (2, 7, 3, 5)) % 11
    if check == 10:
        check = weighted(body[8:12], (4, 9, 5, 7)) % 11 % 10
    if body[12] != str(check):
        raise Refusal("check-digit", soft=True)
    return Number(body)


def ua_vat(body: str) -> Number:
    """Ukraine: code of a VAT payer (12 digits), of a person (10), of a company (8), or a certificate (9)."""
    if len(body) == len("EDRPOUxx"):
        edrpou.validate(body)
        return Number(body, kind="company")
    if len(body) == len("RNTRCxxxxx"):
        rntrc.validate(body)
        return Number(body, kind="person")
    return Number(body)


def sm_coe(body: str) -> Number:
    """San Marino: up to five digits without leading zeros; not all of the shortest were given out. Source: Ufficio Tributario."""
    number = body.lstrip("0")
    return Number(number if len(number) >= _SM_SHORT else str(coe.validate(number)))


def ad_nrt(body: str) -> Number:
    """Andorra: a letter for the kind of holder, a number from that kind's range, a control letter that is unpublished."""
    kind, number = body[0], body[1:7]
    if (kind == "F" and number >= _AD_COMPANIES[0]) or (
        kind in "AL" and not _AD_COMPANIES[0] <= number <= _AD_COMPANIES[1]
    ):
        raise Refusal("component")
    return Number(body)


def eu_oss(body: str) -> Number:
    """One-stop shop: EU (non-Union) or IM (import), the numeric code of the member state that issued it, a serial number.

    These are sellers' numbers. 826 was the United Kingdom's, and ended in 2021.
    """
    try:
        oss.validate(body)
    except ValidationError as error:
        raise Refusal("component") from error
    return Number(body, remarks=("seller",), hint="oss-seller")
