"""The patterns of the schemas mean the same in an editor, which reads them as JavaScript, and here."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

from playwright._impl._driver import compute_driver_executable

from publer_sync.machine.packaged import packaged
from publer_sync.networks.hashtags import PATTERN
from tests.tables import each_of
from tests.write_schema import SETTINGS, with_hashtags

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = {
    "Latin": "rye bun påske brød smør grøt lærer Ærlig ÅpenDag skål Brötchen Straße Käse süß crème déjà garçon cœur naïve señor",
    "Central European": "żółw Łódź święta źródło kołač čaj šunka džem řepa křížek őszi kenyér túró şeker ığdır İstanbul bánh mì phở đặc",
    "Greek": "ψωμί φούρνος σίκαλη ελιά Αθήνα καφές γάλα τυρί μέλι νερό Ελλάδα αλεύρι πρωί ζεστό φρέσκο σήμερα βούτυρο αλάτι ζάχαρη τσάι",
    "Cyrillic": "хлеб ржаной пекарня булка свежий сегодня Москва мёд чай съешь хліб їжа ґанок пекарня2 ўсё ћуран ђак љубав њушка қазақ",
    "Hebrew": "לחם שיפון מאפייה חלה שבת טרי היום ירושלים דבש תה קפה מלח סוכר זית גבינה בוקר ערב חם טעים שלום",
    "Arabic": "خبز مخبز طازج اليوم قهوة شاي عسل ملح سكر زيتون نان تازه امروز می‌خواهم روٹی تازہ چائے شہد ڈبل مکھن",
    "Devanagari": "रोटी बेकरी ताज़ी आज हिन्दी चाय दूध नमक शहद मक्खन पाव मैदा गेहूँ सुबह शाम स्वाद भारत मुंबई पुणे दिल्ली",
    "Bengali and Tamil": "রুটি তাজা আজ চা দুধ লবণ মধু মাখন বাংলা সকাল ரொட்டி புதிய இன்று தேநீர் பால் உப்பு தேன் வெண்ணெய் தமிழ் காலை",
    "Thai": "ขนมปัง สดใหม่ วันนี้ กาแฟ ชา นม น้ำผึ้ง เกลือ เนย แป้ง เช้า เย็น อร่อย กรุงเทพ ร้านเบเกอรี่ ไทย ข้าว น้ำตาล ไข่ หอม",
    "East Asian": "パン ライ麦 焼きたて 今日 ラーメン 東京 時々 面包 黑麦 今天 新鲜 北京 빵 호밀 오늘 신선한 커피 서울 아침 ｶﾌｪ",
    "Georgian, Armenian and Ethiopic": "პური ყავა ჩაი დღეს თაფლი հաց սուրճ թեյ այսօր մեղր ዳቦ ቡና ሻይ ዛሬ ማር ខ្មែរ ลาว မုန့် རྒྱ ᐃᓄᒃ",
}
NONE = (
    "", "#", "2027", "#2027", "२०२७", "fresh rye", "rye!", "rye,bun", "rye-bun", "rye.", "#rye#bun", "rye🍞", "🍞", "a\nb", "rye\n", "«rye»",
    "रोटी।", "パン、", "rye…", "@rye", "rye/bun", "a:b", "___",
)  # fmt: skip
EVERY = [word for words in WORDS.values() for word in words.split()]
OTHERS = (
    "launch",
    "spring-2027.a",
    "2w",
    "3 days",
    "10m",
    "https://example.com/påske",
    "example.com",
    "{id}",
    "week",
    "1-2/week",
    "-x",
    "a b",
)


def patterns(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from patterns(inner)


def every_pattern() -> list[str]:
    names = ("calendar", "settings", "shared-settings")
    found = [
        each for name in names for each in patterns(json.loads(packaged("schema", f"{name}.schema.json")))
    ]
    return list(dict.fromkeys(found))


def in_javascript(texts: list[str]) -> list[list[bool]]:
    """Which of the texts each pattern fits, as editors read them."""
    script = (
        "const [patterns, texts] = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(patterns.map(p => texts.map(t => new RegExp(p, 'u').test(t)))))"
    )
    node = compute_driver_executable()[0]
    given = json.dumps([every_pattern(), texts])
    done = subprocess.run(
        [node, "-e", script], input=given, capture_output=True, encoding="utf-8", check=True
    )
    result: list[list[bool]] = json.loads(done.stdout)
    return result


def test_every_pattern_means_the_same_to_editors_and_to_validate() -> None:
    texts = [*EVERY, *(f"#{word}" for word in EVERY), *NONE, *OTHERS]
    assert len(EVERY) >= 200
    for pattern, theirs in zip(every_pattern(), in_javascript(texts), strict=True):
        ours = [re.search(pattern, text) is not None for text in texts]
        assert ours == theirs, [text for text, a, b in zip(texts, ours, theirs, strict=True) if a != b]


@each_of("script", WORDS)
def test_a_word_of_any_script_is_a_hashtag(script: str) -> None:
    assert [word for word in WORDS[script].split() if not re.search(PATTERN, word)] == []
    assert [word for word in WORDS[script].split() if not re.search(PATTERN, f"#{word}")] == []


@each_of("word", NONE)
def test_what_is_no_hashtag_is_refused(word: str) -> None:
    assert not re.search(PATTERN, word)


def test_the_schema_has_it() -> None:
    """Where this fails, `python -m tests.write_schema` writes it anew."""
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    assert settings == with_hashtags(settings)
