"""What needs the renderer or PyTorch: run with `pytest -m slow` where they are installed."""

import shutil

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
        return take(catalogue(b, np.random.default_rng(1), "front", "white", "softbox"), 64, 8, 6, 1)

    a = photo()
    assert a.shape == (64, 64, 3) and 180 < a[:6].mean() < 255
    assert np.abs(a.astype(int) - photo().astype(int)).max() <= 3


def test_a_mask_is_where_the_piece_is_and_leaves_the_picture_as_it_was():
    pytest.importorskip("mitsuba")
    from atelier.boxes import of_mask
    from atelier.pictures import catalogue, take, take_with_mask
    from atelier.pieces import build
    from atelier.spec import sample

    b = build(sample(2))

    def shot():
        return catalogue(b, np.random.default_rng(1), "front", "white", "softbox")

    picture, mask = take_with_mask(shot(), 64, 8, 6, 1)
    assert mask.shape == (64, 64) and mask.dtype == bool and 0.03 < mask.mean() < 0.6
    assert np.array_equal(picture, take(shot(), 64, 8, 6, 1))
    # The camera makes the piece fill about 0.7 of the frame, in its middle; paper is smoother than metal and stones.
    box = of_mask(mask)
    assert 0.6 < max(box[2:] - box[:2]) < 0.82 and np.abs((box[:2] + box[2:]) / 2 - 0.5).max() < 0.06
    grey = picture.astype(float).mean(2)
    assert grey[mask].std() > 2 * grey[~mask].std()


def rendered(count):
    """Stands in for the renderer: noise, with a brighter block where the piece is."""
    from atelier.dataset import SIZE, has_sibling, path_of, store
    from atelier.spec import sample

    rng = np.random.default_rng(0)
    for i in range(count):
        for sibling in (False, True) if has_sibling(i) else (False,):
            masks = np.zeros((4, SIZE, SIZE), bool)
            for m in masks:
                x, y = rng.integers(10, 60, 2)
                m[y : y + int(rng.integers(30, 80)), x : x + int(rng.integers(30, 80))] = True
            pictures = np.where(masks[..., None], rng.integers(150, 255, (4, SIZE, SIZE, 3)), rng.integers(0, 120, (4, SIZE, SIZE, 3))).astype(np.uint8)
            store(path_of(i, sibling), pictures, masks, sample(i))


def test_the_locator_has_a_box_and_a_confidence_and_learns_a_batch():
    torch = pytest.importorskip("torch")
    from atelier.training.locator import Locator, loss_of
    from atelier.training.settings import LOCATOR_SIZE

    torch.manual_seed(0)
    model = Locator()
    assert sum(p.numel() for p in model.parameters()) <= 1_700_000
    pixels = torch.randn(6, 3, LOCATOR_SIZE, LOCATOR_SIZE) * 0.1
    mask = torch.zeros(6, LOCATOR_SIZE, LOCATOR_SIZE, dtype=torch.bool)
    box = torch.zeros(6, 4)
    for i in range(5):  # and nothing in the last
        left, top, right, bottom = 10 + 5 * i, 20, 60 + 10 * i, 70 + 6 * i
        mask[i, top:bottom, left:right] = True
        pixels[i, :, top:bottom, left:right] += 2
        box[i] = torch.tensor([left, top, right, bottom]) / LOCATOR_SIZE
    found, sure = model.eval()(pixels)
    assert found.shape == (6, 4) and sure.shape == (6,)
    assert (found[:, :2] <= found[:, 2:]).all() and found.min() >= 0 and found.max() <= 1 and sure.min() >= 0 and sure.max() <= 1
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3)
    losses = []
    for _ in range(8):
        loss = loss_of(model, model.parts(pixels), box, mask)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert np.isfinite(losses).all() and losses[1] < losses[0] and losses[-1] < 0.8 * losses[0]


