"""The spellings of Camunda's `${…}` expressions, read as FEEL."""

from engine.feel.lexer import Token

_SIGNS = {"==": "=", "&&": "and", "||": "or"}
_WORDS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "div": "/", "mod": "%"}


def unwrap(text: str) -> tuple[str, bool]:
    """The expression inside `= …`, `${…}` or `#{…}`, and whether it is JUEL."""
    stripped = text.strip()
    if stripped[:2] in ("${", "#{") and stripped.endswith("}"):
        return stripped[2:-1], True
    if stripped.startswith("=") and not stripped.startswith("=="):
        return text.replace("=", " ", 1), False  # a blank in its place keeps the positions in messages right
    return text, False


def spell_as_feel(tokens: list[Token]) -> list[Token]:
    """JUEL's operators respelled; words such as `eq` only where an operator can stand, so that a variable may have that name."""
    spelled: list[Token] = []
    for token in tokens:
        text = _SIGNS.get(token.text, token.text)
        if token.kind == "name" and token.text in _WORDS and spelled and (spelled[-1].kind != "op" or spelled[-1].text in (")", "]")):
            text = _WORDS[token.text]
        if text == token.text:
            spelled.append(token)
        else:
            spelled.append(Token("name" if text in ("and", "or") else "op", text, token.start, token.end))
    return spelled
