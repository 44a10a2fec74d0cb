"""The skills that the on-site procedure asks for, from the first start on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.dispatch.tables import Skill

#: Code (as the form of the coordinator's contact has it), name, English name.
_SKILLS = (
    ("server", "服务器", "Server"),
    ("storage", "存储", "Storage"),
    ("network", "网络", "Network"),
    ("pc", "微机", "Personal computer"),
    ("printer", "打印机", "Printer"),
    ("ups", "不间断电源", "UPS"),
    ("software", "软件", "Software"),
    ("power", "供配电", "Power supply"),
)


def seed_skills(session: Session) -> None:
    """Give a database without skills the procedure's."""
    if session.scalars(select(Skill.id).limit(1)).first() is None:
        session.add_all(Skill(id=code, name=name, name_en=name_en) for code, name, name_en in _SKILLS)
        session.flush()
