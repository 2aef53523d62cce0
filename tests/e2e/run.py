#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs one end-to-end case and reports in TAP.

    run.py --build BUILD_FOLDER --case NAME
    run.py --list

Environment: VISIO_LIVEKIT_SERVER (program), VISIO_NODE_MODULES (folder),
VISIO_CHROMIUM (program, /usr/bin/chromium if unset), VISIO_E2E_SERVER_LOG
(log level of the server).  A case that cannot run fails.
"""

import argparse
import os
import signal
import sys
import threading
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cases_faults
import cases_link
import cases_media
import cases_room
import cases_self
from case import Case
from process import Failure

CASES = {}
for module in (cases_self, cases_media, cases_room, cases_link,
               cases_faults):
    CASES.update(module.CASES)

# A case that hangs in spite of the limits of its waits; meson's own limit is higher.
WATCHDOG_S = 150


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build", help="build folder")
    parser.add_argument("--case", choices=CASES, help="the case to run")
    parser.add_argument("--list", action="store_true", help="print the names of all cases")
    options = parser.parse_args()
    if options.list or not options.case:
        print("\n".join(CASES))
        return 0

    # What a client sends us must not be able to break the report.
    sys.stdout.reconfigure(errors="backslashreplace")
    case = Case(options.case, os.path.abspath(options.build))

    def stop(*_):
        raise Failure("stopped from outside, or hanging for %d s" % WATCHDOG_S)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    watchdog = threading.Timer(WATCHDOG_S, lambda: os.kill(os.getpid(), signal.SIGTERM))
    watchdog.daemon = True
    watchdog.start()
    failure = None
    try:
        CASES[options.case](case)
    except Failure as error:
        failure = error
    except Exception as error:  # a fault of the case itself; the processes must still end
        traceback.print_exc()
        failure = Failure(repr(error))
    return case.end(failure)


if __name__ == "__main__":
    sys.exit(main())
