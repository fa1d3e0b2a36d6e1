"""What the intake repaired or noticed in a file, as sentences in English and Polish."""

from __future__ import annotations

from evaluation.collect.files.sheet import Note

NOTES: dict[str, tuple[str, str]] = {
    "encoding": (
        "the file is in {encoding}, not UTF-8; its letters were read as such.",
        "plik zapisano w kodowaniu {encoding}, a nie UTF-8; litery odczytano według niego.",
    ),
    "mojibake": (
        "garbled letters (an earlier program misread UTF-8) were restored.",
        "przywrócono zniekształcone litery (wcześniejszy program źle odczytał UTF-8).",
    ),
    "letters_lost": (
        "some letters were already lost when the file was saved; the rest was kept.",
        "część liter utracono już przy zapisie pliku; resztę zachowano.",
    ),
    "delimiter": (
        "columns are separated by {separator}.",
        "kolumny oddzielono znakiem: {separator}.",
    ),
    "header_row": (
        "the header was found in row {row}; the rows above it were skipped.",
        "nagłówek znaleziono w wierszu {row}; wiersze nad nim pominięto.",
    ),
    "header_repaired": (
        "the column name was read without regard to capitals and spaces.",
        "nazwę kolumny odczytano bez względu na wielkość liter i spacje.",
    ),
    "returned": (
        "this is a file of rejected rows sent again; its columns of reasons were left out.",
        "to plik z odrzuconymi wierszami odesłany ponownie; kolumny z powodami pominięto.",
    ),
    "number_as_text": (
        "numbers stored as text in Excel were read as numbers.",
        "liczby zapisane w Excelu jako tekst odczytano jako liczby.",
    ),
    "epoch_1904": (
        "the workbook counts its days from 1904; dates were read accordingly.",
        "skoroszyt liczy dni od 1904 roku; daty odczytano zgodnie z tym.",
    ),
    "formula_value": (
        "the cell holds a formula; its last computed value was read.",
        "komórka zawiera formułę; odczytano jej ostatnio obliczoną wartość.",
    ),
    "column_dropped": ("the column was left out, as declared.", "kolumnę pominięto zgodnie z deklaracją."),
    "column_absent": (
        "the column is not in the file; it was read as not asked.",
        "kolumny nie ma w pliku; przyjęto, że o to nie pytano.",
    ),
    "space": (
        "invisible spaces around or inside the cell were removed.",
        "usunięto niewidoczne spacje wokół komórki lub w jej środku.",
    ),
    "nbsp": ("a non-breaking space was removed.", "usunięto twardą spację."),
    "digits": (
        "digits or signs of another width or script were read as ordinary ones.",
        "cyfry lub znaki o innej szerokości lub z innego pisma odczytano jako zwykłe.",
    ),
    "case": (
        "the code was written with other capital or small letters; read as the declared one.",
        "kod zapisano innymi wielkimi lub małymi literami; odczytano jako zadeklarowany.",
    ),
    "float_integer": (
        "a whole number or code was written with decimals (as 3.0) or leading zeros; read as whole.",
        "liczbę całkowitą lub kod zapisano z miejscami po przecinku (jak 3,0) lub zerami z przodu;"
        " odczytano jako całkowitą.",
    ),
    "decimal_comma": (
        "a decimal comma was read as a decimal point.",
        "przecinek dziesiętny odczytano jako kropkę dziesiętną.",
    ),
    "thousands": (
        "separators of thousands were removed from the number.",
        "usunięto z liczby separatory tysięcy.",
    ),
    "boolean": (
        "yes/no was written in another way; read as true or false.",
        "tak/nie zapisano inaczej; odczytano jako prawdę lub fałsz.",
    ),
    "date_dmy": ("dates are day.month.year.", "daty mają postać dzień.miesiąc.rok."),
    "date_mdy": ("dates are month/day/year.", "daty mają postać miesiąc/dzień/rok."),
    "date_form": (
        "the date was written in another order or with a time; read as year-month-day.",
        "datę zapisano w innym układzie lub z godziną; odczytano jako rok-miesiąc-dzień.",
    ),
    "excel_serial": (
        "Excel day numbers were recognised as dates ({epoch} system).",
        "numery dni z Excela rozpoznano jako daty (system {epoch}).",
    ),
    "before_period": (
        "the date is before the project began; it was kept.",
        "data jest wcześniejsza niż początek projektu; zachowano ją.",
    ),
    "formula_text": (
        "text that begins with =, +, - or @ was kept as text; it is escaped on every export.",
        "tekst zaczynający się od =, +, - lub @ zachowano jako tekst; przy każdym eksporcie jest zabezpieczany.",
    ),
    "duplicate_identical": (
        "the row is identical to an earlier one and was kept once.",
        "wiersz jest identyczny z wcześniejszym i zachowano go raz.",
    ),
    "already_stored": (
        "the row is already stored exactly so; nothing was added.",
        "taki sam wiersz jest już zapisany; niczego nie dodano.",
    ),
    "other_version": (
        "the row was filled in another version of the form than the current one.",
        "wiersz wypełniono w innej wersji formularza niż obecna.",
    ),
    "single_version": (
        "the export holds one version of the form only; if the form was ever changed, export again with all"
        " versions, or earlier answers are missing.",
        "eksport zawiera tylko jedną wersję formularza; jeśli formularz kiedykolwiek zmieniono, wyeksportuj"
        " ponownie ze wszystkimi wersjami, inaczej zabraknie wcześniejszych odpowiedzi.",
    ),
    "no_version": (
        "the export has no column '__version__'; export again with it if the form was ever changed.",
        "eksport nie ma kolumny '__version__'; jeśli formularz kiedykolwiek zmieniono, wyeksportuj ponownie"
        " z tą kolumną.",
    ),
    "export_columns": (
        "this is a Kobo/ODK export; its own columns and group names were left out.",
        "to eksport z Kobo/ODK; jego własne kolumny i nazwy grup pominięto.",
    ),
    "not_selected": (
        "rows outside the declared selection were left out.",
        "pominięto wiersze spoza zadeklarowanego wyboru.",
    ),
    "wave_not_answered": (
        "no answer at all at the wave '{wave}', so there is no questionnaire of it.",
        "brak jakiejkolwiek odpowiedzi w pomiarze '{wave}', więc nie ma z niego kwestionariusza.",
    ),
}


def note(name: str, column: str = "", *, rows: tuple[int, ...] = (), **facts: object) -> Note:
    """The note called ``name``; ``facts`` are of the form or file layout, never of a cell."""
    english, polish = NOTES[name]
    return Note(name, english.format(**facts), polish.format(**facts), column, rows)
