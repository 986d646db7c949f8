"""Trains a small network of Keras, with its answers: python train_tensorflow.py FOLDER"""
import sys
from pathlib import Path

import keras
import numpy as np

from answers import write

folder = Path(sys.argv[1])
keras.utils.set_random_seed(0)
rows = np.random.default_rng(0).standard_normal((400, 6)).astype(np.float32)
labels = (rows[:, 0] > 0).astype(int) + (rows[:, 1] * rows[:, 2] > 0)
taken = keras.Input((6,), name="features")
hidden = keras.layers.BatchNormalization()(keras.layers.Dense(16, activation="relu")(taken))
model = keras.Model(taken, keras.layers.Dense(3, activation="softmax")(hidden))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(rows[:300], labels[:300], epochs=10, verbose=0)
model.save(folder / "network.keras")
model.export(folder / "saved", verbose=False)
lambdas = keras.Sequential([keras.Input((6,)), keras.layers.Lambda(lambda x: x * 2)])
lambdas.save(folder / "lambda.keras")
for name in ("network.keras", "saved"):
    write(folder / name, {"features": rows[300:]}, {"*": model.predict(rows[300:], verbose=0)})
