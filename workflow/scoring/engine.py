"""The engine: a scheme is compiled once into functions, which then score any number of cards."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from workflow.numbers import EXACT, Exact, Rounding, multiply
from workflow.scoring.basis import Trace
from workflow.scoring.card import Card, ItemOutcome, Totals, VetoRecord
from workflow.scoring.errors import HistoryError, InputError
from workflow.scoring.inputs import NEEDS_REASON, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_BE_MAPPING, MUST_BE_SWITCH
from workflow.scoring.pay import PayFacts, PayResult, Result, pay_of
from workflow.scoring.periods import FREQUENCY_NAMES
from workflow.scoring.rules.base import NOTHING, Evaluate, ItemContext
from workflow.scoring.scheme import Item, Scheme
from workflow.scoring.scorecard import Scorecard, shower
from workflow.scoring.totals import NOT_PUT_IN, Adder, Outcome
from workflow.wording import Phrase

UNKNOWN_ITEM = Phrase("方案中没有这个项目", "is not an item of the scheme")
NOT_OPTIONAL = Phrase("本项目不允许设为不适用", "can't be set: the item is not optional")
WRONG_FREQUENCY = Phrase("方案按{frequency}考核,期间的频次不符", "must be a {frequency}, as the scheme appraises")
NOT_HELD = Phrase("须是 {period}", "must be {period}")

NOT_APPLICABLE_KEYS = frozenset({"not_applicable", "reason"})

Worth = Exact | Missing
ScoreItem = Callable[[Any, ItemContext, Trace | None], ItemOutcome]


class Scorer:
    """A compiled scheme. Holds nothing of any card, so that it can be kept and shared by threads."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.items = scheme.items
        self._score = {code: _compile_item(item, scheme.rounding) for code, item in self.items.items()}
        self._round = scheme.rounding.compile()
        self._adder = Adder(scheme)
        self._show = shower(scheme.rounding)
        self._pays_by_result = scheme.pay is not None and scheme.pay.benefit is None
        self._plain_pay = lru_cache(maxsize=1024)(
            lambda total, grade, facts: pay_of(scheme, Result(total, grade), NOTHING, facts, basis=False)
        )

    def score(self, card: Card, *, basis: bool = True) -> Scorecard:
        """Score a whole card; raises one InputError that names everything wrong with it."""
        errors = self._card_errors(card)
        with localcontext(EXACT):
            outcomes = self._outcomes(card, errors, basis=basis)
            vetoes = self._vetoes(card.vetoes, errors) if card.vetoes else ()
            if errors:
                raise errors[0].with_others(errors[1:])
            totals = self._adder.add_up(outcomes, [veto.code for veto in vetoes] if vetoes else ())
            pay = None if self.scheme.pay is None else self._pay(card, totals, basis=basis)
        return Scorecard(self.scheme.code, card.period, self._show, outcomes, totals, pay)

    def _outcomes(self, card: Card, errors: list[InputError], *, basis: bool) -> dict[str, ItemOutcome]:
        """The outcome of every item; what is wrong is added to `errors`."""
        outcomes: dict[str, ItemOutcome] = {}
        shared = ItemContext(card.period, card.level)
        inputs, history, sources = card.inputs, card.history, card.sources
        draws_on_more = history or sources
        trace = None
        for code, score_item in self._score.items():
            if basis:
                trace = Trace(self.items[code].unit)
            try:
                has_own = draws_on_more and (code in history or code in sources)
                context = _context_of(card, code) if has_own else shared
                outcomes[code] = score_item(inputs.get(code), context, trace)
            except InputError as error:
                errors.append(_located(error, code))
        return outcomes

    def pay(self, totals: Totals, inputs: Mapping[str, Any], facts: PayFacts) -> PayResult | None:
        """The pay of a scored card; None where the scheme says nothing about pay."""
        with localcontext(EXACT):
            return pay_of(self.scheme, Result(totals.total, totals.grade), inputs, facts)

    def _pay(self, card: Card, totals: Totals, *, basis: bool) -> PayResult | None:
        facts = PayFacts.read(card.level, card.attendance, card.bonus_base)
        if basis or not self._pays_by_result:
            return pay_of(self.scheme, Result(totals.total, totals.grade), card.inputs, facts, basis=basis)
        return self._plain_pay(totals.total, totals.grade, facts)

    def score_item(self, code: str, input_data: object, context: ItemContext, *, basis: bool = True) -> ItemOutcome:
        """Score one item alone; raises InputError with the path inside the input, KeyError for an unknown item."""
        with localcontext(EXACT):
            trace = Trace(self.items[code].unit) if basis else None
            return self._score[code](input_data, context, trace)

    def add_up(self, outcomes: Mapping[str, Outcome], vetoes: Sequence[str] = ()) -> Totals:
        """Sections, totals and grade from the items' outcomes, however stored, and the codes of the vetoes that stand."""
        with localcontext(EXACT):
            rounded = {code: self._as_scored(outcome) for code, outcome in outcomes.items()}
            return self._adder.add_up(rounded, vetoes)

    def _as_scored(self, outcome: Outcome) -> ItemOutcome:
        """A stored outcome with the decimals of the scheme, which a database may have padded."""
        points = None if outcome.points is None else self._round(outcome.points)
        return ItemOutcome(points, outcome.missing)

    def read_vetoes(self, data: Sequence[Any]) -> list[VetoRecord]:
        """Read the `vetoes` of a card; raises InputError."""
        errors: list[InputError] = []
        vetoes = self._vetoes(data, errors)
        if errors:
            raise errors[0].with_others(errors[1:])
        return vetoes

    def _vetoes(self, data: Sequence[Any], errors: list[InputError]) -> list[VetoRecord]:
        known = [veto.code for veto in self.scheme.vetoes]
        records = []
        for place, one in enumerate(data):
            try:
                records.append(VetoRecord.read(one, known))
            except InputError as error:
                errors.append(error.under(f"vetoes[{place}]"))
        return records

    def _card_errors(self, card: Card) -> list[InputError]:
        """What is wrong with the card as a whole, before any item is looked at."""
        frequency, known = self.scheme.frequency, self.items.keys()
        errors = []
        if card.period.frequency is not frequency:
            errors.append(InputError("period", WRONG_FREQUENCY, frequency=FREQUENCY_NAMES[frequency]))
        for name, given in (("inputs", card.inputs), ("history", card.history)):
            if given and not given.keys() <= known:
                errors += [InputError(f"{name}.{code}", UNKNOWN_ITEM) for code in given if code not in known]
        return errors


