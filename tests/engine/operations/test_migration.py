"""Migrating running cases to another version of their process."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Conflict, InvalidInput, NotFound
from engine.runtime import assignment, instances, operations, remarks, user_tasks
from engine.runtime.operations import migration
from engine.runtime.operations.migration import Migrate, MigrationInstruction, MigrationPlan, MigrationRefused
from engine.storage.tables import ElementInstance, EventSubscription, MigrationItem
from tests.engine.conftest import Play, form
from tests.engine.operations.doing import do, names


def plan(play: Play, *overrides: tuple[str, str], source: str = "p:1", target: str = "p:2", **options: Any) -> MigrationPlan:
    instructions = [MigrationInstruction(*pair) for pair in overrides]
    return migration.generate(play.engine, source, target, overrides=instructions, **options)


def test_a_case_goes_on_in_the_new_version_with_what_it_has(play: Play) -> None:
    """Claim, draft, attachment, deadline and timer are kept; the new form, the new boundary event and the new way behind it are there."""
    attributes = 'camunda:formRef="f" camunda:dueDate="PT4H"'
    files = form("f", note="textfield") | form("g", note="textfield", more="textfield")
    case = play.begin(
        f'start a b end <userTask id="a" name="Old" {attributes}/><boundaryEvent id="late" on="a" duration="PT1H"/> late end_late',
        files=files,
    )
    task = play.task("a")
    assignment.claim(play.engine, task.id, "li")
    user_tasks.save_draft(play.engine, task.id, {"note": "half"}, "li")
    remarks.attach(play.engine, task.id, "a.txt", b"text", "file", "li")
    due = play.timers()[0].due_at
    play.advance(minutes=10)
    play.deploy(
        f"""start a c end <userTask id="a" name="New" {attributes.replace('"f"', '"g"')}/><boundaryEvent id="late" on="a" duration="PT3H"/> late end_late
        <boundaryEvent id="stop" on="a" message="stop"/> stop end_stop""",
        files=files,
    )
    done = do(play, Migrate(case, plan(play)))
    assert (names(done.closes), names(done.opens)) == ([], ["subscription stop"])
    after = play.task("a")
    assert (after.id, after.assignee, after.draft, after.due_at) == (task.id, "li", {"note": "half"}, task.due_at)
    assert (after.name, after.form_definition_id, after.process_definition_id) == ("New", "g:1", "p:2")
    assert [timer.due_at for timer in play.timers()] == [due]
    play.complete("a", note="whole", more="yes")
    assert play.open_elements() == ["c"]
    assert play.variables(case)["more"] == "yes"
    (told,) = play.events(case, "CaseMigrated")
    assert (told.data["source"], told.data["target"], told.data["reason"]) == ("p:1", "p:2", "because")
    assert told.data["mapping"]["a"] == "a"
    assert [item["element_id"] for item in told.data["before"]] == ["a"]


def test_elements_are_renamed_where_they_live(play: Play) -> None:
    """A task, a timer and a job in a sub-process go on under their new names; two that swap names are not confused."""
    body = """start {sub} end <subProcess id="{sub}">begin fork {a} join_in end_in \n fork {b} join_in \n fork s join_in
        <startEvent id="begin"/><serviceTask id="s" topic="test.flaky"/><boundaryEvent id="{late}" on="{a}" duration="PT1H"/> {late} x end_x</subProcess>"""
    case = play.begin(body.format(sub="sub", a="a", b="b", late="late"))
    ids = {task.element_id: task.id for task in play.tasks()}
    play.deploy(body.format(sub="part", a="b", b="a", late="later"))
    play.flaky.broken = None
    done = do(play, Migrate(case, plan(play, ("sub", "part"), ("a", "b"), ("b", "a"), ("late", "later"))))
    assert (done.closes, done.opens) == ((), ())
    assert {task.element_id: task.id for task in play.tasks()} == {"b": ids["a"], "a": ids["b"]}
    active = select(ElementInstance).where(ElementInstance.state == "active")
    assert sorted({row.element_id for row in play.all(active)} - {"s"}) == ["a", "b", "part"]
    play.advance(hours=1)
    assert play.open_elements() == ["a", "x"]
    for element in ("x", "a"):
        play.complete(element)
    assert play.state(case)[0] in ("active", "completed")


def test_what_may_have_to_be_undone_goes_along(play: Play) -> None:
    """Given a completed sub-process and a handler at work, when the case migrates, then both are known under their new names, and the rest is undone there."""
    body = """start {sub} undo end <subProcess id="{sub}" in:who="li">begin {a} b end_in <startEvent id="begin"/>
        <boundaryEvent id="on_a" on="{a}" by="undo_{a}"/><userTask id="undo_{a}" isForCompensation="true" out:undone="=who"/>
        <boundaryEvent id="on_b" on="b" by="undo_b"/></subProcess><intermediateThrowEvent id="undo" compensate="{sub}"/>"""
    case = play.begin(body.format(sub="sub", a="a"))
    for element in ("a", "b"):
        play.complete(element)
    assert play.open_elements() == ["undo_b"]
    play.deploy(body.format(sub="part", a="x"))
    with pytest.raises(MigrationRefused) as refused:
        operations.plan(play.engine, Migrate(case, plan(play, ("sub", "part"))))
    assert {(problem.code, problem.source) for problem in refused.value.problems} == {("compensation", "a")}
    do(play, Migrate(case, plan(play, ("sub", "part"), ("a", "x"))))
    play.complete("undo_b")
    play.complete("undo_x")
    assert play.ended(case) == "end"
    assert play.variables(case) == {"undone": "li"}


def test_all_problems_are_said_at_once(play: Play) -> None:
    """Unmapped alive elements, other types, other scopes, unknown elements and double mappings; nothing is changed."""
    case = play.begin('start fork a join end \n fork b join \n fork c join <receiveTask id="c" message="go"/>', "K")
    play.deploy(
        'start a sub end <serviceTask id="a" topic="test.echo"/><subProcess id="sub">begin b end_in <startEvent id="begin"/></subProcess>'
    )
    with pytest.raises(MigrationRefused) as refused:
        do(play, Migrate(case, plan(play)))
    assert sorted(problem.source for problem in refused.value.problems) == ["a", "b", "c"]
    assert {problem.code for problem in refused.value.problems} == {"unmapped"}
    wrong = plan(play, ("a", "a"), ("b", "b"), ("c", "nowhere"), ("ghost", "b"))
    double = MigrationPlan("p:1", "p:2", (*wrong.instructions, MigrationInstruction("b", "b")))
    codes = [problem.code for problem in migration.validate(play.engine, double)]
    assert sorted(set(codes)) == ["scope", "twice", "type", "unknown-source", "unknown-target"]
    with pytest.raises(MigrationRefused):
        operations.apply(play.engine, Migrate(case, double), actor="boss", reason="x")
    assert play.open_elements() == ["a", "b"]
    assert play.events(case, "CaseMigrated") == []


def test_triggers_are_kept_or_computed_anew(play: Play) -> None:
    """A timer keeps its instant unless the plan says otherwise; so does a message in the flow and behind an event-based gateway."""
    body = """start fork t end_t \n fork a end_a \n fork g \n g m end_m \n g n end_n
        <intermediateCatchEvent id="t" duration="{hours}"/><boundaryEvent id="late" on="a" duration="{hours}"/> late end_late
        <eventBasedGateway id="g"/><intermediateCatchEvent id="m" message="{name}"/><intermediateCatchEvent id="n" message="other"/>"""
    for updates, hours, message in ((False, 1, "old"), (True, 5, "new")):
        play.deploy(body.format(hours="PT1H", name="old"))
        case = play.start("p", f"K{updates}")
        version = next(row.process_definition_id for row in play.instances() if row.id == case)
        play.deploy(body.format(hours="PT5H", name="new"))
        number = int(version.rpartition(":")[2])
        do(play, Migrate(case, plan(play, source=version, target=f"p:{number + 1}", update_triggers=updates)))
        waits = {round((timer.due_at - play.clock.now()).total_seconds() / 3600) for timer in play.timers() if timer.instance_id == case}
        assert waits == {hours}
        subscriptions = play.all(select(EventSubscription).where(EventSubscription.instance_id == case))
        assert {row.name for row in subscriptions} == {message, "other"}
        play.message(message, f"K{updates}")
        play.advance(hours=hours)
        assert play.state(case)[0] == "completed"


def test_events_that_are_gone_stop_and_those_that_happened_do_not_come_back(play: Play) -> None:
    """A boundary event without a counterpart stops watching; one that has fired is not armed again."""
    body = """start a end <boundaryEvent id="told" on="a" duration="PT1H" cancelActivity="false"/> told b end_b
        <boundaryEvent id="late" on="a" duration="PT9H"/> late end_late"""
    case = play.begin(body)
    play.advance(hours=1)
    assert play.open_elements() == ["a", "b"]
    play.deploy(body.partition('\n        <boundaryEvent id="late"')[0])
    done = do(play, Migrate(case, plan(play)))
    assert (names(done.closes), names(done.opens)) == (["timer late"], [])
    assert play.timers() == []


def test_tokens_at_a_join_keep_their_arrival(play: Play) -> None:
    """By the element they came from; a join that needs fewer opens at once; an arrival that has no flow any more is refused."""
    case = play.begin("start fork a join end \n fork b join \n fork c join")
    play.deploy("start fork b join end \n fork x a join")
    play.deploy("start fork b join end \n fork c d join")
    play.complete("a", instance=case)
    play.complete("b", instance=case)
    with pytest.raises(MigrationRefused, match="came on a flow"):
        do(play, Migrate(case, plan(play, target="p:3")))
    with pytest.raises(MigrationRefused, match="“c” is active"):
        do(play, Migrate(case, plan(play)))
    operations.apply(
        play.engine, operations.Modify(case, (operations.Instruction("cancel", "c"),)), actor="boss", reason="not needed any more"
    )
    done = do(play, Migrate(case, plan(play)))
    assert done.state == "completed"


def test_rounds_and_called_processes_stay(play: Play) -> None:
    """A multi-instance half done goes on with its counters; a called process keeps its own version and returns to its caller."""
    play.deploy("start q1 end_q", "q")
    body = 'start call a end <callActivity id="call" calledElement="q"/><userTask id="a" times="3"/>'
    case = play.begin(body)
    play.deploy(body.replace("a end", "a b end"))
    do(play, Migrate(case, plan(play)))
    play.complete("q1")
    for _ in range(3):
        play.complete_any("a")
    assert play.open_elements() == ["b"]
    assert play.instances("q")[0].process_definition_id == "q:1"


def test_suspended_cases_stay_suspended(play: Play) -> None:
    """New timers stand still, too."""
    case = play.begin("start a end")
    play.deploy('start a end <boundaryEvent id="late" on="a" duration="PT1H"/> late end_late')
    instances.suspend(play.engine, case, "boss", "repair")
    do(play, Migrate(case, plan(play)))
    play.advance(hours=2)
    assert (play.state(case)[0], play.timers()[0].suspended) == ("suspended", True)
    instances.resume(play.engine, case, "boss", "repaired")
    play.advance(hours=2)
    assert play.ended(case) == "end_late"


def test_only_to_versions_of_the_same_process(play: Play) -> None:
    """Another process, another version than the case runs, an ended case, an unknown version."""
    case = play.begin("start a end")
    play.deploy("start a end", "q")
    play.deploy("start a b end")
    with pytest.raises(MigrationRefused, match="not versions of one process"):
        do(play, Migrate(case, plan(play, target="q:1")))
    with pytest.raises(NotFound):
        plan(play, target="p:9")
    with pytest.raises(Conflict, match="runs p:1"):
        do(play, Migrate(case, plan(play, source="p:2", target="p:1")))
    play.complete("a")
    with pytest.raises(Conflict, match="has ended"):
        do(play, Migrate(case, plan(play)))


def test_many_cases_migrate_in_the_background(play: Play) -> None:
    """Each in a step of its own; what cannot is written down with its reasons and stays as it was; the others are done."""
    play.deploy("start a b end")
    cases = [play.start("p") for _ in range(4)]
    play.complete("a", instance=cases[1])
    play.complete("a", instance=cases[2])
    play.complete("b", instance=cases[2])
    play.deploy("start a c end")
    batch = migration.start_batch(play.engine, plan(play), cases, actor="boss", reason="new law")
    assert _items(play, batch) == dict.fromkeys(cases, "waiting")
    play.run()
    assert _items(play, batch) == {cases[0]: "migrated", cases[1]: "refused", cases[2]: "refused", cases[3]: "migrated"}
    refused = next(row for row in play.all(select(MigrationItem)) if row.instance_id == cases[1])
    assert "“b” is active" in refused.problems[0]["en"]
    assert [row.process_definition_id for row in play.instances()] == ["p:2", "p:1", "p:1", "p:2"]
    assert play.events(cases[0], "CaseMigrated")[0].data["batch_id"] == batch
    assert play.events(cases[0], "CaseMigrated")[0].actor == "boss"
    assert play.open_incidents() == []
    play.complete("a", instance=cases[0])
    assert play.open_elements(cases[0]) == ["c"]


def test_a_batch_can_be_stopped(play: Play) -> None:
    """What is done is done; what waits stays as it was."""
    play.deploy("start a end")
    cases = [play.start("p") for _ in range(3)]
    play.deploy("start a b end")
    batch = migration.start_batch(play.engine, plan(play), cases, actor="boss", reason="new law")
    from engine.runtime import jobs

    assert jobs.run_next(play.engine, "w")
    assert migration.cancel_batch(play.engine, batch, "boss") == 2
    play.run()
    assert sorted(_items(play, batch).values()) == ["cancelled", "cancelled", "migrated"]
    with pytest.raises(Conflict):
        migration.cancel_batch(play.engine, batch, "boss")
    with pytest.raises(NotFound):
        migration.cancel_batch(play.engine, "nothing", "boss")


def test_a_wrong_batch_is_not_begun(play: Play) -> None:
    """No reason, no case, an unknown case, a plan that is wrong by itself."""
    case = play.begin("start a end")
    play.deploy("start a b end")
    for ids, reason in (([case], " "), ([], "x")):
        with pytest.raises(InvalidInput):
            migration.start_batch(play.engine, plan(play), ids, actor="boss", reason=reason)
    with pytest.raises(NotFound):
        migration.start_batch(play.engine, plan(play), [case, "nothing"], actor="boss", reason="x")
    with pytest.raises(MigrationRefused):
        migration.start_batch(play.engine, plan(play, ("a", "end")), [case], actor="boss", reason="x")
    assert play.all(select(MigrationItem)) == []


def _items(play: Play, batch: str) -> dict[str, str]:
    return {row.instance_id: row.state for row in play.all(select(MigrationItem).where(MigrationItem.batch_id == batch))}
