# SPDX-License-Identifier: MIT
"""What a process costs, from proc(5)."""

import os
import time

TICKS = os.sysconf("SC_CLK_TCK")


def _cpu_ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class Usage:
    """From its making to measure(): processor share; at measure(): memory and threads."""

    def __init__(self, pid):
        self._pid = pid
        self._begun = time.monotonic(), _cpu_ticks(pid)

    def measure(self):
        at, ticks = time.monotonic(), _cpu_ticks(self._pid)
        with open(f"/proc/{self._pid}/smaps_rollup", encoding="ascii") as file:
            pss_kb = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        return {
            "cpu_percent": round(100 * (ticks - self._begun[1]) / TICKS / (at - self._begun[0]), 1),
            "pss_mb": round(pss_kb / 1024, 1),
            "threads": len(os.listdir(f"/proc/{self._pid}/task")),
        }
