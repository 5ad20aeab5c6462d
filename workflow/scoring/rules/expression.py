"""A small, safe language of arithmetic for `formula`: parsed by hand into functions, over exact ratios and nothing else."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import NamedTuple

from workflow.numbers import MAX_EXPONENT, NumberError, parse_number
from workflow.wording import Language, Phrase

MAX_LENGTH = 500
MAX_DEPTH = 50

TOO_LONG = Phrase("公式过长", "is too long")
TOO_DEEP = Phrase("公式嵌套过深", "is nested too deeply")
UNEXPECTED = Phrase("此处不应出现:{token}", "does not expect {token} here")
UNFINISHED = Phrase("公式不完整", "is not finished")
UNKNOWN_NAME = Phrase("未知的名称:{token}", "does not know the name {token}")
ARGUMENTS = Phrase("{token} 的参数个数不对", "gives {token} the wrong number of arguments")
PLACES = Phrase("round 的位数必须是 -15 至 15 的整数", "must round to a whole number of places from -15 to 15")
CHAINED = Phrase("比较不能连写,请用 and", "must not chain comparisons; use and")

Environment = Mapping[str, Fraction]
Node = Callable[[Environment], Fraction]
RoundTo = Callable[[Fraction, int], Fraction]

_TOKEN = re.compile(r"\s*(?:((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(\w+)|(<=|>=|==|!=|[-+*/(),<>]))")
_COMPARISONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}
_SUMS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub}
_PRODUCTS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {"*": mul, "/": Fraction.__truediv__}
_FUNCTIONS = frozenset({"min", "max", "abs", "round"})
RESERVED = _FUNCTIONS | {"if", "else", "and", "or", "not"}


class ExpressionError(ValueError):
    """An expression that can't be read; `phrase` says why, `token` where."""

    def __init__(self, phrase: Phrase, token: str = "") -> None:
        super().__init__(phrase.say(Language.EN, token=token))
        self.phrase = phrase
        self.token = token


class Token(NamedTuple):
    """One word of the expression: a number, a name or a sign."""

    kind: str
    text: str


