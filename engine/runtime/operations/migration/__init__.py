"""Migrating running cases to another version of their process: plan, validation, one case, many cases."""

from engine.runtime.operations.migration.batches import cancel_batch, start_batch
from engine.runtime.operations.migration.mapping import MigrationInstruction, MigrationPlan, generate
from engine.runtime.operations.migration.migrate import Migrate
from engine.runtime.operations.migration.survey import Surveyed, running, survey
from engine.runtime.operations.migration.validation import MigrationProblem, MigrationRefused, validate

__all__ = [
    "Migrate",
    "MigrationInstruction",
    "MigrationPlan",
    "MigrationProblem",
    "MigrationRefused",
    "Surveyed",
    "cancel_batch",
    "generate",
    "running",
    "start_batch",
    "survey",
    "validate",
]
