"""Where pieces are in the queries' pictures: kept from one start to the next, and in the queries' lines at the end."""

import json

from atelier.places import KEPT, QUERIES, Places, rounded

ASKED = [
    {"kind": "snapshot", "photos": ["q/1.jpg"], "relevant": ["A"]},
    {"kind": "snapshot", "photos": ["q/2.jpg", "q/3.jpg"], "relevant": ["B"]},
    {"kind": "text", "photos": [], "text": "gold ring", "relevant": ["A"]},
]
BOX, OTHER = [0.1, 0.2, 0.5, 0.75], [0.0, 0.0, 0.25, 1.0]


def written(out):
    return [json.loads(line) for line in (out / QUERIES).read_text().splitlines()]


def test_a_stopped_run_knows_what_it_has_taken(tmp_path):
    places = Places(tmp_path)
    places.write(ASKED)
    assert all("boxes" not in row for row in written(tmp_path))
    places.add("q/1.jpg", BOX)
    with (tmp_path / KEPT).open("a") as f:
        f.write('{"photo": "q/2.jpg", "bo')  # killed here
    again = Places(tmp_path)
    assert "q/1.jpg" in again and "q/2.jpg" not in again


def test_a_query_has_the_boxes_of_all_its_pictures_or_of_none(tmp_path):
    places = Places(tmp_path)
    places.add("q/1.jpg", BOX)
    places.add("q/2.jpg", None)
    places.write(ASKED)
    first, second, words = written(tmp_path)
    assert first["boxes"] == [BOX] and "boxes" not in second and "boxes" not in words
    assert (tmp_path / KEPT).exists()
    places.add("q/3.jpg", OTHER)
    places.write(ASKED)
    assert written(tmp_path)[1]["boxes"] == [None, OTHER]
    assert not (tmp_path / KEPT).exists()
    assert Places(tmp_path).known == {"q/1.jpg": BOX, "q/2.jpg": None, "q/3.jpg": OTHER}


def test_boxes_are_written_short():
    assert rounded([1 / 3, 0, 1, 2 / 3]) == [0.3333, 0.0, 1.0, 0.6667]
    assert rounded(None) is None
