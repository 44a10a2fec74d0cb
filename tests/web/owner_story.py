"""What a process owner does at the screen: another deadline, a new way for some customers, two mistakes, and a proposal."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.web.board import Board
from tests.web.callbacks import DIAGRAM
from tests.web.drawing import Drawing

DRAFTS = (DIAGRAM, "callback/f_callback_record.form", "callback/f_vip_thanks.form")
TASK = "VIP 客户致谢"


def shorten_deadline(page: Page) -> None:
    """Five days instead of seven to call back, on the page of the parameter, with the reason."""
    page.goto("/parameters")
    page.get_by_role("link", name="完工后回访").click()
    page.get_by_label("时长").fill("5")
    page.get_by_label("理由").fill("客户反映一周太久")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".figure-now")).to_have_text("5 天")


def make_form(page: Page) -> None:
    """A new form, begun from the library: how the customer was thanked."""
    page.goto("/studio")
    page.get_by_role("link", name="新建或导入").click()
    page.get_by_label("空白表单").check()
    page.get_by_label("标识").fill("vip_thanks")
    page.get_by_label("文件夹").select_option("callback")
    page.get_by_role("button", name="新建").click()
    board = Board(page)
    board.describe("事由", name="致谢方式", key="vip_thanks")
    board.saved()


def ask_for_vip(page: Page) -> None:
    """The form of the record, found in the library, gets a box to tick: an important customer."""
    page.goto("/studio?q=callback&kind=form")
    page.get_by_role("link", name="整理记录").click()
    board = Board(page)
    board.add("勾选框", below="记录完整")
    board.describe("勾选框", name="VIP 客户", key="vip_customer")
    board.saved()


def remind_within_the_week(drawing: Drawing) -> None:
    """The first reminder comes after five days now, the second when the manual's week is over: names and time say so."""
    drawing.come_closer("talk_to_customer")
    drawing.rename("callback_late", "完成满五天")
    drawing.rename("callback_later", "完成满一周")
    drawing.select("callback_later")
    drawing.express("ops-timer-value", 'date and time(completed_at) + duration("P7D")')
    drawing.saved()


@dataclass(frozen=True)
class Drawn:
    """Ids of what was drawn."""

    gateway: str
    task: str
    no: str  #: the flow past the task
    yes: str  #: the flow to the task


def draw_way_for_vip(drawing: Drawing) -> Drawn:
    """A gateway before the end, a task behind it, and the flows with their names."""
    drawing.bring("satisfied_end")
    drawing.move("satisfied_end", right=150)
    drawing.bring("flow_close_satisfied_satisfied_end")
    before = drawing.flows()
    gateway = drawing.put("create.exclusive-gateway", "flow_close_satisfied_satisfied_end")
    drawing.rename(gateway, "VIP 客户？")
    (no,) = drawing.flows() - before
    before = drawing.flows()
    task = drawing.append(gateway, "人工任务")
    drawing.rename(task, TASK)
    (yes,) = drawing.flows() - before
    drawing.connect(task, "satisfied_end")
    drawing.rename(no, "否")
    drawing.rename(yes, "是")
    drawing.saved()
    return Drawn(gateway, task, no, yes)


def describe_task(drawing: Drawing, drawn: Drawn) -> None:
    """Who does it, with which form, and the clause it follows: each chosen from a list."""
    drawing.select(drawn.task)
    drawing.choose("岗位", "回访", "电话回访专员")
    drawing.choose("填哪张表单", "vip", "f_vip_thanks")
    drawing.choose("条款", "M3-3.1-cb-3", "M3-3.1-cb-3")
    drawing.saved()


def make_two_mistakes(drawing: Drawing, drawn: Drawn) -> None:
    """The condition is typed with a full-width sign, and nothing says what holds for all other customers."""
    drawing.select(drawn.yes)
    drawing.express("ops-condition-text", "vip_customer ＝ true")
    said = drawing.badge(drawn.gateway)
    expect(said).to_contain_text("出线“否”没有条件，也不是默认出线")
    expect(said).to_contain_text("全角符号“＝”请改为半角“=”")
    drawing.saved()
    said.hover()


