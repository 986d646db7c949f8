"""scikit-learn (pickle or joblib), XGBoost (.ubj, .json) and LightGBM (.txt) as ONNX: python convert.py SOURCE OUT [--samples FILE]"""
import json
import sys
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import skl2onnx
import sklearn
from lightgbm import Booster as LightGbmBooster
from lightgbm import LGBMClassifier, LGBMRegressor
from onnx.helper import make_node
from onnxmltools.convert import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as BoosterInput
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm as lightgbm_operator
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost as xgboost_operator
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes as classifier_shapes
from skl2onnx.common.shape_calculator import calculate_linear_regressor_output_shapes as regressor_shapes
from sklearn.base import is_classifier, is_outlier_detector
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.pipeline import Pipeline
from xgboost import Booster as XgboostBooster
from xgboost import DMatrix, XGBClassifier, XGBRegressor

sys.path.append(str(Path(__file__).resolve().parents[1]))
from emit import Conversion, Refused, floats, main, read_samples  # noqa: E402

from draw import draw_rows, thresholds_of_lightgbm, thresholds_of_sklearn, thresholds_of_xgboost  # noqa: E402
from edges import round_down  # noqa: E402

# What the runtime of today reads, and the one before it; ai.onnx.ml 3 has trees of every kind that these converters write.
OPSETS = {"": 17, "ai.onnx.ml": 3}
CONVERTERS = ["skl2onnx", "onnxmltools", "onnx"]

NO_ZIPMAP = {"zipmap": [True, False, "columns"], "nocl": [True, False], "output_class_labels": [False, True]}
skl2onnx.update_registered_converter(XGBClassifier, "XgboostXGBClassifier", classifier_shapes, xgboost_operator, options=NO_ZIPMAP)
skl2onnx.update_registered_converter(XGBRegressor, "XgboostXGBRegressor", regressor_shapes, xgboost_operator)
skl2onnx.update_registered_converter(LGBMClassifier, "LightGbmLGBMClassifier", classifier_shapes, lightgbm_operator, options=NO_ZIPMAP)
skl2onnx.update_registered_converter(
    LGBMRegressor, "LightGbmLGBMRegressor", regressor_shapes, lightgbm_operator, options={"split": None}
)


def node_of_numbers(*arguments, **attributes):
    """ONNX's make_node, which takes no truth values for numbers: the trees of HistGradientBoosting have some."""
    plain = {
        name: [int(item) if isinstance(item, (bool, np.bool_)) else item for item in value] if isinstance(value, list) else value
        for name, value in attributes.items()
    }
    return make_node(*arguments, **plain)


skl2onnx.common._container.make_node = node_of_numbers


def convert(arguments):
    start = arguments.source.read_bytes()[:16]
    given = read_samples(arguments.samples)
    if start.startswith(b"tree"):
        return convert_booster(arguments, given, *lightgbm_booster(arguments.source))
    if start.startswith(b"{"):
        return convert_booster(arguments, given, *xgboost_booster(arguments.source))
    return convert_estimator(arguments, given)


def xgboost_booster(source):
    booster = XgboostBooster(model_file=str(source))
    learner = json.loads(booster.save_config())["learner"]
    objective, kind = learner["objective"]["name"], learner["gradient_booster"]["name"]
    if kind != "gbtree":
        raise Refused(f"expected XGBoost's trees (gbtree), got {kind}, which no converter to ONNX has: train it with booster='gbtree'")
    if "c" in (booster.feature_types or []):
        raise Refused("the model splits by categories, which ONNX's trees lack: encode them as numbers or as one column each, and train again")

    def scores(rows):
        matrix = DMatrix(rows, feature_names=booster.feature_names, feature_types=booster.feature_types)
        if not objective.startswith("multi:"):
            return booster.predict(matrix)
        margins = np.exp(booster.predict(matrix, output_margin=True))
        return margins / margins.sum(axis=1, keepdims=True)

    plain = booster.copy()
    # The converter takes features of its own naming alone, and rankers for classifiers: what they give is a sum over the trees, as in a regression.
    plain.feature_names = None
    if objective.startswith("rank:"):
        plain.set_param({"objective": "reg:squarederror"})
    inputs = [("X", BoosterInput([None, booster.num_features()]))]
    is_classes = objective.startswith("multi:") or objective in ("binary:logistic", "reg:logistic")
    is_known = is_classes or objective.startswith(("reg:", "rank:")) or objective == "count:poisson"
    if not is_known:
        raise Refused(f"expected an objective of reg:, rank:, multi:, count:poisson or binary:logistic, got {objective}: no converter to ONNX has that one right")
    onnx = convert_xgboost(plain, initial_types=inputs, target_opset=15)
    return "xgboost", objective, onnx, booster.num_features(), thresholds_of_xgboost(booster), scores, is_classes


