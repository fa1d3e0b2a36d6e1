"""Why a row is held back and what to do about it, as sentences in English and Polish."""

from __future__ import annotations

from evaluation.collect.files.sheet import Rejection

REJECTIONS: dict[str, tuple[str, str]] = {
    "ragged_short": (
        "the row has fewer cells than the header; fill the missing ones in or correct the separators.",
        "wiersz ma mniej komórek niż nagłówek; uzupełnij brakujące lub popraw separatory.",
    ),
    "ragged_long": (
        "the row has more cells than the header (a separator inside an unquoted text?); correct it.",
        "wiersz ma więcej komórek niż nagłówek (separator w tekście bez cudzysłowu?); popraw go.",
    ),
    "swallowed": (
        "a quotation mark seems to be unclosed and to swallow the next row; close it.",
        "cudzysłów wydaje się niezamknięty i obejmuje następny wiersz; zamknij go.",
    ),
    "total_row": (
        "this is a summary row below the data, not a participant; delete it.",
        "to wiersz podsumowania pod danymi, a nie uczestniczka; usuń go.",
    ),
    "repeated_header": (
        "this is the header once more, not an answer; delete the row.",
        "to powtórzony nagłówek, a nie odpowiedź; usuń ten wiersz.",
    ),
    "required_missing": (
        "a required answer is empty; fill it in (a refusal has its own code).",
        "wymagana odpowiedź jest pusta; uzupełnij ją (odmowa ma własny kod).",
    ),
    "unknown_participant": (
        "this code is not in the list of participants; correct it or enrol her first.",
        "tego kodu nie ma na liście uczestniczek; popraw go lub najpierw ją zapisz.",
    ),
    "homoglyph": (
        "the code contains a character that only looks like the right one (a Cyrillic or Greek letter, or"
        " O for zero); type the code again.",
        "kod zawiera znak, który tylko wygląda jak właściwy (litera cyrylicy lub grecka albo O zamiast zera);"
        " wpisz kod jeszcze raz.",
    ),
    "bad_code": (
        "this is not a code of the agreed form; use the code from the list, never a name.",
        "to nie jest kod w ustalonej postaci; użyj kodu z listy, nigdy nazwiska.",
    ),
    "unknown_reference": (
        "this code is not recorded in '{table}'; correct it or add it there first.",
        "tego kodu nie ma w tabeli '{table}'; popraw go lub najpierw go tam dodaj.",
    ),
    "unknown_wave": (
        "this is not a wave of the project ({waves}); correct it.",
        "to nie jest pomiar tego projektu ({waves}); popraw go.",
    ),
    "out_of_scale": (
        "the answer is not on the scale ({scale}); correct it.",
        "odpowiedź jest spoza skali ({scale}); popraw ją.",
    ),
    "out_of_range": (
        "the number is outside what is possible ({scale}); correct it.",
        "liczba jest poza możliwym zakresem ({scale}); popraw ją.",
    ),
    "undeclared_sentinel": (
        "this looks like a code for a missing answer, but it is not declared for this question ({scale});"
        " use a declared code or leave the cell empty.",
        "to wygląda na kod braku odpowiedzi, ale nie zadeklarowano go dla tego pytania ({scale}); użyj"
        " zadeklarowanego kodu lub zostaw komórkę pustą.",
    ),
    "not_a_number": (
        "there is text where a number or numeric code is expected, and it is not a declared code for a"
        " missing answer; correct it.",
        "w miejscu liczby lub kodu liczbowego jest tekst i nie jest to zadeklarowany kod braku odpowiedzi; popraw go.",
    ),
    "not_whole": (
        "a whole number is expected; correct it.",
        "oczekiwana jest liczba całkowita; popraw ją.",
    ),
    "ambiguous_number": (
        "cannot tell whether the comma or point separates thousands or decimals; write the number without"
        " thousands and with a decimal point.",
        "nie wiadomo, czy przecinek lub kropka oddziela tysiące, czy część dziesiętną; zapisz liczbę bez"
        " separatora tysięcy i z kropką dziesiętną.",
    ),
    "label_instead_of_code": (
        "the label of an answer stands where its code is expected; write the code.",
        "zamiast kodu odpowiedzi wpisano jej treść; wpisz kod.",
    ),
    "unknown_choice": (
        "an answer is not on the list of this question ({scale}); correct it.",
        "odpowiedzi nie ma na liście tego pytania ({scale}); popraw ją.",
    ),
    "repeated_choice": (
        "the same answer stands twice in the cell; keep it once.",
        "ta sama odpowiedź występuje w komórce dwa razy; zostaw ją raz.",
    ),
    "exclusive_choice": (
        "an answer that excludes all others is combined with another; keep one of the two.",
        "odpowiedź, która wyklucza pozostałe, połączono z inną; zostaw jedną z nich.",
    ),
    "split_disagrees": (
        "the split columns of this question disagree with its joined column; export again.",
        "rozdzielone kolumny tego pytania nie zgadzają się z kolumną łączną; wyeksportuj ponownie.",
    ),
    "not_boolean": (
        "yes or no is expected (true/false); correct it.",
        "oczekiwane jest tak lub nie (true/false); popraw to.",
    ),
    "pattern": (
        "the text does not have the agreed form; correct it.",
        "tekst nie ma ustalonej postaci; popraw go.",
    ),
    "bad_date": (
        "this is not a date that can be read; write it as 2025-01-24 or 24.01.2025.",
        "tej daty nie można odczytać; zapisz ją jako 2025-01-24 lub 24.01.2025.",
    ),
    "date_impossible": (
        "there is no such day in the calendar; correct the date.",
        "w kalendarzu nie ma takiego dnia; popraw datę.",
    ),
    "date_ambiguous": (
        "cannot tell day from month; write the date as 2025-01-24 or 24.01.2025.",
        "nie wiadomo, co jest dniem, a co miesiącem; zapisz datę jako 2025-01-24 lub 24.01.2025.",
    ),
    "two_digit_year": (
        "the year has two digits only; write it with four.",
        "rok ma tylko dwie cyfry; zapisz go czterema.",
    ),
    "date_future": (
        "the date is in the future; correct it.",
        "data jest w przyszłości; popraw ją.",
    ),
    "date_before_period": (
        "the date is before the project began ({start}); correct it.",
        "data jest wcześniejsza niż początek projektu ({start}); popraw ją.",
    ),
    "wave_order": (
        "the dates of this participant's waves are not in order (a later wave needs a later date); correct"
        " the wave or the date.",
        "daty pomiarów tej uczestniczki nie są po kolei (późniejszy pomiar musi mieć późniejszą datę); popraw"
        " pomiar lub datę.",
    ),
    "not_relevant": (
        "the question is answered although an earlier answer means that it was not to be asked; correct"
        " one of the two.",
        "udzielono odpowiedzi, choć z wcześniejszej odpowiedzi wynika, że pytania nie należało zadać; popraw"
        " jedną z nich.",
    ),
    "skip_missing": (
        "an earlier answer means that this question is asked, but it is empty; fill it in.",
        "z wcześniejszej odpowiedzi wynika, że to pytanie należało zadać, ale jest puste; uzupełnij je.",
    ),
    "constraint": (
        "the answer breaks the rule of the form for this question; correct it.",
        "odpowiedź łamie regułę formularza dla tego pytania; popraw ją.",
    ),
    "personal_data": (
        "this looks like personal data (a telephone number, e-mail, document or account number, a name"
        " after a title) in free text; take it out.",
        "to wygląda na dane osobowe (numer telefonu, e-mail, numer dokumentu lub konta, nazwisko po zwrocie"
        " grzecznościowym) w tekście; usuń je.",
    ),
    "excel_error": (
        "the cell holds an Excel error; enter the value itself.",
        "komórka zawiera błąd Excela; wpisz samą wartość.",
    ),
    "formula_without_value": (
        "the cell holds a formula that was never computed; enter the value itself.",
        "komórka zawiera formułę, której nie obliczono; wpisz samą wartość.",
    ),
    "unreadable_characters": (
        "the cell contains control characters; type it again.",
        "komórka zawiera znaki sterujące; wpisz ją jeszcze raz.",
    ),
    "duplicate_key": (
        "the same {key} stands in more than one row, with different answers; keep the right one.",
        "to samo ({key}) występuje w więcej niż jednym wierszu, z różnymi odpowiedziami; zostaw właściwy.",
    ),
    "not_stored": (
        "no row with this {key} is stored, so there is nothing to correct; correct the code, or send the row"
        " without --correct if it is new.",
        "nie ma zapisanego wiersza o tym kluczu ({key}), więc nie ma czego korygować; popraw kod albo wyślij"
        " wiersz bez --correct, jeśli jest nowy.",
    ),
    "required_cleared": (
        "a required answer cannot be taken away; write the right one (a refusal has its own code).",
        "wymaganej odpowiedzi nie można usunąć; wpisz właściwą (odmowa ma własny kod).",
    ),
    "consent_on": (
        "a correction never turns a consent on, since an old list would do it too; leave the cell empty. If she was"
        " asked anew and agreed, send the file again with --consent-given and the number of this row.",
        "korekta nigdy nie przywraca zgody, bo zrobiłaby to też stara lista; zostaw komórkę pustą. Jeśli zapytano ją"
        " ponownie i się zgodziła, wyślij plik jeszcze raz z opcją --consent-given i numerem tego wiersza.",
    ),
    "consent_withdrawn": (
        "her withdrawal of this consent is in the record and stands; leave the cell empty.",
        "wycofanie tej zgody jest w zapisie i obowiązuje; zostaw komórkę pustą.",
    ),
    "key_stored": (
        "the same {key} is already stored with different answers; enter the change as a correction.",
        "to samo ({key}) jest już zapisane z innymi odpowiedziami; wprowadź zmianę jako korektę.",
    ),
}


def rejection(name: str, row: int, column: str, **facts: object) -> Rejection:
    """The rejection called ``name`` of one row; ``facts`` are of the form, never of a cell."""
    english, polish = REJECTIONS[name]
    return Rejection(row, column, name, english.format(**facts), polish.format(**facts))
