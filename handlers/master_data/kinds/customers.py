"""Customers and what belongs to them."""

from functools import partial

from engine.ids import new_id
from handlers.customers.tables import Contact, Contract, Customer, Device
from handlers.master_data.description import Kind, column
from handlers.master_data.kinds.checks import EMAIL, PHONE, in_order
from handlers.master_data.kinds.rights import CUSTOMER_KEEPERS, CUSTOMER_READERS
from handlers.master_data.links import Reference
from handlers.master_data.reading import Target
from handlers.master_data.types import Choice
from handlers.numbers import plain_number

CUSTOMER = Target(Customer, "id", "unit_name")
_LEVELS = Choice((("ordinary", "普通", "Ordinary"), ("key", "重点", "Key"), ("vip", "VIP", "VIP")))
_LINES = Choice(
    (
        ("server", "服务器", "Server"),
        ("storage", "存储", "Storage"),
        ("network", "网络", "Network"),
        ("pc", "微机", "Personal computer"),
        ("printer", "打印机", "Printer"),
        ("ups", "不间断电源", "UPS"),
    )
)

_customer = partial(column, Customer)
CUSTOMERS = Kind(
    name="customers",
    zh="客户",
    en="Customers",
    table=Customer,
    icon="people",
    named_by="unit_name",
    readers=CUSTOMER_READERS,
    editors=CUSTOMER_KEEPERS,
    customer="id",
    natural_key=("unit_name",),
    related=("contacts", "devices", "contracts"),
    number=lambda session: plain_number(session, "KH"),
    initial=lambda change: {"created_at": change.engine.clock.now()},
    columns=(
        _customer("id", "客户编号", "Customer no.", searched=True),
        _customer("unit_name", "客户名称", "Customer name", searched=True),
        _customer("level", "等级", "Level", _LEVELS),
        _customer("region", "区域", "Region", searched=True),
        _customer("address", "地址", "Address", searched=True),
        _customer("preferences", "偏好与要求", "Preferences", listed=False),
        _customer("data_checked_at", "资料核对时间", "Data checked at", listed=False),
    ),
)

_contact = partial(column, Contact)
CONTACTS = Kind(
    name="contacts",
    zh="联系人",
    en="Contacts",
    table=Contact,
    icon="user",
    named_by="name",
    order=("customer_id", "name"),
    readers=CUSTOMER_READERS,
    editors=CUSTOMER_KEEPERS,
    customer="customer_id",
    natural_key=("customer_id", "phone"),
    number=lambda _session: new_id(),
    columns=(
        _contact("id", "联系人编号", "Contact no.", listed=False),
        _contact("name", "姓名", "Name", searched=True),
        _contact("customer_id", "客户编号", "Customer no.", Reference(CUSTOMER, many=True), searched=True),
        _contact("phone", "电话", "Phone", PHONE, searched=True),
        _contact("email", "邮箱", "E-mail", EMAIL, searched=True),
        _contact("title", "职务", "Position"),
        _contact("is_responsible", "是负责人", "Is responsible"),
    ),
)

_device = partial(column, Device)
DEVICES = Kind(
    name="devices",
    zh="设备",
    en="Devices",
    table=Device,
    icon="device",
    readers=CUSTOMER_READERS,
    editors=CUSTOMER_KEEPERS,
    customer="customer_id",
    rules=(
        in_order("onsite_until", "warranty_until", "保修不能先于上门期结束。", "The warranty cannot end before the on-site period."),
        in_order("sold_on", "warranty_until", "保修不能先于销售日结束。", "The warranty cannot end before the day of sale."),
    ),
    columns=(
        _device("serial", "序列号", "Serial no.", searched=True),
        _device("customer_id", "客户编号", "Customer no.", Reference(CUSTOMER, many=True), searched=True),
        _device("model", "型号", "Model", searched=True),
        _device("service_line", "服务线", "Service line", _LINES),
        _device("standard_configuration", "标准配置", "Standard configuration", listed=False),
        _device("sold_on", "销售日期", "Sold on", listed=False),
        _device("warranty_until", "保修至", "Warranty until"),
        _device("onsite_until", "上门至", "On site until"),
        _device("company_product", "本公司产品", "Our product", listed=False),
        _device("location", "位置", "Location", listed=False),
    ),
)

_contract = partial(column, Contract)
CONTRACTS = Kind(
    name="contracts",
    zh="合同",
    en="Contracts",
    table=Contract,
    icon="file",
    named_by="project_name",
    readers=CUSTOMER_READERS,
    editors=CUSTOMER_KEEPERS,
    customer="customer_id",
    rules=(in_order("starts_on", "ends_on", "结束不能早于开始。", "The end cannot be before the start."),),
    columns=(
        _contract("contract_no", "合同号", "Contract no.", searched=True),
        _contract("customer_id", "客户编号", "Customer no.", Reference(CUSTOMER, many=True), searched=True),
        _contract("project_name", "项目名称", "Project", searched=True),
        _contract("coverage", "免费范围", "What is free", listed=False),
        _contract("starts_on", "开始日期", "Starts on"),
        _contract("ends_on", "结束日期", "Ends on"),
    ),
)
