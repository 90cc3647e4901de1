"""Run as a script between the supervisor and a program: drops to the program's user, ties its life to the supervisor's.

A script of its own because code between fork and exec may not touch much, and because the user dropped to may be unable
to run this interpreter. Arguments: signal, supervisor's process id, uid or -1, gid, then the program.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def launch(words: list[str]) -> None:
    """Becomes the program; returns only if the supervisor has died meanwhile."""
    death, parent, uid, gid = map(int, words[:4])
    program = words[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # elsewhere the next supervisor ends what is left
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death)  # after setuid, which would clear it
    if os.getppid() == parent:
        os.execvp(program[0], program)  # noqa: S606 — no shell is the point


if __name__ == "__main__":
    try:
        launch(sys.argv[1:])
    except OSError as problem:
        sys.exit(f"{sys.argv[5]} cannot be run: {problem}")
