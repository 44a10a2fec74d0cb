"""What stands on each paper: facts from the tables, the rest from the forms of the case."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext
from handlers.billing.tables import Invoice, Payment, Quotation
from handlers.customers.tables import Customer
from handlers.documents import words
from handlers.documents.facts import Case, assemble, customer_section, parts_section, signature_image
from handlers.documents.paper import Field, Paper, Section, Signature
from handlers.fields import local_text
from handlers.money import yuan
from handlers.orders.tables import Receipt, ServiceOrder, Slip


def service_order_paper(case: Case) -> Paper:
    """F-SERVICE 售后服务单: what was done, with the customer's signature."""
    ctx, slip = case.ctx, case.slip
    engineer = case.engineer()
    sections = [
        customer_section(case),
        Section(
            "服务过程",
            [
                Field("上门工程师", f"{engineer.name}　{engineer.mobile}" if engineer else ""),
                Field("上门次数", str(slip.visit_no) if slip else ""),
                Field("到场时间", local_text(ctx, slip.arrived_at if slip else None) or case.say("arrived_at")),
                Field("完工时间", local_text(ctx, slip.finished_at if slip else None) or case.say("finished_at")),
                Field("服务内容", case.say("service_content") or (slip.service_content or "" if slip else ""), wide=True),
                Field("处理过程", case.say("service_process"), wide=True),
                Field("解决办法", case.say("service_solution") or case.say("solution_given"), wide=True),
            ],
        ),
    ]
    parts = case.values.get("parts") or (slip.parts_used if slip else None) or []
    if parts:
        sections.append(parts_section(ctx, parts))
    sections += _money_sections(ctx, case.order)
    problems = [item for item in case.values.get("open_problems") or [] if isinstance(item, dict)]
    if problems:
        sections.append(
            Section(
                "遗留问题",
                columns=["问题", "解决日期"],
                rows=[[str(item.get("text") or ""), str(item.get("due") or "")] for item in problems],
            )
        )
    sections.append(
        Section(
            "建议与意见", [Field("使用建议", case.say("advice"), wide=True), Field("客户意见", case.say("customer_opinion"), wide=True)]
        )
    )
    signatures = [
        Signature("客户签名", case.order.contact_person or "", signature_image(ctx, case.values.get("customer_sig"))),
        Signature("工程师签名", engineer.name if engineer else "", signature_image(ctx, case.values.get("engineer_sig"))),
    ]
    return assemble(
        case,
        "F-SERVICE",
        "售后服务单",
        "Service Order",
        sections,
        signatures,
        "本单一式两份，客户与服务方各执一份。扫描右上角二维码可核对单号。\n"
        "Two copies, one for the customer and one for the service. The code at the top right is the number.",
    )


def slip_paper(case: Case) -> Paper:
    """F-SLIP 上门派工单, parts A to C."""
    slip = _required(case.slip)
    ctx = case.ctx
    engineer = case.engineer()
    part_a = [
        Field("客户单位", slip.customer_unit, wide=True),
        Field("地址", slip.address, wide=True),
        Field("联系人", slip.contact_person),
        Field("联系电话", slip.contact_phone),
        Field("机型", slip.device_model),
        Field("序列号", slip.device_serial or ""),
        Field("故障现象", slip.fault, wide=True),
        Field("故障初判", words.say(slip.fault_type_guess)),
        Field("保修 / 上门期", f"{words.say(slip.in_warranty)} / {words.say(slip.in_onsite_period)}"),
        Field("是否有偿", words.say(slip.paid)),
        Field("客户要求时间", local_text(ctx, slip.requested_at)),
        Field("特殊要求", slip.special_request or "", wide=True),
    ]
    part_b = [
        Field("联系时间", local_text(ctx, slip.contacted_at)),
        Field("服务区域", words.say(slip.band)),
        Field("判断故障", slip.judged_fault or "", wide=True),
        Field("最晚到场", local_text(ctx, slip.due_arrival_at)),
        Field("承诺上门", local_text(ctx, slip.promised_visit_at)),
        Field("上门工程师", engineer.name if engineer else ""),
        Field("距离", f"{slip.distance_km:g} km" if slip.distance_km is not None else ""),
    ]
    part_c = [
        Field("出发 / 到场", f"{local_text(ctx, slip.departed_at) or '—'} / {local_text(ctx, slip.arrived_at) or '—'}", wide=True),
        Field("服务内容", slip.service_content or "", wide=True),
        Field("结果", words.say(slip.visit_result)),
        Field("完工时间", local_text(ctx, slip.finished_at)),
        Field("备件已还", words.say(slip.part_returned)),
        Field("下一步", slip.next_step or ""),
    ]
    sections = [Section("甲　热线填写", part_a), Section("乙　协调员填写", part_b), Section("丙　工程师填写", part_c)]
    return assemble(case, "F-SLIP", "上门派工单", "Dispatch Slip", sections)


