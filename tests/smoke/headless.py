# SPDX-License-Identifier: MIT
"""A desktop for nobody: session bus, X screen and sound server of our own, without hardware.

Everything lives in one private folder and ends with end(), by process id.
"""

import os
import shutil
import subprocess
import tempfile
import time

SCREEN = (1280, 800)


class NotReady(Exception):
    """A part of the desktop did not start; the message is for the person."""


def wait_until(what, condition, timeout_s=15):
    """Polls, because neither a socket file nor a sound node tells when it appears."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise NotReady(f"{what} is not there after {timeout_s} s")
        time.sleep(0.05)


class Headless:
    """start() makes it; environment is what a program needs to live on it."""

    def __init__(self, logs, screen=SCREEN):
        self.logs = logs
        self.screen = screen
        self.folder = tempfile.mkdtemp(prefix="visio-desktop.")
        os.chmod(self.folder, 0o700)
        self._processes = []
        self.environment = dict(
            os.environ,
            XDG_RUNTIME_DIR=self.folder,
            GDK_BACKEND="x11",
            GTK_A11Y="atspi",
            GSETTINGS_BACKEND="memory",
            ADW_DISABLE_PORTAL="1",
            PIPEWIRE_LATENCY="1024/48000",
        )
        for name in ("WAYLAND_DISPLAY", "PULSE_SERVER", "PIPEWIRE_REMOTE"):
            self.environment.pop(name, None)

    def spawn(self, *command, **more):
        log = open(os.path.join(self.logs, os.path.basename(command[0]) + ".log"), "ab")
        with log:
            process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stderr=log,
                stdout=more.pop("stdout", log), **more)
        self._processes.append(process)
        return process

    def start(self):
        self._start_bus()
        self._start_screen()
        self._start_sound()

    def _start_bus(self):
        bus = self.spawn("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE)
        address = bus.stdout.readline().decode().strip()
        if not address:
            raise NotReady("no session bus: dbus-daemon did not start")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address

    def _start_screen(self):
        reader, writer = os.pipe()
        width, height = self.screen
        self.spawn("Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-noreset",
                   "-nolisten", "tcp", pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            raise NotReady("no screen: Xvfb did not start")
        self.environment["DISPLAY"] = ":" + number

    def _start_sound(self):
        """A speaker that can be listened to at speaker.monitor, a silent microphone behind it."""
        self.spawn("pipewire")
        pipewire = os.path.join(self.folder, "pipewire-0")
        wait_until("PipeWire", lambda: os.path.exists(pipewire))
        self.spawn("wireplumber")
        self.spawn("pipewire-pulse")
        wait_until("PipeWire's sound server", lambda: self._pactl("info") is not None)
        self._pactl("load-module", "module-null-sink", "sink_name=speaker")
        self._pactl("load-module", "module-null-sink", "sink_name=mic-feed")
        self._pactl("load-module", "module-remap-source", "master=mic-feed.monitor", "source_name=mic",
                    "source_properties=device.description=Microphone")
        wait_until("the sound devices", lambda: "\tmic\t" in (self._pactl("list", "short", "sources") or ""))
        self._pactl("set-default-sink", "speaker")
        self._pactl("set-default-source", "mic")

    def _pactl(self, *arguments):
        result = subprocess.run(("pactl", *arguments), env=self.environment, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=20, check=False)
        return result.stdout if result.returncode == 0 else None

    def screenshot(self, path):
        subprocess.run(("import", "-silent", "-window", "root", path), env=self.environment, timeout=20, check=True)

    def pixels(self):
        """The whole screen as (width, height, RGB bytes)."""
        raw = subprocess.run(("import", "-silent", "-window", "root", "-depth", "8", "rgb:-"), env=self.environment,
                             capture_output=True, timeout=20, check=True).stdout
        return (*self.screen, raw)

    def record(self, seconds, rate=48000):
        """What the speaker plays, as s16 mono samples."""
        recorder = subprocess.Popen(
            ("parecord", "--raw", "--format=s16le", "--channels=1", f"--rate={rate}", "--device=speaker.monitor"),
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            return recorder.stdout.read(int(seconds * rate) * 2)
        finally:
            recorder.kill()
            recorder.wait()

    def end(self):
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
