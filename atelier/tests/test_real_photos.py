"""Real photographs as a benchmark: every photo a listing, nothing asked that its own answer gives away."""

import json

import numpy as np
from PIL import Image

from atelier.real_photos import make, snapshot, square


def photo(folder, name, colour, size=(60, 40)):
    folder.mkdir(parents=True, exist_ok=True)
    x = np.full((size[1], size[0], 3), 240, np.uint8)
    x[10:30, 20:40] = colour
    Image.fromarray(x).save(folder / name, quality=95)


def test_a_folder_of_classes_becomes_listings_and_queries(tmp_path):
    for k in range(3):
        photo(tmp_path / "in" / "hoops", f"h{k}.jpg", (200, 30 * k, 20))
    photo(tmp_path / "in" / "drops", "d0.png", (10, 200, 20))
    (tmp_path / "in" / "LICENSE").write_text("words")
    make(tmp_path / "in", tmp_path / "out", spoilt=2)
    read = [json.loads(x) for x in (tmp_path / "out" / "listings.jsonl").read_text().splitlines()]
    assert sorted(x["id"] for x in read) == ["drops-d0", "hoops-h0", "hoops-h1", "hoops-h2"]
    assert all((tmp_path / "in" / x["photos"][0]).exists() for x in read)
    queries = [json.loads(x) for x in (tmp_path / "out" / "queries.jsonl").read_text().splitlines()]
    assert [q["kind"] for q in queries].count("class") == 3  # the lone drop has no other of its class
    assert [q["kind"] for q in queries if q["kind"] != "class"] == ["screenshot", "snapshot"] * 2
    for q in queries:
        assert (tmp_path / "out" / q["photos"][0]).exists()
        assert not set(q["relevant"]) & set(q.get("except", []))
    ours = {q["photos"][0]: q for q in queries}["queries/hoops-h1.jpg"]
    assert (ours["except"], sorted(ours["relevant"])) == (["hoops-h1"], ["hoops-h0", "hoops-h2"])


def test_the_same_seed_makes_the_same_pictures(tmp_path):
    photo(tmp_path, "a.png", (200, 30, 20))
    with Image.open(tmp_path / "a.png") as a:
        one, two = (np.asarray(snapshot(a, np.random.default_rng(5))) for _ in range(2))
        assert (one == two).all()
        assert np.abs(np.asarray(square(a), int) - one).mean() > 2  # it was spoilt
        assert square(a).size == (512, 512) and square(a).getpixel((2, 2)) == (240, 240, 240)
