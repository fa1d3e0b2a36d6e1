"""Names with fixed forms: counted nouns, months, waves, languages, countries; English beside Polish."""

from __future__ import annotations

from collections.abc import Mapping

Forms = tuple[str, str, str]

NOUNS: Mapping[str, tuple[Forms, Forms]] = {
    "person": (("person", "people", "people"), ("osoba", "osoby", "osób")),
    "person_accusative": (("person", "people", "people"), ("osobę", "osoby", "osób")),
    "person_genitive": (("person", "people", "people"), ("osoby", "osób", "osób")),
    "country_genitive": (("country", "countries", "countries"), ("kraju", "krajów", "krajów")),
    "course_accusative": (("course", "courses", "courses"), ("kurs", "kursy", "kursów")),
    "organisation_genitive": (
        ("organisation", "organisations", "organisations"),
        ("organizacji", "organizacji", "organizacji"),
    ),
}

MONTHS: tuple[tuple[str, ...], tuple[str, ...]] = (
    (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    (
        "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
        "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
    ),
)  # fmt: skip

WAVES: Mapping[str, tuple[str, str]] = {
    "baseline": ("start", "początek"),
    "mid": ("mid-point", "połowa"),
    "endline": ("end", "koniec"),
    "follow_up": ("follow-up", "obserwacja późniejsza"),
    "follow-up": ("follow-up", "obserwacja późniejsza"),
}

TONGUES: Mapping[str, tuple[str, str]] = {
    "en": ("English", "angielski"),
    "pl": ("Polish", "polski"),
    "ru": ("Russian", "rosyjski"),
    "uk": ("Ukrainian", "ukraiński"),
    "be": ("Belarusian", "białoruski"),
    "bg": ("Bulgarian", "bułgarski"),
    "ro": ("Romanian", "rumuński"),
    "vi": ("Vietnamese", "wietnamski"),
    "fr": ("French", "francuski"),
    "de": ("German", "niemiecki"),
    "es": ("Spanish", "hiszpański"),
    "ar": ("Arabic", "arabski"),
    "tr": ("Turkish", "turecki"),
    "th": ("Thai", "tajski"),
    "mn": ("Mongolian", "mongolski"),
    "tl": ("Tagalog", "tagalski"),
}

COUNTRIES: Mapping[str, tuple[str, str]] = {
    "AT": ("Austria", "Austria"),
    "BE": ("Belgium", "Belgia"),
    "BG": ("Bulgaria", "Bułgaria"),
    "CH": ("Switzerland", "Szwajcaria"),
    "CY": ("Cyprus", "Cypr"),
    "CZ": ("Czechia", "Czechy"),
    "DE": ("Germany", "Niemcy"),
    "DK": ("Denmark", "Dania"),
    "EE": ("Estonia", "Estonia"),
    "ES": ("Spain", "Hiszpania"),
    "FI": ("Finland", "Finlandia"),
    "FR": ("France", "Francja"),
    "GB": ("United Kingdom", "Wielka Brytania"),
    "GR": ("Greece", "Grecja"),
    "HR": ("Croatia", "Chorwacja"),
    "HU": ("Hungary", "Węgry"),
    "IE": ("Ireland", "Irlandia"),
    "IS": ("Iceland", "Islandia"),
    "IT": ("Italy", "Włochy"),
    "LI": ("Liechtenstein", "Liechtenstein"),
    "LT": ("Lithuania", "Litwa"),
    "LU": ("Luxembourg", "Luksemburg"),
    "LV": ("Latvia", "Łotwa"),
    "MT": ("Malta", "Malta"),
    "NL": ("Netherlands", "Niderlandy"),
    "NO": ("Norway", "Norwegia"),
    "PL": ("Poland", "Polska"),
    "PT": ("Portugal", "Portugalia"),
    "RO": ("Romania", "Rumunia"),
    "SE": ("Sweden", "Szwecja"),
    "SI": ("Slovenia", "Słowenia"),
    "SK": ("Slovakia", "Słowacja"),
    "UA": ("Ukraine", "Ukraina"),
}
