"""Edits of forms."""

from tests.difference.edits import REASON, Edit, field, form, swap

_PHONE = {"type": "textfield", "id": "field_phone", "key": "phone", "label": "电话", "validate": {"required": True}}

FORM_EDITS = [
    Edit("a field's title", REASON, swap(('"label": "不满意的原因"', '"label": "哪里不满意"')), "changed", "field_reason", "label", "“不满意的原因”的标题由 “不满意的原因” 改为 “哪里不满意”"),
    Edit("a field's variable", REASON, field("reason", lambda item: item.update(key="why")), "changed", "field_reason", "key", "变量名由 “reason” 改为 “why”"),
    Edit("no longer required", REASON, field("reason", lambda item: item["validate"].pop("required")), "changed", "field_reason", "validate.required", "“不满意的原因”不再必填"),
    Edit("a longer text", REASON, field("reason", lambda item: item["validate"].update(maxLength=8000)), "changed", "field_reason", "validate.maxLength", "最多字数由 “4000” 改为 “8000”"),
    Edit("a help text", REASON, field("reason", lambda item: item.update(description="原话记录")), "changed", "field_reason", "description", "新增说明：“原话记录”"),
    Edit("hidden sometimes", REASON, field("reason", lambda item: item.update(conditional={"hide": "=satisfied = true"})), "changed", "field_reason", "conditional.hide", "新增隐藏条件"),
    Edit("read-only", REASON, field("reason", lambda item: item.update(readonly=True)), "changed", "field_reason", "readonly", "新增只读：是"),
    Edit("a default", REASON, field("about", lambda item: item.update(defaultValue="speed")), "changed", "field_about", "defaultValue", "新增默认值：“speed”"),
    Edit("one more option", REASON, field("about", lambda item: item["values"].append({"label": "安全", "value": "safety"})), "changed", "field_about", "option safety", "“关于”新增选项 safety：“安全”"),
    Edit("an option less", REASON, field("about", lambda item: item["values"].pop()), "changed", "field_about", "option other", "“关于”去掉选项 other（原为 “其他”）"),
    Edit("an option's title", REASON, field("about", lambda item: item["values"][0].update(label="快慢")), "changed", "field_about", "option speed", "选项 speed由 “速度” 改为 “快慢”"),
    Edit("options in another order", REASON, field("about", lambda item: item["values"].reverse()), "changed", "field_about", "options", "选项顺序"),
    Edit("another kind of field", REASON, field("about", lambda item: item.update(type="radio")), "changed", "field_about", "kind", "类型由 下拉选择 改为 单选"),
    Edit("a new field", REASON, form(lambda schema: schema["components"].insert(1, _PHONE)), "added", "field_phone", "", "新增文本框“电话”，在“不满意的原因”之后"),
    Edit("a field less", REASON, form(lambda schema: schema["components"].pop(0)), "removed", "field_reason", "", "删除多行文本“不满意的原因”"),
    Edit("a field in another place", REASON, form(lambda schema: schema["components"].append(schema["components"].pop(0))), "moved", "field_reason", "", "“不满意的原因”移到“客户要投诉”之后"),
    Edit("a wider field", REASON, field("about", lambda item: item["layout"].update(columns=16)), "redrawn", "field_about", "", "位置或大小有调整"),
]  # fmt: skip
