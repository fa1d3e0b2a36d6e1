"""Letters are those that were typed, or they are not stored: whatever the program wrote, whatever the language."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collect.check.checking import check
from evaluation.collect.files.letters.encodings import KIT, Vocabulary, decode, vocabulary_of
from evaluation.collect.files.letters.mojibake import restored
from evaluation.collect.files.reading import read
from evaluation.errors import FileRefused
from evaluation.schema import Instrument, Item
from tests.collect.intake_forms import CONTEXT, FORM

POLISH = "źle śpi, ma łóżko, może przyjść, czuję się bezpieczna, żadnych uwag, dziękuję, wyjaśniono prawa, ŻÓŁTY, Łódź"
CENTRAL = ("cp1250", "iso-8859-2", "cp852", "mac_latin2")
OTHERS = {
    "es": ("señora, niño, mañana, año, está, corazón", ("cp1252", "cp850", "mac_roman")),
    "fr": ("même, être, français, garçon, forêt, très, cœur, déjà, où, élève", ("cp1252", "mac_roman")),
    "de": ("schön, Straße, müde, Mädchen, Größe", ("cp1252", "cp1250", "cp850", "mac_roman")),
    "no": ("være, på, ønsker, språk, å, nå, trygg følelse", ("cp1252", "cp850", "mac_roman")),
    "is": ("þú, ekki að, góð, öryggi, börn", ("cp1252",)),
    "pt": ("não, você, mães, coração, três, situações", ("cp1252",)),
    "it": ("perché, è, città, più, così", ("cp1252", "mac_roman")),
    "cs": ("děkuji, žena, řekla, příště, čaj, šťastná", ("cp1250", "iso-8859-2", "cp852")),
    "hu": ("őszinte, nő, fűtés, köszönöm, gyerekül", ("cp1250", "cp852")),
    "ro": ("mulţumesc, ştie, să, fetiţă, când", ("cp1250", "iso-8859-2")),
    "lt": ("ačiū, tęsti, ėjo, žmonės, šiandien, ąžuolas, mąsto", ("cp1257",)),
    "lv": ("paldies, mājās, šodien, žēl, bērni, ķērpis", ("cp1257",)),
    "et": ("öö, õde, häda, šokk, üksi", ("cp1257", "cp1252")),
    "tr": ("teşekkür, için, değil, güven, şimdi, ağır", ("cp1254",)),
    "uk": ("так, ні, дякую, їжа, ґанок, безпека", ("cp1251", "koi8-u", "mac_cyrillic")),
    "ru": ("так, нет, спасибо, ещё, хорошо, ТАК", ("cp1251", "cp866", "koi8-r", "iso-8859-5")),
    "el": ("ναι, όχι, ευχαριστώ", ("cp1253",)),
    "he": ("תודה, לא", ("cp1255",)),
    "ar": ("شكرا, لا", ("cp1256",)),
    "vi": ("cảm ơn", ("utf-16",)),
}
FILES = [
    (encoding, word)
    for text, encodings in OTHERS.values()
    for encoding in encodings
    for word in (text, *text.split(", "))
    if word not in ("ні", "так") or encoding == "cp1251"  # these two in KOI8 and CP866 are UTF-8 of something else
]
HEAD = "participant;wave;date;why;beside\n"
WHY = Instrument("why", "1", {}, (Item("why", "text", {}),), ())


def sent(text: str, encoding: str, vocabulary: Vocabulary = KIT) -> tuple[str, bool]:
    decoded = decode(f"{HEAD}KC-001;t0;2025-02-03;{text};\n".encode(encoding), "sent.csv", vocabulary)
    return decoded.text.splitlines()[1].split(";")[3], decoded.sure


@pytest.mark.parametrize("encoding", CENTRAL)
@pytest.mark.parametrize("text", [POLISH, "źle śpi", "może przyjść", "czuję się", "tak – „nie”, łzy, źródło"])
def test_polish_is_read_whatever_program_of_a_polish_computer_wrote_it(encoding: str, text: str) -> None:
    if encoding == "mac_latin2":
        text = f"{text}, {POLISH}"
    if encoding in ("iso-8859-2", "cp852"):
        text = text.translate(str.maketrans("–„”", '-""'))
    assert sent(text, encoding) == (text, True)


@pytest.mark.parametrize(("encoding", "text"), FILES)
def test_another_language_is_read_as_it_was_typed_or_not_with_certainty(encoding: str, text: str) -> None:
    read_as, sure = sent(text, encoding)
    assert read_as == text or not sure


def test_letters_of_neighbours_alone_are_no_word_of_a_language() -> None:
    assert sent("так, ні", "koi8-u")[1] is False  # in ISO-8859-2 these are ÔÁË and ÎŚ


@given(st.data())
def test_no_remarks_of_a_language_are_read_wrong_with_certainty(data: st.DataObject) -> None:
    text, encodings = data.draw(st.sampled_from(list(OTHERS.values())))
    some = ", ".join(data.draw(st.lists(st.sampled_from(text.split(", ")), min_size=2, max_size=4)))
    encoding = data.draw(st.sampled_from(encodings))
    read_as, sure = sent(some, encoding)
    assert read_as == some or not sure or some.encode(encoding).decode("utf-8", "ignore") == read_as


@pytest.mark.parametrize("pair", list(itertools.product(POLISH.split(", "), CENTRAL)))
def test_a_single_polish_word_is_never_read_wrong_with_certainty(pair: tuple[str, str]) -> None:
    word, encoding = pair
    read_as, sure = sent(word, encoding)
    assert read_as == word or not sure


@pytest.mark.parametrize("text", ["brak – uwag", "brak\u00a0uwag", "20 °C", "tak…"])
def test_a_sign_that_windows_writes_alike_everywhere_is_no_doubt(text: str) -> None:
    assert sent(text, "cp1250") == (text, True)


def test_a_language_of_the_form_is_read_though_no_other_form_would_be() -> None:
    uk = Vocabulary(("en", "pl", "uk"))
    assert sent("дякую, їжа, так", "cp1251", uk) == ("дякую, їжа, так", True)
    assert sent("дякую, їжа, так", "cp1251")[1] is False


def test_labels_of_the_form_are_evidence() -> None:
    assert sent("ręka", "cp1250")[1] is True
    assert sent("zęby", "cp1250")[1] is False  # zêby might be French
    form = Instrument("teeth", "1", {}, (Item("t", "text", {"pl": "Zęby i dziąsła"}),), ())
    assert sent("zęby", "cp1250", vocabulary_of(form)) == ("zęby", True)


@pytest.mark.parametrize(("column", "stored"), [("why", True), ("beside", False)])
def test_letters_that_are_not_sure_refuse_the_file_only_where_they_would_be_stored(
    tmp_path: Path, column: str, stored: bool
) -> None:
    cells = {"why": "x", "beside": "x"} | {column: "señora"}
    path = tmp_path / "sent.csv"
    path.write_bytes(f"{HEAD}KC-001;t0;2025-02-03;{cells['why']};{cells['beside']}\n".encode("cp1252"))
    context = dataclasses.replace(CONTEXT, names={}, drop={"beside"})
    sheet = read(path)
    assert [note.id for note in sheet.notes] == ["encoding_unsure", "delimiter"]
    if not stored:
        assert len(check(sheet, WHY, context).accepted) == 1
        return
    with pytest.raises(FileRefused) as refused:
        check(sheet, WHY, context)
    assert (refused.value.reason, refused.value.column, refused.value.row) == ("letters", "why", 2)


# --- letters misread before ---------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("misread", ["cp1252", "cp1250", "latin-1"])
@pytest.mark.parametrize("text", ["źle śpi", "się", "Łódź – żadnych uwag", "señora", "być może"])
def test_letters_that_were_misread_are_restored_or_held_back_and_never_something_else(
    text: str, misread: str, times: int
) -> None:
    garbled = text
    for _ in range(times):
        garbled = "".join(
            bytes([byte]).decode(misread) if _has(byte, misread) else chr(byte) for byte in garbled.encode()
        )
    assert restored(garbled) == (text, "mojibake")


def _has(byte: int, encoding: str) -> bool:
    try:
        bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("text", ["Å?le Å›pi", "Ä™ Ã?", "â€? tak", "Ã³Ã"])
def test_letters_that_are_partly_lost_are_held_back(text: str) -> None:
    assert restored(text) == (text, "garbled")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=12))
def test_what_is_restored_is_made_of_words(text: str) -> None:
    garbled = text.encode().decode("latin-1")
    result, said = restored(garbled)
    assert result in (text, garbled) or said == "mojibake"
    assert result != garbled or said in ("", "garbled")


@pytest.mark.parametrize(
    "text", [POLISH, *(text for text, _ in OTHERS.values()), "3 × 2 = 6, 20 °C, §", "JÄGER", "ÅSE", "Âge", "Ñandú"]
)
def test_letters_as_they_should_be_are_left_alone(text: str) -> None:
    assert restored(text) == (text, "")


def test_a_form_knows_the_words_of_its_labels() -> None:
    assert "zupełnie" in vocabulary_of(FORM).words
