"""Runs the programs of one deployment together: started in order, watched, restarted, stopped in reverse order."""

from wuji.kit.supervisor.port import free_port
from wuji.kit.supervisor.program import Program, Restart
from wuji.kit.supervisor.record import AlreadyRunningError, Record, find_record
from wuji.kit.supervisor.supervisor import Event, Supervisor, SupervisorError

__all__ = [
    "AlreadyRunningError",
    "Event",
    "Program",
    "Record",
    "Restart",
    "Supervisor",
    "SupervisorError",
    "find_record",
    "free_port",
]
