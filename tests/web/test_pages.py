"""How much a page asks of the database."""

from engine.storage.database import count_statements
from tests.web.conftest import Site


def test_task_and_case_pages_need_few_statements(site: Site) -> None:
    """Given a case under way, its task page and its case page ask the database a bounded number of times."""
    site.start()
    site.record()
    task = site.task("上门检查")
    engineer = site.as_("engineer1")
    for path, most in ((f"/tasks/{task.id}", 27), (f"/cases/{task.root_id}", 27), ("/cases", 10), ("/start", 4)):
        engineer.text(path)  # definitions are read once
        with count_statements(site.engine.database) as count:
            engineer.text(path)
        asked = [statement for statement in count.statements if not statement.startswith("PRAGMA")]
        assert len(asked) <= most, (path, len(asked))