def test_the_locators_loss_is_least_at_the_truth():
    torch = pytest.importorskip("torch")
    from atelier.training.locator import BINS, CELLS, Locator, loss_of, overlap
    from atelier.training.settings import LOCATOR_SIZE

    model = Locator()
    box = torch.tensor([[10, 20, 40, 50]]) / (BINS - 1)
    mask = torch.ones(1, LOCATOR_SIZE, LOCATOR_SIZE, dtype=torch.bool)

    def loss(at):
        edges = torch.nn.functional.one_hot(torch.tensor([at]), BINS).float() * 40
        assert torch.allclose(model.box(edges), torch.tensor([at]) / (BINS - 1), atol=1e-4)
        return float(loss_of(model, (edges, torch.full((1, CELLS, CELLS), 20.0), torch.tensor([20.0])), box, mask))

    assert loss([10, 20, 40, 50]) < 0.01 < loss([11, 20, 40, 50]) < loss([14, 22, 40, 50])
    iou, generalised = overlap(torch.tensor([[0, 0, 0.5, 0.5], [0, 0, 0.5, 1]]), torch.tensor([[0.5, 0.5, 1, 1], [0, 0, 1, 1]]))
    assert torch.allclose(iou, torch.tensor([0, 0.5])) and torch.allclose(generalised, torch.tensor([-0.5, 0.5]))


def test_an_edge_is_of_one_thing_or_of_another_and_never_between_them():
    torch = pytest.importorskip("torch")
    from atelier.training.locator import BINS, Locator

    model = Locator()
    share = torch.zeros(1, 4, BINS)
    share[..., 0] = 1.0  # at the very border
    share[0, 0, 10], share[0, 0, 40], share[0, 0, 41], share[0, 0, 0] = 0.45, 0.275, 0.275, 0.0
    share[0, 2, 50], share[0, 2, 54], share[0, 2, 0] = 0.5, 0.5, 0.0
    edges = (share + 1e-9).log()
    assert torch.allclose(model.settled(edges) * (BINS - 1), torch.tensor([[40.5, 0, 52, 0]]), atol=1e-3)
    assert torch.allclose(model.box(edges)[0, 0] * (BINS - 1), torch.tensor(10 * 0.45 + 40.5 * 0.55), atol=1e-3)
    assert torch.allclose(model.settled(torch.zeros(1, 4, BINS)).sum(), torch.tensor(4 * 3 / 63), atol=1e-3), "no idea at all: still a box"


def test_training_and_export_make_a_bundle(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    import json
    import tomllib

    from PIL import Image

    from atelier.dataset import available, held_out
    from atelier.evaluate import Bundle
    from atelier.training import locating, templates
    from atelier.training.bundled import image_tower
    from atelier.training.discriminants import work_out
    from atelier.training.export import export
    from atelier.training.loop import train
    from atelier.training.wording import train as train_words

    rendered(48)
    train(1, 48, 96, 16, "cpu", "test")
    export(tmp_path / "without", "test", 1, 48)
    assert Bundle(tmp_path / "without").finder is None and not (tmp_path / "without" / "locator.onnx").exists()

    work_out(1, 48, "cpu", "test")
    train_words(1, 48, 2, "cpu", "test")
    work_out(2, 48, "cpu", "test")
    with pytest.raises(SystemExit, match="train-words"):
        export(tmp_path / "stale", "test", 1, 48)
    train_words(1, 48, 2, "cpu", "test")

    drawn = templates.templates(3)
    assert [t.post for t in templates.templates(3)] == [t.post for t in drawn]
    monkeypatch.setattr(locating, "templates", lambda: drawn)
    locating.train(1, 48, 24, 8, "cpu", "locator")
    locating.train(1, 48, 32, 8, "cpu", "locator")
    assert "resuming at step 3, 24 of 32 pictures seen" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="cannot share"):
        locating.train(1, 48, 64, 1, "cpu", "locator", processes=2)
    locating.report(48, "locator")
    assert set(json.loads(capsys.readouterr().out)) == {"snapshot", "screenshot", "catalogue"}

    export(tmp_path / "bundle", "test", 1, 48)
    read = tomllib.loads((tmp_path / "bundle" / "model.toml").read_text())
    assert read["locator"]["size"] == 128 and (tmp_path / "bundle" / "locator.onnx").stat().st_size < 4_200_000
    bundle = Bundle(tmp_path / "bundle")
    z = bundle.words(["gold ring", "a silver brooch"])
    assert z.shape == (2, 256) and np.allclose(np.linalg.norm(z, axis=1), 1, atol=1e-5)
    pictures = [Image.new("RGB", (90, 200), (30, 30, 30)), Image.new("RGB", (64, 64), (200, 30, 30))]
    found, sure = bundle.finder.find(pictures)
    assert found.shape == (2, 4) and sure.shape == (2,) and bundle.pictures(pictures).shape == (2, 256)
    rendered(60)
    export(tmp_path / "later", "test", 1, 60)
    taught = sum(not held_out(p) for p in available(48))
    assert f"{taught} invented pieces" in (tmp_path / "later" / "MODEL_CARD.md").read_text(), "what was rendered since has taught it nothing"
    head = image_tower(tmp_path / "bundle")[0]["head.weight"]
    assert head.shape == (256, 512) and head.abs().max() > 0, "a head for one look of what was made for two"


