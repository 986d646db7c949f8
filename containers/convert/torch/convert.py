"""PyTorch (.pt2, or a module of torch.save with samples) and folders of Hugging Face as ONNX: python convert.py SOURCE OUT [--samples FILE]"""
import inspect
import pickle
import sys
import zipfile
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).resolve().parents[1]))
from emit import Conversion, Refused, floats, main, read_samples  # noqa: E402

from hugging_face import load_folder  # noqa: E402

PACKAGES = ["torch", "onnxscript", "onnx"]
OPSET = 18
MOST_IN_FILE = 2**31 - 1


def convert(arguments):
    torch.manual_seed(arguments.seed)
    given = read_samples(arguments.samples)
    if arguments.source.is_dir():
        return convert_folder(arguments, given)
    if is_program(arguments.source):
        return convert_program(arguments, given)
    return convert_module(arguments, given)


def is_program(source):
    if not zipfile.is_zipfile(source):
        return False
    return any(Path(name).name in ("archive_format", "serialized_exported_program.json") for name in zipfile.ZipFile(source).namelist())


def convert_program(arguments, given):
    program = torch.export.load(arguments.source)
    names = list(program.graph_signature.user_inputs)
    if program.example_inputs is None and given is None:
        raise Refused("the program was saved without the inputs that it was exported with: give --samples")
    shapes = {name: input_shape(program, name) for name in names}
    if given is not None:
        samples = [tensors_of(sample, names) for sample in given]
    else:
        arguments_of, keywords = program.example_inputs
        samples = drawn(dict(zip(names, [*arguments_of, *keywords.values()])), shapes, ranges_of(program, names))
    onnx = torch.onnx.export(program, dynamo=True, opset_version=OPSET, verbose=False)
    outputs = save(onnx, arguments)
    return Conversion("torch", "exported program", PACKAGES, shapes, arrays(samples), answerer(program.module(), names, outputs, torch.from_numpy))


def input_shape(program, name):
    value = next(node.meta["val"] for node in program.graph.nodes if node.op == "placeholder" and node.name == name)
    return tuple(size if isinstance(size, int) else None for size in value.shape)


def ranges_of(program, names):
    """Input -> axis -> the symbol of a free dimension, its least and its largest size."""
    values = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    found = {}
    for name in names:
        for axis, size in enumerate(values[name].shape):
            if not isinstance(size, int):
                bounds = program.range_constraints.get(size.node.expr)
                most = int(bounds.upper) if bounds and bounds.upper.is_Integer else 64
                found.setdefault(name, {})[axis] = (str(size), max(1, int(bounds.lower)) if bounds else 1, most)
    return found


def convert_module(arguments, given):
    try:
        module = torch.load(arguments.source, map_location="cpu", weights_only=False)
    except AttributeError as error:
        raise Refused(f"{error}: the class was defined where it was saved; give the folder of its module with --code, or use torch.export.save") from error
    except pickle.UnpicklingError as error:
        raise Refused(f"torch.load cannot read it: {error}") from error
    if not isinstance(module, torch.nn.Module):
        what = "weights without a network (a state_dict)" if isinstance(module, dict) else type(module).__name__
        raise Refused(f"expected a torch.nn.Module, got {what}: use torch.export.save(torch.export.export(module.eval(), example), 'model.pt2')")
    names = [name for name, kind in inspect.signature(module.forward).parameters.items() if kind.default is kind.empty]
    if given is None:
        line = '{"inputs": {%s}}' % ", ".join(f'"{name}": …' for name in names)
        raise Refused(f"what a module takes nobody says: give --samples, lines such as {line}, with a batch of two and more in one of them")
    samples = [tensors_of(sample, names) for sample in given]
    return of_module(arguments, module.eval(), type(module).__name__, names, samples, free_of(samples))


def free_of(samples):
    """Dimensions that differ among the samples are free, and so is the first one."""
    first = samples[0]
    free = {}
    for name, value in first.items():
        ranks = {sample[name].dim() for sample in samples}
        if len(ranks) > 1:
            raise Refused(f"samples: '{name}' has {' and '.join(map(str, sorted(ranks)))} dimensions: expected the same number in all lines")
        free[name] = [axis == 0 or len({sample[name].shape[axis] for sample in samples}) > 1 for axis in range(value.dim())]
    return free


