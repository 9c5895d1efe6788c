# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Transformers on token ids: BERT, OPT, GPT-2, Llama.

The models are those of the package `transformers`, built from configurations in code (nothing is downloaded), so
checkpoints of that package load. Each takes token ids [batch, tokens] alone and gives logits alone. Position ids
are given and no mask is made: attention is one `scaled_dot_product_attention` that knows by itself whether it is
causal and how heads are grouped.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from xplat.support.errors import ToolMissingError

ATTENTION = "xplat_sdpa"
"""Our name for attention by `scaled_dot_product_attention` without a mask. A name that transformers knows no mask
for makes none, and attention then says `is_causal` itself."""


def bert(size: str) -> nn.Module:
    """BERT for classifying pairs of sentences (QNLI), cased, no padding: ids [batch, tokens] to logits [batch, 2].

    `size`: "base", "large", or "small", two layers for tests.
    """
    sizes = {
        "base": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
        "large": {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096},
        "small": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64},
    }
    tokens = {"vocab_size": 96, "max_position_embeddings": 32} if size == "small" else {"vocab_size": 28996}
    return _build("bert", "BertConfig", "BertForSequenceClassification", _BertLogits, {**sizes[size], **tokens})


def opt(size: str) -> nn.Module:
    """OPT: ids [batch, tokens] to logits [batch, tokens, vocabulary].

    `size`: "125m", "350m" (which projects embeddings and normalises after attention), "1.3b", or "small".
    """
    sizes: dict[str, dict[str, Any]] = {
        "125m": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "ffn_dim": 3072},
        "350m": {
            "hidden_size": 1024,
            "num_hidden_layers": 24,
            "num_attention_heads": 16,
            "ffn_dim": 4096,
            "word_embed_proj_dim": 512,
            "do_layer_norm_before": False,
        },
        "1.3b": {"hidden_size": 2048, "num_hidden_layers": 24, "num_attention_heads": 32, "ffn_dim": 8192},
        "small": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 64},
        "small-projected": {
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "ffn_dim": 64,
            "word_embed_proj_dim": 16,
            "do_layer_norm_before": False,
        },
    }
    options = {"word_embed_proj_dim": sizes[size]["hidden_size"], **sizes[size]}
    options |= {"vocab_size": 96, "max_position_embeddings": 32} if size.startswith("small") else {}
    return _build("opt", "OPTConfig", "OPTForCausalLM", _CausalLogits, options)


def gpt2(size: str) -> nn.Module:
    """GPT-2: ids [batch, tokens] to logits [batch, tokens, vocabulary]. `size`: "124m" or "small"."""
    small = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 32, "vocab_size": 96}
    ends = {"bos_token_id": 1, "eos_token_id": 2}
    options = {**small, **ends} if size == "small" else {}
    return _build("gpt2", "GPT2Config", "GPT2LMHeadModel", _CausalLogits, options)


def llama(size: str) -> nn.Module:
    """Llama: ids [batch, tokens] to logits [batch, tokens, vocabulary].

    RMSNorm, rotary positions, SwiGLU, grouped-query attention. `size`: "1.1b" (TinyLlama's configuration, Zhang
    et al., 2024, arXiv:2401.02385) or "small".
    """
    sizes = {
        "1.1b": {
            "hidden_size": 2048,
            "num_hidden_layers": 22,
            "num_attention_heads": 32,
            "num_key_value_heads": 4,
            "intermediate_size": 5632,
            "vocab_size": 32000,
            "max_position_embeddings": 2048,
        },
        "small": {
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "intermediate_size": 48,
            "vocab_size": 96,
            "max_position_embeddings": 32,
        },
    }
    return _build("llama", "LlamaConfig", "LlamaForCausalLM", _CausalLogits, {**sizes[size], "rms_norm_eps": 1e-5})


# ---- what is changed about a model of transformers


class _CausalLogits:
    """Mixed into a language model: token ids in, logits out."""

    def forward(self, input_ids: Tensor) -> Tensor:
        positions = torch.arange(input_ids.shape[1], device=input_ids.device).unsqueeze(0)
        result = super().forward(input_ids=input_ids, position_ids=positions, use_cache=False)  # type: ignore[misc]
        return result.logits


class _BertLogits:
    """Mixed into BERT: token ids in, logits out; all tokens are of the first sentence type."""

    def forward(self, input_ids: Tensor) -> Tensor:
        positions = torch.arange(input_ids.shape[1], device=input_ids.device).unsqueeze(0)
        types = torch.zeros_like(input_ids)
        result = super().forward(input_ids=input_ids, token_type_ids=types, position_ids=positions)  # type: ignore[misc]
        return result.logits


def _build(family: str, config: str, model: str, mixin: type, options: dict[str, Any]) -> nn.Module:
    """A model of `transformers` with random weights whose forward is that of `mixin`; its module names stay."""
    with _quiet():
        configuration, modeling, attention, sdpa = (
            _package(f"transformers.{name}")
            for name in (
                f"models.{family}.configuration_{family}",
                f"models.{family}.modeling_{family}",
                "modeling_utils",
                "integrations.sdpa_attention",
            )
        )
        attention.AttentionInterface.register(ATTENTION, sdpa.sdpa_attention_forward)
        settings = getattr(configuration, config)(**options, attn_implementation=ATTENTION)
        base = getattr(modeling, model)
        return type(model, (mixin, base), {"__module__": base.__module__})(settings)


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "transformers":
            raise
        raise ToolMissingError(
            "this model needs the Python package 'transformers', which is not installed",
            hint="install it with: pip install 'xplat[models]'",
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps transformers' remarks about optional packages and generation settings off the screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
