"""Two studies on handwritten digits: a small neural net, and a linear baseline over many seeds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tracking.demo.plans import Attempt, Study, Task

_NET = {
    "train_loss": "loss", "val_loss": "val_loss", "val_accuracy": "val_accuracy",
    "f1_macro": "f1_macro", "accuracy": "test_accuracy", "train_time_s": "train_time_s",
    "epochs_run": "epochs_run",
}  # fmt: skip
# Twin keys of the net's: another team's script, the same quantity, another spelling.
_LINEAR = {
    "train_loss": "train_loss", "val_loss": "validation_loss", "val_accuracy": "val_acc",
    "accuracy": "test_acc", "f1_macro": "f1", "train_time_s": "fit_seconds",
}  # fmt: skip


def digits_net() -> Study:
    """Epoch curves, batch sizes and learning rates; the architecture stands in the tag `arch`."""
    singles = [_net(*case) for case in _net_cases()]
    running = _net((64,), 0.001, 64, "adam", "relu")
    return Study(
        "digits_MLP",
        "8x8 digits with small multilayer perceptrons. val_accuracy per epoch, early stop by hand.",
        "vision",
        ("alice", "carlos", "mei", "priya"),
        (
            *singles,
            _rate_sweep("lr-sweep", (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)),
            _rate_sweep("lr-sweep-sgd", (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 50.0, 1e8), "sgd"),
            _still_going(running, "carlos", 0.06),
            _still_going(_net((128,), 0.001, 32, "adam", "tanh"), "mei", 0.11),
        ),
    )


def _net_cases() -> list[tuple[tuple[int, ...], float, int, str, str]]:
    grid = product(((32,), (64,), (32, 32)), (0.001, 0.01), (32, 128))
    cases = [(layers, rate, batch, "adam", "relu") for layers, rate, batch in grid]
    return [
        *cases,
        ((32, 32), 0.003, 64, "adam", "tanh"),
        ((64, 32), 0.001, 64, "adam", "relu"),
        ((64, 32), 0.003, 64, "adam", "tanh"),
        ((16,), 0.01, 64, "sgd", "logistic"),
        ((32,), 0.1, 64, "sgd", "relu"),
        ((100,), 0.001, 200, "adam", "relu"),
        ((100,), 0.001, 200, "adam", "relu"),
        ((8,), 0.01, 32, "adam", "relu"),
        ((8,), 0.1, 32, "adam", "relu"),
        ((16, 16), 0.003, 64, "adam", "relu"),
        ((16, 16, 16), 0.003, 64, "adam", "tanh"),
        ((128,), 0.0003, 128, "adam", "relu"),
        ((48,), 0.2, 64, "sgd", "tanh"),
        ((48,), 0.02, 64, "sgd", "tanh"),
    ]


def _net(
    layers: tuple[int, ...], rate: float, batch: int, solver: str, activation: str, epochs: int = 16
) -> Attempt:
    settings = {
        "hidden_layer_sizes": layers, "learning_rate_init": rate, "batch_size": batch,
        "solver": solver, "activation": activation,
    }  # fmt: skip
    task = Task("digits", "MLPClassifier", _NET, settings, "minmax", steps=epochs)
    # Both spellings of a list are kept: hand-written configs and printed ones differ in a blank.
    spelled = str(list(layers)) if rate > 0.002 else str(list(layers)).replace(" ", "")
    params = {
        "hidden_layers": spelled, "lr": rate, "batch_size": batch, "optimizer": solver,
        "activation": activation, "epochs": epochs,
    }  # fmt: skip
    arch = "mlp-" + "x".join(map(str, layers))
    return Attempt(arch, task, params, {"arch": arch})


def _rate_sweep(name: str, rates: tuple[float, ...], solver: str = "adam") -> Attempt:
    children = []
    for number, rate in enumerate(rates):
        trial = _net((32,), rate, 64, solver, "relu", 12)
        children.append(replace(trial, name=f"trial_{number}"))
    # A typo's learning rate: the weights stop being numbers, the run "finished" all the same.
    if rates[-1] > 1e6:
        children[-1] = replace(children[-1], status="FINISHED", deleted=False)
    params = {"optimizer": solver, "search_space": {"lr": list(rates)}, "n_trials": len(rates)}
    return Attempt(name, None, params, {"sweep": "grid", "arch": "mlp-32"}, tuple(children))


def _still_going(attempt: Attempt, user: str, days_ago: float) -> Attempt:
    return replace(attempt, status="RUNNING", deleted=False, user=user, days_ago=days_ago)


def digits_linear() -> Study:
    """Ten seeds of five settings, all named `seed0` … `seed9`: a name is no identity here."""
    settings = (
        ("hinge", 0.0001), ("hinge", 0.01), ("log_loss", 0.0001), ("log_loss", 0.01),
        ("perceptron", 0.001),
    )  # fmt: skip
    attempts = [_seed(loss, alpha, seed) for (loss, alpha) in settings for seed in range(10)]
    return Study(
        "digits-sgd-baseline",
        "Linear baseline for digits, ten seeds each. Compare means, not single runs.",
        "vision",
        ("carlos", "dana"),
        tuple(attempts),
    )


def _seed(loss: str, alpha: float, seed: int) -> Attempt:
    task = Task(
        "digits", "SGDClassifier", _LINEAR, {"loss": loss, "alpha": alpha}, "minmax", 8, seed
    )
    rate_key = "LR" if loss == "perceptron" else "lr"
    # A param called `status` is what the author thinks of the run, not how the run ended.
    status = "final" if seed < 7 else "draft"
    params = {
        "loss": loss, "alpha": alpha, "seed": seed, rate_key: "optimal", "epochs": 8,
        "status": status,
    }  # fmt: skip
    return Attempt(f"seed{seed}", task, params, {"model": "SGDClassifier"})
