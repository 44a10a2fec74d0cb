"""The papers of a field project: plan, disclosure, daily reports, witness, handover, result."""

from handlers.documents.sheets import Block, Sheet

SITE_PLAN = Sheet(
    "F-SITEPLAN",
    "现场服务方案",
    "Site Plan",
    (
        Block(
            "作业步骤",
            rows="plan_rows",
            columns=(("步骤", "step"), ("操作项", "operation"), ("操作方式", "method"), ("目标", "goal")),
        ),
        Block("条件与要求", texts=(("现场环境", "environment"), ("要求", "requirements"), ("风险", "risks"))),
    ),
)
DISCLOSURE = Sheet(
    "F-DISCLOSURE",
    "技术交底单",
    "Technical Disclosure",
    (
        Block(
            "交底内容",
            texts=(
                ("服务内容", "disclosed_content"),
                ("服务范围", "disclosed_scope"),
                ("风险点", "risk_points"),
                ("服务目标", "service_goals"),
                ("公司承诺", "company_commitment"),
                ("管控要求", "control_requirements"),
                ("工作安排", "schedule"),
                ("缺件", "disclosed_missing_parts"),
                ("技术资料", "technical_documents"),
                ("配合事项", "cooperation_items"),
            ),
        ),
        Block("涉及设备", rows="equipment_rows", columns=(("设备", "equipment"),)),
        Block("接口人", rows="interface_rows", columns=(("姓名", "person"), ("职责", "duty"))),
        Block("搁置的分歧", rows="disagreements", columns=(("分歧", "disagreement"),)),
    ),
    (("客户签名", "disclosure_sig", "contact_person"),),
)
DAILY_REPORT = Sheet(
    "F-DAILY",
    "每日工作日志",
    "Daily Report",
    (
        Block("当日工作", (("日期", "daily_date"),), (("工作内容", "daily_content"), ("进度", "daily_progress"))),
        Block("问题", rows="daily_problems", columns=(("问题", "text"), ("需要支援", "help_needed"))),
    ),
)
WITNESS = Sheet(
    "F-WITNESS",
    "见证记录",
    "Witness Record",
    (
        Block("见证事项", (("类别", "witness_event"), ("重要材料", "witness_important")), (("名称", "witness_title"),)),
        Block("见证人", rows="witnesses", columns=(("姓名", "name"), ("所属方", "side"))),
    ),
    (("客户签名", "witness_sig", "contact_person"),),
)
SITE_HANDOVER = Sheet(
    "F-HANDOVER",
    "附件备件移交单",
    "Handover of Accessories and Parts",
    (Block("移交物品", rows="handover_lines", columns=(("物品", "item"), ("数量", "qty"), ("状态", "state"))),),
    (("客户签名", "handover_sig", "contact_person"),),
)
FIELD_CLOSE = Sheet(
    "F-CLOSE",
    "现场服务回执单",
    "Receipt of Field Service",
    (
        Block(
            "服务结果",
            (("评分", "close_rating"),),
            (("实施情况", "work_done"), ("结果", "work_result"), ("运行注意事项", "cautions"), ("客户意见", "close_opinions")),
        ),
        Block("遗留工作", rows="open_items", columns=(("工作", "text"), ("完成日期", "due"))),
    ),
    (("客户签章", "close_sig", "contact_person"),),
)
PROJECT_SHEETS = {
    "site_plan": SITE_PLAN,
    "disclosure": DISCLOSURE,
    "daily_report": DAILY_REPORT,
    "witness": WITNESS,
    "site_handover": SITE_HANDOVER,
    "field_close": FIELD_CLOSE,
}
