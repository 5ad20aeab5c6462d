"""Reading the totals of successive periods, as `kaogong rank` takes them, and ranking them."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflow.scoring.consequences import Proposal, Round, propose
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import list_at, mapping, mapping_at, number, number_at, present, text_at
from workflow.scoring.parts import MUST_BE_ONE_OF
from workflow.scoring.periods import NOT_A_PERIOD, NOT_COMPARABLE, Period, PeriodError
from workflow.scoring.ranking import Competitor, rank
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Absence
from workflow.wording import Phrase

ROUND_KEYS = frozenset({"period", "group", "totals"})
RESULT_KEYS = frozenset({"total", "tie_break", "absent"})

TOTAL_OR_ABSENT = Phrase("total 与 absent 只能给一个", "stands beside total; only one of total and absent may be given")
TWICE = Phrase("同一期间出现两次", "appears twice in the period")


def rank_periods(scheme: Scheme, data: object) -> dict[str, Any]:
    """Ranks and proposed consequences of every period, as plain data; raises InputError."""
    rounds = read_rounds(scheme, data)
    proposals = propose(scheme.consequences, rounds)
    return {"periods": [_round_data(one, found) for one, found in zip(rounds, proposals, strict=True)]}


def _round_data(one: Round, proposals: Sequence[Proposal]) -> dict[str, Any]:
    consequences = [{"code": proposal.code, "subject": proposal.subject} for proposal in proposals]
    return {"period": one.period, "group": one.group, "ranks": dict(one.ranks), "consequences": consequences}


def read_rounds(scheme: Scheme, data: object) -> list[Round]:
    """Read and rank the periods in their order; raises InputError with the path of what is wrong."""
    rounds: list[Round] = []
    for place, one in enumerate(list_at(present(mapping(data), frozenset({"periods"})), "periods")):
        try:
            rounds.append(_round(scheme, mapping(one)))
            _check_fits(rounds)
        except InputError as error:
            raise error.under(f"periods[{place}]") from None
    return rounds


def _round(scheme: Scheme, data: Mapping[str, Any]) -> Round:
    fields = present(data, ROUND_KEYS)
    period = _period(text_at(fields, "period")).label
    group = text_at(fields, "group") if "group" in fields else ""
    competitors: list[Competitor] = []
    absences: dict[str, Absence] = {}
    for subject, result in mapping_at(fields, "totals").items():
        try:
            read = _result(str(subject), result)
        except InputError as error:
            raise error.under(f"totals.{subject}") from None
        if isinstance(read, Absence):
            absences[str(subject)] = read
        elif read is not None:
            competitors.append(read)
    ranks = rank(competitors, tie_breaks=len(scheme.ranking.tie_break))
    return Round(period=period, group=group, ranks=ranks, absences=absences)


def _result(subject: str, data: object) -> Competitor | Absence | None:
    """What is known of a subject: a total, an absence with its reason, or None: no card."""
    if data is None:
        return None
    if not isinstance(data, Mapping):
        return Competitor(subject=subject, total=number(data))
    fields = present(data, RESULT_KEYS)
    if "absent" in fields:
        if len(fields) > 1:
            raise InputError("absent", TOTAL_OR_ABSENT)
        return _absence(text_at(fields, "absent"))
    if "total" not in fields:
        return None
    tie_break = list_at(fields, "tie_break") if "tie_break" in fields else ()
    values = tuple(None if value is None else number_at({"tie_break": value}, "tie_break") for value in tie_break)
    return Competitor(subject=subject, total=number_at(fields, "total"), tie_break=values)


def _absence(reason: str) -> Absence:
    for absence in Absence:
        if absence.value == reason:
            return absence
    raise InputError("absent", MUST_BE_ONE_OF, choices=" / ".join(Absence))


def _period(label: str) -> Period:
    try:
        return Period.parse(label)
    except PeriodError:
        raise InputError("period", NOT_A_PERIOD) from None


def _check_fits(rounds: Sequence[Round]) -> None:
    """All periods are of one frequency, and a subject is in one group of a period only."""
    newest = rounds[-1]
    if _period(newest.period).frequency is not _period(rounds[0].period).frequency:
        raise InputError("period", NOT_COMPARABLE)
    for one in rounds[:-1]:
        together = {*newest.ranks, *newest.absences} & {*one.ranks, *one.absences}
        if one.period == newest.period and together:
            raise InputError(f"totals.{min(together)}", TWICE)
