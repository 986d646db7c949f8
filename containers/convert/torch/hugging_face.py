"""Folders of Hugging Face: the network that their config.json names, and what it takes."""
import json
import shutil

import torch
import transformers

from emit import Refused

TEXTS = ("ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering", "ForMaskedLM", "Model")
PICTURES = ("ForImageClassification",)
BESIDE = ("*.json", "*.txt", "*.jinja")
NOT_BESIDE = ("*.index.json", "report.json", "manifest.json", "model.json", "aliases.json")


class Folder:
    def __init__(self, module, kind, names, free, drawn):
        self.module, self.kind, self.names, self.free, self.drawn = module, kind, names, free, drawn


class Named(torch.nn.Module):
    """A network by the outputs that its task has, as tensors."""

    def __init__(self, model, output):
        super().__init__()
        self.model, self.output = model, output


class OfTexts(Named):
    def forward(self, input_ids, attention_mask):
        return {name: getattr(self.model(input_ids=input_ids, attention_mask=attention_mask), name) for name in self.output}


class OfTypedTexts(Named):
    def forward(self, input_ids, attention_mask, token_type_ids):
        found = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return {name: getattr(found, name) for name in self.output}


class OfPictures(Named):
    def forward(self, pixel_values):
        return {name: getattr(self.model(pixel_values=pixel_values), name) for name in self.output}


def load_folder(source, out):
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    architecture = (config.get("architectures") or ["(none)"])[0]
    is_picture = architecture.endswith(PICTURES)
    if not is_picture and not architecture.endswith(TEXTS) or "auto_map" in config:
        own = ", with code of its own (auto_map)" if "auto_map" in config else ""
        raise Refused(
            f"expected an architecture that ends in {', '.join(TEXTS + PICTURES)}, got {architecture}{own}: generating models with their caches "
            "are exported by optimum-cli export onnx, and pushed as they come from there"
        )
    try:
        model = getattr(transformers, architecture).from_pretrained(source, attn_implementation="eager", dtype=torch.float32).eval()
    except (AttributeError, OSError, ValueError) as error:
        raise Refused(f"transformers {transformers.__version__} cannot load {architecture}: {str(error).strip().splitlines()[0]}") from error
    copy_beside(source, out)
    output = ["start_logits", "end_logits"] if architecture.endswith("ForQuestionAnswering") else ["logits"] if "For" in architecture else ["last_hidden_state"]
    return of_pictures(model, architecture, output) if is_picture else of_texts(source, model, architecture, output)


def of_texts(source, model, architecture, output):
    names = ["input_ids", "attention_mask"]
    # Where the tokenizer gives them, callers do too.
    is_typed = getattr(model.config, "type_vocab_size", 0) > 1
    if is_typed:
        names.append("token_type_ids")
    vocabulary, longest = model.config.vocab_size, getattr(model.config, "max_position_embeddings", 512)

    def drawn():
        samples = []
        for rows, length in [(1, 3), (1, 8), (2, 5), (1, 16), (3, 7), (1, min(64, longest - 2)), (1, 2), (4, 11)]:
            mask = torch.ones(rows, length, dtype=torch.int64)
            # Rows of a batch are of several lengths.
            for row in range(1, rows):
                mask[row, length - row :] = 0
            ids = torch.randint(0, vocabulary, (rows, length))
            sample = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
            samples.append({name: sample[name] for name in names})
        return samples

    module = (OfTypedTexts if is_typed else OfTexts)(model, output)
    return Folder(module, architecture, names, {name: [True, True] for name in names}, drawn)


def of_pictures(model, architecture, output):
    size = model.config.image_size
    channels = getattr(model.config, "num_channels", 3)

    def drawn():
        return [{"pixel_values": torch.randn(rows, channels, size, size)} for rows in (1, 1, 2, 1)]

    return Folder(OfPictures(model, output), architecture, ["pixel_values"], {"pixel_values": [True, False, False, False]}, drawn)


def copy_beside(source, out):
    """The tokenizer and the settings, as texts beside the model."""
    for pattern in BESIDE:
        for file in source.glob(pattern):
            if not any(file.match(no) for no in NOT_BESIDE):
                shutil.copyfile(file, out / file.name)
