"""Plays a desk's sounds by a process of its own, so that no sound server can hold the desk up.

Where nothing can be heard it says so once, and tries again now and then.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence

from gcs.apps.files import ROOT
from gcs.runtime.clock import Clock
from ui.sounds import SoundClass
from ui.sounds_voice import NO_OUTPUT, READY

logger = logging.getLogger(__name__)

VOICE = (sys.executable, "-m", "ui.sounds_voice")
ANSWERS_WITHIN_S = 20.0
AGAIN_AFTER_S = 300.0
END_WITHIN_S = 1.0
SHOWN_ONLY = "what would sound is only shown"


class SoundPlayer:
    """`look` is called about once a second. `trouble`: why nothing can be heard, or empty."""

    def __init__(self, clock: Clock, command: Sequence[str] = VOICE) -> None:
        self._clock = clock
        self._command = tuple(command)
        self._voice: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._begun_s = 0.0
        self._asked_s: float | None = None  # since when an answer is waited for
        self._told = ""
        self.trouble = ""

    @property
    def ready(self) -> bool:
        """Whether a sound would be heard now, as far as can be known."""
        return self._ready

    def start(self) -> None:
        """Begin a voice; an OSError is a trouble, told like every other."""
        self._begun_s = self._asked_s = self._clock.monotonic()
        try:
            self._voice = subprocess.Popen(
                self._command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            self._fail(f"the player cannot be started ({error.strerror or error})")
            return
        for pipe in (self._voice.stdin, self._voice.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)

    def play(self, kind: SoundClass) -> None:
        """Play it now; where that cannot be, nothing happens: it is shown anyway."""
        if self._voice is None or not self._ready:
            return
        assert self._voice.stdin is not None
        if self._asked_s is None:
            self._asked_s = self._clock.monotonic()
        try:
            os.write(self._voice.stdin.fileno(), f"{kind.value}\n".encode())
        except OSError as error:
            self._fail(f"the player does not listen ({error.strerror or error})")

    def look(self) -> None:
        """See whether the voice is ready, has ended or hangs; begin it again when it is time."""
        now_s = self._clock.monotonic()
        if self._voice is None:
            if now_s - self._begun_s >= AGAIN_AFTER_S:
                self.start()
            return
        ended = self._voice.poll()
        if ended is not None:
            none = ended == NO_OUTPUT
            self._fail("there is no audio output" if none else f"the player ended ({ended})")
        elif self._answered():
            self._ready, self._asked_s = True, None
            self.trouble = self._told = ""
        elif self._asked_s is not None and now_s - self._asked_s >= ANSWERS_WITHIN_S:
            self._fail("the sound system does not answer")

    def close(self) -> None:
        """End the voice; waits a second at most."""
        voice, self._voice, self._ready = self._voice, None, False
        if voice is None:
            return
        voice.kill()
        for pipe in (voice.stdin, voice.stdout):
            assert pipe is not None
            pipe.close()
        try:
            voice.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            logger.warning("the player of sounds did not end")

    def _answered(self) -> bool:
        assert self._voice is not None and self._voice.stdout is not None
        try:
            return READY.encode() in os.read(self._voice.stdout.fileno(), 256)
        except BlockingIOError:
            return False

    def _fail(self, why: str) -> None:
        self.close()
        self.trouble = f"Sounds cannot be played: {why}; {SHOWN_ONLY}."
        if self.trouble != self._told:
            self._told = self.trouble
            logger.warning("%s", self.trouble)
