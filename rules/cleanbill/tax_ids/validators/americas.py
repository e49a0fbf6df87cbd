"""Numbers of the Americas where python-stdnum is missing, too strict or too lenient."""

from __future__ import annotations

from datetime import date
from operator import mul

from stdnum import luhn
from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.co import nit
from stdnum.cr import cpj
from stdnum.do import cedula, rnc
from stdnum.ec import ci
from stdnum.mx.rfc import _name_blacklist as _mx_no_names
from stdnum.pe import ruc as pe
from stdnum.py import ruc as py
from stdnum.ve import rif

from .number import Number, Refusal, is_repeated, weighted

# IRS, How EINs are assigned and valid EIN prefixes: these were never assigned to a campus.
_EIN_NEVER = frozenset(
    ["00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"]
)
# AFIP: 20 to 27 are persons, 30 to 34 companies, 50 to 55 foreign entities.
_CUIT_TYPES = frozenset(["20", "23", "24", "25", "26", "27", "30", "33", "34", "50", "51", "55"])
_RUC_TYPES = frozenset(["10", "15", "16", "17", "20"])
_QST_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)

_BN_LENGTH = 9
_CEDULA_LENGTH = 11
_NIT_LENGTH = 9
_CPJ_LENGTH = 10
_MX_WITHOUT_HOMOCLAVE = 10
_MX_COMPANY_LENGTH = 12

# SAT, Anexo 22 and Resolución Miscelánea: the values of the characters, the weights, and the check character by the remainder.
_MX_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ")}
_MX_WEIGHTS = tuple(range(13, 1, -1))
_MX_BLANK = _MX_VALUES[" "] * _MX_WEIGHTS[0]
_MX_CHECKS = "0A987654321"


def us_ein(body: str) -> Number:
    """United States: two digits of the campus that assigned it and seven more; there is no check digit."""
    if body[:2] in _EIN_NEVER:
        raise Refusal("component", "us-ein-prefix")
    return Number(body)


def ca_bn(body: str) -> Number:
    """Canada: business number, nine digits with modulus 10, alone or with a program account (RC0001, RT0001 …).

    Source: Canada Revenue Agency, Business number and program accounts.
    """
    if not luhn.is_valid(body[:9]):
        raise Refusal("check-digit")
    if len(body) > _BN_LENGTH and body[11:] == "0000":
        raise Refusal("component")
    return Number(body, {"bn": body[:9]})


def ca_gst_hst(body: str) -> Number:
    """Canada: GST/HST account, the business number and RT with four digits."""
    return ca_bn(body)


def ca_qst(body: str) -> Number:
    """Québec: ten digits and TQ with four more; QT is a common slip. The tenth digit's check is not official.

    Source: Revenu Québec; the check digit as in https://github.com/koblas/stdnum-js (ca/qst).
    """
    number = f"{body[:10]}TQ{body[12:]}"
    if number.endswith("TQ0000"):
        raise Refusal("component", body=number)
    if int(number[9]) != (11 - weighted(number, _QST_WEIGHTS) % 11) % 10:
        raise Refusal("check-digit", soft=True, body=number)
    return Number(number, hint=None if number == body else "ca-qst-tq")


def br_cnpj(body: str) -> Number:
    """Brazil: CNPJ, since July 2026 with letters too (Instrução Normativa RFB 2.229/2024)."""
    if is_repeated(body) or body.startswith("0" * 12):
        raise Refusal("never-issued")
    return Number(str(cnpj.validate(body)), {"branch": body[8:12]})


def br_cpf(body: str) -> Number:
    """Brazil: CPF of a person; eleven equal digits satisfy the check and are never issued."""
    if is_repeated(body):
        raise Refusal("never-issued")
    return Number(str(cpf.validate(body)), kind="person")


