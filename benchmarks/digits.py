# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The handwritten digits of scikit-learn and a small residual network trained on them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from xplat.testing.networks import ResidualCnn

EPOCHS, BATCH, LEARNING_RATE = 12, 64, 1e-2


@dataclass(frozen=True)
class Digits:
    """1,797 labelled images, [n, 1, 8, 8] in 0 … 1, split at random with a fixed seed."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def load_digits() -> Digits:
    """Four fifths for training, one fifth (360 images) for testing."""
    from sklearn import datasets

    data = datasets.load_digits()
    images = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(data.target)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, test = order[:1437], order[1437:]
    return Digits(images[train], labels[train], images[test], labels[test])


def train(digits: Digits) -> nn.Module:
    """Trains a `ResidualCnn` from scratch, in a few seconds; returns it in evaluation mode."""
    torch.manual_seed(0)
    model = ResidualCnn()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-2)
    steps = -(-len(digits.train_images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, epochs=EPOCHS, steps_per_epoch=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(digits.train_images)).split(BATCH):
            loss = nn.functional.cross_entropy(model(digits.train_images[batch]), digits.train_labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of samples whose largest logit is the label."""
    return (logits.argmax(dim=1) == labels).float().mean().item()
