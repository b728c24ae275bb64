"""Runs a program and writes where its processor time went: `sampler.py OUT PROGRAM ARGUMENTS`.

Looks 500 times a second of processor time, so that what is looked at is hardly slowed (unlike
under a tracing profiler); counts each function once a look, by itself and with what it called.
"""

import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_S = 0.002
_LINES = 60


class Sampler:
    """Counts looks."""

    def __init__(self) -> None:
        self.looks = 0
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def look(self, number: int, frame: FrameType | None) -> None:
        """The timer's signal."""
        self.looks += 1
        if frame is not None:
            self.own[_name(frame)] += 1
        on_stack = set()
        while frame is not None:
            on_stack.add(_name(frame))
            frame = frame.f_back
        self.within.update(on_stack)

    def text(self) -> str:
        """Two tables, in percent of the processor time."""
        parts = [f"{self.looks} looks, {self.looks * EVERY_S:.1f} s of processor time"]
        for title, counts in (("by itself", self.own), ("with what it called", self.within)):
            parts.append(f"\n{title}")
            parts += [
                f"{100.0 * count / max(1, self.looks):6.1f} %  {name}"
                for name, count in counts.most_common(_LINES)
            ]
        return "\n".join(parts) + "\n"


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{'/'.join(Path(code.co_filename).parts[-3:])}:{code.co_qualname}"


def main() -> None:
    out, program = Path(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.path[0] = str(Path(program).resolve().parent)
    sampler = Sampler()
    signal.signal(signal.SIGPROF, sampler.look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        runpy.run_path(program, run_name="__main__")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        out.write_text(sampler.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