def compile_scheme(scheme: Scheme) -> Scorer:
    """Compile a scheme; keep the result as long as the scheme version is in use."""
    return Scorer(scheme)


def _context_of(card: Card, code: str) -> ItemContext:
    history = card.history.get(code)
    if history is not None and not isinstance(history, Mapping):
        raise HistoryError("", MUST_BE_MAPPING)
    return ItemContext(card.period, card.level, history or NOTHING, source=card.sources.get(code))


def _located(error: InputError, code: str) -> InputError:
    return error.under(f"history.{code}" if isinstance(error, HistoryError) else f"inputs.{code}")


def _compile_item(item: Item, rounding: Rounding) -> ScoreItem:
    """The function of one item: input to rule, then weight, then rounding."""
    evaluate = item.rule.compile(rounding)
    if item.holds_for is not None:
        evaluate = _holding(evaluate, item)
    finish, finish_traced = _compile_finish(item, rounding)
    derived_from = item.rule.derived_from
    key, table = item.rule.table
    ready = {text: finish(points) for text, points in table.items()}

    def score_item(data: Any, context: ItemContext, trace: Trace | None) -> ItemOutcome:
        if data.__class__ is not dict:
            data = _as_input(data)
        if not data:
            data = _derived(derived_from, context)
        if not data:
            return NOT_PUT_IN if trace is None else finish_traced(Missing.NO_INPUT, trace)
        if trace is not None:
            trace.add_source(context.source)
        elif key and len(data) == 1 and (text := data.get(key)).__class__ is str and text in ready:
            return ready[text]
        if "not_applicable" in data:
            return _left_out(item, data, trace)
        value = evaluate(data, context, trace)
        return finish(value) if trace is None else finish_traced(value, trace)

    return score_item


