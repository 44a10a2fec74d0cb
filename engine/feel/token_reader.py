"""Walks over the tokens of an expression."""

from collections.abc import Iterable

from engine.feel import ast
from engine.feel.budget import MAX_NESTING
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, sign_advice
from engine.feel.names import KEYWORDS, KnownNames, normalize


class TokenReader:
    """Walks over the tokens of one expression."""

    def __init__(self, source: str, tokens: list[Token], names: Iterable[str]) -> None:
        """Args: source: the text; tokens: what it consists of; names: names that may have several words."""
        self.source = source
        self.tokens = tokens
        self.known = KnownNames(names)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.index]

    def peek(self, offset: int = 1) -> Token:
        """A token further on."""
        return self.tokens[min(self.index + offset, len(self.tokens) - 1)]

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.token.text in texts and self.token.kind in ("name", "op")

    def take(self, *texts: str) -> bool:
        """Skip the next token if it is one of these."""
        if self.at(*texts):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Skip the next token, which must be this one."""
        if not self.take(text):
            raise self.error(f"应为“{text}”。", f"'{text}' is expected.")

    def error(self, zh: str, en: str) -> FeelSyntaxError:
        """A mistake at the next token; a sign that FEEL does not have gets its own advice."""
        if self.token.kind == "other" or self.token.text in ("&&", "||", "==", "!"):
            return FeelSyntaxError(*sign_advice(self.token.text), self.source, self.token.start)
        found = self.token.text
        found_zh, found_en = (
            (f"这里却是“{found}”", f"found '{found}' instead") if found else ("表达式却到此结束", "but the expression ends here")
        )
        return FeelSyntaxError(f"{zh}（{found_zh}）", f"{en} ({found_en})", self.source, self.token.start)

    def nested(self) -> None:
        """Go one level deeper; the caller subtracts from `depth` when it comes back."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelSyntaxError(
                f"嵌套超过 {MAX_NESTING} 层。", f"nested more than {MAX_NESTING} levels deep.", self.source, self.token.start
            )

    def name(self) -> str:
        """A name at the next token: the longest known one, else all the words that stand together."""
        if self.token.kind != "name":
            raise self.error("应为名称。", "a name is expected.")
        match = self.known.match(self.tokens, self.index)
        if match is not None and not self._word_at(self.index + match[1]):
            self.index += match[1]
            return match[0]
        words = [self.token.text]
        self.index += 1
        while self._word_at(self.index):
            words.append(self.token.text)
            self.index += 1
        return " ".join(words)

    def _word_at(self, index: int) -> bool:
        token = self.tokens[index]
        if token.kind == "number":
            return token.text.isdigit()
        return (
            token.kind == "name" and token.text not in KEYWORDS and not (token.text == "instance" and self.tokens[index + 1].text == "of")
        )

    def name_until(self, *stops: str) -> str:
        """Everything up to a sign or word, as a name; for places where a new name is introduced."""
        start = self.index
        while self.token.kind != "end" and not (self.index > start and self.at(*stops)):
            if self.token.kind in ("string", "other") or self.at("(", ")", "{", "}", "[", "]", ","):
                break
            self.index += 1
        if self.index == start or not self.at(*stops) or self.tokens[start].kind != "name":
            raise self.error("应为名称。", "a name is expected.")
        return normalize(self.source[self.tokens[start].start : self.tokens[self.index - 1].end])

    def expression(self, power: int = 0) -> ast.Node:
        """An expression whose operators bind more tightly than `power`; the parser proper has it."""
        raise NotImplementedError
