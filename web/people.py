"""Groups from the manuals' roles, the product's own groups, and the people of the demo."""

from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import Group, Membership, User
from web.auth.passwords import hash_password
from web.auth.person import ADMIN, AUDITOR, OWNER, PLANNER

DEMO_PASSWORD = "demo"  # noqa: S105 -- everybody's, and only in demo mode

_PRODUCT_GROUPS = {
    ADMIN: ("系统管理员", "Administrators"),
    OWNER: ("流程负责人", "Process owners"),
    AUDITOR: ("审计", "Auditors"),
    PLANNER: ("计划调度", "Planners"),
}

#: Sign-in name, name, groups.
DEMO_PEOPLE = (
    ("admin", "系统管理员", (ADMIN,)),
    ("owner", "沈怀瑾", (OWNER,)),
    ("auditor", "方静仪", (AUDITOR,)),
    ("hotline1", "林晓雯", ("hotline", "staff")),
    ("hotline2", "周敏", ("hotline", "staff")),
    ("coordinator1", "陈志远", ("coordinator", "staff", PLANNER)),
    ("engineer1", "赵建国", ("onsite", "field", "field_pm", "staff")),
    ("engineer2", "刘海峰", ("onsite", "field", "staff")),
    ("parts1", "孙丽", ("parts", "parts_centre", "staff")),
    ("callback1", "何静", ("callback", "care_committee", "staff")),
    ("cashier1", "郑慧", ("admin", "finance", "staff")),
    ("head1", "吴国栋", ("office_head", "duty_head", "management", "care_committee", "staff", PLANNER)),
    ("support1", "马骏", ("tech_support", "staff")),
    ("service1", "唐雪梅", ("service_department", "customer_service", "care_committee", "staff")),
    ("region1", "蒋文涛", ("region", "staff")),
    ("leader1", "尹建平", ("unit_leader", "staff")),
    ("unit1", "顾晓岚", ("group_unit",)),
    ("sales1", "梁艺", ("sales", "staff")),
    ("chief1", "高振华", ("chief_engineer", "service_manager", "staff")),
    ("reception1", "叶欣然", ("reception", "staff")),
    ("bench1", "宋立新", ("inhouse", "staff")),
    ("hq1", "段文静", ("hq", "staff")),
    ("dept1", "方志宏", ("department", "staff")),
    ("director1", "严国华", ("director", "staff")),
    ("csmanager1", "秦岚", ("cs_manager", "staff")),
)


def seed_groups(database: Database, roles_file: Path) -> None:
    """Make the groups that are missing: the product's own, and one per `group` of the manuals' roles."""
    wanted = dict(_PRODUCT_GROUPS)
    roles = yaml.safe_load(roles_file.read_text("utf-8"))["roles"] if roles_file.is_file() else []
    for role in roles:
        if role["group"] != "none":
            wanted.setdefault(role["group"], (role["zh"], role["en"]))
    with database.transaction() as session:
        database.one_at_a_time(session, "seed people")
        known = set(session.scalars(select(Group.id)))
        session.add_all(Group(id=group, name=zh, name_en=en) for group, (zh, en) in wanted.items() if group not in known)


def seed_demo_people(database: Database, now: datetime) -> None:
    """Make the demo's people that are missing, all with the same password. Never outside demo mode."""
    with database.transaction() as session:
        database.one_at_a_time(session, "seed people")
        known = set(session.scalars(select(User.id)))
        groups = set(session.scalars(select(Group.id)))
        missing = [person for person in DEMO_PEOPLE if person[0] not in known]
        password_hash = hash_password(DEMO_PASSWORD) if missing else ""  # one for all: it is no secret, and slow to reckon
        for user_id, name, _ in missing:
            session.add(
                User(
                    id=user_id,
                    name=name,
                    email=f"{user_id}@demo.example",
                    password_hash=password_hash,
                    locale="zh",
                    active=True,
                    created_at=now,
                    session_epoch=0,
                    failed_logins=0,
                )
            )
        session.flush()
        session.add_all(
            Membership(user_id=user_id, group_id=group) for user_id, _, member_of in missing for group in member_of if group in groups
        )
