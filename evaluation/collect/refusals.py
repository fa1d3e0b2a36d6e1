"""Why nothing of a file can be stored and what to do about it, as sentences in English and Polish."""

from __future__ import annotations

from evaluation.errors import FileRefused

REFUSALS: dict[str, tuple[str, str]] = {
    "missing_file": (
        "{file}: there is no such file; check its name and folder.",
        "{file}: nie ma takiego pliku; sprawdź nazwę i folder.",
    ),
    "unreadable": (
        "{file}: the file cannot be opened; close it in other programs and check the permission to read it.",
        "{file}: nie można otworzyć pliku; zamknij go w innych programach i sprawdź prawo do odczytu.",
    ),
    "too_large": (
        "{file}: the file is larger than a filled questionnaire can be ({limit} MB); split it or send the table alone.",
        "{file}: plik jest większy, niż może być wypełniony kwestionariusz ({limit} MB); podziel go lub"
        " wyślij samą tabelę.",
    ),
    "not_a_table": (
        "{file}: this is not CSV or an Excel workbook (.xlsx) without a password; save it again as one of these.",
        "{file}: to nie jest CSV ani skoroszyt Excela (.xlsx) bez hasła; zapisz go ponownie w jednej z tych postaci.",
    ),
    "damaged_workbook": (
        "{file}: the workbook is damaged; open it in Excel or LibreOffice and save it again.",
        "{file}: skoroszyt jest uszkodzony; otwórz go w Excelu lub LibreOffice i zapisz ponownie.",
    ),
    "encoding_unknown": (
        "{file}: cannot tell in which encoding the letters are written; save the file as UTF-8.",
        "{file}: nie wiadomo, w jakim kodowaniu zapisano litery; zapisz plik jako UTF-8.",
    ),
    "broken_quotes": (
        "{file}: a quotation mark is not closed, so rows cannot be told apart; correct it and send the file again.",
        "{file}: cudzysłów nie jest zamknięty, więc nie można rozdzielić wierszy; popraw go i wyślij plik ponownie.",
    ),
    "several_sheets": (
        "{file}: the workbook has several sheets ({sheets}); say which one to read.",
        "{file}: skoroszyt ma kilka arkuszy ({sheets}); podaj, który odczytać.",
    ),
    "no_such_sheet": (
        "{file}: the workbook has no such sheet; its sheets are: {sheets}.",
        "{file}: w skoroszycie nie ma takiego arkusza; arkusze to: {sheets}.",
    ),
    "no_rows": (
        "{file}: there are no answers in the file, only a header or nothing at all; fill it in and send it again.",
        "{file}: w pliku nie ma odpowiedzi, tylko nagłówek albo nic; wypełnij go i wyślij ponownie.",
    ),
    "no_header": (
        "{file}: none of the columns of '{form}' was found; is this another form, or is the header missing?",
        "{file}: nie znaleziono żadnej kolumny formularza '{form}'; czy to inny formularz, czy brakuje nagłówka?",
    ),
    "unnamed_column": (
        "{file}: column {position} holds data but has no name in the header; name or delete it.",
        "{file}: kolumna {position} zawiera dane, ale nie ma nazwy w nagłówku; nazwij ją lub usuń.",
    ),
    "repeated_column": (
        "{file}: the column {spoken} stands twice in the header; keep one of them.",
        "{file}: kolumna {spoken} występuje w nagłówku dwa razy; zostaw jedną.",
    ),
    "unknown_column": (
        "{file}: the column {spoken} is not in the form and may identify people, so nothing was imported;"
        " map or drop it{hint}",
        "{file}: kolumny {spoken} nie ma w formularzu i może wskazywać na osoby, więc niczego nie wczytano;"
        " przypisz ją lub pomiń{hint}",
    ),
    "two_columns": (
        "{file}: the columns {first} and {spoken} both stand for '{question}'; keep the one that is meant.",
        "{file}: kolumny {first} i {spoken} odpowiadają obie za '{question}'; zostaw właściwą.",
    ),
    "undeclared_path": (
        "{file}: the form does not say that the column {spoken} is its question '{question}', which the last part of a"
        " name alone cannot tell; if it is, put the question into that group in the questionnaire or call the column"
        " '{question}', else leave the column out.",
        "{file}: formularz nie mówi, że kolumna {spoken} to jego pytanie '{question}', a sama końcówka nazwy tego nie"
        " rozstrzyga; jeśli tak jest, umieść pytanie w tej grupie w kwestionariuszu albo nazwij kolumnę '{question}',"
        " w przeciwnym razie pomiń kolumnę.",
    ),
    "missing_column": (
        "{file}: the required column {spoken} is missing; add it{hint}",
        "{file}: brakuje wymaganej kolumny {spoken}; dodaj ją{hint}",
    ),
    "date_ambiguous": (
        "{file}: in the column {spoken} cannot tell day from month, because every value fits both; ask"
        " which it is, then write the dates as 2025-01-24 or say the order.",
        "{file}: w kolumnie {spoken} nie wiadomo, co jest dniem, a co miesiącem, bo każda wartość pasuje"
        " do obu; zapytaj, a potem zapisz daty jako 2025-01-24 lub podaj kolejność.",
    ),
    "epoch_unknown": (
        "{file}: in the column {spoken} the Excel day numbers fit the project only if counted from 1904;"
        " write the dates as 2025-01-24.",
        "{file}: w kolumnie {spoken} numery dni z Excela pasują do projektu tylko licząc od 1904 roku; zapisz"
        " daty jako 2025-01-24.",
    ),
    "labels_export": (
        "{file}: this export holds the labels of the answers, not their codes; export again from Kobo with"
        " 'XML values and headers'.",
        "{file}: ten eksport zawiera treść odpowiedzi zamiast kodów; wyeksportuj ponownie z Kobo, wybierając"
        " 'XML values and headers'.",
    ),
}


def refusal(name: str, language: str, *, column: str = "", row: int | None = None, **facts: object) -> FileRefused:
    """The error for a file of which nothing can be stored; ``facts`` fill in its sentence."""
    sentence = REFUSALS[name][1 if language == "pl" else 0].format(**facts)
    return FileRefused(sentence, reason=name, column=column, row=row)
