"""A phone number as it was written: what stands around its digits, and what its punctuation says."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from cleanbill.text import visible

TextProblem = Literal["empty", "letters", "two-numbers", "not-a-phone", "digits-lost"]

LONGEST = 200  # characters; nobody writes more around one number
ENOUGH = 7  # digits, for a piece of text to be a number of its own
FEWEST = 4  # digits, of a number on a small island
MOST = 15  # digits, of any number (ITU-T E.164)


@dataclass(frozen=True, slots=True)
class Written:
    """The digits of one number and what they were written with.

    `groups` are the digits as they were separated; `parentheses` says that the first group stood in them. `pieces` are the
    texts of the numbers where there are several, or the text with digits for the letters that look like them.
    """

    digits: str = ""
    plus: bool = False
    groups: tuple[str, ...] = ()
    parentheses: bool = False
    extension: str | None = None
    problem: TextProblem | None = None
    pieces: tuple[str, ...] = ()


def read_text(text: str) -> Written:
    """Find the number in `text`."""
    if _BARE.fullmatch(text) and not _DATE.fullmatch(text):
        return _number(text, None)
    if len(text) > LONGEST:
        return Written(problem="not-a-phone")
    plain = _plain(text)
    if not plain:
        return Written(problem="empty")
    return _known_form(plain) or _one_or_more(plain)


def _known_form(plain: str) -> Written | None:
    """A chat link, a spreadsheet's float, or what only looks like a number."""
    if _DATE.fullmatch(plain) or _IP.fullmatch(plain):
        return Written(problem="not-a-phone")
    if link := _LINK.search(plain):
        return _number("+" + link[1], None)
    sheet = _FLOAT.fullmatch(plain)
    return _from_sheet(sheet["whole"], sheet["part"], sheet["power"]) if sheet else None


def _one_or_more(plain: str) -> Written:
    pieces = [piece for piece in _BREAK.split(plain) if _count(piece) >= ENOUGH]
    if len(pieces) > 1:
        return Written(problem="two-numbers", pieces=tuple(pieces))
    other = _OTHER_ENDING.search(plain) if plain.count("/") == 1 else None
    if other and _count(plain[: other.start()]) >= ENOUGH:
        return Written(problem="two-numbers", pieces=(plain[: other.start()],))
    return _between(*_extension(plain))


def _plain(text: str) -> str:
    """The text in ASCII where that says the same: digits of any script, wide forms, dashes and spaces of any kind."""
    text = text.strip()
    if not text.isascii():
        text = "".join(map(_ascii, visible(text)))
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = _ESCAPE.sub(lambda found: _ESCAPES[found[0].upper()], text)
    return visible(text).strip(_EDGES)


def _ascii(char: str) -> str:
    if char < "\x80":
        return char
    if char in _SAME:
        return _SAME[char]
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd":
        return "-"
    if category[0] == "Z":
        return " "
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char


def _extension(text: str) -> tuple[str, str | None]:
    """The text without the extension at its end, and the extension."""
    found = _EXTENSION.search(text)
    if found is None or _count(text[: found.start()]) < FEWEST:
        return text, None
    return text[: found.start()].rstrip(_EDGES + "(["), found[1]


def _between(text: str, extension: str | None) -> Written:
    """The number between the label before it and the remark behind it."""
    core = _CORE.search(text)
    if core is None:
        return Written(problem="not-a-phone")
    head, body, tail = text[: core.start()], core[0], text[core.end() :]
    if _LETTER.search(body) or _touches(head, body, tail):
        return Written(problem="letters", pieces=_look_alikes(text))
    is_id = "+" not in body and _ID_LABEL.search(head)
    if is_id or "@" in head + tail or not _DIALLED.fullmatch(body):
        return Written(problem="not-a-phone")
    if "+" in body[1:].lstrip("+ -("):
        return _two_plus(body, extension)
    number = _number(body, extension)
    if len(number.digits) < ENOUGH and _WORD_GOES_ON.match(tail):  # 1-800-FLOWERS
        return Written(problem="letters")
    return number


def _touches(head: str, body: str, tail: str) -> bool:
    """Whether a letter stands where a digit may have been meant: next to the digits, or alone beside them."""
    before, after = _LAST_WORD.search(head), _FIRST_WORD.match(tail)
    if before and body[0] not in "+(":
        word, gap = before[1].casefold(), before[2]
        if word not in _LABELS and (not gap or len(word) == 1):
            return True
    return bool(after and (not after[1] or (len(after[2]) == 1 and after[2].casefold() not in _LABELS)))


def _look_alikes(text: str) -> tuple[str, ...]:
    """The text with O, l and I read as digits, where that leaves no letter in it."""
    guess = text.translate(_LOOK_ALIKES)
    return (guess,) if guess != text and not _LETTER.search(guess) else ()


def _two_plus(body: str, extension: str | None) -> Written:
    """A country code written twice with its plus, else two numbers in a row."""
    pieces = ["+" + piece for piece in body.split("+") if _count(piece)]
    numbers = [_number(piece, extension) for piece in pieces]
    code = numbers[0].digits
    if len(numbers) == 2 and len(code) <= 3 and numbers[1].digits.startswith(code):
        return numbers[1]
    return Written(problem="two-numbers", pieces=tuple(pieces))


