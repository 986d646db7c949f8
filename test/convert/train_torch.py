"""Trains a small network, and makes small ones of Hugging Face, with their answers: python train_torch.py FOLDER"""
import json
import sys
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification, ViTConfig, ViTForImageClassification

from answers import write

folder = Path(sys.argv[1])
code = folder / "code"
code.mkdir()
(code / "tiny_network.py").write_text(
    """import torch


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = torch.nn.Linear(4, 16), torch.nn.BatchNorm1d(16), torch.nn.Linear(16, 3)

    def forward(self, x):
        return torch.softmax(self.last(torch.relu(self.norm(self.first(x)))), -1)
"""
)
sys.path.insert(0, str(code))
from tiny_network import Tiny  # noqa: E402

torch.manual_seed(0)
rows = torch.randn(400, 4)
labels = (rows[:, 0] > 0).long() + (rows[:, 1] * rows[:, 2] > 0).long()
network = Tiny()
optimizer = torch.optim.Adam(network.parameters(), 0.02)
for _ in range(150):
    optimizer.zero_grad()
    torch.nn.functional.nll_loss(torch.log(network(rows[:300])), labels[:300]).backward()
    optimizer.step()
network.eval()
program = torch.export.export(network, (rows[:5],), dynamic_shapes=({0: torch.export.Dim("batch")},))
torch.export.save(program, folder / "program.pt2")
torch.save(network, folder / "module.pt")
torch.save(network.state_dict(), folder / "weights.pt")
(folder / "module.jsonl").write_text("".join(json.dumps({"inputs": {"x": rows[at : at + 1 + at % 2].tolist()}}) + "\n" for at in range(8)))


def answers(name, module, output, **inputs):
    with torch.no_grad():
        found = module(**inputs)
    found = found if isinstance(found, torch.Tensor) else found.logits
    write(folder / name, {key: value.numpy() for key, value in inputs.items()}, {output: found.numpy()})


for name in ("program.pt2", "module.pt"):
    answers(name, network, "*", x=rows[300:])

sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
texts = BertForSequenceClassification(BertConfig(vocab_size=100, max_position_embeddings=64, num_labels=3, **sizes)).eval()
texts.save_pretrained(folder / "texts")
ids = torch.randint(0, 100, (3, 40))
mask = (torch.arange(40) < torch.tensor([[40], [12], [3]])).long()
answers("texts", texts, "logits", input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids))
pictures = ViTForImageClassification(ViTConfig(image_size=32, patch_size=8, num_labels=4, **sizes)).eval()
pictures.save_pretrained(folder / "pictures")
answers("pictures", pictures, "logits", pixel_values=torch.randn(2, 3, 32, 32))
