import pytest
from msgspec import Struct

from wuji.work.registry import register_tasks, task


class Nothing(Struct):
    pass


@task("test.rest", Nothing)
def rest(_run, _args):
    return None


def test_job_functions_are_found_by_kind():
    assert register_tasks([rest]) == {"test.rest": rest}
    assert rest.args is Nothing


def test_a_kind_has_one_function():
    with pytest.raises(ValueError, match=r"test\.rest have two functions"):
        register_tasks([rest, rest])