def repair_form_paper(case: Case) -> Paper:
    """F-REPAIR 维修单, as filled in during the visit or in the station."""
    form = case.repair_form()
    if form is None:
        raise NotFound(f"服务单 {case.order.id} 还没有维修单。", f"The order {case.order.id} has no repair form yet.")
    content = {**form.content, **{name: value for name, value in case.values.items() if value not in (None, "", [])}}

    def say(name: str) -> str:
        return words.say(content.get(name), local=lambda instant: local_text(case.ctx, instant))

    checks = [
        Field("机型", say("device_model")),
        Field("序列号", say("device_serial")),
        Field("保修单 / 装箱单", f"{say('warranty_card_checked')} / {say('packing_list_checked')}"),
        Field("配置标准", say("configuration_standard")),
        Field("外观 / 连接", f"{say('exterior')} / {say('connections')}"),
        Field("故障重现", say("reproduced") + (f" ({content['observed_minutes']} min)" if content.get("observed_minutes") else "")),
        Field("配置差异", say("configuration_note"), wide=True),
    ]
    diagnosis = [
        Field("故障描述", say("fault_description"), wide=True),
        Field("故障类型", say("fault_type")),
        Field("故障部件", say("faulty_part")),
        Field("故障原因", say("cause"), wide=True),
        Field("人为依据", say("man_made_evidence"), wide=True),
        Field("处理意见", say("solution_given"), wide=True),
        Field("遗留问题", say("open_items"), wide=True),
    ]
    sections = [customer_section(case), Section("检查", checks), Section("诊断", diagnosis)]
    steps = [
        [str(item.get("step") or ""), words.say(item.get("phase")), str(item.get("result") or "")] for item in content.get("measures") or []
    ]
    if steps:
        sections.append(Section("维修步骤", columns=["步骤", "阶段", "结果"], rows=steps))
    if content.get("parts"):
        sections.append(parts_section(case.ctx, content["parts"]))
    inspection = [[str(item.get("item") or ""), words.say(item.get("ok"))] for item in content.get("inspection") or []]
    if inspection:
        sections.append(Section("验机", columns=["项目", "合格"], rows=inspection))
    if content.get("collected"):
        collected = [
            Field("已取机", say("collected_at")),
            Field("凭证号", say("customer_copy_receipt_no")),
            Field("身份核对", say("identity_check"), wide=True),
        ]
        sections.append(Section("取机", collected))
    engineer = case.engineer()
    signatures = [
        Signature("客户签名", case.order.contact_person or "", signature_image(case.ctx, content.get("customer_sig"))),
        Signature("工程师签名", engineer.name if engineer else "", signature_image(case.ctx, content.get("engineer_sig"))),
    ]
    if content.get("pickup_sig"):
        signatures.append(Signature("取机签名", case.order.contact_person or "", signature_image(case.ctx, content["pickup_sig"])))
    note = "备件归还已由备件运作专员确认。The parts specialist has confirmed the return of the parts." if form.part_return_confirmed else ""
    return assemble(case, "F-REPAIR", "维修单", "Repair Form", sections, signatures, note)


