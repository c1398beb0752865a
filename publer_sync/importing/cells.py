"""What a spreadsheet puts into a cell where it cannot show what was meant: errors, signs of a narrow column, formulas."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = (
    "NAME? NOM? NOMBRE? ¿NOMBRE? NOME? NAVN? NAMN? NAAM? NIMI? NÉV? NAZWA? NÁZEV? AD? ИМЯ? ІМ'Я? "
    "REF! BEZUG! ¡REF! RIF! REFERENS! VERW! HIV! ODW! ССЫЛКА! ПОСИЛАННЯ! BAŞV! "
    "VALUE! WERT! VALEUR! VALOR! ¡VALOR! VALORE! VERDI! VÆRDI! VÄRDEFEL! WAARDE! ARVO! ARG! HODNOTA! DEĞER! ЗНАЧ! ÉRTÉK! "
    "DIV/0! ¡DIV/0! DZIEL/0! ДЕЛ/0! SAYI/0! DELING/0! DIVISION/0! JAKO/0! ZÉRÓOSZTÓ! "
    "N/A NV N/D N/B I/T SAKNAS! BRAK PUUTTUU! YOK Н/Д HIÁNYZIK "
    "NUM! ZAHL! NOMBRE! ¡NUM! NÚM! GETAL! TALL! OGILTIGT! LUKU! LICZBA! SAYI! ЧИСЛО! "
    "NULL! NULO! NUL! ¡NULO! NULLO! TYHJÄ! SKÄRNING! ZERO! ПУСТО! BOŞ! ERROR! SPILL! ÜBERLAUF! PROPAGATION! DESBORDAMIENTO! OVERFLYT! CALC! FIELD! BUSY! "
    "GETTING_DATA CONNECT! BLOCKED! UNKNOWN! EXTERNAL! PYTHON! TIMEOUT!"
)
_ERRORS: Final = frozenset(f"#{name}" for name in _NAMES.split())
"""As Excel, LibreOffice, Numbers and Google Sheets write them in the languages of Europe."""
_OF_LIBREOFFICE: Final = re.compile(r"Err:5\d\d|Fehler:5\d\d")
_NARROW: Final = re.compile(r"#{3,}")
_FORMULA: Final = re.compile(
    r"=[ ]?(?:[^\W\d_][\w.]*\(.*|\$?[^\W\d_]{1,3}\$?\d+\b.*|(?:'[^']+'|\w+)!\$?[A-Za-z].*)|[+@][A-ZÀ-Þ]{2,}\(.*",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")
_ITS_WORDS: Final = "Correct the cell in the spreadsheet; an apostrophe before words keeps them words. Then save the CSV again"


def oddity(cell: str) -> tuple[str, str] | None:
    """Why a cell does not hold what was meant, as what follows its column in a sentence, and how to put it right."""
    words = cell.strip()
    if words.upper() in _ERRORS or _OF_LIBREOFFICE.fullmatch(words):
        return "shows an error of the spreadsheet", _ITS_WORDS
    if _NARROW.fullmatch(words):
        return (
            "shows signs in place of a value",
            "Make the column wider in the spreadsheet, and save the CSV again",
        )
    if _FORMULA.fullmatch(words):
        return "shows a formula", _ITS_WORDS
    if _ESCAPED.search(words):
        return (
            "has a character as a spreadsheet keeps it in its own file",
            "Write the character itself, and save the CSV again",
        )
    return None
