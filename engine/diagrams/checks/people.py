"""Rules on who does the work and which clause it realises."""

from engine.diagrams.checks.check import Check, nearest

_WHO = ("assignee", "candidateUsers", "candidateGroups")


def doers(check: Check) -> None:
    """Every duty can be done by somebody, in groups that exist; not checked where no groups are known."""
    known = check.known.groups
    if known is None:
        return
    for element in check.elements("userTask"):
        if not any(element.camunda.get(name) for name in _WHO):
            check.report(
                "nobody-assigned",
                element,
                "没有写明谁来办理，待办不会出现在任何人的列表里；请选择岗位（候选组）或办理人。",
                "Nobody is named to do this, so it appears in nobody's inbox; choose a candidate group or an assignee.",
                severity="warning",
            )
        groups = element.camunda.get("candidateGroups", "")
        for group in () if groups.startswith(("=", "$")) else filter(None, map(str.strip, groups.split(","))):
            if group not in known:
                zh, en = nearest(group, known)
                check.report("unknown-group", element, f"没有组“{group}”。{zh}", f"There is no group “{group}”. {en}", severity="warning")


def clauses(check: Check) -> None:
    """User tasks cite the clauses of the manual that they realise, where there is a manual."""
    known = check.known.clauses
    if not known:
        return
    for element in check.elements():
        for clause in element.clauses:
            if clause not in known:
                zh, en = nearest(clause, known)
                check.report(
                    "unknown-clause",
                    element,
                    f"手册里没有条款“{clause}”。{zh}",
                    f"The manuals have no clause “{clause}”. {en}",
                    severity="warning",
                )
        if element.type == "userTask" and not element.clauses:
            check.report(
                "no-clause",
                element,
                "没有写明依据手册的哪一条；请在“手册依据”里选择条款（属性 opsbook:clause）。",
                "No clause of the manuals is cited; choose one in the property opsbook:clause.",
                severity="info",
            )


RULES = (doers, clauses)