def _holding(evaluate: Evaluate, item: Item) -> Evaluate:
    """The function of a rule whose input counts in every card of a longer period, which the input may name."""

    def evaluate_held(data: Mapping[str, Any], context: ItemContext, trace: Trace | None) -> Exact | Missing:
        held = item.value_period(context.period)
        if data.get("period", held.label) != held.label:
            raise InputError("period", NOT_HELD, period=held.label)
        entered = {key: value for key, value in data.items() if key != "period"}
        if not entered:
            return Missing.NO_INPUT
        if trace is not None:
            trace.add("held", period=held.label)
        return evaluate(entered, context, trace)

    return evaluate_held


def _derived(derived_from: str | None, context: ItemContext) -> Mapping[str, Any]:
    """The input of a derived rule as the caller supplies it; empty for all others."""
    supplied = None if derived_from is None else getattr(context, derived_from)
    return NOTHING if derived_from is None or supplied is None else {derived_from: supplied}


def _as_input(data: object) -> Mapping[str, Any]:
    if data is None:
        return NOTHING
    if isinstance(data, Mapping):
        return data
    raise InputError("", MUST_BE_MAPPING)


def _compile_finish(
    item: Item, rounding: Rounding
) -> tuple[Callable[[Worth], ItemOutcome], Callable[[Worth, Trace], ItemOutcome]]:
    """Weight and rounding, without and with a basis. Few different points come up, so the plain outcomes are kept."""
    weight, round_points = item.weight, rounding.compile()

    @lru_cache(maxsize=1024)
    def finish(value: Worth) -> ItemOutcome:
        if isinstance(value, Missing):
            return ItemOutcome(None, value)
        return ItemOutcome(round_points(multiply(value, weight)), None)

    def finish_traced(value: Worth, trace: Trace) -> ItemOutcome:
        if isinstance(value, Missing):
            trace.add("missing", code=value.value)
            return ItemOutcome(None, value, tuple(trace.steps))
        weighted = multiply(value, weight)
        points = round_points(weighted)
        _note_finish(value, weighted, points, item, rounding, trace)
        return ItemOutcome(points, None, tuple(trace.steps))

    return finish, finish_traced


def _note_finish(value: Exact, weighted: Exact, points: Decimal, item: Item, rounding: Rounding, trace: Trace) -> None:
    if item.weight != 1:
        trace.add("weight", **{"from": value, "weight": item.weight, "to": weighted})
    if points != weighted:
        step = rounding.step
        trace.add("rounding", **{"step": step, "mode": rounding.mode.value, "from": weighted, "to": points})
    trace.add("points", points=points)


def _left_out(item: Item, data: Mapping[str, Any], trace: Trace | None) -> ItemOutcome:
    """An item that was said not to apply, with the reason; only an optional one may be."""
    given = present(data, NOT_APPLICABLE_KEYS)
    if given.get("not_applicable") is not True:
        raise InputError("not_applicable", MUST_BE_SWITCH)
    if not item.optional:
        raise InputError("not_applicable", NOT_OPTIONAL)
    reason = text_at(given, "reason", NEEDS_REASON)
    if trace is None:
        return ItemOutcome(None, None)
    trace.add("not_applicable", reason=reason)
    return ItemOutcome(None, None, tuple(trace.steps))
