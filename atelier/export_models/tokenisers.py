"""Tokenisers: as tokenizer.json, with what [text] of model.toml has to say about them, and whether both do the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import fixtures
from .errors import ExportError

# Texts that a shop sees every day. On these tokenizer.json must give the reference's ids; on the hostile ones a difference is reported.
ORDINARY = ("plain", "mixed case", "empty", "10,000 words", "punctuation", "accents", "Chinese", "curly quotes", "right to left")


def of_open_clip(reference) -> tuple[dict, str]:
    """[text] and tokenizer.json of open_clip's own tokeniser, or of one that it wraps."""
    import open_clip

    clean = {"lower": "whitespace", "whitespace": "whitespace", "canonicalize": "canonicalize"}[_clean_of(reference)]
    if isinstance(reference, open_clip.tokenizer.SimpleTokenizer):
        tokenizer = _merges_json()
    else:
        tokenizer = _backend(reference.tokenizer)
        if tokenizer is None:
            raise ExportError("the model's tokeniser has no tokenizer.json form")
    if clean == "whitespace":
        sample = "Art Deco EMERALD Ring"
        if not np.array_equal(reference([sample]), reference([sample.lower()])):
            raise ExportError("the model's tokeniser cleans text but keeps capitals, which a bundle cannot say")
    text = {"context_length": int(reference.context_length), "pad_id": _pad_id(np.asarray(reference(["ring"]))), "clean": clean, "case": "keep"}
    return text, tokenizer


def of_transformers(tokenizer, written: str, context: int, with_mask: bool) -> tuple[dict, str, Callable]:
    """[text], tokenizer.json, and a function from texts to ids (and the mask, where the tower takes one)."""

    def coded(texts: list[str]) -> tuple[np.ndarray, ...]:
        out = tokenizer(texts, padding="max_length", truncation=True, max_length=context, return_attention_mask=True)
        return tuple(np.asarray(out[key], np.int64) for key in ("input_ids", "attention_mask")[: 1 + with_mask])

    plain, capitals = coded(["emerald ring"])[0], coded(["Emerald RING"])[0]
    case = "keep" if np.array_equal(plain, capitals) else "lower"
    text = {"context_length": context, "pad_id": _pad_id(coded(["ring"])[0]), "clean": "none", "case": case}
    return text, written, coded if case == "keep" else lambda texts: coded([text.lower() for text in texts])


def published(folder: Path):
    """The tokeniser that lies in a model's folder, and its tokenizer.json."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="right")
    except (OSError, ValueError, ImportError) as error:
        raise ExportError(f"the model's tokeniser cannot be loaded ({' '.join(str(error).split())[:160]})") from None
    written = _backend(tokenizer)
    if written is None and (folder / "tokenizer.json").is_file():
        written = (folder / "tokenizer.json").read_text()
    if written is None and (folder / "spiece.model").is_file():
        return _siglip(tokenizer), _spiece_json((folder / "spiece.model").read_bytes())
    if written is None:
        raise ExportError("the model's tokeniser has no tokenizer.json form")
    return _siglip(tokenizer), written


def made_for(kind: str, notes: list[str]):
    """A tokeniser for random weights: CLIP's own, out of the open_clip package; for SigLIP a small one, made here."""
    if kind == "clip":
        import open_clip
        from transformers import CLIPTokenizer

        vocabulary, pairs = _merges(open_clip.tokenizer.SimpleTokenizer(), ["<|startoftext|>", "<|endoftext|>"])
        tokenizer = CLIPTokenizer(vocab=vocabulary, merges=pairs)
        return tokenizer, _backend(tokenizer)
    from transformers import SiglipTokenizer

    notes.append("Its vocabulary was not at hand: tokenizer.json is a small one of the same kind, made from this project's own sentences.")
    spiece = fixtures.module("tokenisers").sentencepiece_model()
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "spiece.model").write_bytes(spiece)
        return _siglip(SiglipTokenizer(str(Path(scratch) / "spiece.model"))), _spiece_json(spiece)


def made_unigram() -> str:
    """A small tokeniser of the kind that open_clip's SigLIP models wrap: it leaves cleaning to open_clip."""
    whole = json.loads(_spiece_json(fixtures.module("tokenisers").sentencepiece_model()))
    whole["normalizer"] = whole["normalizer"]["normalizers"][-1]  # SentencePiece's own, without SigLIP's cleaning
    return json.dumps(whole, ensure_ascii=False)


def agreement(written: str, text: dict, cleaned: Callable[[str], str], tokens: Callable) -> str:
    """Holds tokenizer.json against the reference, text by text; says on how many they agree, or refuses."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(written)
    tokenizer.no_padding()
    tokenizer.enable_truncation(text["context_length"])
    texts = fixtures.texts()
    wanted = tokens(list(texts.values()))[0]
    differ = []
    for (name, given), row in zip(texts.items(), wanted, strict=True):
        ids = tokenizer.encode(cleaned(given)).ids
        if ids + [text["pad_id"]] * (text["context_length"] - len(ids)) != row.tolist():
            differ.append(name)
    if bad := [name for name in differ if name in ORDINARY]:
        raise ExportError(f"tokenizer.json and the model's own tokeniser differ on ordinary texts ({', '.join(bad)}): not exported")
    return f"{len(texts) - len(differ)} of {len(texts)} texts" + (f"; not for these hostile ones: {', '.join(differ)}" if differ else "")


def _pad_id(rows: np.ndarray) -> int:
    if rows[0, -1] != rows[0, -2] or rows[0, 0] == rows[0, -1]:
        raise ExportError("the model's tokeniser pads on the left or not at all, where a bundle pads on the right")
    return int(rows[0, -1])


def _backend(tokenizer) -> str | None:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    return backend.to_str() if backend is not None and hasattr(backend, "to_str") else None


def _clean_of(reference) -> str:
    """Which of open_clip's three ways of cleaning a tokeniser has."""
    names = {"_clean_lower": "lower", "_clean_whitespace": "whitespace", "_clean_canonicalize": "canonicalize"}
    clean = names.get(getattr(getattr(reference, "clean_fn", None), "__name__", ""))
    if clean is None or getattr(reference, "tokenizer_mode", "") or getattr(reference, "strip_sep_token", False) or getattr(reference, "reduction_fn", None):
        raise ExportError("the model's tokeniser cleans or masks text in a way that a bundle cannot say")
    return clean


def _merges(simple, specials: list[str]) -> tuple[dict[str, int], list]:
    pairs = list(simple.bpe_ranks)
    return fixtures.module("tokenisers").clip_vocabulary(pairs, specials), pairs


def _merges_json() -> str:
    import open_clip

    simple = open_clip.tokenizer.SimpleTokenizer()
    with tempfile.TemporaryDirectory() as scratch:
        fixtures.module("tokenisers").open_clip_json(list(simple.bpe_ranks), Path(scratch) / "tokenizer.json")
        return (Path(scratch) / "tokenizer.json").read_text()


def _spiece_json(spiece: bytes) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        fixtures.module("tokenisers").siglip_json(spiece, Path(scratch) / "tokenizer.json")
        return (Path(scratch) / "tokenizer.json").read_text()


def _siglip(tokenizer):
    """SiglipTokenizer puts one mark too many before text that begins with white space, which SigLIP's own preprocessing does not."""
    if type(tokenizer).__name__ != "SiglipTokenizer":
        return tokenizer
    return lambda texts, **how: tokenizer([text.lstrip() for text in texts], **how)
