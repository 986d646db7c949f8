"""grpcurl knows the service by what reflection tells it, and by nothing else."""
import json
import os
import re
import subprocess

from tritonclient.grpc import model_config_pb2, service_pb2

SERVICE = "inference.GRPCInferenceService"


def grpcurl(address, *words, data=None):
    options = ["-plaintext", *(["-d", json.dumps(data)] if data is not None else [])]
    done = subprocess.run([os.environ["GRPCURL"], *options, address, *words], capture_output=True, text=True, timeout=60)
    return done.stdout if done.returncode == 0 else done.stderr


def test_lists_what_there_is(grpc_address):
    assert {SERVICE, "grpc.health.v1.Health"} <= set(grpcurl(grpc_address, "list").split())
    assert f"{SERVICE}.ModelStreamInfer" in grpcurl(grpc_address, "list", SERVICE)
    assert "map<string, .inference.InferParameter> parameters = 4;" in grpcurl(grpc_address, "describe", "inference.ModelInferRequest")


def test_calls_by_name(grpc_address):
    assert json.loads(grpcurl(grpc_address, "grpc.health.v1.Health/Check")) == {"status": "SERVING"}
    typed = {"binary_data_output": {"bool_param": False}}
    tensor = {"name": "x", "datatype": "FP32", "shape": [1, 3], "contents": {"fp32_contents": [0, 9, 0]}}
    request = {"model_name": "classifier", "parameters": typed, "inputs": [tensor]}
    answer = json.loads(grpcurl(grpc_address, f"{SERVICE}/ModelInfer", data=request))
    assert answer["model_name"] == "classifier" and answer["outputs"][0]["contents"]["fp32_contents"][1] > 0.99
    assert "Code: NotFound" in grpcurl(grpc_address, f"{SERVICE}/ModelConfig", data={"name": "nope"})


def messages_of(message):
    yield message
    for nested in message.nested_types:
        if not nested.GetOptions().map_entry:
            yield from messages_of(nested)


def numbers_of(described):
    """Names and numbers of a message's own fields, as grpcurl describes it."""
    own = re.sub(r"\n  (message|enum) \w+ {.*?\n  }", "", described, flags=re.DOTALL)
    return {name: int(number) for name, number in re.findall(r" (\w+) = (\d+)", own)}


def test_has_the_numbers_that_tritons_clients_use(grpc_address):
    """Each field of each message is where Triton's own proto files, which its Python client brings, have it."""
    compared = 0
    for module in (service_pb2, model_config_pb2):
        for message in (each for top in module.DESCRIPTOR.message_types_by_name.values() for each in messages_of(top)):
            described = grpcurl(grpc_address, "describe", message.full_name)
            if "Symbol not found" in described:
                continue
            ours = numbers_of(described)
            assert ours.items() <= {field.name: field.number for field in message.fields}.items(), message.full_name
            compared += len(ours)
    assert compared > 180
