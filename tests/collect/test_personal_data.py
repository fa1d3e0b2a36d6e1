"""Free text that could tell who somebody is, is asked about; ordinary remarks are not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collect.personal_data import looks_personal
from tests.collect.free_texts import FIRST, HELD_OUT

MISSED = {
    "kontakt przez marta nowak z biura",  # a name in small letters whose surname has no ending of surnames
    "Dzieci: Danyło i Emilka.",  # pet names that are on no list
    "She calls herself Lucky now.",  # a name that is an ordinary word
}
"""What the rules let through of the sentences that were written after them."""


def measured(sentences: tuple[tuple[str, str], ...]) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(bool(kind) and looks_personal(text) for kind, text in sentences)
    alarms = sum(looks_personal(text) for _, text in sentences)
    return right / alarms, right / sum(bool(kind) for kind, _ in sentences)


@pytest.mark.parametrize(("kind", "text"), [*FIRST, *HELD_OUT], ids=lambda value: str(value)[:40])
def test_what_tells_who_somebody_is_raises_an_alarm_and_an_ordinary_remark_none(kind: str, text: str) -> None:
    assert looks_personal(text) == (bool(kind) and text not in MISSED)


def test_half_of_the_sentences_identify_somebody_and_the_rules_find_most_of_them() -> None:
    for sentences in (FIRST, HELD_OUT):
        assert (len(sentences), sum(bool(kind) for kind, _ in sentences)) == (80, 40)
        assert len({text for _, text in sentences}) == 80
    assert measured(FIRST) == (1, 1)
    assert measured(HELD_OUT) == (1, 37 / 40)


@pytest.mark.parametrize(
    ("harmless", "personal"),
    [
        ("kwota 960 214 123 zł", "960 214 123"),
        ("przelew 123456 zł", "przelew 44051401458 zł"),
        ("godz. 10.00-12.30", "tel. 10-00-12-30"),
        ("from 2014-2021", "2014-20217"),
        ("one two three four five six", "one two three five four six"),
        ("six five four three two one", "six five four three one two"),
        ("two thousand and twenty five", "two oh two twenty five"),
        ("ZUS 2023", "WSC 2O23K 44"),
        ("Hope helped her", "with Hope and others"),
        ("In May she left", "my sister May left"),
        ("ulica była głośna", "ulica Głośna 4"),
        ("room 12 was cold", "room 12 in the hostel was cold"),
        ("born in Ukraine", "born in 1990"),
        ("Pani Psycholog radzi", "Pani Psychal radzi"),
        ("She lives on the coast", "She lives in room 4"),
        ("dr on duty", "dr Onduty"),
        ("A nurse. Ona pomogła.", "mgr. Onak pomogła."),
        ("p. dyrektor pomogła", "p. Zdun pomogła"),
        ("Zapis na p. 12 i 13.", "Rozmowa z p. Kowalską"),
    ],
)
def test_a_small_difference_decides(harmless: str, personal: str) -> None:
    assert not looks_personal(harmless)
    assert looks_personal(personal)


NAMES = ["Oksana", "Agnieszka", "Mateusz", "Ngozi", "Thanh", "Zarina", "Piotr", "Monika"]


@given(st.sampled_from(NAMES), st.sampled_from(["{} called.", "I met {}.", "list od {}", "({})", "„{}”", "- {}, 34"]))
def test_a_given_name_is_noticed_wherever_it_stands(name: str, sentence: str) -> None:
    assert looks_personal(sentence.format(name))


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("Oksana", "Oksany Oksanie Oksanę Oksaną Oksano"),
        ("Monika", "Moniki Monice Monikę Moniką"),
        ("Olga", "Olgi Oldze Olgę"),
        ("Piotr", "Piotra Piotrowi Piotrem Piotrze"),
        ("Paweł", "Pawła Pawłowi Pawłem"),
        ("Marek", "Marka Markowi Markiem"),
        ("Zosia", "Zosi Zosię Zosią"),
    ],
)
def test_a_given_name_is_known_in_its_polish_cases(name: str, cases: str) -> None:
    for case in (name, *cases.split()):
        assert looks_personal(f"rozmowa o tym, co mówi {case}"), case


@given(st.lists(st.integers(0, 9), min_size=9, max_size=11), st.sampled_from(["", " ", "-", "."]))
def test_nine_digits_or_more_are_noticed_however_they_are_grouped(digits: list[int], mark: str) -> None:
    groups = ["".join(map(str, digits[at : at + 3])) for at in range(0, len(digits), 3)]
    assert looks_personal(f"zob. {mark.join(groups)}")


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert looks_personal(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tel. sześćset 100 200", True),
        ("telefon sześćset sto dwieście", True),
        ("phone six hundred 100", True),
        ("sześćset 100 200", False),
        ("nie ma tel. Sto razy", False),
    ],
)
def test_a_few_words_of_a_number_are_enough_behind_a_word_that_announces_one(text: str, found: bool) -> None:
    assert looks_personal(text) is found


@pytest.mark.parametrize("part", ["a", "A", "a.", "1-", "1 000 ", "A1 ", "telegram", "pokój 1 "])
def test_a_cell_as_long_as_a_spreadsheet_allows_is_read_in_no_time(part: str) -> None:
    started = time.process_time()
    looks_personal((part * 32767)[:32767])
    assert time.process_time() - started < 3
