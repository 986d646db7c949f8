"""Trains small models of scikit-learn, XGBoost and LightGBM on real data, and writes them beside their answers: python train_tabular.py FOLDER"""
import json
import sys
from pathlib import Path

import joblib
import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from answers import write

folder = Path(sys.argv[1])
cancer = train_test_split(*load_breast_cancer(return_X_y=True), random_state=0)
iris = train_test_split(*load_iris(return_X_y=True), random_state=0)
diabetes = train_test_split(*load_diabetes(return_X_y=True), random_state=0)


def of_pickle(name, model, data, names=None):
    train, test, labels, _ = data
    model.fit(train, labels if names is None else names[labels])
    joblib.dump(model, folder / f"{name}.joblib")
    rows = test.astype(np.float32)
    if hasattr(model, "predict_proba"):
        outputs = {"label": model.predict(rows), "probabilities": model.predict_proba(rows)}
    else:
        outputs = {"variable": model.predict(rows)}
    write(folder / f"{name}.joblib", {"X": rows}, outputs)


def of_booster(path, data, predict):
    rows = data[1].astype(np.float32)
    write(path, {"X": rows}, predict(rows))


def classes(chances):
    both = np.stack([1 - chances, chances], axis=1) if chances.ndim == 1 else chances
    return {"label": both.argmax(axis=1), "probabilities": both}


# scikit-learn
of_pickle("pipeline", make_pipeline(StandardScaler(), LogisticRegression()), cancer)
of_pickle("forest", RandomForestClassifier(30, random_state=0), iris, np.array(["setosa", "versicolor", "virginica"]))
of_pickle("histogram", HistGradientBoostingClassifier(max_iter=20, random_state=0), cancer)
of_pickle("ridge", Ridge(), diabetes)
of_pickle("mixed", make_pipeline(StandardScaler(), xgb.XGBClassifier(n_estimators=15)), cancer)
joblib.dump(IsolationForest(n_estimators=20, random_state=0).fit(iris[0]), folder / "outliers.joblib")
joblib.dump({"model": Ridge().fit(diabetes[0], diabetes[2])}, folder / "dictionary.joblib")

# One that takes columns by name, texts among them.
random = np.random.default_rng(0)
people = pd.DataFrame({"age": random.integers(18, 80, 200).astype(float), "job": random.choice(["clerk", "smith", "cook"], 200)})
bought = (people.age > 40) ^ (people.job == "smith")
columns = make_pipeline(
    make_column_transformer((StandardScaler(), ["age"]), (OneHotEncoder(handle_unknown="ignore"), ["job"])), LogisticRegression()
).fit(people, bought.astype(int))
joblib.dump(columns, folder / "columns.joblib")
(folder / "columns.jsonl").write_text("".join(json.dumps({"inputs": {"age": row.age, "job": row.job}}) + "\n" for row in people[:20].itertuples()))
asked = people[100:140]
write(
    folder / "columns.joblib",
    {"age": asked[["age"]].to_numpy(np.float32), "job": asked[["job"]].to_numpy(object)},
    {"label": columns.predict(asked), "probabilities": columns.predict_proba(asked)},
)

# XGBoost: with a base score that is not the default, and with gaps in the data.
train, test, labels, _ = cancer
gaps = np.where(random.random(train.shape) < 0.1, np.nan, train)
binary = xgb.XGBClassifier(n_estimators=25, base_score=0.2).fit(gaps, labels).get_booster()
binary.save_model(folder / "binary.ubj")
of_booster(folder / "binary.ubj", cancer, lambda rows: classes(binary.predict(xgb.DMatrix(rows))))
regression = xgb.XGBRegressor(n_estimators=25).fit(diabetes[0], diabetes[2]).get_booster()
regression.save_model(folder / "regression.json")
of_booster(folder / "regression.json", diabetes, lambda rows: {"variable": regression.predict(xgb.DMatrix(rows))})
xgb.train({"booster": "gblinear"}, xgb.DMatrix(diabetes[0], diabetes[2]), 5).save_model(folder / "linear.ubj")

# LightGBM
several = lgb.train({"objective": "multiclass", "num_class": 3, "verbose": -1}, lgb.Dataset(iris[0], iris[2]), 20)
several.save_model(folder / "several.txt")
of_booster(folder / "several.txt", iris, lambda rows: classes(several.predict(rows)))
counts = lgb.train({"objective": "poisson", "verbose": -1}, lgb.Dataset(diabetes[0], diabetes[2]), 20)
counts.save_model(folder / "counts.txt")
of_booster(folder / "counts.txt", diabetes, lambda rows: {"variable": counts.predict(rows)})
