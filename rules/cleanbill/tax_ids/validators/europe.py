"""European numbers where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

from stdnum.be import vat as be
from stdnum.bg import vat as bg
from stdnum.ch import uid
from stdnum.es import nif
from stdnum.eu import oss
from stdnum.exceptions import ValidationError
from stdnum.fr import tva
from stdnum.hu import anum
from stdnum.mt import vat as mt
from stdnum.no import orgnr
from stdnum.ro import cnp, cui
from stdnum.se import orgnr as se_orgnr
from stdnum.sm import coe
from stdnum.ua import edrpou, rntrc

from .number import NO_PARTS, Number, Refusal, weighted

_GB_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_GB_HEALTH = 500
_UID_LENGTH = 9
_CNP_LENGTH = 13

# Made-up numbers of Spanish forms, refused by the tax agency: https://github.com/yolk/valvat, lib/valvat/checksum/es.rb
_ES_NEVER = frozenset(("00000000T", "X0000000T", "00000001R", "99999999R"))
_ES_LETTER_ONLY = "NPQRSW"  # control character is a letter (Orden EHA/451/2008)
_ES_DIGIT_ONLY = "ABEH"  # control character is a digit
_ES_PROVINCES = 56

# Counties 02-20, their second series 22-44 and the office for large taxpayers 51 (Act CL of 2017, annex).
_HU_COUNTIES = frozenset(f"{n:02}" for n in (*range(2, 21), *range(22, 45), 51))


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
    if (first in _ES_LETTER_ONLY and last.isdigit()) or (first in _ES_DIGIT_ONLY and not last.isdigit()):
        raise Refusal("check-digit", "es-control")
    if first in "KLM" and not 1 <= int(number[1:3]) <= _ES_PROVINCES:
        raise Refusal("component")
    return Number(number, kind="person" if first.isdigit() or first in "KLMXYZ" else "company")


def hu_vat(body: str) -> Number:
    """Hungary's number for trade inside the EU: the first eight digits of the domestic tax number."""
    return Number(str(anum.validate(body[:8])))


def hu_tin(body: str) -> Number:
    """Hungary's domestic tax number: eight digits, a VAT code and a county. Source: Act CL of 2017 on taxation."""
    anum.validate(body[:8])
    if body[9:] not in _HU_COUNTIES:
        raise Refusal("component")
    return Number(body, {"vat_code": body[8]})


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
    """San Marino: up to five digits without leading zeros. Source: Ufficio Tributario."""
    return Number(str(coe.validate(body)))


def eu_oss(body: str) -> Number:
    """One-stop shop: EU (non-Union) or IM (import), the numeric code of the member state that issued it, a serial number.

    These are sellers' numbers. 826 was the United Kingdom's, and ended in 2021.
    """
    try:
        oss.validate(body)
    except ValidationError as error:
        raise Refusal("component") from error
    return Number(body, remarks=("seller",), hint="oss-seller")
