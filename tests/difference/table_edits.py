"""Edits of decision tables."""

from tests.difference.edits import ARRIVAL, Edit, both, cut, swap, within

_ROW = '<rule id="dmn_arrival_deadline_rule_{}">'
_RULE_3 = "dmn_arrival_deadline_rule_3"
_COLUMN = '<input id="vip" label="VIP"><inputExpression id="vip_expression" typeRef="boolean"><text>vip</text></inputExpression></input>'
_CELL = '<inputEntry id="vip_{}"><text>-</text></inputEntry><outputEntry id="dmn_arrival_deadline_rule_{}_out_1">'


def _move_last_row_first(text: str) -> str:
    start, end = text.index(_ROW.format(4)), text.index("</decisionTable>")
    row, rest = text[start:end], text[:start] + text[end:]
    at = rest.index(_ROW.format(1))
    return rest[:at] + row + rest[at:]


_NEW_ROW = (
    '<rule id="new_row"><inputEntry id="n1"><text>-</text></inputEntry><inputEntry id="n2"><text>-</text></inputEntry><inputEntry id="n3"><text>&lt;= 200</text></inputEntry>'
    '<outputEntry id="n4"><text>"far"</text></outputEntry><outputEntry id="n5"><text>5</text></outputEntry><outputEntry id="n6"><text>false</text></outputEntry></rule>'
)

TABLE_EDITS = [
    Edit("a limit in a condition", ARRIVAL, swap(("&lt;= 80", "&lt;= 100")), "changed", _RULE_3, "cell dmn_arrival_deadline_input_3", "“到场期限”第 3 行的“距离（公里）”由 “<= 80” 改为 “<= 100”"),
    Edit("a result", ARRIVAL, within(_ROW.format(3), ("<text>3</text>", "<text>4</text>")), "changed", _RULE_3, "cell dmn_arrival_deadline_output_2", "第 3 行的“工作日数”由 “3” 改为 “4”"),
    Edit("a condition opened", ARRIVAL, within(_ROW.format(1), ("<text>true</text>", "<text>-</text>")), "changed", "dmn_arrival_deadline_rule_1", "cell dmn_arrival_deadline_input_1", "改为 “-”"),
    Edit("a remark", ARRIVAL, swap(("区域外八十公里内三个工作日", "区域外较近的三个工作日")), "changed", _RULE_3, "annotation", "备注由"),
    Edit("a new last row", ARRIVAL, swap(("</decisionTable>", _NEW_ROW + "</decisionTable>")), "added", "new_row", "", '第 5 行：如果 “距离（公里）” <= 200，则 “档次” "far"，“工作日数” 5，“时间另行商定” false'),
    Edit("a new row in between", ARRIVAL, swap((_ROW.format(2), _NEW_ROW + _ROW.format(2))), "added", "new_row", "", "新增“到场期限”第 2 行"),
    Edit("a row less", ARRIVAL, cut(_ROW.format(2), "</rule>"), "removed", "dmn_arrival_deadline_rule_2", "", "删除“到场期限”第 2 行"),
    Edit("a row in another place", ARRIVAL, _move_last_row_first, "moved", "dmn_arrival_deadline_rule_4", "", "第 4 行移到第 1 行"),
    Edit("another hit policy", ARRIVAL, swap(('hitPolicy="FIRST"', 'hitPolicy="COLLECT"')), "changed", "dmn_arrival_deadline", "hit policy", "命中规则由 “FIRST” 改为 “COLLECT”"),
    Edit("a condition's expression", ARRIVAL, swap(("<text>distance_km</text>", "<text>distance</text>")), "changed", "dmn_arrival_deadline_input_3", "expression", "取值由"),
    Edit("a column's title", ARRIVAL, swap(('label="距离（公里）"', 'label="路程（公里）"')), "changed", "dmn_arrival_deadline_input_3", "label", "路程（公里）"),
    Edit("a column's type", ARRIVAL, within('id="dmn_arrival_deadline_input_3"', ('typeRef="number"', 'typeRef="string"')), "changed", "dmn_arrival_deadline_input_3", "typeRef", "数据类型由"),
    Edit("a result's name", ARRIVAL, swap(('name="working_days"', 'name="days"')), "changed", "dmn_arrival_deadline_output_2", "name", "改名为"),
    Edit("a new condition column", ARRIVAL, both(swap(('<output id="dmn_arrival_deadline_output_1"', _COLUMN + '<output id="dmn_arrival_deadline_output_1"')), *(swap((f'<outputEntry id="dmn_arrival_deadline_rule_{row}_out_1">', _CELL.format(row, row))) for row in (1, 2, 3, 4))), "added", "vip", "", "新增条件列“VIP”"),
    Edit("a condition column less", ARRIVAL, both(cut('<input id="dmn_arrival_deadline_input_1"', "</input>"), *(cut(f'<inputEntry id="dmn_arrival_deadline_rule_{row}_in_1">', "</inputEntry>") for row in (1, 2, 3, 4))), "removed", "dmn_arrival_deadline_input_1", "", "删除条件列“有特殊要求”"),
    Edit("the table's name", ARRIVAL, swap(('<decision id="dmn_arrival_deadline" name="到场期限"', '<decision id="dmn_arrival_deadline" name="到场时限"')), "changed", "dmn_arrival_deadline", "name", "到场时限"),
]  # fmt: skip
