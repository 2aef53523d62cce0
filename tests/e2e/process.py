# SPDX-License-Identifier: MIT
"""Child processes that speak in lines, and waiting for what they say.

Every wait has a limit and is woken by the line it waits for; nothing sleeps to
let time pass.  All output is kept in log files beside the build.
"""

import json
import os
import signal
import subprocess
import threading
import time


class Failure(Exception):
    """A check that did not hold; ends the case."""


def matches(event, wanted):
    """Whether each wanted field has the value, or passes the function, given."""
    for key, value in wanted.items():
        if key not in event:
            return False
        if callable(value) and not isinstance(value, type):
            if not value(event[key]):
                return False
        elif event[key] != value:
            return False
    return True


def describe(wanted):
    return ", ".join("%s=%s" % (k, "(test)" if callable(v) else json.dumps(v)) for k, v in wanted.items())


class Child:
    """One process.  Lines of its stdout that are JSON objects become events."""

    def __init__(self, name, command, log_folder, environment=None, folder=None):
        self.name = name
        self.events = []
        self._changed = threading.Condition()
        self._log = open(os.path.join(log_folder, name + ".log"), "w", encoding="utf-8")
        self._errors = open(os.path.join(log_folder, name + ".err"), "wb")
        self.started_s = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            env=environment, cwd=folder, text=True, bufsize=1, encoding="utf-8")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._log.write("%8.3f %s" % (time.monotonic() - self.started_s, line))
            self._log.flush()
            try:
                event = json.loads(line)
            except ValueError:
                event = {"event": "text", "text": line.rstrip("\n")}
            if not isinstance(event, dict):
                continue
            event["at_s"] = time.monotonic()
            with self._changed:
                self.events.append(event)
                self._changed.notify_all()
        self._process.wait()
        with self._changed:
            self._changed.notify_all()

    @property
    def mark(self):
        """Where the events stand now, to wait for later ones only."""
        with self._changed:
            return len(self.events)

    def find(self, since=0, **wanted):
        with self._changed:
            return [e for e in self.events[since:] if matches(e, wanted)]

    def wait(self, timeout_s=10, since=0, count=1, **wanted):
        """The `count`th event since the mark that has all the wanted fields."""
        end = time.monotonic() + timeout_s
        with self._changed:
            at, found = since, 0
            while True:
                while at < len(self.events):
                    at += 1
                    if matches(self.events[at - 1], wanted):
                        found += 1
                        if found == count:
                            return self.events[at - 1]
                left = end - time.monotonic()
                if self._process.poll() is not None and not self._reader.is_alive():
                    raise Failure("%s ended with status %d before %s" % (
                        self.name, self._process.returncode, describe(wanted)))
                if left <= 0:
                    raise Failure("%s: no %s within %g s (%d of %d)" % (
                        self.name, describe(wanted), timeout_s, found, count))
                self._changed.wait(min(left, 0.5))

    def signal(self, number):
        self._process.send_signal(number)

    def send(self, message):
        self.send_line(json.dumps(message))

    def send_line(self, line):
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Failure("%s does not listen: %s" % (self.name, error)) from error

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process.poll() is None

    def wait_end(self, timeout_s):
        """Exit status; negative when a signal ended it."""
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise Failure("%s did not end within %g s" % (self.name, timeout_s)) from error
        self._reader.join(timeout_s)
        return status

    def stop(self, timeout_s=5):
        """Ask the process to end, make it if it does not."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        if self.running:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        for file in (self._process.stdin, self._process.stdout, self._log, self._errors):
            try:
                file.close()
            except OSError:
                pass  # what was not read any more is of no interest

    def output(self):
        """All lines of both outputs so far."""
        lines = []
        for log in (self._log, self._errors):
            with open(log.name, encoding="utf-8", errors="replace") as file:
                lines += file.read().splitlines()
        return lines

    def last_errors(self, lines=15, columns=300):
        with open(self._errors.name, encoding="utf-8", errors="replace") as file:
            return [line[:columns] for line in file.read().splitlines()[-lines:]]