def parse_expression(text: str, names: Sequence[str], round_to: RoundTo) -> Node:
    """Compile an expression over the named inputs; raises ExpressionError. Running it may raise ZeroDivisionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(TOO_LONG)
    parser = _Parser(_tokens(text), frozenset(names), round_to)
    node = parser.choice()
    if parser.next.kind != "end":
        raise ExpressionError(UNEXPECTED, parser.next.text)
    return node


def _tokens(text: str) -> list[Token]:
    tokens = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise ExpressionError(UNEXPECTED, text[place:].strip()[0])
        number, name, _ = match.groups()
        tokens.append(Token("number" if number else "name" if name else "sign", match[0].strip()))
        place = match.end()
    return [*tokens, Token("end", "")]


class _Parser:
    """Recursive descent, loosest binding first; each method reads its part and gives a function."""

    def __init__(self, tokens: list[Token], names: frozenset[str], round_to: RoundTo) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._names = names
        self._round_to = round_to

    @property
    def next(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._place]

    def choice(self) -> Node:
        """`a if condition else b`; only the side that is chosen is computed."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(TOO_DEEP)
        node = self._either()
        if self._take("if"):
            condition = self._either()
            self._expect("else")
            node = _chosen(node, condition, self.choice())
        self._depth -= 1
        return node

    def _either(self) -> Node:
        node = self._both()
        while self._take("or"):
            node = _or(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._negation()
        while self._take("and"):
            node = _and(node, self._negation())
        return node

    def _negation(self) -> Node:
        negations = 0
        while self._take("not"):
            negations += 1
        node = self._comparison()
        for _ in range(negations):
            node = _not(node)
        return node

    def _comparison(self) -> Node:
        left = self._binary(_SUMS, lambda: self._binary(_PRODUCTS, self._signed))
        if self.next.text not in _COMPARISONS:
            return left
        compare = _COMPARISONS[self._advance().text]
        right = self._binary(_SUMS, lambda: self._binary(_PRODUCTS, self._signed))
        if self.next.text in _COMPARISONS:
            raise ExpressionError(CHAINED)
        return lambda inputs: Fraction(compare(left(inputs), right(inputs)))

    def _binary(self, signs: Mapping[str, Callable[[Fraction, Fraction], Fraction]], part: Callable[[], Node]) -> Node:
        node = part()
        while self.next.kind == "sign" and self.next.text in signs:
            node = _joined(signs[self._advance().text], node, part())
        return node

    def _signed(self) -> Node:
        is_negative = False
        while self.next.text in _SUMS and self.next.kind == "sign":
            is_negative ^= self._advance().text == "-"
        node = self._primary()
        return (lambda inputs: -node(inputs)) if is_negative else node

    def _primary(self) -> Node:
        token = self._advance()
        if token.kind == "number":
            return _constant(token.text)
        if token.text == "(":
            node = self.choice()
            self._expect(")")
            return node
        if token.text in _FUNCTIONS:
            return self._call(token.text)
        if token.kind == "name" and token.text not in RESERVED:
            return self._name(token.text)
        raise ExpressionError(UNEXPECTED, token.text)

    def _name(self, name: str) -> Node:
        if name not in self._names:
            raise ExpressionError(UNKNOWN_NAME, name)
        return lambda inputs: inputs[name]

    def _call(self, function: str) -> Node:
        self._expect("(")
        starts = [self._place]
        arguments = [self.choice()]
        while self._take(","):
            starts.append(self._place)
            arguments.append(self.choice())
        self._expect(")")
        if function == "round":
            return self._rounded(arguments, starts)
        if function == "abs":
            if len(arguments) != 1:
                raise ExpressionError(ARGUMENTS, function)
            return lambda inputs: abs(arguments[0](inputs))
        extreme = min if function == "min" else max
        return lambda inputs: extreme(argument(inputs) for argument in arguments)

    def _rounded(self, arguments: Sequence[Node], starts: Sequence[int]) -> Node:
        """`round(x)` or `round(x, places)`, the places a plain whole number."""
        if len(arguments) > len(("value", "places")):
            raise ExpressionError(ARGUMENTS, "round")
        written = "".join(token.text for token in self._tokens[starts[1] : self._place - 1]) if len(starts) > 1 else "0"
        if not re.fullmatch(r"-?[0-9]{1,2}", written) or abs(int(written)) > MAX_EXPONENT:
            raise ExpressionError(PLACES)
        value, places, round_to = arguments[0], int(written), self._round_to
        return lambda inputs: round_to(value(inputs), places)

    def _advance(self) -> Token:
        token = self.next
        if token.kind == "end":
            raise ExpressionError(UNFINISHED)
        self._place += 1
        return token

    def _take(self, text: str) -> bool:
        if self.next.text != text:
            return False
        self._place += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise ExpressionError(UNFINISHED if self.next.kind == "end" else UNEXPECTED, self.next.text)


def _constant(text: str) -> Node:
    try:
        number = Fraction(parse_number(text))
    except NumberError as error:
        raise ExpressionError(error.phrase) from None
    return lambda _: number


def _joined(join: Callable[[Fraction, Fraction], Fraction], left: Node, right: Node) -> Node:
    return lambda inputs: join(left(inputs), right(inputs))


def _chosen(yes: Node, condition: Node, no: Node) -> Node:
    return lambda inputs: yes(inputs) if condition(inputs) else no(inputs)


def _or(left: Node, right: Node) -> Node:
    return lambda inputs: Fraction(bool(left(inputs)) or bool(right(inputs)))


def _and(left: Node, right: Node) -> Node:
    return lambda inputs: Fraction(bool(left(inputs)) and bool(right(inputs)))


def _not(node: Node) -> Node:
    return lambda inputs: Fraction(not node(inputs))
