"""The index in PostgreSQL is what every index must be."""

import pytest

from wuji.search.postgres import PostgresBackend
from wuji.testing.search_backend import BackendConformance


class TestPostgres(BackendConformance):
    @pytest.fixture
    def backend(self):
        return PostgresBackend()
