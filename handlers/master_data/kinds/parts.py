"""Spare parts, what is on the shelf, and the price list."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from engine.errors import FieldProblem
from handlers.billing.tables import PriceItem
from handlers.master_data.description import Change, Kind, Values, column
from handlers.master_data.kinds.checks import in_order
from handlers.master_data.kinds.rights import OFFICE_READERS, PART_KEEPERS, PART_READERS, PRICE_KEEPERS, STOCK_KEEPERS
from handlers.master_data.links import Reference, Texts
from handlers.master_data.reading import Reading, Target
from handlers.master_data.types import Choice
from handlers.outside import outside_of_cases
from handlers.parts.ledger import post
from handlers.parts.tables import Part, StockItem

PART = Target(Part, "no", "name")
_TRAITS = Choice((("wear", "易损件", "Wear part"), ("critical", "关键件", "Critical"), ("long_lead_time", "长周期件", "Long lead time")))
_PLACES = Choice((("shelf", "货架", "Shelf"), ("defective", "故障件区", "Defective"), ("loan", "借出", "On loan")))
_PAID_TYPES = Choice(
    (
        ("hardware_upgrade", "硬件升级", "Hardware upgrade"),
        ("technical_training", "技术培训", "Technical training"),
        ("software", "软件", "Software"),
        ("out_of_warranty_repair", "保外维修", "Out-of-warranty repair"),
        ("out_of_warranty_inspection", "保外验机", "Out-of-warranty inspection"),
        ("man_made", "人为故障", "Man-made damage"),
        ("other_product", "非本公司产品", "Other product"),
    )
)

_part = partial(column, Part)
PARTS = Kind(
    name="parts",
    zh="备件",
    en="Spare parts",
    table=Part,
    icon="part",
    named_by="name",
    related=("stock",),
    readers=PART_READERS,
    editors=PART_KEEPERS,
    rules=(in_order("min_qty", "max_qty", "上限不能小于下限。", "The maximum cannot be less than the minimum."),),
    columns=(
        _part("no", "备件号", "Part no.", searched=True),
        _part("name", "名称", "Name", searched=True),
        _part("unit", "单位", "Unit", listed=False),
        _part("applies_to", "适用型号", "Fits models", Texts(), required=False, listed=False, searched=True),
        _part("is_serialised", "逐件编码", "Each piece has a barcode", listed=False, fixed=True),
        _part("supplier", "供应商", "Supplier", searched=True),
        _part("cost", "成本（元）", "Cost (CNY)"),
        _part("trait", "特性", "Trait", _TRAITS),
        _part("location", "货位", "Shelf", searched=True),
        _part("min_qty", "下限", "Minimum"),
        _part("max_qty", "上限", "Maximum"),
    ),
)


def _correct(change: Change, row: StockItem, values: Values) -> StockItem:
    """Bring the balance to what was found, by one entry of the ledger: the row itself is never written here."""
    wanted: dict[str, Any] = {name: getattr(row, name) for name in ("barcode", "place", "part_no")} | dict(values)
    difference = wanted["qty"] - (row.qty or 0)
    ends = ("difference", wanted["place"]) if difference > 0 else (wanted["place"], "difference")
    post(
        outside_of_cases(change.engine, change.session, work="stock correction", actor=change.actor),
        "adjust",
        part_no=wanted["part_no"],
        barcode=wanted["barcode"],
        qty=abs(difference),
        from_place=ends[0],
        to_place=ends[1],
        reference=change.reference or "correction",
    )
    return change.session.get_one(StockItem, (wanted["barcode"], wanted["place"]))


def _can_be_corrected(values: Values, reading: Reading) -> Iterator[tuple[str, FieldProblem]]:
    if values["place"] == "loan":
        yield "place", FieldProblem("借出的备件只能通过归还来改。", "What is on loan changes only by its return.")
    if values["qty"] == 0 and reading.session.get(StockItem, (values["barcode"], values["place"])) is None:
        yield "qty", FieldProblem("没有库存，也没有要更正的。", "Nothing is booked there, and nothing is to be corrected.")
    part = reading.session.get(Part, values["part_no"])
    if part and part.is_serialised and values["qty"] > 1:
        yield "qty", FieldProblem("逐件编码的备件，每个条码最多 1 件。", "Each piece has a barcode of its own: at most 1.")


_stock = partial(column, StockItem)
STOCK = Kind(
    name="stock",
    zh="库存",
    en="Stock",
    table=StockItem,
    icon="cases",
    order=("part_no", "barcode", "place"),
    readers=PART_READERS,
    editors=STOCK_KEEPERS,
    rules=(_can_be_corrected,),
    store=_correct,
    reason_needed=True,
    removable=False,
    columns=(
        _stock("barcode", "条码", "Barcode", searched=True),
        _stock("place", "位置", "Place", _PLACES),
        _stock("part_no", "备件号", "Part no.", Reference(PART, many=True), searched=True, fixed=True),
        _stock("qty", "数量", "Quantity"),
    ),
)

_price = partial(column, PriceItem)
PRICES = Kind(
    name="prices",
    zh="价目表",
    en="Price list",
    table=PriceItem,
    icon="file",
    named_by="name",
    readers=OFFICE_READERS,
    editors=PRICE_KEEPERS,
    rules=(in_order("valid_from", "valid_until", "失效不能早于生效。", "The end cannot be before the start."),),
    initial=lambda change: {"set_by": change.actor},
    columns=(
        _price("code", "代码", "Code", searched=True),
        _price("valid_from", "生效日期", "Valid from"),
        _price("valid_until", "失效日期", "Valid until"),
        _price("name", "名称", "Name", searched=True),
        _price(
            "paid_type",
            "收费类别",
            "Kind of service",
            _PAID_TYPES,
            help_zh="留空：各类服务都用。",
            help_en="Blank: for every kind of service.",
        ),
        _price("unit", "单位", "Unit"),
        _price("price", "单价（元）", "Price (CNY)"),
        _price("is_standard", "默认报价", "Quoted by itself", listed=False),
    ),
)