def quotation_paper(case: Case) -> Paper:
    """F-QUOTE 报价单: the newest quotation of the order."""
    newest = select(Quotation).where(Quotation.order_id == case.order.id).order_by(Quotation.made_at.desc(), Quotation.id.desc()).limit(1)
    quotation = case.ctx.session.scalars(newest).first()
    if quotation is None:
        raise NotFound(f"服务单 {case.order.id} 还没有报价。", f"The order {case.order.id} has no quotation yet.")
    facts = [
        Field("报价单号", quotation.id),
        Field("有偿类别", words.say(quotation.paid_type)),
        Field("有效期至", str(quotation.valid_until)),
        Field("状态", words.say(quotation.state)),
    ]
    sections = [customer_section(case), Section("报价", facts), _quotation_lines(quotation)]
    signatures = [Signature("客户签名", case.order.contact_person or "", signature_image(case.ctx, case.values.get("quote_sig")))]
    return assemble(case, "F-QUOTE", "有偿服务报价单", "Quotation", sections, signatures)


def receipt_paper(ctx: JobContext, order: ServiceOrder, receipt: Receipt) -> Paper:
    """F-RECEIPT 带回凭证 or 取机凭证: the customer's proof of what we keep."""
    case = Case(ctx, order, None, ctx.session.get_one(Customer, order.customer_id), {})
    title, title_en = ("带回凭证", "Take-back Receipt") if receipt.kind == "take_back" else ("取机凭证", "Pick-up Voucher")
    rows = [[str(item["item"]), str(item.get("serial") or ""), str(item["qty"])] for item in receipt.items]
    sections = [
        customer_section(case),
        Section("凭证", [Field("凭证号", receipt.no), Field("开具日期", str(receipt.issued_on))]),
        Section("物品", columns=["物品", "序列号", "数量"], rows=rows),
    ]
    signatures = [Signature("客户签名", order.contact_person or "", None), Signature("经手人", receipt.issued_by or "", None)]
    return assemble(
        case,
        "F-RECEIPT",
        title,
        title_en,
        sections,
        signatures,
        "请凭本凭证取机。Please bring this receipt to collect the machine.",
        made_at=str(receipt.issued_on),
    )


def _money_sections(ctx: JobContext, order: ServiceOrder) -> list[Section]:
    accepted = (
        select(Quotation).where(Quotation.order_id == order.id, Quotation.state == "accepted").order_by(Quotation.made_at.desc()).limit(1)
    )
    quotation = ctx.session.scalars(accepted).first()
    if quotation is None:
        return [
            Section(
                "费用",
                [
                    Field(
                        "收费",
                        "本次服务免费 free of charge" if order.coverage != "paid" else "有偿，详见报价单 paid, see the quotation",
                        wide=True,
                    )
                ],
            )
        ]
    section = _quotation_lines(quotation)
    for payment in ctx.session.scalars(select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)):
        invoice = ctx.session.scalars(select(Invoice.no).where(Invoice.payment_id == payment.id)).first()
        number = f"，发票 invoice {invoice}" if invoice else ""
        section = replace(section, total=f"{section.total}　　实收 Received {yuan(payment.amount)}（{words.say(payment.method)}{number}）")
    return [section]


def _quotation_lines(quotation: Quotation) -> Section:
    rows = [
        [str(line["item"]), f"{line['qty']:g} {line['unit']}", yuan(Decimal(str(line["unit_price"]))), yuan(Decimal(str(line["amount"])))]
        for line in quotation.lines
    ]
    return Section("费用", columns=["项目", "数量", "单价", "金额"], rows=rows, total=f"合计 Total　{yuan(quotation.total)}")


def _required(slip: Slip | None) -> Slip:
    if slip is None:
        raise NotFound("这个服务单还没有派工单。", "This order has no slip yet.")
    return slip