def test_discriminants_tell_pieces_apart_whose_pictures_differ_more_by_the_light():
    torch = pytest.importorskip("torch")
    from torch.nn.functional import normalize

    from atelier.training.discriminants import discriminants, turned

    g = torch.Generator().manual_seed(1)
    normal = lambda *shape: torch.randn(*shape, generator=g)  # noqa: E731
    pieces, light = normal(200, 1, 12), normal(6, 40)
    shows = normal(12, 40) * 0.2
    features = pieces @ shows + normal(200, 8, 6) @ light + 0.01 * normal(200, 8, 40)

    def first(x):
        x = normalize(x, dim=-1)
        return float(((x[:, 0] @ x[:, 1].T).argmax(1) == torch.arange(200)).float().mean())

    matrix = discriminants(features[:100], 12, 1e-9)
    found = (features - features.mean((0, 1))) @ matrix
    assert first(features) < 0.2 and first(found) > 0.9
    within = found[:100] - found[:100].mean(1, keepdim=True)
    covariance = within.flatten(0, 1).T @ within.flatten(0, 1) / 700
    weights = covariance.diagonal().sqrt()
    assert torch.allclose(covariance, torch.diag(weights**2), atol=0.01) and weights.max() < 1
    assert (weights.diff() <= 1e-3).all(), "the strongest first"
    rotation = turned(found.flatten(0, 1), normal(1600, 12))
    assert torch.allclose(rotation @ rotation.T, torch.eye(12), atol=1e-5)
    back = turned(found.flatten(0, 1) @ rotation, found.flatten(0, 1))
    assert torch.allclose(rotation @ back, torch.eye(12), atol=1e-4)


def test_batches_are_made_ahead_in_order_and_their_errors_are_told():
    pytest.importorskip("torch")
    from atelier.training.loop import ahead

    made = []

    def items():
        for i in range(5):
            made.append(i)
            yield i
        raise ValueError("out of pieces")

    used = []
    with pytest.raises(ValueError, match="out of pieces"):
        for item in ahead(items()):
            used.append((item, len(made)))
    assert [item for item, _ in used] == list(range(5))
    assert list(ahead(iter([]))) == []


