"""How tightly operators bind, loosest first."""

TERNARY, OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, INSTANCE = range(1, 10)
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
ARITHMETIC = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "%": MULTIPLY, "**": POWER}
