"""The demo's plan, its shoppers' pictures and the way it is written."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from atelier.benchmark.queries import PHOTO_KINDS
from atelier.catalogue import DEALERS, SHOPPERS, asks, listing, photo_queries, plan, text_queries, words
from atelier.dataset import FIRST_SEED
from atelier.files import write_whole
from atelier.post import glare, motion, spoil
from atelier.render.lights import STUDIO
from atelier.render.surfaces import CATALOGUE
from atelier.screens import feed, story
from atelier.spec import sample
from atelier.stock import photos, sides
from atelier.vocabulary import CATEGORIES, PERIODS

SIDES = ("front", "three-quarter", "side", "back")


def test_the_stock_has_every_category_period_and_dealer_and_no_id_twice():
    items = plan(11, 600)
    assert len({i.id for i in items}) == len({i.seed for i in items}) == 600
    assert {i.category for i in items} == set(CATEGORIES)
    assert {i.period for i in items} == set(PERIODS)
    assert {i.dealer.id for i in items} == {d.id for d in DEALERS}
    assert len(DEALERS) == len({d.id for d in DEALERS}) == len({d.name for d in DEALERS}) == len({d.prefix for d in DEALERS}) == 24
    assert {x for d in DEALERS for x in d.surfaces} <= set(CATALOGUE) and {x for d in DEALERS for x in d.lights} <= set(STUDIO)
    assert max(i.seed for i in items) < FIRST_SEED


def test_listings_have_two_or_three_photos_of_different_sides_the_front_first():
    items = plan(11, 600)
    shown = [sides(i) for i in items]
    assert {len(x) for x in shown} == {2, 3} and 0.3 < np.mean([len(x) == 3 for x in shown]) < 0.5
    assert all(x[0] == "front" and len(set(x)) == len(x) and set(x) <= set(SIDES) for x in shown)
    assert {side for x in shown for side in x} == set(SIDES)
    assert all(len(photos(i, Path())) == i.shots for i in items)


def test_shoppers_see_different_listings_and_ask_in_every_way():
    items = plan(11, 600)
    found = asks(11, items)
    assert found == asks(11, items) and len(found) == sum(SHOPPERS.values()) >= 60
    assert len({a.item for a in found}) == len(found) and len({p for a in found for p in a.photos}) == len(found) + SHOPPERS["two-photos"]
    assert {a.kind for a in found} == {*PHOTO_KINDS, "photo_and_text"} and {a.name for a in found} == set(SHOPPERS)
    assert {items[a.item].category for a in found if a.name == "worn"} == set(CATEGORIES)
    assert len(asks(11, items[:10])) == len(found)  # with fewer listings than pictures, some are asked for again


def test_a_photo_query_names_its_pictures_and_its_listing():
    items = plan(11, 12)
    found = asks(11, items)
    specs = {a.item: sample(items[a.item].seed, items[a.item].category, items[a.item].period) for a in found}
    for a, q in zip(found, photo_queries(found, items, specs), strict=True):
        assert json.loads(json.dumps(q)) == q and set(q) == {"kind", "photos", "text", "filters", "relevant"}
        assert q["relevant"] == [items[a.item].id] and len(q["photos"]) == (2 if a.name == "two-photos" else 1)
        assert q["text"] == (words(specs[a.item]) if q["kind"] == "photo_and_text" else None)
    spec = next(iter(specs.values()))
    assert spec.category in words(spec) and spec.metals[0] in words(spec)


def test_a_listing_has_what_the_shop_reads():
    item = plan(11, 24)[5]
    x = listing(item)
    assert json.loads(json.dumps(x)) == x
    assert set(x) == {"id", "dealer", "title", "description", "category", "period", "metals", "stones", "motifs", "price", "status", "listed", "url", "photos"}
    assert x["photos"] == [f"{x['id']}-{k}.webp" for k in range(1, item.shots + 1)] and x["price"]["currency"] == "GBP"


def test_text_queries_ask_for_what_their_answers_have():
    listings = [listing(i) for i in plan(11, 60)]
    by_id = {x["id"]: x for x in listings}
    queries = text_queries(listings)
    assert queries
    for q in queries:
        for i in q["relevant"]:
            x = by_id[i]
            assert x["category"] in q["text"]
            assert any(m in q["text"] for m in x["metals"])


@pytest.mark.parametrize("draw", [feed, story])
def test_a_screenshot_is_tall_and_shows_the_picture_across_its_middle(draw):
    photo = Image.new("RGB", (512, 512), (200, 30, 30))
    for seed in range(8):
        page = draw(photo, sample(1), np.random.default_rng(seed)).page
        w, h = page.size
        assert h > 1.6 * w
        middle = np.asarray(page)[h // 2 - 20 : h // 2 + 20, w // 3 : 2 * w // 3].reshape(-1, 3).mean(0)
        assert abs(middle - [200, 30, 30]).max() < 25


def test_spoiling_keeps_the_size_and_is_reproducible():
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 255, (96, 96, 3), dtype=np.uint8))
    a, b = (spoil(photo, np.random.default_rng(4)) for _ in range(2))
    assert a.size == photo.size and np.array_equal(np.asarray(a), np.asarray(b))


def test_a_moving_hand_blurs_along_its_way_only():
    page = np.zeros((65, 65, 3), np.uint8)
    page[32, 32] = 255
    across = np.asarray(motion(Image.fromarray(page), 12, 0)).any(2)
    assert across[32].sum() in range(10, 16) and across.sum() == across[32].sum()
    columns = np.flatnonzero(across[32])
    assert abs(columns.mean() - 32) < 0.6, "where the piece is stays where it was"
    assert np.array_equal(np.asarray(motion(Image.fromarray(page), 0.2, 0)), page)


def test_glare_brightens_most_where_it_is_and_nothing_gets_darker():
    x = np.full((40, 60, 3), 0.3)
    y = glare(x, (0.2, 0.5), 0.15, 0.6, 0.05)
    assert (y >= x).all() and y.max() <= 1
    where = np.unravel_index(y.sum(2).argmax(), y.shape[:2])
    assert abs(where[0] - 20) <= 1 and abs(where[1] - 12) <= 1 and y[20, -1].mean() < 0.36


def test_a_failed_write_leaves_nothing(tmp_path):
    def fail(f):
        f.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError):
        write_whole(tmp_path / "x.bin", fail)
    assert list(tmp_path.iterdir()) == []
