"""Papers that print what a form has, block by block; papers that gather facts from several tables are in `papers`."""

from dataclasses import dataclass
from typing import Any

from handlers.documents import words
from handlers.documents.facts import Case, assemble, customer_section, signature_image
from handlers.documents.paper import Field, Paper, Section, Signature
from handlers.fields import local_text


@dataclass(frozen=True)
class Block:
    """A section: labels with the names of the values beside them, and a table of a value that is a list."""

    title: str
    fields: tuple[tuple[str, str], ...] = ()  #: two to a line
    texts: tuple[tuple[str, str], ...] = ()  #: a line each
    rows: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def section(self, case: Case) -> Section:
        """The block as it stands on the paper."""
        return Section(
            self.title,
            [Field(label, case.say(name)) for label, name in self.fields]
            + [Field(label, case.say(name), wide=True) for label, name in self.texts],
            columns=[label for label, _ in self.columns],
            rows=[
                [words.say(row.get(name), local=lambda instant: local_text(case.ctx, instant)) for _, name in self.columns]
                for row in self._lines(case)
            ],
        )

    def _lines(self, case: Case) -> list[dict[str, Any]]:
        return [row for row in case.values.get(self.rows) or [] if isinstance(row, dict)]


@dataclass(frozen=True)
class Sheet:
    """A paper: its name, its blocks, and who signs it (label, name of the signature, name of the signer)."""

    kind: str
    title: str
    title_en: str
    blocks: tuple[Block, ...]
    signatures: tuple[tuple[str, str, str], ...] = ()

    def paper(self, case: Case) -> Paper:
        """The paper of a case."""
        signatures = [
            Signature(label, case.say(signer), signature_image(case.ctx, case.values.get(name))) for label, name, signer in self.signatures
        ]
        sections = [customer_section(case), *(block.section(case) for block in self.blocks)]
        return assemble(case, self.kind, self.title, self.title_en, sections, signatures)


REPORT_8D = Sheet(
    "F-8D",
    "8D 报告",
    "8D Report",
    (
        Block(
            "质量问题",
            (("质量问题编号", "quality_issue_id"), ("8D 报告编号", "report_8d_no"), ("部件", "part"), ("发现时间", "found_at")),
            (("问题现象", "symptom"),),
        ),
        Block(
            "8D",
            texts=(
                ("D1 小组", "d1_team"),
                ("D2 问题描述", "d2_description"),
                ("D3 临时措施", "d3_containment"),
                ("D4 根本原因", "d4_root_cause"),
                ("D5 纠正措施", "d5_corrective"),
                ("D6 实施", "d6_implemented"),
                ("D7 预防措施", "d7_prevention"),
                ("D8 总结", "d8_closure"),
            ),
        ),
    ),
)

INCIDENT_REPORT = Sheet(
    "F-INCIDENT",
    "突发事件报告",
    "Incident Report",
    (
        Block(
            "应急指挥",
            (("应急事件编号", "emergency_id"), ("起因", "trigger"), ("指挥人", "commander"), ("有人员危险", "people_at_risk")),
            (("危险情况", "hazard"), ("初步判断", "assessment"), ("首要措施", "first_measures")),
        ),
        Block("经过", rows="course", columns=(("时间", "at"), ("情况", "event"))),
        Block(
            "结论",
            texts=(("原因", "cause"), ("损失", "losses"), ("处理措施", "measures"), ("防范措施", "prevention"), ("教训", "lessons")),
        ),
    ),
)

INSTALLATION_ORDER = Sheet(
    "F-INSTORDER",
    "委派安装单",
    "Installation Order",
    (
        Block(
            "委派",
            (("合同号", "contract_no"), ("希望日期", "desired_date"), ("安装内容", "installation_scope"), ("安装地点", "address")),
            (("特殊要求", "installation_special"),),
        ),
        Block("设备", rows="equipment", columns=(("型号", "equipment_model"), ("数量", "qty"))),
    ),
    (("总监签名", "director_sig", "director_name"),),
)

INSTALLATION_SHEET = Sheet(
    "F-INST",
    "安装调试单",
    "Installation Sheet",
    (
        Block("设备", rows="devices", columns=(("型号", "device_model"), ("序列号", "device_serial"))),
        Block("测试", rows="measurements", columns=(("项目", "name"), ("数值", "value"), ("单位", "unit"), ("合格", "ok"))),
        Block("结论", (("结果", "installation_result"),), (("客户意见", "customer_opinion"),)),
        Block("遗留问题", rows="open_items", columns=(("问题", "text"), ("解决日期", "due"))),
    ),
    (("客户签名", "customer_sig", "contact_person"), ("工程师签名", "engineer_sig", "engineer_name")),
)

SURVEY = Sheet(
    "F-SURVEY",
    "满意度调查表",
    "Satisfaction Survey",
    (
        Block(
            "打分（1 最差，5 最好）",
            (
                ("联络是否方便", "ease_of_contact"),
                ("响应与维修速度", "response_and_repair_speed"),
                ("技术水平", "technical_level"),
                ("服务态度", "attitude"),
                ("物有所值", "value_for_money"),
                ("清洁", "cleanliness"),
            ),
            (("表现突出的员工", "named_employee"), ("希望改进的地方", "improvement")),
        ),
    ),
)

MAINTENANCE_SHEET = Sheet(
    "F-MAINT",
    "维保记录",
    "Maintenance Record",
    (
        Block(
            "维保",
            (("维保项目", "maintenance_item"), ("到场时间", "arrived_at")),
            (("作业标准", "instruction"), ("现场变化", "site_changes")),
        ),
        Block(
            "检查",
            rows="rows",
            columns=(
                ("项目", "item"),
                ("方法", "method"),
                ("数值", "value"),
                ("单位", "unit"),
                ("限值", "limit"),
                ("合格", "ok"),
                ("处理", "action"),
            ),
        ),
        Block("建议与意见", texts=(("使用建议", "advice"), ("客户意见", "customer_opinion"))),
    ),
    (("客户签名", "customer_sig", "contact_person"),),
)
