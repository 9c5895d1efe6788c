# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM as hardware: `make bench-minilm`.

The sentence encoder of the accuracy benchmark, all six layers with the real weights, from the embeddings of 16 tokens
to their hidden states. The host looks the embeddings up: the table of 30,522 words would fill the block RAM of a U250.
It is compiled, and some sentences are simulated: every element has to equal the reference. Then both text tasks are
evaluated with the reference, on the first 16 tokens of each text that has as many. Exits with 1 when a value or a cycle
count differs. Some activations of this network are two hundred times as large as most (the residual sums, and what the
GELU gives), which eight bits with one scale cannot hold. So the formats are int8, int8 with int16 where those are, and
mxint8, whose blocks have scales of their own.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from accuracy import datasets
from accuracy.sentences import MiniLm, Probe
from accuracy.task import pearson
from common import BUILD, conditions, print_conditions, print_table, sqnr, write_json
from torch import Tensor, nn

import xplat

TOKENS = 16
FORMATS: dict[str, str | dict[str, object]] = {
    "int8": "int8",
    "int8+int16": {
        "default": "int8",
        "modules": {
            name: "int16"
            for name in ("*.output.dense", "*.output.add", "*LayerNorm*", "*act_fn*", "*intermediate.dense")
        },
    },
    "mxint8": "mxint8",
}
"""By the name that the table has for them; the second one has the residual sums and the hidden layers in 16 bits."""
TEST, PROBE, CALIBRATED = 200, 2000, 32
"""Reviews to evaluate on, to fit the linear probe with, and texts for calibration (of those for the probe)."""


class Encoder(nn.Module):
    """Embeddings [batch, 16, 384] to hidden states of the same shape; no padding, so no mask."""

    def __init__(self) -> None:
        super().__init__()
        from transformers.integrations.sdpa_attention import sdpa_attention_forward
        from transformers.modeling_utils import AttentionInterface

        from xplat.models.text import ATTENTION

        AttentionInterface.register(ATTENTION, sdpa_attention_forward)
        self.bert = MiniLm().bert
        self.bert.config._attn_implementation = ATTENTION

    def look_up(self, ids: Tensor) -> Tensor:
        """The embeddings [batch, 16, 384] of token ids [batch, 16] int64, which the host computes."""
        positions = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        with torch.no_grad():
            found: Tensor = self.bert.embeddings(
                input_ids=ids, token_type_ids=torch.zeros_like(ids), position_ids=positions
            )
        return found

    def forward(self, embedded: Tensor) -> Tensor:
        hidden: Tensor = self.bert.encoder(embedded).last_hidden_state
        return hidden


@dataclass(frozen=True)
class Texts:
    """Embeddings [n, 16, 384] of the tasks' tokens, and what people said."""

    lee: Tensor
    similarity: Tensor
    reviews: Tensor
    ratings: Tensor
    probed: Tensor
    probed_ratings: Tensor


def whole(texts: list[str]) -> tuple[Tensor, Tensor]:
    """Ids [n, 16] of the texts that have 16 tokens or more, and their numbers [n]."""
    ids, mask = datasets.tokenize(texts, TOKENS)
    kept = mask.bool().all(1)
    return ids[kept], kept.nonzero().squeeze(1)


def read_texts(look_up: Callable[[Tensor], Tensor]) -> Texts:
    lee, movies = datasets.lee_corpus(), datasets.rated_sentences()
    documents, numbers = whole(list(lee.documents))
    square = torch.zeros(len(lee.documents), len(lee.documents), dtype=lee.similarity.dtype)
    row, column = torch.triu_indices(len(lee.documents), len(lee.documents), 1)
    square[row, column] = lee.similarity
    kept = square[numbers][:, numbers]
    row, column = torch.triu_indices(len(numbers), len(numbers), 1)
    reviews, order = whole(list(movies.sentences))
    drawn = torch.randperm(len(reviews), generator=torch.Generator().manual_seed(0))
    test, probed = drawn[:TEST], drawn[TEST : TEST + PROBE]
    return Texts(
        look_up(documents),
        kept[row, column],
        look_up(reviews[test]),
        movies.ratings[order[test]],
        look_up(reviews[probed]),
        movies.ratings[order[probed]],
    )


