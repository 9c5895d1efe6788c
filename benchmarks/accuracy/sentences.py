# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM, a sentence encoder, on two tasks: how alike news items are, and how positive a movie review is.

A sentence's embedding is the mean of the encoder's last hidden states over its tokens, with unit length. Fine-tuning
distils the float model's hidden states on sentences that neither task is evaluated on; no human rating is used.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from accuracy import datasets
from accuracy.task import Figures, FineTuning, Metric, Task, draw, keep_weights, kept_weights, pearson, predict
from xplat.support.progress import Progress, silent

TOKENS = 64
TEST, PROBE, DISTILLED = 200, 3000, 1500
"""Movie reviews to evaluate on, to fit the linear probe with, and to distil on (of those for the probe)."""

RIDGE = 5.0


class MiniLm(nn.Module):
    """Token ids [batch, tokens] int64 and mask [batch, tokens] bool to hidden states [batch, tokens, 384]."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import BertConfig, BertModel

        self.bert = BertModel(BertConfig.from_dict(datasets.minilm_config()), add_pooling_layer=False)
        wanted = self.bert.state_dict()
        weights = {key: value for key, value in datasets.minilm_weights().items() if key in wanted}
        self.bert.load_state_dict(weights)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        tokens = ids.shape[1]
        hidden: Tensor = self.bert(
            input_ids=ids,
            # In this shape it is taken as it is, without operations on indices.
            attention_mask=mask[:, None, None, :].expand(-1, 1, tokens, tokens),
            token_type_ids=torch.zeros_like(ids),
            position_ids=torch.arange(tokens, device=ids.device).unsqueeze(0),
        ).last_hidden_state
        return hidden


class Probe(nn.Module):
    """A linear function of the embedding that predicts the rating: [n, 384] to [n]."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(384, 1, dtype=torch.float64)

    def fit(self, embeddings: Tensor, ratings: Tensor) -> None:
        """Ridge regression."""
        rows = torch.cat([embeddings.double(), torch.ones(len(embeddings), 1, dtype=torch.float64)], dim=1)
        gram = rows.T @ rows + RIDGE * torch.eye(rows.shape[1], dtype=torch.float64)
        solution = torch.linalg.solve(gram, rows.T @ ratings.double())
        with torch.no_grad():
            self.linear.weight.copy_(solution[:-1])
            self.linear.bias.copy_(solution[-1])

    def forward(self, embeddings: Tensor) -> Tensor:
        return self.linear(embeddings.double()).squeeze(1)


def pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """Embeddings [n, 384] of unit length from hidden states [n, tokens, 384] and mask [n, tokens]."""
    weight = mask.unsqueeze(-1).to(hidden.dtype)
    return nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=1)


class MiniLmOnSentences(Task):
    """One quantized encoder, both tasks."""

    name, title = "minilm", "MiniLM on sentences"
    measured = (
        f"Pearson with people's similarity of the 1,225 pairs of the Lee corpus; Pearson with people's rating, and "
        f"share of ratings whose sign is right, of {TEST} movie reviews by a linear probe fitted once, on the float "
        f"model's embeddings of {PROBE:,} others; {TOKENS} tokens; fine-tuning distils the float model's hidden "
        "states on the Lee corpus' 300 background items and reviews that are not evaluated"
    )
    policy = (
        "embeddings int16; the residual sums and what is added to them (projections of attention and MLP) int16; "
        "parameters of normalisations int16"
    )
    kept = {  # noqa: RUF012
        "bert.embeddings": "int16",
        "*.output.dense": {"value": "int16"},
        "*.output.add": "int16",
        "*.LayerNorm": {"weight": "int16"},
    }
    metrics = (
        Metric("lee", "Lee Pearson"),
        Metric("rating", "rating Pearson"),
        Metric("sign", "sign right", checked=False),
    )
    calibrated = 32
    trained = {"probe": PROBE, "ridge": RIDGE, "tokens": TOKENS, "left_out": TEST}  # noqa: RUF012
    tuning = FineTuning(steps=50, batch=16, learning_rate=2e-4)

    def prepare(self, folder: Path, *, force: bool = False, progress: Progress = silent) -> None:
        """Loads sentences and weights; fits the probe, or loads that of an earlier run."""
        self.model = MiniLm().eval()
        lee, movies = datasets.lee_corpus(), datasets.rated_sentences()
        order = torch.randperm(len(movies.sentences), generator=torch.Generator().manual_seed(0))
        test, others = order[:TEST], order[TEST : TEST + PROBE]
        self.similarity, self.ratings = lee.similarity, movies.ratings[test]
        self.lee, self.test = _tokens(lee.documents), _tokens([movies.sentences[index] for index in test])
        training = [movies.sentences[index] for index in others]
        self.distilled = _tokens([*lee.background, *training[:DISTILLED]])
        self.calibration = (self.distilled[0][: self.calibrated], self.distilled[1][: self.calibrated])

        self.probe = Probe()
        if force or not kept_weights(folder, self, self.probe):
            progress("minilm: fitting the probe on the float model's embeddings …")
            self.probe.fit(self._embed(self.model, _tokens(training)), movies.ratings[others])
            keep_weights(folder, self, self.probe)

    @staticmethod
    def _embed(net: nn.Module, sentences: tuple[Tensor, Tensor]) -> Tensor:
        ids, mask = sentences
        return pooled(predict(net, ids, mask, batch=25), mask)

    def evaluate(self, net: nn.Module) -> Figures:
        """Both tasks."""
        embeddings = self._embed(net, self.lee)
        row, column = torch.triu_indices(len(embeddings), len(embeddings), 1)
        with torch.no_grad():
            predicted = self.probe(self._embed(net, self.test))
        return {
            "lee": pearson((embeddings @ embeddings.T)[row, column], self.similarity),
            "rating": pearson(predicted, self.ratings),
            "sign": ((predicted > 0) == (self.ratings > 0)).float().mean().item(),
        }

    def loss(self, net: nn.Module, generator: torch.Generator) -> Tensor:
        """One minus the cosine between embeddings, plus a tenth of the hidden states' relative error."""
        batch = draw(len(self.distilled[0]), self.tuning.batch, generator)
        ids, mask = (part[batch] for part in self.distilled)
        with torch.no_grad():
            wanted = self.model(ids, mask)
        hidden = net(ids, mask)
        weight = mask.unsqueeze(-1)
        error = ((hidden - wanted).square() * weight).sum() / (wanted.square() * weight).sum()
        cosine = (pooled(hidden, mask) * pooled(wanted, mask)).sum(1).mean()
        return 1 - cosine + 0.1 * error


def _tokens(sentences: list[str] | tuple[str, ...]) -> tuple[Tensor, Tensor]:
    """Ids and mask, [n, TOKENS]."""
    ids, mask = datasets.tokenize(sentences, TOKENS)
    return ids, mask.bool()
