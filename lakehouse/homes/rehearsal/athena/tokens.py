"""Reads a statement word by word, by sqlglot's tokenizer: comments, quotes and strings are its.

Only what Athena says differently from Trino is read. The rest of a statement, a query above all,
is taken over as it was written, but that numbers with a point are doubles.
"""

from itertools import pairwise
from typing import ClassVar

from sqlglot.errors import TokenError
from sqlglot.tokens import Token, Tokenizer, TokenType

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError

OPENING = {"(": ")", "<": ">", "[": "]"}


class _Tokenizer(Tokenizer):
    """Athena's words: names in double quotes or backticks, strings in single ones."""

    IDENTIFIERS: ClassVar = ['"', "`"]
    QUOTES: ClassVar = ["'"]
    STRING_ESCAPES: ClassVar = ["'"]
    COMMENTS: ClassVar = ["--", ("/*", "*/")]
    KEYWORDS: ClassVar = {}
    COMMANDS: ClassVar = set()


class Reader:
    """A place in a statement, with what can be read from there."""

    def __init__(self, text: str, tokens: list[Token] | None = None) -> None:
        self.text = text
        self._tokens = _tokens(text) if tokens is None else tokens
        self._at = 0

    @property
    def word(self) -> str:
        """The next word in capitals; empty at the end, and for what stands in quotes."""
        if self.at_end or self._quoted(self._tokens[self._at]):
            return ""
        return self._tokens[self._at].text.upper()

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._tokens)

    @property
    def rest(self) -> str:
        """What is left, as it was written."""
        if self.at_end:
            return ""
        return self.text[self._tokens[self._at].start : self._tokens[-1].end + 1]

    @property
    def sql(self) -> str:
        """What is left, as Trino is to read it: 0.5 is written as 0.5E0.

        Such a number is a double on Athena, which divides 1 by 0.0 to infinity (dbt-athena's own
        functional tests, test_connections.py); on Trino it would be a decimal.
        """
        if self.at_end:
            return ""
        tokens = self._tokens[self._at :]
        ends = [t.end + 1 for before, t in pairwise((None, *tokens)) if _has_point(before, t)]
        places = pairwise((tokens[0].start, *ends, tokens[-1].end + 1))
        return "E0".join(self.text[start:end] for start, end in places)

    def accept(self, *words: str) -> bool:
        """Go past these words when they are the next ones."""
        following = self._tokens[self._at : self._at + len(words)]
        if [("" if self._quoted(t) else t.text.upper()) for t in following] != list(words):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Go past these words; InvalidRequestError when others stand there."""
        if not self.accept(*words):
            raise self.mismatch(" ".join(words))

    def end(self) -> None:
        """InvalidRequestError when something is left."""
        if not self.at_end:
            raise self.mismatch("the end of the statement")

    def name(self) -> tuple[str, ...]:
        """A name of one to three parts, in small letters."""
        parts = [self.identifier()]
        while self.accept("."):
            parts.append(self.identifier())
        if len(parts) > 3:
            raise self.mismatch("a name of at most three parts")
        return tuple(parts)

    def identifier(self) -> str:
        """One part of a name, in small letters: Athena's names know no capitals."""
        if self.at_end or self._tokens[self._at].token_type == TokenType.STRING:
            raise self.mismatch("a name")
        return self._next().text.lower()

    def string(self) -> str:
        """The content of a string."""
        if self.at_end or self._tokens[self._at].token_type != TokenType.STRING:
            raise self.mismatch("a string")
        return self._next().text

    def value(self) -> str:
        """A string's content, or a word or number."""
        return self._next().text

    def group(self) -> "Reader":
        """What stands between the parentheses that open here."""
        if self.word != "(":
            raise self.mismatch("(")
        start, depth = self._at, 0
        while not self.at_end:
            token = self._next()
            if not self._quoted(token):
                depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return Reader(self.text, self._tokens[start + 1 : self._at - 1])
        raise InvalidRequestError("mismatched input '<EOF>'. Expecting: ')'")

    def items(self) -> list["Reader"]:
        """What stands between the commas of this level, each for itself."""
        found: list[list[Token]] = [[]]
        closing: list[str] = []
        while not self.at_end:
            token = self._next()
            text = "" if self._quoted(token) else token.text
            if text == "," and not closing:
                found.append([])
                continue
            if closing and text == closing[-1]:
                closing.pop()
            elif text in OPENING:
                closing.append(OPENING[text])
            found[-1].append(token)
        return [Reader(self.text, tokens) for tokens in found if tokens]

    def mark(self) -> int:
        """This place, for `between`."""
        return self._at

    def back_to(self, mark: int) -> None:
        """Read again from the mark on."""
        self._at = mark

    def between(self, mark: int) -> "Reader":
        """What was read since the mark, to be read again."""
        return Reader(self.text, self._tokens[mark : self._at])

    def words_until(self, *ends: str) -> list[str]:
        """The following words as they were written, up to one of these or the end."""
        found = []
        while not self.at_end and self.word not in ends:
            found.append(self._next().text)
        return found

    def mismatch(self, expected: str) -> InvalidRequestError:
        """The error to raise where something else was expected."""
        if self.at_end:
            return InvalidRequestError(f"mismatched input '<EOF>'. Expecting: {expected}")
        token = self._tokens[self._at]
        column = token.col - (token.end - token.start)
        return InvalidRequestError(
            f"line {token.line}:{column}: mismatched input '{token.text}'. Expecting: {expected}"
        )

    def _next(self) -> Token:
        if self.at_end:
            raise self.mismatch("more")
        self._at += 1
        return self._tokens[self._at - 1]

    @staticmethod
    def _quoted(token: Token) -> bool:
        return token.token_type in (TokenType.IDENTIFIER, TokenType.STRING)


def _has_point(before: Token | None, token: Token) -> bool:
    """Whether it is a number with a point and no exponent; .5 comes as a point and a number."""
    if token.token_type != TokenType.NUMBER or "E" in token.text.upper():
        return False
    is_behind_point = before is not None and before.token_type == TokenType.DOT
    return "." in token.text or (is_behind_point and before.end + 1 == token.start)


def _tokens(text: str) -> list[Token]:
    try:
        tokens = _Tokenizer().tokenize(text)
    except TokenError as error:
        raise InvalidRequestError(f"the statement cannot be read: {error}") from error
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    if any(t.token_type == TokenType.SEMICOLON for t in tokens):
        raise InvalidRequestError("Only one sql statement is allowed.")
    return tokens
