"""What breaks in the demo, by line of service: what the customer says, what it turns out to be, which part it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault from the phone to the repair."""

    told: str
    cause: str
    step: str
    part: str | None = None  #: number of the part that is exchanged
    kind: str = "hardware"  #: hardware, software or man_made
    phase: str = "board"  #: software, peripheral or board


FAULTS: dict[str, tuple[Fault, ...]] = {
    "server": (
        Fault("服务器面板黄灯亮，系统日志报硬盘预警", "2 号盘坏道增长", "更换硬盘并重建阵列", "HD-2T"),
        Fault("服务器自动重启，一天三次", "内存单比特错误超限", "更换内存后压力测试", "MM-32S"),
        Fault("一路电源报警，风扇狂转", "电源模块输出异常", "更换电源模块", "PS-800"),
        Fault("机器噪声很大，温度报警", "系统风扇轴承磨损", "更换风扇并清灰", "FN-80"),
        Fault("开机进不了系统，停在阵列界面", "阵列配置信息丢失", "导入外部配置，核对数据", None, "software", "software"),
    ),
    "storage": (
        Fault("存储柜一块盘离线", "硬盘读写错误", "更换硬盘并观察重建", "HD-4T"),
        Fault("业务系统读写很慢", "缓存策略被改为直写", "恢复缓存策略，复测吞吐", None, "software", "software"),
    ),
    "network": (
        Fault("三楼全部断网", "上联光模块失效", "更换光模块", "SF-10G"),
        Fault("交换机间歇掉电", "交换机电源老化", "更换电源", "PS-SW"),
        Fault("部分电脑上网时断时续", "网线水晶头氧化", "更换网线", "CB-6", "hardware", "peripheral"),
    ),
    "pc": (
        Fault("按电源键没有反应", "电源无输出", "更换电源并带机测试", "PS-300"),
        Fault("电脑非常慢，经常卡死", "固态硬盘寿命耗尽", "更换固态硬盘并恢复系统", "SD-512"),
        Fault("开机蓝屏", "系统文件损坏", "修复系统文件，更新补丁", None, "software", "software"),
        Fault("上不了网", "网卡接口松动", "更换网卡", "NC-1G"),
        Fault("键盘进水后不能用", "客户将茶水洒入键盘", "清洁并更换键盘", "KB-N14", "man_made", "peripheral"),
    ),
    "printer": (
        Fault("打印有黑条，用手一擦就掉", "定影温度不足", "更换定影组件", "FU-21", "hardware", "peripheral"),
        Fault("经常卡纸", "搓纸轮磨损", "更换搓纸轮", "RL-P", "hardware", "peripheral"),
        Fault("电脑找不到打印机", "网络地址冲突", "重新分配地址并安装驱动", None, "software", "software"),
    ),
    "ups": (
        Fault("停电后只撑了两分钟", "电池组容量衰减", "更换电池组并做放电测试", "BT-U9"),
        Fault("不间断电源一直鸣叫", "市电接入端子松动", "紧固端子并检测", None),
    ),
}

#: Questions on the phone, with their answers.
QUESTIONS = (
    ("打印机怎么设置双面打印？", "在打印首选项的布局页选择双面，保存为默认。"),
    ("服务器怎样查看保修到期日？", "机身标签上的序列号报给热线即可查询，也可看管理页面。"),
    ("台式机最多能加到多少内存？", "两个插槽，最多 64 GB，建议成对安装。"),
    ("不间断电源多久要换电池？", "一般三年左右，出现告警或放电时间明显变短时就该更换。"),
    ("送修需要带什么？", "机器、保修单和购机凭证，数据请先备份。"),
)

#: Questions for technical support: question, analysis, solution.
HARD_QUESTIONS = (
    ("阵列扩容后性能反而下降，是什么原因？", "扩容后条带未对齐，后台初始化占用带宽。", "等待初始化完成，业务低谷时做条带重整。"),
    ("两台服务器做双机热备，心跳偶尔丢失", "交换机开启了节能以太网。", "关闭心跳口的节能功能，心跳改走直连线。"),
    ("存储快照占满了空间，能安全删除吗？", "快照链中有两份仍被备份任务引用。", "先停备份任务，从最旧的快照开始删除。"),
    ("交换机升级固件后部分 VLAN 不通", "新固件默认启用了入口过滤。", "在受影响端口放行对应 VLAN。"),
)

COMPLAINTS = ("约好上午来，等到下午才来人", "电话转了三个人才说清楚", "修好两天又坏了，希望给个说法")
EMERGENCIES = ("机房进水，核心服务器断电，全院挂号停了", "收费系统全部瘫痪，窗口排长队")
INSTALLATIONS = ("新买的两台服务器请安排安装", "搬办公室，需要重新安装交换机和打印机")
PRAISE = ("师傅讲得很清楚，机器好用", "来得快，修得好", "挺满意，没有别的意见", "服务态度很好")
GRUMBLES = (("等了两天才来人", "speed"), ("修完打印还是慢", "skill"), ("配件太贵", "price"), ("说话不耐烦", "attitude"))
SUGGESTIONS = ("最好上门前半小时先打电话", "希望能做一次使用培训", "建议提供备用机")
