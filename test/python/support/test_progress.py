# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Progress: through logging, through a callback, and as a line on a terminal."""

from __future__ import annotations

import io
import logging
import sys
import time

import pytest
import torch

import xplat
from xplat.support import progress
from xplat.support.progress import STATUS, Stages


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


X = torch.randn(4, 8)


def test_logging_is_the_default(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="xplat"):
        xplat.quantize(torch.nn.Linear(8, 4), example_inputs=X)
    assert "calibrate …" in caplog.messages
    assert {record.name for record in caplog.records if "calibrate" in record.message} == {"xplat"}


def test_a_callback_takes_the_lines(caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    with caplog.at_level(logging.INFO, logger="xplat"):
        xplat.quantize(torch.nn.Linear(8, 4), example_inputs=X, progress=said.append)
    assert "calibrate …" in said and "calibrate …" not in caplog.messages


def test_a_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    stage = Stages(progress.silent)
    with stage("map"):
        STATUS.part(5, 20)
        time.sleep(0.8)
    shown = screen.getvalue()
    assert shown.startswith("\r\x1b[Kmap …") and "\r\x1b[Kmap … 1 s [#####               ] 5 of 20" in shown
    assert shown.endswith("\r\x1b[K"), "it is gone afterwards"
    with stage("next"):
        time.sleep(0.6)
    assert "5 of 20" not in screen.getvalue()[len(shown) :]


def test_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    with Stages(progress.silent)("map"):
        pass
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress.talking(logging.ERROR), Stages()("map"):
        pass
    assert screen.getvalue() == terminal.getvalue() == ""


def test_messages_stand_above_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with progress.talking(logging.INFO), Stages()("map"):
        progress.logged("a message")
    assert "map …\r\x1b[Ka message\n" in screen.getvalue()
