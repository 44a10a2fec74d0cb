"""Edits of diagrams."""

from tests.difference.edits import CALLBACK, ONSITE, Edit, both, cut, swap, within

_VIP = (
    '<bpmn:userTask id="greet_vip" name="问候 VIP"><bpmn:incoming>f_in</bpmn:incoming><bpmn:outgoing>f_out</bpmn:outgoing></bpmn:userTask>'
)
_CALL_ATTRIBUTES = (
    'name="给客户打电话" camunda:candidateGroups="callback" camunda:assignee="=callback_specialist" camunda:formRef="f_callback_call"'
)

DIAGRAM_EDITS = [
    Edit("rename a task", CALLBACK, swap(('name="给客户打电话"', 'name="致电客户"')), "changed", "call_customer", "name", "“给客户打电话”改名为 “致电客户”"),
    Edit("rename a lane", CALLBACK, swap(('name="电话回访专员"', 'name="回访专员"')), "changed", "lane_callback", "name", "回访专员"),
    Edit("rename the pool", CALLBACK, swap(('id="customer" name="客户"', 'id="customer" name="顾客"')), "changed", "customer", "name", "顾客"),
    Edit("another role", CALLBACK, within('id="analyse_root"', ('candidateGroups="office_head"', 'candidateGroups="office_head,duty_head"')), "changed", "analyse_root", "camunda:candidateGroups", "办理角色：增加 duty_head"),
    Edit("nobody in particular", CALLBACK, swap((_CALL_ATTRIBUTES, _CALL_ATTRIBUTES.replace(' camunda:assignee="=callback_specialist"', ""))), "changed", "call_customer", "camunda:assignee", "去掉办理人"),
    Edit("another assignee", CALLBACK, swap((_CALL_ATTRIBUTES, _CALL_ATTRIBUTES.replace("=callback_specialist", "=initiator"))), "changed", "call_customer", "camunda:assignee", "办理人由"),
    Edit("another form", CALLBACK, swap((_CALL_ATTRIBUTES, _CALL_ATTRIBUTES.replace("f_callback_call", "f_callback_talk"))), "changed", "call_customer", "camunda:formRef", "表单由"),
    Edit("a due date for a task", CALLBACK, within('id="let_speak"', ('camunda:formRef="f_callback_talk"', 'camunda:dueDate="=working time(now(), duration(&quot;PT4H&quot;))" camunda:formRef="f_callback_talk"')), "changed", "let_speak", "camunda:dueDate", "新增办理时限：4 小时工作时间"),
    Edit("another due date", CALLBACK, within('id="accept_list"', ('camunda:dueDate="=date and time(callback_due_at)"', 'camunda:dueDate="=working days(now(), 2)"')), "changed", "accept_list", "camunda:dueDate", "改为 2 个工作日"),
    Edit("no due date any more", CALLBACK, within('id="accept_list"', (' camunda:dueDate="=date and time(callback_due_at)"', "")), "changed", "accept_list", "camunda:dueDate", "去掉办理时限"),
    Edit("another timer", CALLBACK, swap(('<bpmn:timeDate xsi:type="bpmn:tFormalExpression">working days(now(), parameters.callback_retry_working_days)</bpmn:timeDate>', '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT36H</bpmn:timeDuration>')), "changed", "next_working_day", "timer", "定时由 （参数“callback_retry_working_days”） 个工作日 改为 36 小时"),
    Edit("a message instead of the timer", CALLBACK, both(cut('<bpmn:timerEventDefinition id="definition_callback_late">', "</bpmn:timerEventDefinition>"), within('<bpmn:boundaryEvent id="callback_late"', ("</bpmn:outgoing>", '</bpmn:outgoing><bpmn:messageEventDefinition messageRef="message_complaint_received" />'))), "changed", "callback_late", "event", "事件类型由 定时 改为 消息"),
    Edit("an interrupting deadline", CALLBACK, swap(('name="完成满一周" attachedToRef="talk_to_customer" cancelActivity="false"', 'name="完成满一周" attachedToRef="talk_to_customer"')), "changed", "callback_late", "interrupting", "是否中断"),
    Edit("another condition", CALLBACK, swap(("callback_attempts &lt; parameters.callback_attempts", "callback_attempts &lt; 5")), "changed", "flow_tries_left_next_working_day", "condition", "条件由 “callback_attempts < parameters.callback_attempts” 改为 “callback_attempts < 5”"),
    Edit("another default", CALLBACK, swap(('default="flow_tries_left_gave_up"', 'default="flow_tries_left_next_working_day"')), "changed", "tries_left", "default", "默认去向由 “未接通” 改为 “下一工作日”"),
    Edit("a flow led elsewhere", CALLBACK, swap(('sourceRef="ask_reason" targetRef="ask_suggestions"', 'sourceRef="ask_reason" targetRef="say_goodbye"')), "changed", "flow_ask_reason_ask_suggestions", "target", "去向由 “征询其他建议” 改为 “道别并结束回访”"),
    Edit("a label on a flow", CALLBACK, swap(('id="flow_to_improve_analyse_root" name="是"', 'id="flow_to_improve_analyse_root" name="需要"')), "changed", "flow_to_improve_analyse_root", "name", "需要"),
    Edit("a new flow", CALLBACK, swap(("</bpmn:subProcess>", '<bpmn:sequenceFlow id="shortcut" sourceRef="ask_reason" targetRef="tidy_record"><bpmn:conditionExpression>urgent = true</bpmn:conditionExpression></bpmn:sequenceFlow></bpmn:subProcess>')), "added", "shortcut", "", "新增连线“请客户说明原因”→“整理记录”（条件 urgent = true）"),
    Edit("a flow taken out", CALLBACK, cut('<bpmn:sequenceFlow id="flow_ask_reason_ask_suggestions"', "/>"), "removed", "flow_ask_reason_ask_suggestions", "", "删除连线“请客户说明原因”→“征询其他建议”"),
    Edit("a task put into a flow", CALLBACK, swap(('id="flow_let_speak_is_satisfied" sourceRef="let_speak" targetRef="is_satisfied" />', f'id="flow_let_speak_is_satisfied" sourceRef="let_speak" targetRef="greet_vip" />{_VIP}<bpmn:sequenceFlow id="f_out" sourceRef="greet_vip" targetRef="is_satisfied" />')), "added", "greet_vip", "", "新增人工任务“问候 VIP”，在“引导客户发言”之后，去向“满意？”"),
    Edit("a task taken out of a flow", CALLBACK, both(cut('<bpmn:userTask id="say_goodbye"', "</bpmn:userTask>"), cut('<bpmn:sequenceFlow id="flow_say_goodbye_tidy_record"', "/>"), swap(('sourceRef="ask_suggestions" targetRef="say_goodbye"', 'sourceRef="ask_suggestions" targetRef="tidy_record"'))), "removed", "say_goodbye", "", "删除人工任务“道别并结束回访”"),
    Edit("a deadline taken off", CALLBACK, both(cut('<bpmn:boundaryEvent id="callback_later"', "</bpmn:boundaryEvent>"), cut('<bpmn:sequenceFlow id="flow_callback_later_record_callback_breach"', "/>")), "removed", "callback_later", "", "删除边界事件“再过一周”"),
    Edit("a reminder on a task", CALLBACK, swap(('<bpmn:exclusiveGateway id="was_reached"', '<bpmn:boundaryEvent id="remind" name="提醒" attachedToRef="call_customer" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration>PT2H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:exclusiveGateway id="was_reached"')), "added", "remind", "", "新增边界事件“提醒”，附在“给客户打电话”上"),
    Edit("a whole sub-process taken out", CALLBACK, both(cut('<bpmn:subProcess id="talk_to_customer"', "</bpmn:subProcess>"), cut('<bpmn:boundaryEvent id="callback_late"', "</bpmn:boundaryEvent>"), cut('<bpmn:boundaryEvent id="callback_later"', "</bpmn:boundaryEvent>"), cut('<bpmn:sequenceFlow id="flow_queue_callback_talk_to_customer"', "/>"), cut('<bpmn:sequenceFlow id="flow_talk_to_customer_got_through"', "/>"), cut('<bpmn:sequenceFlow id="flow_callback_late_record_callback_breach"', "/>"), cut('<bpmn:sequenceFlow id="flow_callback_later_record_callback_breach"', "/>"), cut('<bpmn:messageFlow id="message_talk_to_customer_customer"', "/>")), "removed", "talk_to_customer", "", "删除子流程“电话回访客户”（连同其中或所附的"),
    Edit("a task of another type", CALLBACK, both(swap(('<bpmn:exclusiveGateway id="to_improve"', '<bpmn:inclusiveGateway id="to_improve"')), within('id="to_improve"', ("</bpmn:exclusiveGateway>", "</bpmn:inclusiveGateway>"))), "changed", "to_improve", "kind", "类型由 判断 改为 包容网关"),
    Edit("into another lane", CALLBACK, swap(("<bpmn:flowNodeRef>close_satisfied</bpmn:flowNodeRef>", ""), ('name="办事处负责人">', 'name="办事处负责人"><bpmn:flowNodeRef>close_satisfied</bpmn:flowNodeRef>')), "changed", "close_satisfied", "lane", "泳道由 “电话回访专员” 改为 “办事处负责人”"),
    Edit("another handler", CALLBACK, within('id="close_followed_up"', ('camunda:topic="feedback.close_callback"', 'camunda:topic="feedback.record_call"')), "changed", "close_followed_up", "camunda:topic", "处理程序由"),
    Edit("another input", CALLBACK, within('id="record_callback_breach"', ('name="notify_roles">callback,office_head<', 'name="notify_roles">callback<')), "changed", "record_callback_breach", "input notify_roles", "输入 notify_roles"),
    Edit("one more input", CALLBACK, within('id="record_callback_breach"', ("<camunda:inputOutput>", '<camunda:inputOutput><camunda:inputParameter name="slip_id">=slip_id</camunda:inputParameter>')), "changed", "record_callback_breach", "input slip_id", "新增输入 slip_id"),
    Edit("one output less", CALLBACK, cut('<camunda:outputParameter name="callback_breach_id">', "</camunda:outputParameter>"), "changed", "record_callback_breach", "output callback_breach_id", "去掉输出 callback_breach_id"),
    Edit("another clause", CALLBACK, within('id="analyse_root"', ("M3-3.1-cb-4,M3-2.5-4", "M3-3.1-cb-4")), "changed", "analyse_root", "property opsbook:clause", "手册条款：去掉 M3-2.5-4"),
    Edit("another correlation key", CALLBACK, within('id="hand_to_complaint"', ('name="opsbook:correlationKey" value="=order_id"', 'name="opsbook:correlationKey" value="=customer_unit"')), "changed", "hand_to_complaint", "property opsbook:correlationKey", "关联键"),
    Edit("another decision table", CALLBACK, swap(('camunda:decisionRef="dmn_improvement_needed"', 'camunda:decisionRef="dmn_completion"')), "changed", "judge_improvement", "camunda:decisionRef", "决策表由"),
    Edit("another message", CALLBACK, within('id="hand_to_complaint"', ('messageRef="message_complaint_received"', 'messageRef="message_callback_request"')), "changed", "hand_to_complaint", "trigger", "触发内容由 “complaint.received” 改为 “callback.request”"),
    Edit("a message of another name", CALLBACK, swap(('name="complaint.received"', 'name="complaint.arrived"')), "changed", "message_complaint_received", "name", "complaint.arrived"),
    Edit("who may start it", CALLBACK, swap(('<bpmn:process id="callback"', '<bpmn:process camunda:candidateStarterGroups="callback" id="callback"')), "changed", "callback", "camunda:candidateStarterGroups", "新增可发起的角色"),
    Edit("a note for readers", CALLBACK, within('id="ask_reason"', ("<bpmn:extensionElements>", "<bpmn:documentation>先倾听</bpmn:documentation><bpmn:extensionElements>")), "changed", "ask_reason", "documentation", "新增说明：“先倾听”"),
    Edit("an annotation", CALLBACK, swap(("</bpmn:subProcess>", '</bpmn:subProcess><bpmn:textAnnotation id="note"><bpmn:text>每周一次</bpmn:text></bpmn:textAnnotation>')), "added", "note", "", "新增注释“每周一次”"),
    Edit("retries", CALLBACK, within('id="add_improvement"', ("<bpmn:extensionElements>", "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R5/PT10M</camunda:failedJobRetryTimeCycle>")), "changed", "add_improvement", "retries", "失败重试"),
    Edit("one after the other, not at once", ONSITE, within('id="print_papers"', ('isSequential="true" ', "")), "changed", "print_papers", "loop", "重复方式由 依次多个 改为 同时多个"),
    Edit("another collection", ONSITE, swap(('camunda:collection="open_promises"', 'camunda:collection="promises"')), "changed", "close_promises", "loop camunda:collection", "重复的清单"),
    Edit("another called process", ONSITE, within('id="quote_before_visit"', ('calledElement="paid_service"', 'calledElement="paid_settlement"')), "changed", "quote_before_visit", "called element", "调用的流程由"),
    Edit("another value passed in", ONSITE, within('id="quote_before_visit"', ('sourceExpression="=cover.paid_type"', 'sourceExpression="=paid_type"')), "changed", "quote_before_visit", "in paid_type", "传入 paid_type"),
    Edit("another script", "inhouse_repair/inhouse_repair.bpmn", swap(("<bpmn:script>", "<bpmn:script>null or ")), "changed", "compute_repair_due", "script", "计算式有修改"),
    Edit("a shape placed elsewhere", CALLBACK, within('bpmnElement="analyse_root"', ('x="', 'x="1')), "redrawn", "analyse_root", "", "位置或大小有调整"),
]  # fmt: skip
