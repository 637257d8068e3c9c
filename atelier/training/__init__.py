"""The starter model: two small towers in one space, trained from scratch on the atelier's own pictures and captions."""
