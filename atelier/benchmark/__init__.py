"""A retrieval benchmark of unseen pieces: listings with photos, queries of six kinds, and their answers."""