def be_stopped(page: Page) -> None:
    """What has mistakes cannot be proposed: the page says where and what, and the button is dead."""
    page.get_by_role("link", name="发布…").click()
    expect(page.get_by_text("有错误，改正后才能发布")).to_be_visible()
    expect(page.get_by_text("全角符号“＝”请改为半角“=”")).to_be_visible()
    expect(page.get_by_role("button", name="提交发布申请")).to_be_disabled()


def mend_both(page: Page, drawn: Drawn) -> None:
    """One by a click on what is offered, one by hand."""
    drawing = Drawing(page, DIAGRAM)
    page.get_by_role("button", name="检查", exact=True).click()
    page.get_by_role("button", name="把“否”设为默认出线").click()
    drawing.come_closer(drawn.gateway)
    drawing.select(drawn.yes)
    drawing.express("ops-condition-text", "vip_customer = true")
    expect(drawing.badge(drawn.gateway)).to_have_count(0)
    drawing.saved()


def try_it(page: Page) -> None:
    """In a sandbox, from where the record is written in the scenario of a content customer: the new task comes, and the case ends."""
    page.locator(".head-actions").get_by_role("link", name="试运行").click()
    content = page.locator(".sandbox-way", has_text="像场景“客户满意”那样开始")
    content.get_by_text("从它的某一步接着办").click()
    content.get_by_label("整理记录").check()
    page.get_by_role("button", name="开始试运行").click()
    record = page.locator("[data-task]", has_text="整理记录")
    record.get_by_label("VIP 客户").check()
    record.get_by_label("记录完整").check()
    record.get_by_role("button", name="完成").click()
    for work in ("登记回访结果", "保存满意度", "结束回访"):
        page.locator("[data-job]", has_text=work).get_by_role("button", name="让它在沙盒里办").click()
    thanks = page.locator("[data-task]", has_text=TASK)
    thanks.get_by_label("致谢方式").fill("致电感谢")
    thanks.get_by_role("button", name="完成").click()
    expect(page.locator("[data-over]")).to_contain_text(TASK)


def propose(page: Page) -> None:
    """From the diagram: the three drafts go together; why, and whom it concerns."""
    page.goto(f"/studio/edit/bpmn/{DIAGRAM}")
    page.get_by_role("link", name="发布…").click()
    for draft in DRAFTS:
        expect(page.get_by_label(draft)).to_be_checked()
    expect(page.get_by_label("电话回访专员")).to_be_checked()
    page.get_by_label("标题").fill("五天内回访，VIP 客户专人致谢")
    page.get_by_label("为什么改").fill("客户反映一周太久；重要客户要专人致谢。")
    page.get_by_role("button", name="提交发布申请").click()
    expect(page.get_by_text("已提交发布申请")).to_be_visible()


def counted(page: Page) -> dict[str, dict[str, int]]:
    """Per version that runs: how many cases of each sort the page shows."""
    found = {}
    for version in page.locator(".proposal-version").all():
        counts = {sort: int(version.locator(f".sort-{sort} b").inner_text()) for sort in ("safe", "answer", "mapping", "stays")}
        found[version.locator("legend").inner_text().partition(" · ")[0]] = counts
    return found


def send_cases_along(page: Page, new: str, before: str) -> None:
    """Of the newest version all move, timers anew; of the one before those that wait at a task of another name, once it is said which."""
    newest, older = page.get_by_role("group", name=new), page.get_by_role("group", name=before)
    newest.get_by_label("可直接迁移").check()
    newest.get_by_label("需要您决定").check()
    newest.get_by_label("按新版本重新计算").check()
    older.get_by_label("“征询愿望”").select_option("征询其他建议")
    page.get_by_role("button", name="保存去向").click()
    expect(page.get_by_text("在办案例的去向已保存")).to_be_visible()


def approve(page: Page) -> None:
    """A second person, on the page of the proposal, lets it go live."""
    page.get_by_label("意见").fill("同意")
    page.get_by_role("button", name="批准并发布").click()
    expect(page.get_by_text("已发布，新案例按新版本办理")).to_be_visible()
