"""The command line: `python -m atelier COMMAND`; `--help` lists the commands."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIECES = 12_000  # rendered for training, held-out ones counted and siblings not
RUN = "starter-2"


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="python -m atelier", description="Makes Vitrine's demo catalogue, its starter model and its benchmarks.")
    sub = p.add_subparsers(dest="command", required=True)
    workers = os.cpu_count() or 1

    c = sub.add_parser("catalogue", help="render the demo catalogue")
    c.add_argument("--seed", type=int, default=11)
    c.add_argument("--out", type=Path, default=ROOT / "demo")
    c.add_argument("--count", type=int, default=600)
    c.add_argument("--workers", type=int, default=workers)

    d = sub.add_parser("dataset", help="render the training set into the cache folder")
    d.add_argument("--count", type=int, default=PIECES)
    d.add_argument("--workers", type=int, default=workers)

    t = sub.add_parser("train", help="train the starter model on the rendered set, resuming where it stopped")
    t.add_argument("--seed", type=int, default=7)
    t.add_argument("--count", type=int, default=PIECES, help="pieces to use at most; more may be rendered while training runs")
    t.add_argument("--pictures", type=int, default=207_000, help="how many pictures to look at in all, over every start")
    t.add_argument("--batch", type=int, default=96, help="pieces in a batch, each seen twice")
    t.add_argument("--processes", type=int, default=1, help="that share each batch, a processor for each: with two, twice as many pictures a second")
    t.add_argument("--device", default="auto")
    t.add_argument("--run", default=RUN, help="name of the checkpoint folder in the cache")
    t.add_argument("--first", metavar="RUN", help="begin with what this run has learnt, instead of with nothing; or with a bundle's image tower (models/starter)")

    n = sub.add_parser("discriminants", help="work out the last layer of a trained run's image tower; before train-words")
    n.add_argument("--seed", type=int, default=7)
    n.add_argument("--count", type=int, default=PIECES, help="pieces to use at most")
    n.add_argument("--device", default="auto")
    n.add_argument("--run", default=RUN, help="name of the checkpoint folder in the cache; the layer is kept beside its checkpoint")

    w = sub.add_parser("train-words", help="teach a trained run's text tower what shoppers type, its pictures' vectors staying as they are")
    w.add_argument("--seed", type=int, default=7)
    w.add_argument("--count", type=int, default=PIECES, help="pieces to use at most")
    w.add_argument("--steps", type=int, default=1000)
    w.add_argument("--device", default="auto")
    w.add_argument("--run", default=RUN, help="name of the checkpoint folder in the cache; the text tower is kept beside its checkpoint")

    o = sub.add_parser("train-locator", help="train the locator on the rendered set, resuming where it stopped")
    o.add_argument("--seed", type=int, default=7)
    o.add_argument("--count", type=int, default=PIECES, help="pieces to use at most; more may be rendered while training runs")
    o.add_argument("--pictures", type=int, default=200_000, help="how many pictures to look at in all, over every start")
    o.add_argument("--batch", type=int, default=64)
    o.add_argument("--processes", type=int, default=1, help="that share each batch, a processor for each")
    o.add_argument("--device", default="auto")
    o.add_argument("--run", default="locator", help="name of the checkpoint folder in the cache; export-starter takes `locator`")
    o.add_argument("--first", metavar="BUNDLE", help="begin with the locator of this bundle (models/starter), instead of with nothing")

    m = sub.add_parser("measure-locator", help="how well the locator finds held-out pieces in shoppers' pictures")
    m.add_argument("--count", type=int, default=PIECES)
    m.add_argument("--run", default="locator")

    e = sub.add_parser("export-starter", help="write the bundle: ONNX, tokenizer, model.toml, model card")
    e.add_argument("--out", type=Path, default=ROOT / "models" / "starter")
    e.add_argument("--run", default=RUN)
    e.add_argument("--seed", type=int, default=7)
    e.add_argument("--count", type=int, default=PIECES)

    x = sub.add_parser("export", help="make a bundle of a published CLIP, SigLIP or SigLIP 2 model (docs/MODELS.md)")
    x.add_argument("name", metavar="NAME", help="hf-hub:ORG/MODEL or MODEL:TAG (open_clip), ORG/MODEL (transformers), local-dir:FOLDER")
    x.add_argument("--out", type=Path, required=True, help="the bundle's folder, whose name becomes its id")
    x.add_argument("--precision", choices=("fp32", "fp16"), default="fp32")
    x.add_argument("--revision", help="which revision on the hub: a commit, a branch or a tag (default: the newest)")
    x.add_argument("--weights", choices=("published", "random"), default="published", help="random: the architecture alone, nothing is fetched")
    x.add_argument("--seed", type=int, default=0, help="of random weights")
    x.add_argument("--licence", help="the weights' licence, where the model's own card does not state it")
    x.add_argument("--calibrate", type=Path, metavar="LISTINGS.jsonl", help="measure the thresholds of verdicts on this catalogue")
    x.add_argument("--photos", type=Path, metavar="DIR", help="its pictures")
    x.add_argument("--queries", type=Path, metavar="FILE", help="queries with the listings that are right, one JSON object a line")
    x.add_argument("--expected", action="store_true", help="write also what the reference makes of the encoder's test inputs")

    v = sub.add_parser("evaluate", help="recall of a bundle on the demo's queries, in Python")
    v.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    v.add_argument("--demo", type=Path, default=ROOT / "demo")

    b = sub.add_parser("benchmark", help="write listings, photos and queries of unseen pieces, to measure retrieval with (docs/BENCHMARK.md)")
    b.add_argument("--seed", type=int, required=True, help="which benchmark: every seed has pieces of its own")
    b.add_argument("--listings", type=int, default=2000)
    b.add_argument("--out", type=Path, required=True, metavar="DIR")
    b.add_argument("--queries", type=int, default=1000)
    b.add_argument("--size", type=int, default=256, help="of pictures, in pixels a side")
    b.add_argument("--query-size", type=int, help="of queries' pictures, where it is another")
    b.add_argument("--workers", type=int, default=workers)

    r = sub.add_parser("real-photos", help="write a folder of classes of real photographs as listings and queries, to measure with (docs/BENCHMARK.md)")
    r.add_argument("folder", type=Path, metavar="DIR", help="a folder for each class, the photos in them")
    r.add_argument("--out", type=Path, required=True, metavar="DIR", help="where listings.jsonl, queries.jsonl and queries/ go")
    r.add_argument("--seed", type=int, default=1)
    r.add_argument("--spoilt", type=int, default=300, help="photos of which a screenshot and a snapshot are made")

    s = sub.add_parser("baselines", help="recall of simple baselines on a benchmark's folder")
    s.add_argument("folder", type=Path, metavar="DIR")
    s.add_argument("--seed", type=int, default=0, help="of the untrained network's weights")
    return p


def main(argv: list[str] | None = None) -> int:
    """Run one command; heavy libraries are loaded only by the command that needs them."""
    a = parser().parse_args(argv)
    # Threads that spin while they wait steal the processor from whoever shares it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if a.command == "catalogue":
        from .catalogue import make

        make(a.seed, a.out, a.count, a.workers)
    elif a.command == "dataset":
        from .dataset import render_set

        render_set(a.count, a.workers)
    elif a.command == "train":
        from .training.loop import train

        train(a.seed, a.count, a.pictures, a.batch, a.device, a.run, a.first, a.processes)
    elif a.command == "discriminants":
        from .training.discriminants import work_out

        work_out(a.seed, a.count, a.device, a.run)
    elif a.command == "train-words":
        from .training.wording import train as train_words

        train_words(a.seed, a.count, a.steps, a.device, a.run)
    elif a.command == "train-locator":
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # the towers may be trained beside it
        from .training.locating import train as train_locator

        train_locator(a.seed, a.count, a.pictures, a.batch, a.device, a.run, a.first, a.processes)
    elif a.command == "measure-locator":
        from .training.locating import report

        report(a.count, a.run)
    elif a.command == "export-starter":
        from .training.export import export

        export(a.out, a.run, a.seed, a.count)
    elif a.command == "export":
        from .export_models.command import Options, run

        return run(Options(**{k: v for k, v in vars(a).items() if k != "command"}))
    elif a.command == "benchmark":
        from .benchmark.make import make as make_benchmark

        make_benchmark(a.seed, a.listings, a.out, a.queries, a.size, a.workers, a.query_size)
    elif a.command == "real-photos":
        from .real_photos import make as make_real

        make_real(a.folder, a.out, a.seed, a.spoilt)
    elif a.command == "baselines":
        from .benchmark.baselines import baselines

        baselines(a.folder, a.seed)
    else:
        from .evaluate import evaluate

        evaluate(a.bundle, a.demo)
    return 0
