"""Called by compare-peers: the scores and speeds of spaCy's fr_core_news_md and of pressgraph."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", RAYON_NUM_THREADS="1")
import spacy  # noqa: E402  (after the number of threads is set)

LABELS = {"PER": "Person", "ORG": "Organization", "LOC": "Place"}
LONG = 5_000_000
REPEATS = 8


def read(path):
    return path.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def peer_output(nlp, paths):
    for path in paths:
        entities = {}
        for found in nlp(read(path)).ents:
            if found.label_ in LABELS:
                mentions = entities.setdefault((LABELS[found.label_], found.text), [])
                mentions.append({"start": found.start_char, "end": found.end_char})
        listed = [
            {"id": f"e{i}", "type": kind, "name": name, "mentions": mentions}
            for i, ((kind, name), mentions) in enumerate(entities.items())
        ]
        yield json.dumps({"path": str(path), "issuer": None, "issued": None, "entities": listed, "relations": []})


def score(gold, output):
    script = os.environ.get("SCORE", "../shared/score.py")
    done = subprocess.run(
        [sys.executable, script, "score", str(gold), "--json"], input=output, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)["mentions"]["three"]


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command):
    """Output and processor time of a command."""
    before = children()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, children() - before


def main():
    parser = argparse.ArgumentParser(prog="compare-peers")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--data", type=Path, help="a data folder whose models have not seen the releases")
    parser.add_argument("--fold-models", type=Path, help="models of five folds, as `evaluate --keep-folds` leaves them")
    parser.add_argument("--sources", type=Path, help="the issuers of the releases, for --fold-models")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--program", required=True)
    options = parser.parse_args()
    paths = sorted(options.gold.glob("*.txt"))
    texts = [read(path) for path in paths]
    size = sum(len(text.encode()) for text in texts)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        program = [options.program]
        if options.data:
            program += ["--data", str(options.data)]
        (scratch / "none").mkdir()
        empty = scratch / "none/court.txt"
        empty.write_text("Le texte est court et ne dit rien.\n")
        # Many releases, so that start-up does not hide the speed; copies differ, as releases do.
        many = scratch / "many"
        many.mkdir()
        for copy in range(REPEATS):
            for path, text in zip(paths, texts):
                (many / f"{copy}-{path.name}").write_text(f"{text}\nCopie {copy}\n")
        long = scratch / "long.txt"
        joined = "\n\n".join(texts)
        long.write_text((joined + "\n\n") * (LONG // len(joined.encode()) + 1))
        print(f"{len(paths)} releases, {size} bytes, from {options.gold}")

        full = spacy.load("fr_core_news_md")
        names = spacy.load("fr_core_news_md", exclude=[p for p in full.pipe_names if p not in ("tok2vec", "ner")])
        names.max_length = full.max_length = 10**9
        print("scores (three classes: precision, recall, F1)")
        print("  spaCy fr_core_news_md ", score(options.gold, "\n".join(peer_output(full, paths))))
        if options.fold_models:
            sources = options.sources or options.gold.parent / "SOURCES.tsv"
            folds = ["--sources", str(sources), "--fold-models", str(options.fold_models)]
            report, _ = run([options.program, "evaluate", str(options.gold), *folds])
            print("  pressgraph, each release with a model that has seen none of its issuer:")
            print("".join(f"    {line}\n" for line in report.splitlines() if "three" in line), end="")
        ours, _ = run([*program, "extract", "--format", "json", *map(str, paths)])
        seen = f"models of {options.data}: seen or not, as they were trained" if options.data else "built-in model: it may have seen these releases"
        print("  pressgraph            ", score(options.gold, ours), f"({seen})")

        def peer(nlp):
            def once():
                start = time.process_time()
                for text in texts:
                    nlp(text)
                return size / (time.process_time() - start)

            return once

        def own(arguments, path, bytes_):
            def once():
                _, start = run([*program, "extract", *arguments, str(empty)])
                _, all_ = run([*program, "extract", *arguments, str(path)])
                return bytes_ / max(all_ - start, 1e-9)

            return once

        many_size = sum(path.stat().st_size for path in many.iterdir())
        contestants = {
            "spaCy, all components": peer(full),
            "spaCy, names only": peer(names),
            "pressgraph, names only": own(["--names-only"], many, many_size),
            "pressgraph, without relations": own(["--format", "json", "--no-relations"], many, many_size),
            "pressgraph, with relations": own(["--format", "json"], many, many_size),
            "pressgraph, names only, one text of 5 MB": own(["--names-only"], long, long.stat().st_size),
            "pressgraph, without relations, one text of 5 MB": own(
                ["--format", "json", "--no-relations"], long, long.stat().st_size
            ),
            "pressgraph, with relations, one text of 5 MB": own(["--format", "json"], long, long.stat().st_size),
        }
        # Each once before: what is cold at first (files, pages, the peer's caches) is not the speed.
        for once in contestants.values():
            once()
        speeds = {name: [] for name in contestants}
        for _ in range(options.runs):
            for name, once in contestants.items():
                speeds[name].append(once())
        base = statistics.median(speeds["spaCy, all components"])
        lean = statistics.median(speeds["spaCy, names only"])
        print("bytes per second of processor time, median (lowest to highest); times the peer with all components, with names only")
        for name, values in speeds.items():
            median = statistics.median(values)
            print(
                f"  {name:46} {median:12,.0f} ({min(values):,.0f} to {max(values):,.0f})"
                f"  {median / base:7.1f} {median / lean:7.1f}"
            )


if __name__ == "__main__":
    main()
