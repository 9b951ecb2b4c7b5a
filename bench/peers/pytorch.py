"""Owns PyTorch in the race, on the processor: the stand of `stand.ts` in its language. Threads are given as an argument."""

import json
import math
import os
import sys
import time

threads = int(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)

import numpy
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(threads)
WORKLOADS = json.load(open(sys.argv[2]))


def tensors(workload):
    """The numbers that `workloads.ts` makes, as the parent wrote them down."""
    found = {}
    for name, entry in WORKLOADS[workload].items():
        data = numpy.fromfile(entry["file"], dtype=entry["type"]).reshape(entry["shape"])
        found[name] = torch.from_numpy(data)
    return found


def dense(numbers, weight, bias=None):
    weight = numbers[weight]
    layer = nn.Linear(weight.shape[0], weight.shape[1], bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight.t())
        if bias is not None:
            layer.bias.copy_(numbers[bias])
    return layer


def convolution(numbers, place):
    kernel = numbers[f"k{place}"]
    layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[2])
    with torch.no_grad():
        layer.weight.copy_(kernel)
        layer.bias.copy_(numbers[f"b{place}"])
    return layer


def perceptron(numbers, depth):
    layers = []
    for place in range(1, depth + 1):
        layers += [dense(numbers, f"w{place}", f"b{place}"), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def pictures(numbers):
    return nn.Sequential(
        convolution(numbers, 1), nn.ReLU(), nn.MaxPool2d(2),
        convolution(numbers, 2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), dense(numbers, "w3", "b3"),
    )  # fmt: skip


class Recurrent(nn.Module):
    def __init__(self, numbers):
        super().__init__()
        self.cells = nn.LSTM(32, 64, batch_first=True)
        with torch.no_grad():
            self.cells.weight_ih_l0.copy_(numbers["wx"].t())
            self.cells.weight_hh_l0.copy_(numbers["wh"].t())
            self.cells.bias_ih_l0.copy_(numbers["b"])
            self.cells.bias_hh_l0.zero_()
        # One bias is what the others have.
        self.cells.bias_hh_l0.requires_grad_(False)
        self.output = dense(numbers, "wo", "bo")

    def forward(self, x):
        return self.output(self.cells(x)[0][:, -1]).squeeze(-1)


class Block(nn.Module):
    def __init__(self, numbers, place, width=64, heads=4):
        super().__init__()
        own = {name.split(".")[1]: tensor for name, tensor in numbers.items() if name.startswith(f"{place}.")}
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.joined, self.mixed = dense(own, "wqkv", "bqkv"), dense(own, "wo", "bo")
        self.inner, self.outer = dense(own, "wf1", "bf1"), dense(own, "wf2", "bf2")
        self.register_buffer("blocked", torch.full((64, 64), -1e9).triu(1))

    def forward(self, x):
        batch, steps, width = x.shape
        parts = self.joined(self.norm1(x)).view(batch, steps, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + self.blocked
        x = x + self.mixed((F.softmax(scores, -1) @ v).transpose(1, 2).reshape(batch, steps, width))
        return x + self.outer(F.gelu(self.inner(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self, numbers):
        super().__init__()
        self.symbols = nn.Embedding.from_pretrained(numbers["emb"], freeze=False)
        self.places = nn.Parameter(numbers["pos"].clone())
        self.blocks = nn.Sequential(Block(numbers, 0), Block(numbers, 1))
        self.norm, self.head = nn.LayerNorm(64), dense(numbers, "head")

    def forward(self, text):
        return self.head(self.norm(self.blocks(self.symbols(text) + self.places)))


NETWORKS = {
    "W1": lambda numbers: perceptron(numbers, 3),
    "W2": lambda numbers: perceptron(numbers, 2),
    "W3": pictures,
    "W4": Recurrent,
    "W5": Transformer,
}


def prepare(workload, metric):
    """What to run, and the first losses of training."""
    numbers = tensors(workload)
    if workload.startswith("W6"):
        a, b = numbers["a"], numbers["b"]
        result = torch.empty_like(a)
        return lambda: torch.mm(a, b, out=result), None
    if metric == "infer 64" and workload != "W2":
        return None, None
    network = NETWORKS[workload](numbers)
    x, y = numbers["x"], numbers["y"]
    x = x.long() if workload == "W5" else x
    if metric != "train":
        network.eval()
        part = x[: 64 if metric == "infer 64" else 1].contiguous()

        def predict():
            with torch.inference_mode():
                return network(part)

        return predict, None
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=1e-3, eps=1e-8)

    def step():
        optimizer.zero_grad(set_to_none=True)
        scores = network(x)
        if workload == "W4":
            loss = F.mse_loss(scores, y)
        else:
            loss = F.cross_entropy(scores.flatten(0, -2), y.flatten().long())
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, [step() for _ in range(10)]


def turn(run, milliseconds, least):
    """Microseconds of a run, by the clock and of the processor."""
    begin, used, runs = time.perf_counter(), time.process_time(), 0
    while runs < least or (time.perf_counter() - begin) * 1e3 < milliseconds:
        run()
        runs += 1
    wall, processor = time.perf_counter() - begin, time.process_time() - used
    return wall / runs * 1e6, processor / runs * 1e6


def answer(**values):
    print("@" + json.dumps(values), flush=True)


run = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "prepare" in request:
            run, losses = prepare(request["prepare"], request["metric"])
            if run is None:
                answer(cannot="")
                continue
            turn(run, request["warm"], 2)
            known = {} if losses is None else {"losses": losses}
            answer(ready=True, runtime=f"torch {torch.__version__}", **known)
        else:
            wall, processor = turn(run, request["round"], 1)
            answer(wall=wall, processor=processor)
    except Exception as error:
        answer(cannot=str(error))
