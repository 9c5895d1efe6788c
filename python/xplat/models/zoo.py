# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The list of models. The first ten are those of MASE's Table V, with its figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from torch import nn

from xplat.models import mobilenet, resnet, text, vision
from xplat.models.spec import ModelSpec, Published

TOKENS, SMALL_TOKENS, SMALL_VOCABULARY = 128, 16, 96
"""Sequence length of the published figures, and what the small models take."""

PRODUCTS = "2 x multiply-accumulates"
MODULES = "2 x multiply-accumulates, and batch norm, ReLU (not ReLU6 and hard-swish), pooling"
MODULE_NODES = ("xplat.batch_norm", "xplat.relu", "xplat.max_pool2d", "xplat.global_avg_pool2d")
"""The source does not say what it counts. Counted so, its figures come out to the last digit that it prints."""


def _table_v(gflops: float, parameters_m: float) -> Published:
    return Published(gflops, parameters_m, source="MASE, Table V", counting=PRODUCTS)


def _table_v_image(gflops: float, parameters_m: float) -> Published:
    return Published(gflops, parameters_m, source="MASE, Table V", counting=MODULES, counted_nodes=MODULE_NODES)


def _image(
    name: str,
    build: Callable[[], nn.Module],
    build_small: Callable[[], nn.Module],
    published: Published | None = None,
    *,
    task: str = "image classification (ImageNet)",
    size: int = 224,
    small_size: int = 16,
    aliases: tuple[str, ...] = (),
) -> ModelSpec:
    return ModelSpec(
        name,
        task=task,
        build=build,
        build_small=build_small,
        input_shape=(3, size, size),
        small_input_shape=(3, small_size, small_size),
        published=published,
        aliases=aliases,
    )


def _text(
    name: str,
    build: Callable[[str], nn.Module],
    size: str,
    vocabulary: int,
    positions: int,
    published: Published | None = None,
    *,
    task: str = "language modelling (WikiText-2)",
    small: str = "small",
    aliases: tuple[str, ...] = (),
) -> ModelSpec:
    return ModelSpec(
        name,
        task=f"{task}, {TOKENS} tokens",
        build=partial(build, size),
        build_small=partial(build, small),
        input_shape=(TOKENS,),
        small_input_shape=(SMALL_TOKENS,),
        vocabulary=vocabulary,
        small_vocabulary=SMALL_VOCABULARY,
        max_tokens=positions,
        published=published,
        aliases=aliases,
    )


_BERT, _OPT = 28996, 50272
_QNLI = "sentence pair classification (QNLI)"

_MODELS = (
    _image("resnet18", resnet.resnet18, resnet.small_resnet18, _table_v_image(3.64, 11.7), small_size=32),
    _image("resnet50", resnet.resnet50, resnet.small_resnet50, _table_v_image(8.21, 25.6), small_size=32),
    _image(
        "mobilenetv2",
        mobilenet.mobilenetv2,
        mobilenet.small_mobilenetv2,
        _table_v_image(0.615, 3.50),
        small_size=32,
        aliases=("mobilenet-v2",),
    ),
    _image(
        "mobilenetv3_small",
        mobilenet.mobilenetv3_small,
        mobilenet.small_mobilenetv3_small,
        _table_v_image(0.117, 2.54),
        small_size=32,
        aliases=("mobilenet-v3-small",),
    ),
    _image(
        "mobilenetv3_large",
        mobilenet.mobilenetv3_large,
        mobilenet.small_mobilenetv3_large,
        _table_v_image(0.445, 5.48),
        small_size=32,
        aliases=("mobilenet-v3-large",),
    ),
    _text("bert-base", text.bert, "base", _BERT, 512, _table_v(22.4, 108), task=_QNLI, aliases=("bert-base-cased",)),
    _text("bert-large", text.bert, "large", _BERT, 512, _table_v(79.0, 334), task=_QNLI, aliases=("bert-large-cased",)),
    _text("opt-125m", text.opt, "125m", _OPT, 2048, _table_v(32.3, 125), aliases=("facebook/opt-125m",)),
    _text(
        "opt-350m",
        text.opt,
        "350m",
        _OPT,
        2048,
        _table_v(85.8, 331),
        small="small-projected",
        aliases=("facebook/opt-350m",),
    ),
    _text("opt-1.3b", text.opt, "1.3b", _OPT, 2048, _table_v(339, 1316), aliases=("facebook/opt-1.3b",)),
    _image("vit_base_16", vision.vit_base_16, vision.small_vit, aliases=("vit-b-16", "vit")),
    _text("gpt2", text.gpt2, "124m", 50257, 1024, aliases=("gpt2-124m",)),
    _text("llama-1.1b", text.llama, "1.1b", 32000, 2048, aliases=("llama", "tinyllama-1.1b")),
    _image("unet", vision.unet, vision.small_unet, task="segmentation", size=256),
    _image("mixer_base_16", vision.mixer_base_16, vision.small_mixer, aliases=("mixer-b16", "mlp-mixer")),
)

ZOO = {spec.name: spec for spec in _MODELS}