def lightgbm_booster(source):
    booster = LightGbmBooster(model_file=str(source))
    objective = booster.dump_model(num_iteration=1).get("objective", "custom").split(" ")[0]
    thresholds = thresholds_of_lightgbm(booster)
    inputs = [("X", BoosterInput([None, booster.num_feature()]))]
    onnx = convert_lightgbm(booster, initial_types=inputs, target_opset=15, zipmap=False)
    round_down(onnx, thresholds)
    is_classes = objective in ("binary", "multiclass", "multiclassova")
    return "lightgbm", objective, onnx, booster.num_feature(), thresholds, booster.predict, is_classes


def convert_booster(arguments, given, framework, objective, onnx, features, thresholds, scores, is_classes):
    outputs = save(onnx, arguments)
    if given is None:
        samples = [{"X": rows} for rows in draw_rows(features, arguments.seed, thresholds, with_missing=True)]
    else:
        samples = [{"X": matrix(sample, features)} for sample in given]

    def answer(sample):
        found = scores(sample["X"].astype(np.float64))
        if not is_classes or len(outputs) == 1:
            return {outputs[0]: np.reshape(found, (len(sample["X"]), -1))}
        chances = np.stack([1 - found, found], axis=1) if found.ndim == 1 else found
        return {outputs[0]: chances.argmax(axis=1), outputs[1]: chances}

    packages = [framework, *CONVERTERS]
    return Conversion(framework, f"Booster, {objective}", packages, {"X": (None, features)}, samples, answer)


def convert_estimator(arguments, given):
    model, made_with = load(arguments.source)
    if not hasattr(model, "predict") and not hasattr(model, "transform"):
        what = f"{type(model).__name__} of {', '.join(map(str, list(model)[:5]))}" if isinstance(model, dict) else type(model).__name__
        raise Refused(f"expected an estimator or Pipeline of scikit-learn, fitted, got {what}: pickle the pipeline itself, whole")
    columns = column_names(model, given)
    inputs, samples, ask = columns_of(columns, given) if columns else matrix_of(model, given, arguments)
    # Classifiers without chances have no such option.
    options = {id(model): {"zipmap": False}} if is_classifier(model) and hasattr(model, "predict_proba") else None
    try:
        onnx = skl2onnx.to_onnx(model, initial_types=inputs, options=options, target_opset=OPSETS)
    except (skl2onnx.common.exceptions.MissingShapeCalculator, skl2onnx.common.exceptions.MissingConverter) as error:
        raise Refused(
            f"no converter to ONNX is known for a part of {describe(model)}: {str(error).splitlines()[0]} "
            "Take that part out of the pipeline, or replace it by one of scikit-learn's own"
        ) from error
    round_down(onnx, thresholds_of_sklearn(model))
    outputs = save(onnx, arguments)
    shapes = {name: tuple(kind.shape) for name, kind in inputs}
    frameworks = {type(part).__module__.split(".")[0] for part in parts(model)} & {"xgboost", "lightgbm"}
    packages = ["scikit-learn", *sorted(frameworks), *CONVERTERS]
    return Conversion(
        "scikit-learn", describe(model), packages, shapes, samples, lambda sample: answers(model, outputs, ask(sample)), made_with
    )


def load(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = joblib.load(source)
        except ModuleNotFoundError:
            raise
        except AttributeError as error:
            raise Refused(f"{error}: the class was defined where it was pickled; put it into a module, pickle again, and give its folder with --code") from error
        except Exception as error:
            raise Refused(
                f"this Python ({versions_here()}) cannot read {source.name}: {error}. Give the Python that it was made with, which needs "
                "skl2onnx beside it, with --python"
            ) from error
    olds = [warning.message for warning in caught if isinstance(warning.message, InconsistentVersionWarning)]
    return model, {"scikit-learn": olds[0].original_sklearn_version} if olds else {}


def versions_here():
    return f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}"


def parts(model):
    """The estimators that a model is made of, itself first."""
    yield model
    for _, step, *_ in getattr(model, "steps", []) + getattr(model, "transformers_", []):
        if not isinstance(step, str):
            yield from parts(step)


def describe(model):
    return " > ".join(type(step).__name__ for _, step in model.steps) if isinstance(model, Pipeline) else type(model).__name__


