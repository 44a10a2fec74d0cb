"""Several servers start at the same moment on one empty database."""

import threading
from pathlib import Path

from sqlalchemy import func, select

from engine.runtime import deployments
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import ProcessDefinition, User, WorkCalendar
from web.auth.passwords import verify_password
from web.bootstrap import bootstrap
from web.people import DEMO_PASSWORD, DEMO_PEOPLE, seed_demo_people

PROCEDURES = Path(__file__).parents[1] / "web" / "procedures" / "part_request"
SERVERS = 4


def test_servers_that_start_together_do_everything_once(empty_database: Database, tmp_path: Path) -> None:
    """Given an empty database, when four servers migrate, seed and deploy at once, then all come up and nothing is there twice."""
    settings = Settings(
        database_url=empty_database.url.render_as_string(hide_password=False),
        files_dir=tmp_path / "files",
        processes_dir=tmp_path,
        demo=True,
    )
    failures: list[Exception] = []
    together = threading.Barrier(SERVERS)

    def start() -> None:
        try:
            together.wait()
            engine = bootstrap(settings)
            seed_demo_people(engine.database, engine.clock.now())
            deployments.deploy_directory(engine, PROCEDURES)
            engine.database.dispose()
        except Exception as error:
            failures.append(error)

    servers = [threading.Thread(target=start) for _ in range(SERVERS)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()

    assert failures == []
    with empty_database.session() as session:
        assert session.scalars(select(ProcessDefinition.id)).all() == ["part_request:1"]
        assert session.scalar(select(func.count()).select_from(User)) == len(DEMO_PEOPLE)
        assert verify_password(session.get_one(User, "hotline1").password_hash, DEMO_PASSWORD)
        assert session.scalars(select(WorkCalendar.id)).all() == ["default"]