def test_training_on_shows_the_image_tower_only_and_takes_the_taught_words_along(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from atelier.training.loop import averaged, train
    from atelier.training.runs import run_dir

    rendered(48)
    train(1, 48, 64, 16, "cpu", "one")
    _, model, state = averaged("one", 1)
    seen = state["seen"]
    taught = {name: value + 1 if value.is_floating_point() else value for name, value in model.text.state_dict().items()}
    torch.save({"text": taught, "seen": seen, "step": 1}, run_dir("one") / "words.pt")
    train(2, 48, 64, 16, "cpu", "two", first="one", processes=2)
    _, after, state = averaged("two", 2)
    assert state["continued"] and not torch.load(run_dir("one") / "checkpoint.pt", weights_only=True)["continued"]
    train(2, 48, 96, 16, "cpu", "two")
    assert averaged("two", 2)[2]["continued"], "it is known when it goes on, without being told what it began with"
    assert state["before"] == seen and all(torch.equal(a, b) for a, b in zip(after.text.state_dict().values(), taught.values(), strict=True))
    assert not torch.equal(after.image.head.weight, model.image.head.weight)


EIGHT_BITS = 0.999  # the least cosine of what is made with a bundle's weights, which are kept in eight bits, and with the run's


def bundled_run(folder):
    """A run called `one`, trained on what `rendered` makes and exported into the folder: its towers and its checkpoint."""
    from atelier.training.export import export
    from atelier.training.loop import averaged, train

    rendered(48)
    train(1, 48, 64, 16, "cpu", "one")
    export(folder, "one", 1, 48)
    return averaged("one", 1)[1:]


def test_a_head_is_known_again_whatever_the_number_of_threads():
    torch = pytest.importorskip("torch")
    from atelier.training.discriminants import Discriminating, head_of
    from atelier.training.model import ImageTower

    matrix = torch.randn(1024, 256, generator=torch.Generator().manual_seed(3)) / 16
    tower = Discriminating(ImageTower(), torch.zeros(1024), matrix)
    before = torch.get_num_threads()
    try:
        found = set()
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.add(head_of(tower))
    finally:
        torch.set_num_threads(before)
    assert len(found) == 1
    other = Discriminating(ImageTower(), torch.zeros(1024), matrix + 1e-6)
    assert head_of(other) not in found


def test_the_second_look_is_at_the_mirror_image_made_smaller_by_area():
    torch = pytest.importorskip("torch")
    from atelier.training.discriminants import LOOKS, Looking, shares
    from atelier.training.model import ImageTower
    from atelier.training.settings import SECOND_SIZE, SIZE

    rows = shares(SIZE, SECOND_SIZE)
    assert torch.equal(rows, rows.half().float()) and torch.allclose(rows.sum(1), torch.tensor(SIZE / SECOND_SIZE))
    assert torch.allclose(rows.sum(0), torch.tensor(1.0)), "every pixel counts alike"
    assert torch.equal(shares(4, 2), torch.tensor([[1.0, 1, 0, 0], [0, 0, 1, 1]])) and torch.equal(shares(3, 2), torch.tensor([[1, 0.5, 0], [0, 0.5, 1]]))
    tower = ImageTower().eval()
    x = torch.randn(2, 3, SIZE, SIZE)
    with torch.no_grad():
        both = Looking(tower)(x)
        small = torch.nn.functional.interpolate(x, size=(3 * SECOND_SIZE, 3 * SECOND_SIZE), mode="nearest")  # each pixel twice on a side
        small = torch.nn.functional.avg_pool2d(small, 3)
        assert torch.allclose(both[:, : both.shape[1] // LOOKS], tower.pool(x), atol=1e-5)
        assert torch.allclose(both[:, both.shape[1] // LOOKS :], tower.pool(small.flip(3)), atol=1e-4)


def test_a_tower_in_eight_bits_gives_about_what_it_gave_in_floats():
    torch = pytest.importorskip("torch")
    import onnx
    import onnxruntime as ort

    from atelier.training.discriminants import Looking
    from atelier.training.eight_bits import eight_bits, folded
    from atelier.training.graphs import graph_of
    from atelier.training.model import ImageTower
    from atelier.training.settings import SIZE

    torch.manual_seed(5)
    tower = Looking(ImageTower()).eval()
    for part in tower.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(part.weight, 0.5, 1.5)
            torch.nn.init.normal_(part.bias, 0, 0.2)
            torch.nn.init.normal_(part.running_mean, 0, 0.2)
    x = torch.nn.functional.interpolate(torch.randn(24, 3, 12, 12), SIZE, mode="bicubic")
    with torch.no_grad():
        before, after = tower(x), folded(tower)(x)
        assert torch.allclose(before, after, atol=1e-3 * float(before.abs().max())) and not torch.equal(before, after)
    graph = graph_of(folded(tower), x[:3], "pixel_values")
    given = graph.SerializeToString()
    made = eight_bits(graph, x[:16].numpy())
    assert graph.SerializeToString() == given, "the graph in floats is left as it was"
    weights = {w.name: onnx.numpy_helper.to_array(w) for w in made.graph.initializer}
    convolutions = [value for name, value in weights.items() if name.endswith("weight_quantized")]
    assert len(convolutions) == 14 and all(value.dtype == np.int8 and 60 <= abs(value.astype(int)).max() <= 64 for value in convolutions), "once for both looks, in seven bits"
    seen = torch.from_numpy(ort.InferenceSession(made.SerializeToString()).run(None, {"pixel_values": x[16:].numpy()})[0])
    assert torch.nn.functional.cosine_similarity(seen, before[16:]).min() > 0.99


def test_training_begins_with_the_image_tower_of_a_bundle(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from atelier.training.bundled import image_tower
    from atelier.training.loop import averaged, train
    from atelier.training.model import ImageTower

    before, state = bundled_run(tmp_path / "bundle")
    given, seen = image_tower(tmp_path / "bundle")
    assert seen == state["seen"]
    tower = ImageTower().eval()
    tower.load_state_dict(given)
    x = torch.randn(5, 3, 112, 112)
    with torch.no_grad():
        assert torch.nn.functional.cosine_similarity(tower.pool(x), before.image.pool(x)).min() > EIGHT_BITS
    train(2, 48, 64, 16, "cpu", "two", first=str(tmp_path / "bundle"))
    _, after, state = averaged("two", 2)
    assert state["before"] == seen and not torch.equal(after.image.head.weight, before.image.head.weight)
    (tmp_path / "bundle" / "image.onnx").write_bytes((tmp_path / "bundle" / "text.onnx").read_bytes())
    with pytest.raises(SystemExit, match="another tower than ours"):
        image_tower(tmp_path / "bundle")


def test_a_tower_with_more_blocks_begins_as_good_as_the_bundles(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from atelier.training import bundled
    from atelier.training.model import ImageTower

    before, _ = bundled_run(tmp_path / "bundle")
    monkeypatch.setattr(bundled, "ImageTower", lambda: ImageTower(blocks=(2, 3, 5)))
    given, _ = bundled.image_tower(tmp_path / "bundle")
    larger = ImageTower(blocks=(2, 3, 5)).eval()
    larger.load_state_dict(given)
    x = torch.randn(5, 3, 112, 112)
    with torch.no_grad():
        assert torch.nn.functional.cosine_similarity(larger.pool(x), before.image.pool(x)).min() > EIGHT_BITS
    # So does one that begins with a run.
    run = dict(before.image.state_dict())
    larger.load_state_dict(bundled.grown(run, ImageTower(blocks=(2, 3, 5)), "one"))
    with torch.no_grad():
        assert torch.allclose(larger(x), before.image(x), atol=1e-5)
    with pytest.raises(SystemExit, match=r"one holds no head.*another tower than ours"):
        bundled.grown({name: value for name, value in run.items() if name != "head.bias"}, ImageTower(), "one")
    # Nor is one of another width taken, or one of which something would be left out.
    for other in ({"widths": (32, 64, 128, 320)}, {"blocks": (1, 1, 2)}):
        monkeypatch.setattr(bundled, "ImageTower", lambda other=other: ImageTower(**other))
        with pytest.raises(SystemExit, match="another tower than ours"):
            bundled.image_tower(tmp_path / "bundle")


def test_a_bundles_locator_is_trained_on_from_where_it_was(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from atelier.training import bundled, locating, templates
    from atelier.training.export import export
    from atelier.training.locator import trained
    from atelier.training.loop import train
    from atelier.training.runs import run_dir

    drawn = templates.templates(3)
    monkeypatch.setattr(locating, "templates", lambda: drawn)
    rendered(48)
    train(1, 48, 64, 16, "cpu", "one")
    with pytest.raises(SystemExit, match="no locator"):
        bundled.locator(tmp_path / "bundle")
    locating.train(1, 48, 64, 8, "cpu", "locator")
    export(tmp_path / "bundle", "one", 1, 48)
    before, held = trained("locator"), bundled.locator(tmp_path / "bundle")
    x = torch.randn(24, 3, 128, 128)
    same = lambda a, b: torch.nn.functional.cosine_similarity(a[0], b[0]).min() > 0.99 and torch.allclose(a[1], b[1], atol=2e-3)  # noqa: E731

    def seen(model):  # and not the boxes: the likeliest places of an untaught locator are anywhere
        edges, mask, sure = model.parts(x)
        return torch.cat([(part - part.mean()).flatten(1) for part in (edges, mask)], 1), torch.sigmoid(sure)

    with torch.no_grad():
        parts = seen(before)
        assert same(seen(held), parts)
        bundled.renormalise(held, x)
        assert same(seen(held), parts) and same(seen(held.train()), parts), "a batch's own mean and spread are what it expects"
    locating.train(1, 48, 8, 8, "cpu", "on", first=str(tmp_path / "bundle"))
    assert trained("on") is not None
    # One from before there were the coarsest layers finds what it found.
    weights = bundled._weights
    monkeypatch.setattr(bundled, "_weights", lambda path: {k: v for k, v in weights(path).items() if not k.startswith("coarser.")})
    before.silence()
    with torch.no_grad():
        assert not same(seen(before), parts) and same(seen(bundled.locator(tmp_path / "bundle")), seen(before))
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    # Where no locator was trained, a bundle keeps its own.
    content = (tmp_path / "bundle" / "locator.onnx").read_bytes()
    shutil.rmtree(run_dir("locator"))
    export(tmp_path / "bundle", "one", 1, 48)
    assert (tmp_path / "bundle" / "locator.onnx").read_bytes() == content


def test_pictures_are_cut_out_and_scaled_in_one_step_to_where_they_belong():
    pytest.importorskip("cv2")
    from atelier.training.augment import _warped, augment, stacked
    from atelier.training.looking import Look

    y, x = np.mgrid[0:144, 0:144]
    picture = np.stack([x, y, np.full_like(x, 90)], 2).astype(np.uint8)  # every pixel tells where it was
    straight = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    for side, size in ((64, 64), (96, 112), (144, 64), (20, 88)):
        seen = _warped(Look(picture, (30, 50, side), True), straight, size).astype(float)
        assert seen.shape == (size, size, 3)
        expected = (np.arange(size) + 0.5) * side / size - 0.5
        assert np.abs(seen[size // 2, :, 0] - np.clip(30 + expected, 0, 143)).max() < 1.1
        assert np.abs(seen[:, size // 2, 1] - np.clip(50 + expected, 0, 143)).max() < 1.1
    # Shifted by half the square, the middle is what was at its right edge.
    moved = _warped(Look(picture, (30, 30, 64), True), straight + [[0, 0, 1], [0, 0, 0]], 64)
    assert abs(float(moved[32, 31:33, 0].mean()) - (30 + 64 - 0.5)) < 1.1
    rng = np.random.default_rng(0)
    for strong in (False, True):
        for located in (False, True):
            shown = [augment(Look(picture, (0, 0, 144), located), 64, strong, rng) for _ in range(40)]
            assert all(s.shape == (64, 64, 3) and s.dtype == np.float32 and s.min() >= 0 and s.max() <= 1 for s in shown)
            x = stacked(shown)
            assert x.shape == (40, 3, 64, 64) and x.isfinite().all()


def test_a_hand_that_moves_smears_and_stray_light_only_adds():
    pytest.importorskip("torch")
    from atelier.training.augment import _glare, _motion

    for length in (1.0, 3.0, 7.2):
        for angle in (0.0, 0.8, np.pi / 2):
            kernel = _motion(length, angle)
            assert abs(kernel.sum() - 1) < 1e-5
            rows, columns = np.nonzero(kernel)
            reach = np.hypot(np.ptp(rows), np.ptp(columns))
            assert abs(reach - length) <= 1.5  # to the nearest pixels
    assert np.count_nonzero(_motion(7.2, 0.0).sum(1)) == 1, "along a line nothing is smeared across it"
    rng = np.random.default_rng(1)
    picture = rng.random((40, 56, 3), dtype=np.float32)
    for _ in range(20):
        lit = _glare(picture, rng)
        assert lit.dtype == np.float32 and lit.shape == picture.shape
        assert (lit >= picture - 1e-6).all() and lit.max() <= 1


def test_a_phones_white_balance_misses_along_the_lamps_colours_more_than_across():
    pytest.importorskip("torch")
    from atelier.training.augment import disturb

    rng = np.random.default_rng(2)
    grey = np.full((32, 32, 3), 0.4, np.float32)
    means = np.log(np.stack([disturb(grey, True, rng).mean((0, 1)) for _ in range(600)]))
    along, across = means[:, 0] - means[:, 2], means[:, 1] - means[:, [0, 2]].mean(1)
    assert along.std() > 1.8 * across.std()
    assert across.std() < 0.09


def test_a_piece_and_its_sibling_are_in_one_batch():
    pytest.importorskip("torch")
    from atelier.training.loop import batches

    families = [i // 2 if i < 40 else i for i in range(100)]
    categories = [("ring", "brooch", "pendant")[f % 3] for f in families]
    together = 0
    for seed in range(20):
        chunks = batches(categories, families, 25, np.random.default_rng(seed))
        assert sorted(np.concatenate(chunks)) == list(range(100))
        where = {int(i): n for n, chunk in enumerate(chunks) for i in chunk}
        together += sum(where[2 * f] == where[2 * f + 1] for f in range(20))
    assert together > 0.8 * 20 * 20


def test_pieces_that_look_alike_are_in_one_batch_every_other_time():
    pytest.importorskip("torch")
    from atelier.training.loop import batches
    from atelier.training.neighbours import GROUP, Neighbours, grouped

    rng = np.random.default_rng(0)
    kinds = rng.permutation(np.repeat(np.arange(10), GROUP))
    vectors = np.eye(10)[kinds] + rng.normal(0, 0.05, (len(kinds), 10))
    neighbours = Neighbours()
    neighbours.saw(np.arange(60), vectors[:60])
    assert neighbours.all_of(60).shape == (60, 10) and neighbours.all_of(61) is None
    neighbours.saw(np.arange(120), vectors)
    assert np.allclose(np.linalg.norm(neighbours.all_of(120), axis=1), 1)
    groups = grouped(neighbours.all_of(120), GROUP, rng)
    assert sorted(np.concatenate(groups)) == list(range(120))
    assert all(len(set(kinds[g])) == 1 and len(g) == GROUP for g in groups)
    assert [len(g) for g in grouped(vectors[:30], GROUP, rng)] == [12, 12, 6]
    alike = []
    for seed in range(30):
        chunks = batches(["ring"] * 120, list(range(120)), 24, np.random.default_rng(seed), vectors)
        assert sorted(np.concatenate(chunks)) == list(range(120))
        alike.append(np.mean([np.unique(kinds[c], return_counts=True)[1].max() for c in chunks]) >= GROUP)
    assert 0.25 < np.mean(alike) < 0.75


def test_words_are_taught_with_every_piece_that_they_are_true_of():
    torch = pytest.importorskip("torch")
    from atelier.benchmark import asking
    from atelier.spec import sample
    from atelier.training import wording

    specs = [sample(20_000_000 + i) for i in range(80)]
    shown = wording.Shown(specs, list(range(80)), torch.nn.functional.normalize(torch.randn(80, 4, 1, 16), dim=-1))
    rng = np.random.default_rng(1)
    for _ in range(50):
        text, true = shown.ask(rng)
        assert text and 0 < true.sum() <= 80 * wording.MOST
    ring = next(a for a in asking.NOUNS if a.adjectives == ("ring",))
    assert shown.true_of((ring,)).tolist() == [s.category == "ring" for s in specs]
    # A text that is true of two pieces loses nothing to either, and loses to a third.
    gallery, scale = torch.eye(3), torch.tensor(4.0)
    query = torch.nn.functional.normalize(torch.tensor([[1.0, 1.0, 0.0]]), dim=-1)
    both, one = (wording.contrast(query, gallery, scale, torch.tensor([right])) for right in ([True, True, False], [True, False, True]))
    assert both < one


def test_siblings_are_asked_for_by_what_tells_them_apart():
    torch = pytest.importorskip("torch")
    from dataclasses import replace

    from atelier.spec import sample
    from atelier.training import wording

    spec = next(s for s in map(sample, range(20_000_000, 20_000_400)) if s.metal == s.second_metal == "yellow gold" and s.stone == "ruby")
    specs = [spec, replace(spec, metal="silver", second_metal="silver"), sample(20_000_001), replace(spec, size=9.0)]
    shown = wording.Shown(specs, [5, 5, 6, 5], torch.zeros(4, 4, 1, 16))
    # Nobody can tell from words how large "larger" is, and the last differs from the second in two things.
    assert sorted(shown.pairs) == [(0, 1, "metal"), (1, 0, "metal")]
