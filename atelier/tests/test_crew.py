"""Processes that train together come to what one would."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.slow

PIECES, DEPTH = 6, 5


def inputs():
    return np.random.default_rng(0).standard_normal((2 * PIECES, DEPTH)).astype(np.float32)


def shared_gradients(crew, folder):
    """The gradients that a process of the crew ends up with, and what it is told, into a file of its own."""
    import torch
    import torch.nn.functional as F

    from atelier.training.loop import contrast

    x = torch.from_numpy(np.split(inputs().reshape(2, PIECES, DEPTH), crew.count, 1)[crew.rank].reshape(-1, DEPTH))
    torch.manual_seed(1)
    layer = torch.nn.Linear(DEPTH, 4)
    z = F.normalize(layer(x), dim=-1)
    a, b = crew.gathered(z.unflatten(0, (2, -1))).transpose(0, 1).flatten(1, 2)
    (crew.count * contrast(a, b, torch.tensor(2.0)) + z.sum(1).mean()).backward()
    crew.share(list(layer.parameters()))
    told = crew.told(lambda: f"from {crew.rank}")
    np.savez(folder / f"{crew.count}-{crew.rank}.npz", weight=layer.weight.grad.numpy(), bias=layer.bias.grad.numpy(), told=told, order=a.detach().numpy())


def failing(crew):
    raise ValueError(f"process {crew.rank} of {crew.count} cannot")


def lasting(crew, folder):
    (folder / f"{crew.rank}.part").write_text(str(os.getpid()))
    (folder / f"{crew.rank}.part").rename(folder / f"{crew.rank}.pid")
    time.sleep(600)


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_others_end_when_the_one_that_began_them_is_killed(tmp_path):
    pytest.importorskip("torch")
    if not Path("/proc/self/stat").exists():
        pytest.skip("which processes run is read from /proc")
    # As a shell's background job, it and they ignore interrupts.
    begin = (
        "import signal, sys; from pathlib import Path; from atelier.tests.test_crew import lasting; from atelier.training.crew import together\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN); together(2, lasting, Path(sys.argv[1]))"
    )
    began = subprocess.Popen([sys.executable, "-c", begin, str(tmp_path)])
    pids = [tmp_path / "0.pid", tmp_path / "1.pid"]
    try:
        until = time.monotonic() + 120
        while not all(p.exists() for p in pids) and began.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert all(p.exists() for p in pids), "both are at work"
        others = [int(p.read_text()) for p in pids]
        began.kill()
        began.wait()
        until = time.monotonic() + 60
        while any(map(runs, others)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(map(runs, others))
    finally:
        began.kill()
        for p in pids:
            if p.exists() and runs(int(p.read_text())):
                os.kill(int(p.read_text()), signal.SIGKILL)


def test_two_processes_share_a_batch_and_learn_what_one_learns_from_all_of_it(tmp_path):
    pytest.importorskip("torch")
    from atelier.training.crew import together

    together(1, shared_gradients, tmp_path)
    together(2, shared_gradients, tmp_path)
    alone, first, second = (np.load(tmp_path / name) for name in ("1-0.npz", "2-0.npz", "2-1.npz"))
    for got in (first, second):
        assert np.allclose(got["order"], alone["order"], atol=1e-6), "pieces come in one order, whoever looked at them"
        assert np.allclose(got["weight"], alone["weight"], atol=1e-5) and np.allclose(got["bias"], alone["bias"], atol=1e-5)
        assert str(got["told"]) == "from 0"
    assert np.abs(alone["weight"]).max() > 0.01


def test_one_process_that_fails_ends_all_and_says_why():
    pytest.importorskip("torch")
    from atelier.training.crew import together

    with pytest.raises(Exception, match="of 2 cannot"):
        together(2, failing)
    with pytest.raises(ValueError, match="0 of 1 cannot"):
        together(1, failing)
