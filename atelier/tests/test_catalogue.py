"""The demo's plan, its shoppers' pictures and the way it is written."""

import json

import numpy as np
import pytest
from PIL import Image

from atelier.catalogue import DEALERS, SCREENSHOTS, SHOPPERS, listing, plan, shopper_items, text_queries
from atelier.dataset import FIRST_SEED
from atelier.files import write_whole
from atelier.post import spoil
from atelier.screens import feed, story
from atelier.spec import sample
from atelier.vocabulary import CATEGORIES, PERIODS


def test_the_stock_has_every_category_period_and_dealer_and_no_id_twice():
    items = plan(11, 320)
    assert len({i.id for i in items}) == len({i.seed for i in items}) == 320
    assert {i.category for i in items} == set(CATEGORIES)
    assert {i.period for i in items} == set(PERIODS)
    assert {i.dealer.id for i in items} == {d.id for d in DEALERS}
    assert max(i.seed for i in items) < FIRST_SEED


def test_shoppers_see_different_listings():
    chosen = shopper_items(11, plan(11, 320))
    assert len(set(chosen)) == SHOPPERS and SCREENSHOTS >= 12


def test_a_listing_has_what_the_shop_reads():
    x = listing(plan(11, 24)[5])
    assert json.loads(json.dumps(x)) == x
    assert set(x) == {"id", "dealer", "title", "description", "category", "period", "metals", "stones", "motifs", "price", "status", "listed", "url", "photos"}
    assert x["photos"] == [f"{x['id']}-1.webp", f"{x['id']}-2.webp"] and x["price"]["currency"] == "GBP"


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


def test_a_failed_write_leaves_nothing(tmp_path):
    def fail(f):
        f.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError):
        write_whole(tmp_path / "x.bin", fail)
    assert list(tmp_path.iterdir()) == []
