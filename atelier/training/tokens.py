"""The tokenizer: byte-level BPE learned from generated captions, so that no text is unknown. Saved as a tokenizer.json."""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from ..spec import sample
from ..words import caption, title
from .settings import CONTEXT

PAD, START, END = "<pad>", "<start>", "<end>"


def learn(seed: int, pieces: int = 6000, vocabulary: int = 2048) -> Tokenizer:
    """A tokenizer trained on the captions of sampled pieces (no meshes are built for this)."""
    rng = np.random.default_rng([seed, 0x746F6B])
    lines = []
    for i in range(pieces):
        spec = sample(20_000_000 + i)
        lines += [title(spec), caption(spec, rng), caption(spec, rng)]
    tokenizer = Tokenizer(models.BPE(unk_token=None))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[PAD, START, END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, min_frequency=3
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{START} $A {END}", special_tokens=[(START, 1), (END, 2)])
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Ids [n, CONTEXT] int64, padded with 0; a longer text keeps its end token."""
    out = np.zeros((len(texts), CONTEXT), np.int64)
    for row, e in zip(out, tokenizer.encode_batch(texts), strict=True):
        ids = e.ids if len(e.ids) <= CONTEXT else [*e.ids[: CONTEXT - 1], e.ids[-1]]
        row[: len(ids)] = ids
    return out
