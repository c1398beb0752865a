"""The names of weekdays and months, today and tomorrow, yes and no, in the languages that calendars are often written in.

Each word is here only if it means the same in all of these languages: English, German, French, Spanish, Italian,
Portuguese, Dutch, Danish, Norwegian and Swedish, and for weekdays Japanese, Chinese and Korean.
"""

from __future__ import annotations

from typing import Final

_WEEKDAYS: Final = (
    "mon monday mo 月曜日 月曜 月 星期一 周一 週一 월요일 월 montag lun lundi lunes lunedì lunedi segunda segunda-feira ma maandag man mandag mån måndag",
    "tue tues tuesday 火曜日 火曜 火 星期二 周二 週二 화요일 화 di dienstag mar mardi martes martedì martedi terça terça-feira dinsdag tir tirs tirsdag tis tisdag",
    "wed weds wednesday 水曜日 水曜 水 星期三 周三 週三 수요일 수 mi mittwoch mer mercredi mié miércoles miercoles mercoledì mercoledi quarta quarta-feira wo woensdag ons onsdag",
    "thu thur thurs thursday 木曜日 木曜 木 星期四 周四 週四 목요일 목 do donnerstag jeu jeudi jue jueves gio giovedì giovedi quinta quinta-feira donderdag tor tors torsdag",
    "fri friday 金曜日 金曜 金 星期五 周五 週五 금요일 금 fr freitag ven vendredi vie viernes venerdì venerdi sexta sexta-feira vr vrijdag fre fredag",
    "sat saturday 土曜日 土曜 土 星期六 周六 週六 토요일 토 sa samstag sonnabend sam samedi sáb sábado sabado sab sabato za zaterdag lør lørdag lör lördag",
    "sun sunday 日曜日 日曜 日 星期日 星期天 周日 週日 일요일 일 so sonntag dim dimanche dom domingo domenica zo zondag søn søndag sön söndag",
)
_MONTHS: Final = (
    "jan january januar jänner janv janvier enero gennaio janeiro januari",
    "feb february februar févr février fevrier febrero febbraio fevereiro februari",
    "mar march märz maerz mrz mars marzo março marco maart marts",
    "apr april avr avril abril aprile",
    "may mai mayo maggio maio mei maj",
    "jun june juni juin junio giugno junho",
    "jul july juli juil juillet julio luglio julho",
    "aug august août aout agosto augustus augusti",
    "sep sept september septembre septiembre settembre setembro",
    "oct october okt oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre decembre diciembre dicembre dezembro des desember",
)


def _numbered(names: tuple[str, ...], first: int) -> dict[str, int]:
    return {word: number for number, line in enumerate(names, first) for word in line.split()}


WEEKDAYS: Final = _numbered(_WEEKDAYS, 0)
"""In lower case, without a point; Monday is 0."""
MONTHS: Final = _numbered(_MONTHS, 1)
"""In lower case, without a point; January is 1."""
TODAY: Final = (
    "today", "tonight", "heute", "aujourd'hui", "ce soir", "hoy", "esta noche", "oggi", "stasera", "hoje", "vandaag", "vanavond", "i dag", "idag",
    "i aften", "i kveld", "ikväll", "i kväll", "今日", "今天", "오늘",
)  # fmt: skip
EVENING: Final = frozenset(
    ("tonight", "ce soir", "esta noche", "stasera", "vanavond", "i aften", "i kveld", "ikväll", "i kväll")
)
"""Those of TODAY that mean its evening alone."""
TOMORROW: Final = (
    "tomorrow", "morgen", "demain", "mañana", "manana", "domani", "amanhã", "amanha", "i morgen", "imorgen", "i morgon", "imorgon", "明日", "明天", "내일",
)  # fmt: skip
MORNING: Final = frozenset(("morgen", "mañana", "manana"))
"""Those of TOMORROW that mean a morning as well."""
AFTER_TOMORROW: Final = (
    "day after tomorrow", "the day after tomorrow", "übermorgen", "après-demain", "apres-demain", "pasado mañana", "pasado manana", "dopodomani",
    "depois de amanhã", "depois de amanha", "overmorgen", "i overmorgen", "i overmorgon", "i övermorgon", "övermorgon", "明後日", "后天", "後天", "모레",
)  # fmt: skip
YES: Final = frozenset(("yes", "ja", "oui", "sí", "si", "sì", "sim", "はい", "是", "是的", "네", "예"))
NO: Final = frozenset(
    ("no", "nein", "non", "não", "nao", "nee", "nej", "nei", "いいえ", "否", "不", "不是", "아니요", "아니오")
)
"""None of them means the other one anywhere."""