def embeddings(net: nn.Module, embedded: Tensor) -> Tensor:
    """Means over tokens [n, 384] of unit length."""
    with torch.no_grad():
        hidden = torch.cat([net(part) for part in embedded.split(25)])
    return nn.functional.normalize(hidden.mean(1), dim=1)


def scores(net: nn.Module, texts: Texts, probe: Probe) -> dict[str, float]:
    """Pearson correlations with people's similarity of documents and with their rating of reviews."""
    found = embeddings(net, texts.lee)
    row, column = torch.triu_indices(len(found), len(found), 1)
    with torch.no_grad():
        predicted = probe(embeddings(net, texts.reviews))
    return {
        "lee": pearson((found @ found.T)[row, column], texts.similarity),
        "rating": pearson(predicted, texts.ratings),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-minilm", description=__doc__)
    parser.add_argument("--quantize", action="append", help=f"number formats (default: {', '.join(FORMATS)})")
    parser.add_argument("--system", default="4xu250", help="default: %(default)s")
    parser.add_argument("--cycles", type=int, default=98304, help="most cycles of a sample (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=2, help="sentences to simulate; 0: none (default: %(default)s)")
    arguments = parser.parse_args()

    model = Encoder().eval()
    texts = read_texts(model.look_up)
    probe = Probe()
    probe.fit(embeddings(model, texts.probed), texts.probed_ratings)
    exact = scores(model, texts, probe)
    table: list[list[object]] = [
        ["format", "cycles", "simulated", "elements", "differing", "SQNR dB", "Lee Pearson", "rating Pearson"],
        ["float", "–", "–", "–", "–", "–", f"{exact['lee']:.3f}", f"{exact['rating']:.3f}"],
    ]
    rows: list[dict[str, object]] = []
    failed = False
    for quantize in arguments.quantize or FORMATS:
        start = time.monotonic()
        design = xplat.compile(
            model,
            arguments.system,
            example_inputs=texts.probed[:1],
            calibration=texts.probed[:CALIBRATED],
            quantize=FORMATS.get(quantize, quantize),
            target_cycles=arguments.cycles,
            progress=lambda line: print(f"  {line}", file=sys.stderr, flush=True),
        )
        x = texts.reviews[: max(arguments.samples, 1)]
        reference = design.reference(x)
        with torch.no_grad():
            noise = sqnr(model(x), reference)
        row: dict[str, object] = {"format": quantize, "cycles": design.report().cycles_per_sample, "sqnr_db": noise}
        if arguments.samples:
            simulation = design.simulate(x, progress=lambda line: print(f"  {line}", file=sys.stderr, flush=True))
            # One sample alone has no distance to the next one.
            if simulation.cycles_per_sample:
                row["simulated"] = simulation.cycles_per_sample[-1]
            row["elements"] = reference.numel()
            row["differing"] = int((simulation.outputs != reference).sum())
            failed |= row["differing"] != 0 or row.get("simulated", row["cycles"]) != row["cycles"]
        row |= scores(design.to_torch().eval(), texts, probe)
        row["seconds"] = round(time.monotonic() - start)
        rows.append(row)
        found = [row.get(key, "–") for key in ("format", "cycles", "simulated", "elements", "differing")]
        table.append(
            [*found, "exact" if noise is None else f"{noise:.1f}", f"{row['lee']:.3f}", f"{row['rating']:.3f}"]
        )
    print_table(table)
    print(f"{arguments.system}; {len(texts.lee)} documents, {TEST} reviews, {TOKENS} tokens, no fine-tuning")
    figures = conditions()
    print_conditions(figures)
    print(write_json(BUILD / "minilm.json", {"conditions": figures, "float": exact, "rows": rows}))
    if failed:
        raise SystemExit("a value or a cycle count differs")


if __name__ == "__main__":
    main()
