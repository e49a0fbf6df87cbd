"""How many real tax identifiers are accepted and how many slips are found, beside stock python-stdnum and jsvat.

`accuracy_tax_ids.csv` holds real numbers of companies, each with its source; most are numbers that python-stdnum tests itself
with. From each, wrong ones are made: a digit changed, two neighbours swapped, one character dropped. A wrong number counts as
found where it is refused; some slips give another possible number, so no checker can find them all. jsvat is asked where Node
and the package are there:

    python benchmarks/accuracy_tax_ids.py [folder of an unpacked jsvat]
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from stdnum.exceptions import ValidationError

from cleanbill.tax_ids.read import read_tax_id
from cleanbill.tax_ids.scheme import Scheme, find_scheme

ROWS = Path(__file__).with_suffix(".csv")

# The module of python-stdnum that its users call for the scheme, where a module of the EU's list is not it.
MODULES = {
    "ad_nrt": "ad.nrt", "al_tin": "al.nipt", "ar_cuit": "ar.cuit", "au_abn": "au.abn", "az_tin": "az.voen", "br_cnpj": "br.cnpj",
    "by_tin": "by.unp", "ca_bn": "ca.bn", "ch_uid": "ch.uid", "ch_vat": "ch.vat", "cl_tin": "cl.rut", "cn_tin": "cn.uscc",
    "co_nit": "co.nit", "cr_tin": "cr.cpj", "do_rcn": "do.rnc", "ec_ruc": "ec.ruc", "eg_tin": "eg.tn", "fr_siren": "fr.siren",
    "gb_vat": "gb.vat", "gh_tin": "gh.tin", "gn_nif": "gn.nifp", "il_vat": "il.hp", "in_gst": "in_.gstin", "jp_cn": "jp.cn",
    "ke_pin": "ke.pin", "kr_brn": "kr.brn", "me_pib": "me.pib", "mk_vat": "mk.edb", "mx_rfc": "mx.rfc", "mz_nuit": "mz.nuit",
    "no_vat": "no.mva", "nz_gst": "nz.ird", "pe_ruc": "pe.ruc", "py_ruc": "py.ruc", "rs_pib": "rs.pib", "ru_inn": "ru.inn",
    "sg_uen": "sg.uen", "sn_ninea": "sn.ninea", "sv_nit": "sv.nit", "th_vat": "th.tin", "tr_tin": "tr.vkn", "tw_vat": "tw.ubn",
    "uy_ruc": "uy.rut", "ve_rif": "ve.rif", "vn_tin": "vn.mst",
}  # fmt: skip

JSVAT = """
const jsvat = require(process.argv[1]);
const countries = Object.values(jsvat).filter((value) => value && value.calcFn);
const numbers = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(numbers.map((number) => jsvat.checkVAT(number, countries).isValid)));
"""


class Case(NamedTuple):
    """One number and whether it is a real one."""

    scheme: Scheme
    number: str
    real: bool


def slips(number: str, source: random.Random) -> Iterator[str]:
    """A digit changed, two neighbours swapped, one character dropped."""
    places = [n for n, character in enumerate(number) if character.isdigit()]
    place = source.choice(places)
    yield number[:place] + str((int(number[place]) + source.randint(1, 9)) % 10) + number[place + 1 :]
    unlike = [n for n in places if n + 1 in places and number[n] != number[n + 1]]
    if unlike:
        place = source.choice(unlike)
        yield number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    place = source.choice(places)
    yield number[:place] + number[place + 1 :]


def cases() -> list[Case]:
    """Every row of the corpus with the slips made from it."""
    source, found = random.Random(2026), list[Case]()
    with ROWS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scheme = find_scheme(row["scheme"], row["country"])
            if scheme is None:
                raise ValueError(f"unknown scheme in {ROWS.name}")
            found.append(Case(scheme, row["number"], real=True))
            found += [Case(scheme, wrong, real=False) for wrong in slips(row["number"], source)]
    return found


def cleanbill(case: Case) -> bool:
    """Accepted, perhaps with a warning."""
    reading = read_tax_id(case.number, case.scheme)
    return reading.problem is None or "soft" in reading.remarks


def cleanbill_strict(case: Case) -> bool:
    """Accepted without a doubt about the check digit."""
    return read_tax_id(case.number, case.scheme).problem is None


def stdnum(case: Case) -> bool:
    """What `validate` of the scheme's module says of the number as it stands."""
    name = MODULES.get(case.scheme.id)
    module = import_module(f"stdnum.{name}" if name else "stdnum.eu.vat")
    try:
        module.validate(case.number)
    except ValidationError:
        return False
    return True


def jsvat(folder: Path, asked: list[Case]) -> list[bool]:
    """What jsvat's checkVAT says of the numbers."""
    node = shutil.which("node")
    if node is None:
        return []
    numbers = json.dumps([case.number for case in asked])
    command = [node, "-e", JSVAT, str(folder.resolve())]
    ran = subprocess.run(command, input=numbers, capture_output=True, text=True, check=True)
    answers: list[bool] = json.loads(ran.stdout)
    return answers


def line(name: str, asked: list[Case], answers: list[bool]) -> str:
    """One row of the table."""
    real = [answer for case, answer in zip(asked, answers, strict=True) if case.real]
    wrong = [not answer for case, answer in zip(asked, answers, strict=True) if not case.real]
    return f"| {name} | {len(real)} | {share(real)} | {len(wrong)} | {share(wrong)} |"


def share(answers: list[bool]) -> str:
    """The share of true answers."""
    return f"{sum(answers) / len(answers):.1%}"


def main() -> None:
    """Print the tables."""
    everything = cases()
    checkers: dict[str, Callable[[Case], bool]] = {
        "cleanbill": cleanbill,
        "cleanbill, doubts refused too": cleanbill_strict,
        "python-stdnum": stdnum,
    }
    head = "| checker | real | accepted | wrong | refused |\n|---|---|---|---|---|"
    hard = [case for case in everything if case.scheme.grade == "hard"]
    for title, asked in (("All schemes", everything), ("Schemes with an official check digit", hard)):
        print(f"{title} ({len({case.scheme for case in asked})})\n\n{head}")
        for name, checker in checkers.items():
            print(line(name, asked, [checker(case) for case in asked]))
        print()
    if len(sys.argv) > 1:
        european = [case for case in everything if case.scheme.id in ("eu_vat", "gb_vat")]
        print(f"European Union and United Kingdom\n\n{head}")
        for name, checker in checkers.items():
            print(line(name, european, [checker(case) for case in european]))
        answers = jsvat(Path(sys.argv[1]), european)
        if answers:
            print(line("jsvat", european, answers))


if __name__ == "__main__":
    main()
