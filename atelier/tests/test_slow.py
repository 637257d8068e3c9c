"""What needs the renderer or PyTorch: run with `pytest -m slow` where they are installed."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow


def test_a_rendered_catalogue_photo_is_bright_clean_and_repeatable():
    pytest.importorskip("mitsuba")
    from atelier.pictures import catalogue, take
    from atelier.pieces import build
    from atelier.spec import sample

    b = build(sample(2))

    def photo():
        return take(catalogue(b, np.random.default_rng(1), True, "white", "softbox"), 64, 8, 6, 1)

    a = photo()
    assert a.shape == (64, 64, 3) and 180 < a[:6].mean() < 255
    assert np.abs(a.astype(int) - photo().astype(int)).max() <= 3


def test_training_and_export_make_a_bundle(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    import io
    import json

    from atelier.dataset import path_of
    from atelier.evaluate import Bundle
    from atelier.files import write_whole
    from atelier.spec import sample
    from atelier.training.export import export
    from atelier.training.loop import train

    rng = np.random.default_rng(0)
    for i in range(48):
        data = io.BytesIO()
        np.savez(data, pictures=rng.integers(0, 255, (4, 112, 112, 3), dtype=np.uint8), spec=np.array(json.dumps(sample(i).as_dict())))
        write_whole(path_of(i), lambda f, d=data: f.write(d.getvalue()))
    train(1, 48, 96, 16, "cpu", "test")
    export(tmp_path / "bundle", "test", 1, 48)
    z = Bundle(tmp_path / "bundle").words(["gold ring", "a silver brooch"])
    assert z.shape == (2, 256) and np.allclose(np.linalg.norm(z, axis=1), 1, atol=1e-5)
