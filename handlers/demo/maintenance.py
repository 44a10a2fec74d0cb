"""What the demo's contracts promise in maintenance: inspections that fall due soon after the present."""

from collections.abc import Iterable
from datetime import date, timedelta

from handlers.customers.tables import Contract, Device
from handlers.maintenance.tables import MaintenanceCycle

_INTERVAL_DAYS = 91
_FIRST_IN_DAYS = 12
_INSTRUCTION = "断电前先备份；先外观、后测量，逐项记录实测值；不合格项当场处理或写明去向；完工后请客户核对。"
_CHECKLIST = [
    {"item": "外观与清洁", "method": "目视"},
    {"item": "供电电压", "method": "万用表", "unit": "V", "limit": "198–242"},
    {"item": "进风温度", "method": "测温枪", "unit": "°C", "limit": "≤ 27"},
    {"item": "告警与日志", "method": "查看管理页面"},
]


def cycles(contracts: Iterable[Contract], devices: Iterable[Device], today: date) -> list[MaintenanceCycle]:
    """A quarterly inspection of every server under a contract that runs."""
    running = {contract.customer_id: contract for contract in contracts if contract.starts_on <= today <= contract.ends_on}
    return [
        MaintenanceCycle(
            id=f"ZQ-{device.serial}",
            contract_no=running[device.customer_id].contract_no,
            device_serial=device.serial,
            item="季度巡检",
            first_due_on=today + timedelta(days=_FIRST_IN_DAYS + number),
            interval_days=_INTERVAL_DAYS,
            instruction=_INSTRUCTION,
            checklist=_CHECKLIST,
        )
        for number, device in enumerate(item for item in devices if item.service_line == "server" and item.customer_id in running)
    ]
