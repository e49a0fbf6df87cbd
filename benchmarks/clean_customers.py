"""Customers as they should be: canonical addresses, tax identifiers, phones, e-mails and names of many countries, made from a seed.

`clean_customers.csv` holds one real place a row with the pair and the form of its tax identifiers. In `body` a d stands for any
digit, n for 1 to 9, a for a letter, x for either; `checker` is what a body must satisfy, a module of python-stdnum or a key of
CHECKERS. So no number is made by the library that is being measured.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any

import phonenumbers
from stdnum import luhn
from stdnum.gb import vat
from stdnum.mx import rfc

PLACES = Path(__file__).with_suffix(".csv")
POOL = 60  # numbers that are made for one place and used again

WILDCARDS = {"d": digits, "n": digits[1:], "a": ascii_uppercase, "x": digits + ascii_uppercase}
CHECKERS: dict[str, Callable[[str], bool]] = {
    "": bool,
    # HMRC's two methods; the two digits are a remainder of 97. python-stdnum itself lets more pass.
    "gb.vat": lambda body: vat.checksum(body) in (0, 42) and int(body[7:9]) < 97,
    "luhn": luhn.is_valid,
    "luhn10": lambda body: luhn.is_valid(body[:10]),
    "mx.rfc": lambda body: rfc.is_valid(body, validate_check_digits=True),
}

NAMES = """Ashgrove Logistics|Nilgiri Analytics|Bergmann & Söhne|Société Générale des Eaux|Ødegård Sjømat|Łódź Tekstylia|Żubrówka Handel
Çelik Makina|Þórsmörk Ferðir|Kovács Testvérek|Škoda Servis|Müller Maschinenbau|Núñez Exportaciones|Irmãos Gonçalves|D'Angelo Vini
O'Brien Construction|Smith, Jones and Partners|A.P. Keller|3Ring Media|Studio 54 Design|Σωτηρίου Ναυτιλιακή|Папаδόπουλος|Бурятская мельница
Заря Восток|Київський хліб|Българска роза|شركة النور للتجارة|مؤسسة الفجر|حلول بازار|אור טכנולוגיות|לוי ובניו|नीलगिरि उद्योग|गंगा ट्रेडर्स
தமிழ் மென்பொருள்|తెలుగు పరిశ్రమలు|বাংলা টেক্সটাইল|ਪੰਜਾਬ ਟੂਲਜ਼|บริษัท สยามการค้า|ຮ້ານລາວ|东方贸易|北京星辰科技|台灣精密工業|株式会社山田製作所|さくら印刷
한국전자|서울물산|Հայկական Գինի|საქართველო ღვინო|አዲስ ንግድ|Nguyễn Văn An|Trần Thị Bích|María José García|Jean-Luc Picardie|Anna-Lena Öberg
Siobhán Ní Dhomhnaill|Mohammed bin Rashid Trading|Li Wei|Yamada Tarō|Kim Min-jun|Ivan Petrović|Jāzeps Vītols|Gürbüz Şahin|Bjørn Åse|Ana Souza"""
WORDS = (
    "ashgrove",
    "bergmann",
    "celik",
    "keller",
    "kovacs",
    "lodz",
    "mueller",
    "nilgiri",
    "orient",
    "sakura",
    "siam",
    "vini",
    "zarya",
)
DOMAINS = ("com", "net", "de", "fr", "in", "io", "co.uk", "com.au", "com.br", "eu")
DESKS = ("accounts", "billing", "finance", "ap", "invoices", "office", "anna.keller", "j.doe", "li-wei", "o'brien")


def clean_customers(count: int, seed: int = 2026) -> Iterator[dict[str, Any]]:
    """Bodies for Zenskar's create-customer in which nothing is to be corrected, the same for the same seed."""
    source, places = random.Random(seed), _places()
    names = NAMES.replace("\n", "|").split("|")
    for number in range(count):
        place = source.choice(places)
        customer: dict[str, Any] = {
            "customer_name": source.choice(names),
            "external_id": f"{place['code']}-{number:06}",
            "email": f"{source.choice(DESKS)}@{source.choice(WORDS)}-{source.choice(WORDS)}.{source.choice(DOMAINS)}",
            "address": _address(place, source),
        }
        if phones := _phones(place["code"]):
            customer["phone_number"] = source.choice(phones)
        if place["body"]:
            pair = {"country_code": place["country_code"], "tax_code": place["tax_code"]}
            customer["tax_info"] = [pair | {"tax_id": source.choice(_tax_ids(places.index(place)))}]
        if source.random() < 0.2:
            customer["ship_to_address"] = _address(source.choice(places), source)
        if source.random() < 0.2:
            customer["custom_data"] = {"segment": source.choice(("SMB", "enterprise")), "seats": source.randint(1, 500)}
        yield customer


def _address(place: dict[str, str], source: random.Random) -> dict[str, str]:
    """A house in the place's street."""
    line1 = place["line1"].format(source.randint(1, 190))
    fields = {"line1": line1, "city": place["city"], "state": place["state"], "zipCode": place["zipCode"]}
    named = {"country": place["country"], "country_code": place["code"]}
    return {name: value for name, value in fields.items() if value} | named


@cache
def _places() -> list[dict[str, str]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _phones(region: str) -> list[str]:
    """The example numbers of the region in E.164, a fixed line and a mobile."""
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    found = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    return [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) for number in found if number]


@cache
def _tax_ids(place: int) -> list[str]:
    """Numbers of the form that the place's row gives."""
    row, source = _places()[place], random.Random(place)
    holds = CHECKERS.get(row["checker"]) or import_module(f"stdnum.{row['checker']}").is_valid
    made: list[str] = []
    while len(made) < POOL:
        body = "".join(source.choice(WILDCARDS.get(c, c)) for c in row["body"])
        if holds(body):
            made.append(row["prefix"] + body + row["suffix"])
    return made
