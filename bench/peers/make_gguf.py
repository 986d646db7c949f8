"""Writes a Llama with random weights for llama.cpp: PATH F32|Q4_0 SIZES."""

import json
import sys

import gguf
import numpy


def main() -> None:
    path, kind, text = sys.argv[1:]
    sizes = json.loads(text)
    layers, width, hidden, words = sizes["layers"], sizes["width"], sizes["hidden"], sizes["vocabulary"]
    random = numpy.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(sizes["positions"])
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(sizes["heads"])
    writer.add_head_count_kv(sizes["cacheHeads"])
    writer.add_rope_dimension_count(width // sizes["heads"])
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(words)
    # Tokens are numbers here: their texts are never asked for.
    writer.add_tokenizer_model("llama")
    writer.add_token_list([f"<{token}>".encode() for token in range(words)])
    writer.add_token_scores([0.0] * words)
    writer.add_token_types([gguf.TokenType.NORMAL] * words)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)

    def weight(name: str, rows: int, columns: int, whole: bool = False) -> None:
        values = random.uniform(-1, 1, [rows, columns]).astype(numpy.float32) * (3 / columns) ** 0.5
        if kind == "F32" or whole:
            writer.add_tensor(name, values)
            return
        packed = gguf.quants.quantize(values, gguf.GGMLQuantizationType.Q4_0)
        writer.add_tensor(name, packed, raw_dtype=gguf.GGMLQuantizationType.Q4_0)

    ones = numpy.ones(width, numpy.float32)
    cache_width = sizes["cacheHeads"] * (width // sizes["heads"])
    weight("token_embd.weight", words, width, whole=True)
    for layer in range(layers):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", ones)
        weight(f"{block}.attn_q.weight", width, width)
        weight(f"{block}.attn_k.weight", cache_width, width)
        weight(f"{block}.attn_v.weight", cache_width, width)
        weight(f"{block}.attn_output.weight", width, width)
        writer.add_tensor(f"{block}.ffn_norm.weight", ones)
        weight(f"{block}.ffn_gate.weight", hidden, width)
        weight(f"{block}.ffn_up.weight", hidden, width)
        weight(f"{block}.ffn_down.weight", width, hidden)
    writer.add_tensor("output_norm.weight", ones)
    weight("output.weight", words, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
