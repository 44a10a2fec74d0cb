"""How much room a label takes, as bpmn-js sets it."""

#: bpmn-js wraps labels outside shapes at 90 px; one line is 14 px high.
OUTSIDE_WIDTH, LINE_HEIGHT = 88.0, 14.0
_WIDE, _NARROW = 11.2, 6.2  #: widths of a Chinese and of a Latin character at 11 px
_INSIDE_WIDE, _INSIDE_NARROW = 12.0, 6.6  #: the same at 12 px, inside a shape
_PADDING = 6.0


def outside_size(text: str) -> tuple[float, float]:
    """Width and height of a label beside an event, a gateway or a flow."""
    lines, widest, current = 1, 0.0, 0.0
    for char in text:
        width = _WIDE if _is_wide(char) else _NARROW
        if char == "\n" or current + width > OUTSIDE_WIDTH:
            lines, current = lines + 1, 0.0
        current += 0.0 if char == "\n" else width
        widest = max(widest, current)
    return widest, lines * LINE_HEIGHT


def fits_inside(text: str, width: float, height: float) -> bool:
    """Whether a name can be read inside a shape without being cut."""
    room = width - 2 * _PADDING
    words = text.split(" ") if text.isascii() else [text]
    needed = sum(-(-sum(_INSIDE_WIDE if _is_wide(char) else _INSIDE_NARROW for char in word) // room) for word in words)
    if text.isascii():  # short words share a line
        needed = max(1, -(-sum(_INSIDE_NARROW for _ in text) // room))
    return needed * LINE_HEIGHT <= height - _PADDING


def _is_wide(char: str) -> bool:
    return ord(char) > 0xFF