def mx_rfc(body: str) -> Number:
    """Mexico: letters of the name, a date, and a homoclave whose last character about 1.5 % of real numbers miss."""
    at = 3 if len(body) == _MX_COMPANY_LENGTH else 4
    if body[:at] in _mx_no_names:
        raise Refusal("component")
    try:
        date(2000 + int(body[at : at + 2]), int(body[at + 2 : at + 4]), int(body[at + 4 : at + 6]))
    except ValueError as error:
        raise Refusal("component") from error
    if len(body) > _MX_WITHOUT_HOMOCLAVE and _mx_check(body[:-1]) != body[-1]:
        raise Refusal("check-digit", soft=True)
    return Number(body)


def _mx_check(number: str) -> str:
    """The check character of a number without it; a company's is one letter shorter, for which a blank counts."""
    total: int = sum(map(mul, map(_MX_VALUES.__getitem__, number), _MX_WEIGHTS[-len(number) :]))
    return _MX_CHECKS[(total + (12 - len(number)) * _MX_BLANK) % 11]


def ar_cuit(body: str) -> Number:
    """Argentina: CUIT or CUIL with a type, a number and a check digit. Source: AFIP."""
    if body[:2] not in _CUIT_TYPES:
        raise Refusal("component")
    if cuit.calc_check_digit(body[:-1]) != body[-1]:
        raise Refusal("check-digit")
    return Number(body)


def co_nit(body: str) -> Number:
    """Colombia: NIT with its check digit. Companies' nine digits are often written without it. Source: DIAN, Orden 4 de 1989."""
    if nit.calc_check_digit(body[:-1]) == body[-1]:
        return Number(body)
    if len(body) == _NIT_LENGTH and body[0] in "89":
        raise Refusal("check-digit", "co-nit-dv", soft=True)
    raise Refusal("check-digit")


def pe_ruc(body: str) -> Number:
    """Peru: RUC with a type (10 persons, 20 companies, 15 to 17 others). Source: SUNAT."""
    if body[:2] not in _RUC_TYPES:
        raise Refusal("component")
    if not body.endswith(pe.calc_check_digit(body)):
        raise Refusal("check-digit")
    return Number(body)


def py_ruc(body: str) -> Number:
    """Paraguay: the number of the identity card or company, and a check digit. Source: SET."""
    if int(body[:-1]) == 0:
        raise Refusal("never-issued")
    return Number(str(py.validate(body)))


def cr_tin(body: str) -> Number:
    """Costa Rica: companies' ten digits have a class and a type; persons and foreigners are known by their length."""
    if len(body) == _CPJ_LENGTH and body[0] in "2345":
        return Number(str(cpj.validate(body)), kind="company")
    return Number(body)


def do_rnc(body: str) -> Number:
    """Dominican Republic: RNC of companies (9 digits) or cédula of persons (11). Source: DGII."""
    if len(body) == _CEDULA_LENGTH:
        return Number(str(cedula.validate(body)), kind="person")
    return Number(str(rnc.validate(body)))


def ec_ruc(body: str) -> Number:
    """Ecuador: RUC. The SRI says that companies (third digit 6 or 9) have no check digit to rely on.

    Source: SRI; https://github.com/arthurdejong/python-stdnum/issues/497.
    """
    province, third = body[:2], body[2]
    if not ("01" <= province <= "24" or province in ("30", "50")) or third in "78":
        raise Refusal("component")
    if body.endswith("000"):
        raise Refusal("component", "ec-establishment")
    if third < "6":
        ci.validate(body[:10])
    elif not _ec_company_holds(body):
        raise Refusal("check-digit", soft=True)
    return Number(body)


def _ec_company_holds(body: str) -> bool:
    public = weighted(body, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    private = weighted(body, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    return public or private or (body[2] == "6" and bool(ci.is_valid(body[:10])))


def ve_rif(body: str) -> Number:
    """Venezuela: a letter and nine digits. C (communal councils) is newer than the published algorithm. Source: SENIAT."""
    if body[0] != "C":
        return Number(str(rif.validate(body)))
    if rif.calc_check_digit(f"J{body[1:9]}") != body[9]:
        raise Refusal("check-digit", soft=True)
    return Number(body)