def column_names(model, given):
    """The names of the columns, where the model takes them one by one; None where it takes a matrix."""
    names = list(getattr(model, "feature_names_in_", []))
    if given is not None and names and "X" not in given[0]:
        return names
    by_name = [part for part in parts(model) if isinstance(part, ColumnTransformer)]
    if given is None and names and by_name:
        line = json.dumps({"inputs": {name: 0 for name in names[:3]}})
        raise Refused(f"the model takes columns by name ({', '.join(names)}), and what is in them nobody says: give --samples, lines such as {line}")
    return None


def columns_of(names, given):
    missing = [name for name in names if name not in given[0]]
    if missing:
        raise Refused(f"samples: expected values for {', '.join(names)}, got none for {', '.join(missing)}")
    is_text = {name: isinstance(np.asarray(given[0][name]).ravel().tolist()[0], str) for name in names}
    inputs = [(name, (StringTensorType if is_text[name] else FloatTensorType)([None, 1])) for name in names]

    def column(name, value):
        return np.reshape(np.asarray(value, dtype=object) if is_text[name] else floats(value), (-1, 1))

    samples = [{name: column(name, sample[name]) for name in names} for sample in given]
    return inputs, samples, lambda sample: pd.DataFrame({name: values.ravel() for name, values in sample.items()})


def matrix_of(model, given, arguments):
    features = getattr(model, "n_features_in_", None)
    if features is None:
        return texts_of(given)
    if given is None:
        samples = [{"X": rows} for rows in draw_rows(features, arguments.seed, thresholds_of_sklearn(model), scale_of=parts(model))]
    elif isinstance(np.asarray(given[0].get("X")).ravel().tolist()[0], str):
        inputs = [("X", StringTensorType([None, features]))]
        return inputs, [{"X": np.reshape(np.asarray(sample["X"], dtype=object), (-1, features))} for sample in given], lambda sample: sample["X"]
    else:
        samples = [{"X": matrix(sample, features)} for sample in given]
    names = getattr(model, "feature_names_in_", None)

    def ask(sample):
        rows = sample["X"].astype(np.float64)
        return rows if names is None else pd.DataFrame(rows, columns=names)

    return [("X", FloatTensorType([None, features]))], samples, ask


def texts_of(given):
    if given is None:
        raise Refused('the model takes texts, of which none can be drawn: give --samples, lines such as {"inputs": {"X": ["a text"]}}')
    samples = [{"X": np.ravel(np.asarray(sample["X"], dtype=object))} for sample in given]
    return [("X", StringTensorType([None]))], samples, lambda sample: sample["X"].tolist()


def matrix(sample, features):
    if "X" not in sample:
        raise Refused(f"samples: expected the input 'X' of {features} numbers a row, got {', '.join(sample)}")
    rows = floats(sample["X"])
    if rows.shape[-1] != features:
        raise Refused(f"samples: expected {features} numbers a row in 'X', got {rows.shape[-1]}")
    return np.reshape(rows, (-1, features))


def answers(model, outputs, rows):
    """What the model says at each output of its ONNX form, by the order in which skl2onnx writes them."""
    predict = "predict" if hasattr(model, "predict") else "transform"
    if is_classifier(model):
        more = ["predict_proba", "decision_function"]
    elif is_outlier_detector(model):
        more = ["decision_function"]
    else:
        more = ["transform"]
    methods = [predict, next((name for name in more if hasattr(model, name)), None)]
    if len(outputs) > len(methods) or (len(outputs) == 2 and methods[1] is None):
        raise Refused(f"expected one or two outputs, got {', '.join(outputs)}: what {describe(model)} answers there is not known here")
    found = {}
    for output, method in zip(outputs, methods):
        values = getattr(model, method)(rows)
        values = np.asarray(values.toarray() if hasattr(values, "toarray") else values)
        if values.dtype == bool:
            values = values.astype(np.int64)
        # Classes are a list in ONNX; numbers, and scores of but one column, a matrix.
        is_labels = method == "predict" and len(outputs) == 2 and not is_outlier_detector(model)
        found[output] = values if is_labels or values.ndim > 1 else values.reshape(-1, 1)
    return found


def save(onnx, arguments):
    # The converter of LightGBM declares one label, whatever the rows are.
    for output in onnx.graph.output:
        rows = output.type.tensor_type.shape.dim
        if len(rows) > 0:
            rows[0].Clear()
    (arguments.out / "model.onnx").write_bytes(onnx.SerializeToString())
    return [output.name for output in onnx.graph.output]


main(convert)
