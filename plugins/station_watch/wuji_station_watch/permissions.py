"""Who keeps stations and devices, who is told of alarms, and what a device may do: push, and nothing else."""

from wuji.api import Permission

READ, WRITE = "station_watch.station.read", "station_watch.station.write"
DEVICES, PUSH = "station_watch.device.manage", "station_watch.reading.push"
HANDLE, RULES = "station_watch.alarm.handle", "station_watch.rule.write"

PERMISSIONS = (
    *(Permission(name, roles=("head", "clerk")) for name in (READ, WRITE, HANDLE)),
    *(Permission(name, roles=("head",)) for name in (DEVICES, RULES)),
    Permission(PUSH, roles=("device",)),
)