def _number(body: str, extension: str | None) -> Written:
    groups = tuple(_DIGITS.findall(body))
    digits = "".join(groups)
    if len(digits) > MOST and len(groups) == 2 and min(map(len, groups)) >= ENOUGH:
        return Written(problem="two-numbers", pieces=groups)
    return Written(digits, body.lstrip("([ ").startswith("+"), groups, body.startswith("("), extension)


def _from_sheet(whole: str, part: str, power: str | None) -> Written:
    """A number that a spreadsheet made a float: 442079460958.0 or 4.42079460958E+11."""
    if power is None:
        return _number(whole if part in ("0", "00") else f"{whole}.{part}", None)
    moved = int(power)
    if not moved - 2 <= len(part) <= moved <= MOST:
        return Written(problem="digits-lost")
    return _number(whole + part.ljust(moved, "0"), None)


def _count(text: str) -> int:
    """How many digits the text has."""
    return sum(map(str.isdigit, text))


_EDGES = " \t\r\n\v\f\"'`’‘“”«»=,;:.<>|_*-–"
_SAME = {"−": "-", "⁺": "+", "﹢": "+", "➕": "+", "·": ".", "•": ".", "∙": ".", "‧": ".", "⁄": "/", "〜": "~"}
_ESCAPES = {"%2B": "+", "%20": " ", "%28": "(", "%29": ")", "%2D": "-"}
_ESCAPE = re.compile("%(?:2B|20|28|29|2D)", re.IGNORECASE)
_LOOK_ALIKES = str.maketrans("OoQlI|", "000111")
# fmt: off
_LABELS = frozenset({
    "t", "m", "p", "f", "c", "h", "w", "d", "tel", "phone", "ph", "mob", "mobile", "fon", "fone", "fax", "cell", "office", "call",
    "no", "nr", "num", "number", "whatsapp", "wa",
})
# fmt: on

_DIGITS = re.compile("[0-9]+")
_LETTER = re.compile(r"[^\W\d_]")
_CORE = re.compile(r"(?:[+(\[][+(\[ -]*)?[0-9](?:.*[0-9])?", re.DOTALL)
_DIALLED = re.compile(r"[0-9+()\[\]./~_\s-]+")
_LAST_WORD = re.compile(r"([^\W\d_]+)([^+(\d]*)\Z")
_FIRST_WORD = re.compile(r"([\W_]*)([^\W\d_]+)")
# 030 901820/21 is two numbers or an extension; more strokes only separate.
_OTHER_ENDING = re.compile(r"(?<=[0-9])\s*/\s*[0-9]{1,3}\Z")
_BARE = re.compile(r"\+?[0-9(][0-9 ()-]{5,30}[0-9]")
_WORD_GOES_ON = re.compile(r"-[^\W\d_]")
_BREAK = re.compile(r"[^0-9+()\[\].~_ \t-]+")
_LINK = re.compile(
    r"(?:wa\.me/|whatsapp\.com/send/?\?phone=|whatsapp://send\?phone=)\+?([0-9]{7,15})(?![0-9])", re.IGNORECASE
)
_FLOAT = re.compile(
    r"(?P<whole>\+?[0-9]{7,15}(?=\.0)|[0-9](?=\.[0-9]+E))\.(?P<part>[0-9]{1,15})(?:E\+?(?P<power>[0-9]{1,2}))?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d(?:[T ].*)?|[0-3]?\d([-/.])[0-3]?\d\2(?:19|20)\d\d(?: .*)?", re.DOTALL
)
# Four numbers up to 255, one of them of one digit or two of them of three; phone numbers are grouped more evenly.
_IP = re.compile(
    r"(?=(?:[0-9]+\.){0,3}[0-9](?:\.|\Z)|(?:[0-9]{1,2}\.)*[0-9]{3}\.(?:[0-9]{1,2}\.)*[0-9]{3}(?:\.|\Z))"
    r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
)
_ID_LABEL = re.compile(
    r"\b(?:vat|gst|gstin|pan|ein|abn|acn|tin|ssn|iban|id|ref|order|invoice|inv|account|acct|customer|cust|ticket|zip|pin|card)\b"
    r"|[^\W\d_][-_#/]\Z",
    re.IGNORECASE,
)
# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Turkish, Polish, Czech, Finnish, Hungarian, Russian,
# Ukrainian, Greek, Japanese, Chinese, Korean, Arabic; and the pauses that a dialler makes.
_EXTENSION = re.compile(
    r"(?:(?<![^\W\d_])(?:extension|extensi[oó]n|extn?|ex|x|durchwahl|dw|nebenstelle|nst|poste|interno|int|anexo|ramal|toestel|tst"
    r"|anknytning|ankn|anv|dahili|lok(?:al)?|wewn?|klapka|kl|linka|alank|alanumero|mellék|доб(?:авочный)?|вн|дод|εσωτ)"
    r"|内線|内线|分机|分機|내선|تحويلة|#|(?:,,|;)(?:ext=)?)"
    r"[\s.:=#]{0,3}([0-9]{1,6})\)?\]?\Z",
    re.IGNORECASE,
)