def of_module(arguments, module, kind, names, samples, free, framework="torch", packages=(), called=None):
    example = widened(max(samples, key=lambda sample: sum(value.numel() for value in sample.values())), free)
    dynamic = {name: {axis: torch.export.Dim.DYNAMIC for axis, is_free in enumerate(axes) if is_free} for name, axes in free.items()}
    try:
        with torch.no_grad():
            program = torch.export.export(module, (), kwargs=example, dynamic_shapes=dynamic, strict=False)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise Refused(
            f"torch.export does not take {kind}: {reason} Export it yourself, by torch.export.export with the dynamic_shapes that it has, "
            "and convert what torch.export.save wrote"
        ) from error
    # Without names outputs are called as the nodes that give them, by which nobody knows logits.
    onnx = torch.onnx.export(program, output_names=called, dynamo=True, opset_version=OPSET, verbose=False)
    outputs = save(onnx, arguments)
    shapes = {name: tuple(None if is_free else size for is_free, size in zip(free[name], example[name].shape)) for name in names}
    answer = answerer(module, names, outputs, torch.from_numpy, by_name=True)
    return Conversion(framework, kind, [*PACKAGES, *packages], shapes, arrays(samples), answer)


def widened(sample, free):
    """Sizes of 1 are taken for fixed ones: where a dimension is free, it is tried with 2 and more."""
    wide = {}
    for name, value in sample.items():
        for axis, is_free in enumerate(free[name]):
            if is_free and value.shape[axis] == 1:
                value = value.repeat_interleave(2, dim=axis)
        wide[name] = value
    return wide


def convert_folder(arguments, given):
    folder = load_folder(arguments.source, arguments.out)
    if given is None:
        samples = folder.drawn()
    else:
        samples = [tensors_of(sample, folder.names) for sample in given]
    return of_module(
        arguments,
        folder.module,
        folder.kind,
        folder.names,
        samples,
        folder.free,
        framework="transformers",
        packages=["transformers"],
        called=folder.module.output,
    )


def drawn(example, shapes, ranges):
    """The example, and others like it: its free dimensions at two more sizes, whole numbers out of those that it has."""
    samples = [example]
    sizes = [1, 2, 3, 5]
    for number in range(15):
        chosen = {}
        sample = {}
        for name, value in example.items():
            shape = list(value.shape)
            for axis, (symbol, least, most) in ranges.get(name, {}).items():
                chosen.setdefault(symbol, min(max(least, sizes[number % len(sizes)]), most))
                shape[axis] = chosen[symbol]
            sample[name] = like(value, shape)
        samples.append(sample)
    return samples


def like(value, shape):
    if value.is_floating_point():
        spread = value.std().item() if value.numel() > 1 else 0
        return value.mean() + (spread or 1) * torch.randn(shape, dtype=value.dtype)
    places = torch.randint(0, value.numel(), shape) if value.numel() else torch.zeros(shape, dtype=torch.int64)
    return value.flatten()[places]


def tensors_of(sample, names):
    missing = [name for name in names if name not in sample]
    if missing:
        raise Refused(f"samples: expected values for {', '.join(names)}, got none for {', '.join(missing)}")
    return {name: tensor_of(sample[name]) for name in names}


def tensor_of(value):
    """True and false as BOOL, whole numbers as INT64, all others as FP32, as JSON has them."""
    first = value
    while isinstance(first, list):
        first = first[0] if first else 0.0
    if isinstance(first, bool):
        return torch.tensor(value)
    tensor = torch.from_numpy(floats(value))
    is_whole = isinstance(first, int) and "." not in str(value)
    return tensor.to(torch.int64) if is_whole else tensor


def arrays(samples):
    return [{name: value.detach().cpu().numpy() for name, value in sample.items()} for sample in samples]


def answerer(module, names, outputs, tensor, by_name=False):
    """Of the original, by the names that its outputs have in ONNX."""

    def answer(sample):
        inputs = {name: tensor(sample[name]) for name in names}
        with torch.no_grad():
            found = module(**inputs) if by_name else module(*inputs.values())
        leaves = [leaf for leaf in torch.utils._pytree.tree_leaves(found) if isinstance(leaf, torch.Tensor)]
        if len(leaves) != len(outputs):
            raise Refused(f"the module gives {len(leaves)} tensors, its ONNX form {len(outputs)} ({', '.join(outputs)})")
        return {name: leaf.cpu().numpy() for name, leaf in zip(outputs, leaves)}

    return answer


def save(onnx, arguments):
    weights = sum(value.const_value.nbytes for value in onnx.model.graph.initializers.values() if value.const_value is not None)
    onnx.save(str(arguments.out / "model.onnx"), external_data=weights >= MOST_IN_FILE)
    return [output.name for output in onnx.model.graph.outputs]


main(convert)
