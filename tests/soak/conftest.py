"""Databases without tables: the processes migrate them."""

from collections.abc import Iterator

import pytest

from engine.storage.database import Database
from tests.conftest import created, opened


@pytest.fixture
def postgres(postgres_server: str, worker_id: str) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    with created(postgres_server, f"opsbook_soak_{worker_id}", template="template1") as url:
        yield from opened(url)
