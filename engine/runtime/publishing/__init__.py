"""From a draft to everybody's work: propose, see the consequences, approve, go live with migration, tell those concerned."""

from engine.runtime.publishing.consequences import SORTS, CaseConsequence, VersionConsequences, consequences
from engine.runtime.publishing.decision import (
    SecondPersonNeeded,
    approve,
    begin_migrations,
    choose_migrations,
    go_live_on_date,
    reject,
    withdraw,
)
from engine.runtime.publishing.migrations import MigrationChoice
from engine.runtime.publishing.proposal import Proposal, propose, propose_deployed
from engine.runtime.publishing.readers import confirm, unread

__all__ = [
    "SORTS",
    "CaseConsequence",
    "MigrationChoice",
    "Proposal",
    "SecondPersonNeeded",
    "VersionConsequences",
    "approve",
    "begin_migrations",
    "choose_migrations",
    "confirm",
    "consequences",
    "go_live_on_date",
    "propose",
    "propose_deployed",
    "reject",
    "unread",
    "withdraw",
]
