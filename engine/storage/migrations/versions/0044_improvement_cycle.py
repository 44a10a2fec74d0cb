"""The cycle of improvement: minutes, measures, praise, strategies, answers of staff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0044"
down_revision = "0043"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables; improvements that were on the list wait for the next meeting."""
    with op.batch_alter_table("improvement_item") as table:
        table.add_column(sa.Column("case_id", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_improvement_item_closed_at"), "improvement_item", ["closed_at"], unique=False)
    _make_meetings()
    _make_praise_and_strategies()
    _make_surveys()


def _make_meetings() -> None:
    op.create_table(
        "improvement_meeting",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_by", sa.String(length=255), nullable=True),
        sa.Column("staff_tool", sa.String(length=255), nullable=False),
        sa.Column("attendees", JSON, nullable=False),
        sa.Column("points", JSON, nullable=False),
        sa.CheckConstraint(
            "staff_tool IN ('weekly_meeting', 'interview', 'internal_card', 'staff_forum', 'suggestions', 'opinion_survey')",
            name=op.f("ck_improvement_meeting_staff_tool"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_meeting")),
    )
    op.create_index(op.f("ix_improvement_meeting_held_on"), "improvement_meeting", ["held_on"], unique=False)
    op.create_table(
        "improvement_measure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective", sa.Boolean(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("round > 0", name=op.f("ck_improvement_measure_round_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["improvement_item.id"], name=op.f("fk_improvement_measure_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_measure")),
        sa.UniqueConstraint("item_id", "round", name=op.f("uq_improvement_measure_item_id_round")),
    )
    op.create_index(op.f("ix_improvement_measure_due_on"), "improvement_measure", ["due_on"], unique=False)


def _make_praise_and_strategies() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("employee", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=255), nullable=True),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('award', 'small_success', 'friendly')", name=op.f("ck_recognition_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("case_id", "employee", "kind", name=op.f("uq_recognition_case_id_employee_kind")),
    )
    op.create_table(
        "service_strategy",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("goals", JSON, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("standards", "education", "obstacles", "recovery_system", "rewards", "measuring", "empowerment")
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_strategy")),
    )
    op.create_index(op.f("ix_service_strategy_decided_at"), "service_strategy", ["decided_at"], unique=False)


def _make_surveys() -> None:
    op.create_table(
        "staff_survey",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("case_key", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("internal_customers", sa.Text(), nullable=False),
        sa.Column("help_answer", sa.Text(), nullable=False),
        sa.Column("cooperation_answer", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_staff_survey_score")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_survey")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_staff_survey_case_id_user_id")),
    )
    op.create_index(op.f("ix_staff_survey_answered_at"), "staff_survey", ["answered_at"], unique=False)
