"""A questionnaire in four languages, from right to left too, whose form declares no code for a refusal and
has one question read aloud."""

from __future__ import annotations

import re
import wave
from pathlib import Path

from tests.desk.running import make

FORM = """
| survey |
| | type | name | label::English (en) | label::Polski (pl) | label::العربية (ar) | label::Українська (uk) | relevant | constraint | sensitivity | alert | media::audio::العربية (ar) |
|---|---|---|---|---|---|---|---|---|---|---|---|
| | text | participant | Participant code | Kod | رمز المشاركة | Код | | | quasi | |  |
| | select_one wave | wave | When? | Kiedy? | متى؟ | Коли? | | | open | |  |
| | date | date | Date | Data | التاريخ | Дата | | | quasi | |  |
| | begin_group | place | The place where you live | Miejsce zamieszkania | مكان سكنك | Де ви живете | | | | |  |
| | select_one yes | safe | I feel safe here. | Czuję się tu bezpiecznie. | أشعر بالأمان هنا. | Тут мені безпечно. | | | sensitive | | safe ar.wav |
| | select_multiple who | who | Who lives with you? | Kto z Panią mieszka? | من يسكن معك؟ | Хто живе з вами? | ${safe} = '0' | | sensitive | selected(., 'others') and ${safe} = '0' |  |
| | end_group | | | | | | | | | |  |
| | integer | nights | How many nights did you sleep badly last week? | Ile nocy w zeszłym tygodniu sen był zły? | كم ليلة نمت نوماً سيئاً في الأسبوع الماضي؟ | Скільки ночей минулого тижня ви погано спали? | | . >= 0 and . <= 7 | sensitive | . >= 6 |  |
| | text | wish | What would help you most? | Co najbardziej by pomogło? | ما الذي يساعدك أكثر؟ | Що вам найбільше допомогло б? | | | sensitive | |  |

| choices |
| | list_name | name | label::English (en) | label::Polski (pl) | label::العربية (ar) | label::Українська (uk) |
|---|---|---|---|---|---|---|
| | wave | baseline | Start | Początek | البداية | Початок |
| | yes | 1 | Yes | Tak | نعم | Так |
| | yes | 0 | No | Nie | لا | Ні |
| | who | family | My family | Moja rodzina | عائلتي | Моя родина |
| | who | others | Other people | Inne osoby | أشخاص آخرون | Інші люди |

| settings |
| | form_id | version | form_title | title_pl | title_ar | title_uk | default_language | validated |
|---|---|---|---|---|---|---|---|---|
| | visit | 1 | Visit at home | Wizyta w domu | زيارة في المنزل | Візит додому | English (en) | no |
"""  # noqa: E501

CARD = """
safety_card:
  en: |
    Stay with her. Ask whether she is safe tonight.

    Call Ms Example (fictional), 22 000 00 00.
  pl: |
    Zostań przy niej. Zapytaj, czy jest bezpieczna dziś w nocy.

    Zadzwoń do pani Przykład (postać fikcyjna), 22 000 00 00.
"""


def make_visit(folder: Path) -> None:
    """The small project with this questionnaire as its first."""
    make(folder)
    (folder / "questionnaires" / "visit.md").write_text(FORM, encoding="utf-8")
    with wave.open(str(folder / "questionnaires" / "safe ar.wav"), "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(2 * 8000))
    declared = folder / "project.yml"
    text = re.sub(r"(?s)\nsafety_card:.*?(?=\nrules:)", CARD, declared.read_text(encoding="utf-8"))
    declared.write_text(text.replace("instruments:\n", "instruments:\n  - visit\n"), encoding="utf-8")
