"""The sentences of documents: every fixed phrase once, English beside Polish."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.texts import say

PHRASES: Mapping[str, tuple[str, str]] = {
    # numbers and marks
    "hidden": ("hidden", "ukryte"),
    "at_least": ("at least {n}", "co najmniej {n}"),
    "at_most": ("at most {n}", "najwyżej {n}"),
    "of": ("{part} of {whole}", "{part} z {whole}"),
    "and": ("and", "i"),
    "and_besides": (", and", " oraz"),
    "interval": ("{low} to {high}", "od {low} do {high}"),
    "interval_level": ("{interval} ({level})", "{interval} ({level})"),
    "period": ("{start} to {end}", "od {start} do {end}"),
    "source": ("source: {source}", "źródło: {source}"),
    "none": ("none", "brak"),
    "not_applicable": ("not applicable", "nie dotyczy"),
    "not_given": ("not given", "nie podano"),
    "undefined": ("not defined", "nieokreślone"),
    "not_agreed": ("not agreed", "nie uzgodniono"),
    "not_answered": ("no answer", "brak odpowiedzi"),
    "yes": ("yes", "tak"),
    "no": ("no", "nie"),
    "legend": (
        "“hidden”: too few people are behind the number, or it would give away another hidden number.",
        "„ukryte”: za liczbą stoi zbyt mało osób albo zdradzałaby ona inną ukrytą liczbę.",
    ),
    "all_hidden": (
        "{what}: none of these numbers can be shown without the risk that a person is recognised.",
        "{what}: żadnej z tych liczb nie można pokazać bez ryzyka rozpoznania osoby.",
    ),
    "nothing": ("{what}: nothing was recorded.", "{what}: nic nie zapisano."),
    "fictional": (
        "Fictional example: the people and all numbers about them are invented.",
        "Przykład fikcyjny: osoby i wszystkie liczby o nich są zmyślone.",
    ),
    "fictional_short": ("fictional example", "przykład fikcyjny"),
    # frame of the document
    "skip": ("Skip to the content", "Przejdź do treści"),
    "report": ("Report", "Sprawozdanie"),
    "contents": ("Contents", "Spis treści"),
    "as_text": ("The figure as text", "Wykres w postaci tekstu"),
    "scrollable": ("{what} (table, can be scrolled sideways)", "{what} (tabela, można przewijać w bok)"),
    # summary of results
    "reached": (
        "The project planned for {planned} and reached {reached} ({share} of the plan); "
        "the offer was made up of {courses}.",
        "Projekt zaplanowano dla {planned}, a objęto nim {reached} ({share} planu); oferta obejmowała {courses}.",
    ),
    "reached_only": (
        "The project planned for {planned} and reached {reached} ({share} of the plan).",
        "Projekt zaplanowano dla {planned}, a objęto nim {reached} ({share} planu).",
    ),
    "activities": ("These were: {list}.", "Były to: {list}."),
    "who": (
        "The participants were {people} from {countries} ({place}).",
        "Projekt objął {people} z {countries} ({place}).",
    ),
    "who_only": ("The participants were {people} ({place}).", "Projekt objął {people} ({place})."),
    "changed": (
        "On average, participants’ {outcome} {was} {points} points {way} ({detail}) at the end than at the start.",
        "{Outcome}: średni wynik był na końcu o {points} punktu {way} niż na początku ({detail}).",
    ),
    "same": (
        "On average, participants’ {outcome} {was} the same ({detail}) at the end as at the start.",
        "{Outcome}: średni wynik był na końcu taki sam jak na początku ({detail}).",
    ),
    "higher": ("higher", "wyższy"),
    "lower": ("lower", "niższy"),
    "scale": ("scale {low}–{high}", "skala {low}–{high}"),
    "scale_down": ("scale {low}–{high}, lower is better", "skala {low}–{high}, niżej znaczy lepiej"),
    "confidence": ("{level} CI {interval}", "{level} przedział ufności {interval}"),
    "paired": ("{people} with both answers", "oba pomiary: {people}"),
    "all_enrolled": (
        "{people} with both answers, any missing last answers predicted",
        "oba pomiary: {people}, ewentualne brakujące ostatnie odpowiedzi przewidziano",
    ),
    "waiting_list": ("{people} with both answers", "oba pomiary: {people}"),
    "compared": (
        "At the end, the {outcome} of those served first {was} {points} points {way} than that of those still waiting, "
        "from the same start ({detail}).",
        "{Outcome}: przy takim samym wyniku na początku średni wynik osób objętych wsparciem jako pierwszych był na "
        "końcu o {points} punktu {way} niż wynik osób oczekujących ({detail}).",
    ),
    "compared_same": (
        "At the end, the {outcome} of those served first {was} the same as that of those still waiting, from the same "
        "start ({detail}).",
        "{Outcome}: przy takim samym wyniku na początku średni wynik osób objętych wsparciem jako pierwszych był na "
        "końcu taki sam jak wynik osób oczekujących ({detail}).",
    ),
    "cannot_tell_groups": (
        "The data are compatible with anything from {low} to {high}; we cannot tell whether the two groups differ.",
        "Dane są zgodne z każdą różnicą: od {low} do {high}; nie możemy stwierdzić, czy obie grupy się różnią.",
    ),
    "higher_by": ("{points} points higher", "wyniku wyższego o {points} punktu"),
    "lower_by": ("{points} points lower", "wyniku niższego o {points} punktu"),
    "no_difference": ("no difference", "braku różnicy"),
    "by_draw": (
        "A draw decided who was served first, so what in this difference goes beyond chance comes from being served, "
        "if those who answered twice are like those who did not.",
        "O kolejności decydowało losowanie, więc to, co w tej różnicy wykracza poza przypadek, wynika z udzielonego "
        "wsparcia, o ile osoby, które odpowiedziały dwa razy, nie różnią się od pozostałych.",
    ),
    "not_by_draw": (
        "Who was served first was not decided by a draw: the groups may have been different from the start, so the "
        "difference may have other reasons than the project.",
        "O kolejności nie decydowało losowanie: grupy mogły się różnić od początku, więc różnica może mieć inne "
        "powody niż projekt.",
    ),
    "predicted": ("any missing last answers predicted", "ewentualne brakujące ostatnie odpowiedzi przewidziano"),
    "cannot_tell": (
        "The data are compatible with anything from {low} to {high}; we cannot tell whether scores changed.",
        "Dane są zgodne z każdą zmianą: od {low} do {high}; nie możemy stwierdzić, czy wyniki się zmieniły.",
    ),
    "a_rise": ("{a} {points}-point rise", "wzrostu o {points} punktu"),
    "a_fall": ("{a} {points}-point fall", "spadku o {points} punktu"),
    "no_change": ("no change", "braku zmiany"),
    "directions": ("{higher} answered higher, {lower} lower.", "Wyższy wynik: {higher}, niższy: {lower}."),
    "one_direction": ("{n} answered {way}.", "{Way} wynik: {n}."),
    "directions_step": (
        "{higher} rose by {step} or more, {lower} fell.",
        "Wyższy wynik o co najmniej {step}: {higher}, niższy: {lower}.",
    ),
    "higher_step": ("{n} rose by {step} or more.", "Wyższy wynik o co najmniej {step}: {n}."),
    "lower_step": ("{n} fell by {step} or more.", "Niższy wynik o co najmniej {step}: {n}."),
    "net": ("{Outcome}: people higher less people lower, {n}.", "{Outcome}: osoby wyżej minus osoby niżej, {n}."),
    "step": ("{points}", "{points} pkt"),
    "withheld": (
        "{Outcome}: no mean change is shown. {reason}",
        "{Outcome}: średniej zmiany nie podano. {reason}",
    ),
    "too_few": ("Too few people answered.", "Odpowiedziało zbyt mało osób."),
    "no_comparison": (
        "Without a comparison group we cannot say how much of this is due to the project.",
        "Bez grupy porównawczej nie możemy powiedzieć, jaka część tej zmiany wynika z projektu.",
    ),
    "retrospective": (
        "The plan of analysis was written after the data were seen, so these results are exploratory.",
        "Plan analizy powstał po obejrzeniu danych, dlatego wyniki mają charakter eksploracyjny.",
    ),
    "not_preplanned": (
        "Not fixed in the plan before the last answers were seen, and therefore exploratory: {list}.",
        "Nie zapisano w planie przed obejrzeniem ostatnich odpowiedzi, więc wynik jest eksploracyjny: {list}.",
    ),
    "sprawling": (
        "The plan names more than {n} main outcomes, so all results are exploratory.",
        "Plan wymienia więcej niż {n} głównych obszarów zmiany, dlatego wszystkie wyniki są eksploracyjne.",
    ),
    "untrusted_left_out": (
        "Left out of this summary, because the questions bear no total: {list}.",
        "Pominięto w podsumowaniu, ponieważ pytania nie dają podstaw do sumy: {list}.",
    ),
    "no_comparison_shown": (
        "{Outcome}: no comparison is shown. {reason}",
        "{Outcome}: porównania nie podano. {reason}",
    ),
    # summary of bilateral results
    "cooperation": ("Extent of cooperation", "Zakres współpracy"),
    "results": ("Shared initiatives and results", "Wspólne inicjatywy i rezultaty"),
    "knowledge": ("Knowledge and understanding", "Wiedza i wzajemne zrozumienie"),
    "wider": ("Wider effects", "Szersze efekty"),
    "no_donor_partner": (
        "The project had no partner from a donor state.",
        "Projekt nie miał partnera z państwa-darczyńcy.",
    ),
    "with_partner": ("Partner from a donor state: {list}.", "Partner z państwa-darczyńcy: {list}."),
    "recorded": ("Recorded: {list}.", "Zapisano: {list}."),
    "activity": ("{label} – {count}", "{label} – {count}"),
    "from_beneficiary": ("{people} from beneficiary states", "{people} z państw-beneficjentów"),
    "from_donor": ("{people} from donor states", "{people} z państw-darczyńców"),
    "indicator_line": (
        "{label}: {achieved} (target {target}).",
        "{label}: {achieved} (wartość docelowa {target}).",
    ),
    "indicator_alone": ("{label}: {achieved}.", "{label}: {achieved}."),
    "trust": ("trust", "zaufanie"),
    "satisfaction": ("satisfaction with the partnership", "zadowolenie z partnerstwa"),
    "single_answers": (
        "Single answers of {organisations} on a scale of 1–7: {list}.",
        "Pojedyncze odpowiedzi {organisations} w skali 1–7: {list}.",
    ),
    "mean_answer": (
        "Mean on a scale of 1–7, {wave}: {list}.",
        "Średnia w skali 1–7, {wave}: {list}.",
    ),
    "knowledge_answers": (
        "Does the organisation apply the knowledge acquired? Answers of {organisations} ({wave}): {list}.",
        "Czy organizacja stosuje zdobytą wiedzę? Odpowiedzi {organisations} ({wave}): {list}.",
    ),
    "at_wave": ("{value} ({wave})", "{value} ({wave})"),
    "project_level": (
        "These answers were gathered by the project; they are not the programme’s official survey.",
        "Odpowiedzi zebrał projekt; nie jest to oficjalne badanie programu.",
    ),
    "note_nothing": (
        "No bilateral activity and no partner survey was recorded; nothing is stated.",
        "Nie zapisano żadnego działania dwustronnego ani ankiety partnerskiej; niczego się nie podaje.",
    ),
    # method and limits
    "m_people": (
        "Everyone enrolled is counted once, also those who left early.",
        "Każda przyjęta osoba liczona jest raz, także ta, która odeszła wcześniej.",
    ),
    "m_courses": (
        "Whoever attended the number of sessions fixed beforehand has completed a course.",
        "Kurs ukończyły osoby, które były na ustalonej wcześniej liczbie zajęć.",
    ),
    "m_change": (
        "A change is a person’s score at the end minus the score at the start, on the same questionnaire.",
        "Zmiana to wynik osoby na końcu minus jej wynik na początku, w tej samej ankiecie.",
    ),
    "m_step": (
        "Higher and lower count changes of at least the step that the plan of analysis names.",
        "Wyżej i niżej to zmiany co najmniej o krok wskazany w planie analizy.",
    ),
    "m_interval": (
        "The interval (CI) shows how far the mean could lie from the printed number by chance alone.",
        "Przedział ufności pokazuje, jak daleko od podanej liczby mogłaby leżeć średnia z samego przypadku.",
    ),
    "m_all": (
        "Where a mean includes people whose last answer is missing, it was predicted from earlier answers.",
        "Gdzie średnia obejmuje osoby bez ostatniej odpowiedzi, przewidziano ją na podstawie wcześniejszych.",
    ),
    "m_waiting": (
        "Those served first and those still waiting were asked on the same day and are compared at the same start; "
        "the interval does not suppose that both scatter alike.",
        "Osoby objęte jako pierwsze i oczekujące pytano tego samego dnia i porównuje się je przy takim samym wyniku "
        "na początku; przedział nie zakłada jednakowego rozrzutu w obu grupach.",
    ),
    "m_detectable": (
        "{Outcome}: by measurement error alone, one person’s score changes by less than {points} in 95 of 100 cases, "
        "so a smaller step says nothing about one person.",
        "{Outcome}: przez sam błąd pomiaru wynik jednej osoby zmienia się w 95 na 100 przypadków o mniej niż {points} "
        "pkt, więc mniejszy krok nic nie mówi o jednej osobie.",
    ),
    "m_items": (
        "Where the answers to the questions of a scale do not hang together, or too few people answered them all, its "
        "total is not in the summary.",
        "Gdy odpowiedzi na pytania skali nie są ze sobą zgodne albo odpowiedziało na nie zbyt mało osób, jej sumy nie "
        "ma w podsumowaniu.",
    ),
    "m_missing": (
        "“Refused”, “not asked”, “not applicable” and “unknown” are kept apart and never counted as zero.",
        "„Odmowa”, „nie pytano”, „nie dotyczy” i „nie wiadomo” to różne odpowiedzi i nigdy nie są zerem.",
    ),
    "m_two": (
        "Achieved / target and progress are two numbers: progress starts at the baseline, not at zero.",
        "Osiągnięcie celu i postęp to dwie liczby: postęp liczy się od wartości bazowej, nie od zera.",
    ),
    "m_reporting": (
        "Whoever withdrew the consent to reporting is left out of outcomes in later reports.",
        "Osoby, które wycofały zgodę na sprawozdawczość, są pomijane w zmianach w późniejszych raportach.",
    ),
    "m_plan": (
        "What would be compared, and how, was written down before the last answers were seen.",
        "To, co i jak zostanie porównane, zapisano przed obejrzeniem ostatnich odpowiedzi.",
    ),
    "m_plan_not": (
        "Outcomes called exploratory were not fixed in the plan before the last answers were seen.",
        "Obszarów nazwanych eksploracyjnymi nie zapisano w planie przed obejrzeniem ostatnich odpowiedzi.",
    ),
    # what the analytical report leaves out
    "a_attendance": (
        "How attendance and change go together is looked at inside the organisation only. "
        + say("shared.attendance_not_assigned", "en"),
        "To, jak obecność wiąże się ze zmianą, rozpatruje się tylko wewnątrz organizacji. "
        + say("shared.attendance_not_assigned", "pl"),
    ),
    "a_reasons": (
        "Why people left, and which courses each person combined, stays inside: few people stand behind each.",
        "Powody odejścia oraz to, jakie kursy kto łączył, pozostają wewnątrz: za każdym z nich stoi niewiele osób.",
    ),
    "a_groups": (
        "Countries of origin are never compared, and no small group has a result of its own.",
        "Krajów pochodzenia nigdy się nie porównuje, a żadna mała grupa nie ma własnego wyniku.",
    ),
    # certificate
    "c_open": (
        "This is an internal document: no number is hidden and it must not be passed on.",
        "To dokument wewnętrzny: żadna liczba nie jest ukryta i nie wolno go przekazywać dalej.",
    ),
    "c_threshold": (
        "No number about fewer than {threshold} people is shown, nor any other that would give it away.",
        "Nie pokazujemy liczb o mniej niż {threshold} osobach ani innych, które by je zdradzały.",
    ),
    "c_hidden": (
        "Numbers about participants that were checked: {numbers}; hidden: {hidden}.",
        "Sprawdzone liczby o uczestniczkach i uczestnikach: {numbers}; ukryte: {hidden}.",
    ),
    "c_optimal": ("No other choice would have hidden less.", "Żaden inny wybór nie ukryłby mniej."),
    "c_gap": (
        "At best, another choice could have hidden less by {gap}.",
        "W najlepszym razie inny wybór mógłby ukryć mniej o {gap}.",
    ),
    "c_not_optimal": (
        "Whether another choice would have hidden less was not established.",
        "Nie ustalono, czy inny wybór ukryłby mniej.",
    ),
    "c_audit": (
        "An independent check looked for hidden numbers that can be worked out exactly (found: {exact}) "
        "or are protected less than required (found: {narrow}).",
        "Niezależne sprawdzenie szukało ukrytych liczb, które da się dokładnie obliczyć "
        "(znaleziono: {exact}) lub które są chronione słabiej, niż trzeba (znaleziono: {narrow}).",
    ),
    "c_earlier": (
        "Everything published earlier was taken into account (releases: {n}).",
        "Uwzględniono wszystko, co opublikowano wcześniej (publikacje: {n}).",
    ),
    "c_first": ("This is the first release.", "To pierwsza publikacja."),
    "c_honest": (
        "Whoever knows the rule knows that a number hidden because it is unsafe is one of 1…{last}.",
        "Kto zna tę regułę, wie, że liczba ukryta jako niebezpieczna jest jedną z 1…{last}.",
    ),
    "c_candidates": (
        "Whoever runs our open rule on every table that fits this release is left with at least {n} possible"
        " values for each number hidden as unsafe.",
        "Kto zastosuje naszą jawną regułę do każdej tabeli zgodnej z tą publikacją, temu dla każdej liczby ukrytej"
        " jako niebezpieczna pozostaje co najmniej {n} możliwych wartości.",
    ),
    "c_not_assessed": (
        "What running our open rule on every table that fits this release would tell was not assessed: it is only"
        " where few tables fit and no release came before.",
        "Nie sprawdzono, co dałoby zastosowanie naszej jawnej reguły do każdej tabeli zgodnej z tą publikacją: sprawdza"
        " się to tylko tam, gdzie takich tabel jest niewiele i nie było wcześniejszej publikacji.",
    ),
    # provenance
    "p_line": (
        "Release {release} of {date}, made with version {library}; its fingerprint is {digest}.",
        "Publikacja {release} z {date}, wykonana w wersji {library}; jej odcisk to {digest}.",
    ),
}
