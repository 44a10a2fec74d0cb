"""Money in the database: whole fen, so that sums are exact on every database."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

#: One fen in yuan.
FEN = Decimal("0.01")


class Money(TypeDecorator[Decimal]):
    """A CNY amount with two decimals, kept as whole fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Yuan to fen."""
        return None if value is None else int(rounded(value) * 100)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Fen to yuan."""
        return None if value is None else Decimal(value) * FEN


def rounded(amount: Decimal) -> Decimal:
    """To the fen, half up as on invoices."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def yuan(amount: Decimal) -> str:
    """For people: `￥1,280.00`."""
    return f"￥{rounded(amount):,.2f}"
