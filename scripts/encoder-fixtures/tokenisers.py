"""Small tokenisers of the same kinds as CLIP's and SigLIP's, trained on our own sentences."""

import gzip
import io
import string
import tempfile
from collections import Counter

import regex
import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from words import sentences

CLIP_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def merges(count=230):
    """Merges of a byte-level BPE whose words end in </w>, as CLIP's. The `tokenizers` library would train faster, but breaks ties
    differently from run to run."""
    from open_clip.tokenizer import bytes_to_unicode
    letters = bytes_to_unicode()
    seen = Counter(word for line in sentences() for word in regex.findall(CLIP_PATTERN, line.lower()))
    words = {}
    for word, times in seen.items():
        *start, end = (letters[byte] for byte in word.encode())
        words[(*start, end + "</w>")] = times
    pairs = []
    while len(pairs) < count:
        counts = Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                counts[pair] += times
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        pairs.append(best)
        words = {joined(word, best): times for word, times in words.items()}
    return pairs


def joined(word, pair):
    """The word with every occurrence of the pair made one."""
    out = []
    for part in word:
        if out and (out[-1], part) == pair:
            out[-1] += part
        else:
            out.append(part)
    return tuple(out)


def clip_vocabulary(pairs, specials):
    """CLIP's order: 256 bytes, the same at the end of a word, what the merges make, special tokens."""
    from open_clip.tokenizer import bytes_to_unicode
    letters = list(bytes_to_unicode().values())
    every = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in pairs] + list(specials)
    assert len(set(every)) == len(every)
    return {token: number for number, token in enumerate(every)}


def open_clip_file(pairs, path):
    """The merges in the form that open_clip's SimpleTokenizer reads."""
    path.write_bytes(gzip.compress(("#version\n" + "\n".join(" ".join(pair) for pair in pairs)).encode(), mtime=0))


def open_clip_json(pairs, path):
    """The same tokeniser for the `tokenizers` library: how an OpenCLIP bundle's tokenizer.json is made."""
    start, end = "<start_of_text>", "<end_of_text>"
    vocabulary = clip_vocabulary(pairs, [start, end])
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs, end_of_word_suffix="</w>", unk_token=end))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(f"{start}|{end}|{CLIP_PATTERN}"), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.add_special_tokens([start, end])
    tokenizer.post_processor = processors.RobertaProcessing(
        (end, vocabulary[end]), (start, vocabulary[start]), trim_offsets=False, add_prefix_space=False)
    tokenizer.save(str(path), pretty=False)


def sentencepiece_model():
    """A unigram SentencePiece model like SigLIP's: bytes of the model file."""
    model = io.BytesIO()
    # Rules of our own in place of NFKC, whose compiled form would be most of the file: full-width letters and ligatures.
    rules = {code: f"{code - 0xFEE0:X}" for code in range(0xFF01, 0xFF5F)}
    rules |= {0x3000: "20", 0xA0: "20", 0xFB01: "66 69", 0xFB02: "66 6C", 0x200B: "20", 0x7F: ""}
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("".join(f"{code:X}\t{to}\n" for code, to in rules.items()))
        file.flush()
        train(model, file.name)
    return model.getvalue()


def train(model, rules):
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line.translate(str.maketrans("", "", string.punctuation)).lower() for line in sentences()),
        model_writer=model, model_type="unigram", vocab_size=400, character_coverage=1.0, pad_id=0, eos_id=1, unk_id=2,
        bos_id=-1, hard_vocab_limit=False, num_threads=1, minloglevel=2, normalization_rule_tsv=rules,
    )


def siglip_json(model, path):
    """The same tokeniser for the `tokenizers` library: how a SigLIP bundle's tokenizer.json is made."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model)
    vocabulary = [(piece.piece, piece.score) for piece in proto.pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=proto.trainer_spec.unk_id, byte_fallback=False))
    punctuation = "".join("\\" + letter for letter in string.punctuation)
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace("▁", " "),
        normalizers.Lowercase(),
        normalizers.Replace(Regex(f"[{punctuation}]"), ""),
        # Python counts the separators 1C to 1F as white space; Rust's regular expressions do not.
        normalizers.Replace(Regex(r"[\s\x1c-\x1f]+"), " "),
        normalizers.Strip(),
        normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens([
        AddedToken(token, lstrip=True, rstrip=True, normalized=False, special=True) for token in ("</s>", "<unk>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(path), pretty=False)
