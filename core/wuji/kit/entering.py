"""Run as a script before a program that takes seconds to load: until it listens for signals itself nothing is under way, and
whoever tells it to end sees it end at once, and cleanly. Argument: the program's module.
"""

import os
import runpy
import signal
import sys


def leave(*_signal: object) -> None:
    """No exception: libraries that are being loaded may swallow one."""
    os._exit(0)


def main(words: list[str]) -> None:
    """Becomes the program."""
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, leave)
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
