"""The words of the trade: how ML people say things, none of them taken from any one store.

Everything here is about the language. The names of metrics, params, users and models come from
the live catalog and never stand in this file.
"""

from __future__ import annotations

from texttosql.offline import fillers

SYNONYMS: dict[str, tuple[str, ...]] = {
    "acc": ("accuracy",), "accu": ("accuracy",), "accuracies": ("accuracy",),
    "val": ("val",), "valid": ("val",), "validation": ("val",), "validate": ("val",),
    "vali": ("val",), "tst": ("test",), "testing": ("test",), "holdout": ("test",),
    "trn": ("train",), "training": ("train",), "trained": ("train",),
    "eval": ("eval",), "evaluation": ("eval",),
    "lr0": ("learning", "rate"), "lr": ("learning", "rate"), "learningrate": ("learning", "rate"),
    "eta": ("learning", "rate"),
    "bs": ("batch", "size"), "batchsize": ("batch", "size"), "bsz": ("batch", "size"),
    "wd": ("weight", "decay"), "mom": ("momentum",), "opt": ("optimizer",), "optim": ("optimizer",),
    "optimiser": ("optimizer",), "optimisers": ("optimizer",), "optimizers": ("optimizer",),
    "prec": ("precision",), "rec": ("recall",), "f1score": ("f1",), "fscore": ("f1",),
    "auroc": ("auc",), "rocauc": ("auc",), "aucroc": ("auc",), "auprc": ("pr", "auc"),
    "prauc": ("pr", "auc"), "aupr": ("pr", "auc"), "logloss": ("log", "loss"),
    "xent": ("cross", "entropy"), "crossentropy": ("cross", "entropy"), "ce": ("cross", "entropy"),
    "ppl": ("perplexity",), "perp": ("perplexity",), "r2score": ("r2",), "rsquared": ("r2",),
    "mcc": ("mcc",), "ndcg": ("ndcg",), "map": ("map",),
    "lat": ("latency",), "mem": ("memory",), "temp": ("temperature",), "dur": ("duration",),
    "reg": ("regularization",), "regularisation": ("regularization",),
    "alg": ("algorithm",), "algs": ("algorithm",), "arch": ("architecture",),
    "algo": ("algorithm",), "algorithms": ("algorithm",),
    "clf": ("classifier",), "config": ("config",), "cfg": ("config",),
    "emb": ("embedding",), "dim": ("dimension",), "dims": ("dimension",), "len": ("length",),
    "iter": ("iterations",), "iters": ("iterations",), "iteration": ("iterations",),
    "seq": ("sequence",), "img": ("image",), "ds": ("dataset",), "data": ("data",),
    "epoch": ("epochs",), "tree": ("estimators",), "trees": ("estimators",),
    "estimator": ("estimators",), "sec": ("seconds",), "secs": ("seconds",), "s": ("seconds",),
    "millis": ("ms",), "min": ("min",), "tok": ("tokens",), "toks": ("tokens",),
    "feat": ("features",), "feats": ("features",), "feature": ("features",),
    "desc": ("description",), "ver": ("version",), "prio": ("priority",), "env": ("environment",),
    "colour": ("color",), "normalise": ("normalize",), "normalisation": ("normalization",),
    "scheduler": ("scheduler",), "sched": ("scheduler",), "init": ("init",), "act": ("activation",),
    "params": ("params",), "layer": ("layers",), "head": ("heads",), "unit": ("units",),
}  # fmt: skip
"""One piece of a name -> its canonical pieces. Applied to the store's names and the question."""

PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("roc", "auc"): ("auc",), ("auc", "roc"): ("auc",), ("area", "under", "curve"): ("auc",),
    ("area", "under", "the", "curve"): ("auc",), ("f1", "score"): ("f1",), ("f", "1"): ("f1",),
    ("f", "1", "score"): ("f1",), ("f", "score"): ("f1",), ("f", "measure"): ("f1",),
    ("f1", "measure"): ("f1",), ("r2", "score"): ("r2",), ("r", "squared"): ("r2",),
    ("r", "2"): ("r2",),
    ("root", "mean", "squared", "error"): ("rmse",), ("root", "mean", "square", "error"): ("rmse",),
    ("mean", "squared", "error"): ("mse",), ("mean", "square", "error"): ("mse",),
    ("mean", "absolute", "error"): ("mae",), ("mean", "abs", "error"): ("mae",),
    ("mean", "absolute", "percentage", "error"): ("mape",),
    ("matthews", "correlation", "coefficient"): ("mcc",), ("matthews", "corrcoef"): ("mcc",),
    ("average", "precision"): ("ap",), ("precision", "recall", "auc"): ("pr", "auc"),
    ("num", "epochs"): ("epochs",), ("n", "epochs"): ("epochs",),
    ("number", "of", "epochs"): ("epochs",),
    ("n", "estimators"): ("estimators",), ("num", "estimators"): ("estimators",),
    ("number", "of", "estimators"): ("estimators",), ("l", "2"): ("l2",), ("l", "1"): ("l1",),
    ("num", "layers"): ("layers",), ("n", "layers"): ("layers",),
    ("number", "of", "layers"): ("layers",),
    ("number", "of"): ("num",), ("n",): ("num",), ("nb",): ("num",), ("no", "of"): ("num",),
    ("step", "size"): ("learning", "rate"), ("run", "time"): ("runtime",),
    ("dev", "set"): ("dev",), ("time", "s"): ("time", "seconds"), ("git", "sha"): ("git", "commit"),
    ("drop", "out"): ("dropout",), ("early", "stop"): ("early", "stopping"),
}  # fmt: skip
"""Several pieces in a row -> canonical pieces; longest first, applied after SYNONYMS."""

OTHER_NAMES: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("batch",): (("batch", "size"),), ("seed",): (("random", "state"), ("random", "seed")),
    ("random", "state"): (("seed",), ("random", "seed")), ("dropout",): (("dropout", "rate"),),
    ("depth",): (("max", "depth"),), ("optimizer",): (("optimizer", "name"), ("optimizer", "type")),
}  # fmt: skip
"""A key that is called so and so in full: canonical pieces -> what else it is asked for by."""

LOWER_IS_BETTER = frozenset("""
    loss error err rmse mse mae mape smape wape rmsle msle mase latency ms seconds time duration
    runtime perplexity ppl wer cer ter fpr fnr brier ece deviance nll kl divergence distance fid
    regret     memory mb gb bytes cost eer hinge overfit gap drift psi variance std stddev
    residual bias     davies bouldin alarm alarms false hallucination hallucinations toxicity
    misclassified failures failed entropy crossentropy logloss
    size params flops energy emissions     co2 violations rate_error bpc bpb aic bic inertia lag
    delay staleness
""".split())  # fmt: skip
HIGHER_IS_BETTER = frozenset("""
    accuracy acc auc f1 f2 precision recall r2 bleu rouge meteor map ndcg mrr iou dice reward score
    silhouette throughput speedup win mcc kappa ap hit hits coverage per_sec qps rps likelihood
    psnr ssim correlation spearman pearson top1 top5 sensitivity specificity gini ks lift profit
    revenue uplift tps return explained
""".split())  # fmt: skip

MODEL_WORDS = (
    "model", "architecture", "algorithm", "classifier", "estimator", "estimators", "learner",
    "regressor", "backbone", "network", "base_model", "model_type", "model_name", "detector",
    "model_family", "model_class", "estimator_name", "encoder",
)  # fmt: skip
"""What teams call the param or tag that says which kind of model a run trains, best first."""

ABBREVIATIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "rf": (("random", "forest"),), "rfc": (("random", "forest"),), "rfr": (("random", "forest"),),
    "gb": (("gradient", "boosting"), ("gradient", "boosted")),
    "gbm": (("gradient", "boosting"), ("gbm",)),
    "gbt": (("gradient", "boosted"), ("gradient", "boosting")), "gbdt": (("gradient", "boosting"),),
    "hgb": (("hist", "gradient", "boosting"),), "hgbt": (("hist", "gradient", "boosting"),),
    "knn": (("k", "neighbors"), ("kneighbors",), ("k", "nearest"), ("kneighbor",)),
    "gmm": (("gaussian", "mixture"),), "logreg": (("logistic", "regression"), ("logistic",)),
    "logistic": (("logistic", "regression"),), "linreg": (("linear", "regression"),),
    "dt": (("decision", "tree"),), "cart": (("decision", "tree"),),
    "nb": (("naive", "bayes"), ("gaussian", "nb")),
    "svm": (("svc",), ("svr",), ("support", "vector")), "mlp": (("multi", "layer", "perceptron"),),
    "xgb": (("xgboost",), ("xg", "boost")), "lgbm": (("lightgbm",), ("light", "gbm")),
    "lgb": (("lightgbm",), ("light", "gbm")), "cat": (("catboost",), ("cat", "boost")),
    "et": (("extra", "trees"), ("extra", "tree")), "ada": (("ada", "boost"), ("adaboost",)),
    "enet": (("elastic", "net"), ("elasticnet",)), "cnn": (("conv", "net"), ("convnet",)),
    "vit": (("vision", "transformer"),), "tft": (("temporal", "fusion", "transformer"),),
    "ets": (("exponential", "smoothing"),), "iforest": (("isolation", "forest"),),
    "hclust": (("agglomerative",),), "als": (("alternating", "least", "squares"),),
    "bpr": (("bayesian", "personalized", "ranking"),), "mf": (("matrix", "factorization"),),
    "ae": (("auto", "encoder"), ("autoencoder",)), "qda": (("quadratic", "discriminant"),),
    "lda": (("linear", "discriminant"), ("latent", "dirichlet")),
    "ols": (("linear", "regression"),),
}  # fmt: skip
"""Short names of model families -> the pieces a store's longer name starts with."""

STATUSES: dict[str, str] = {
    "break": "FAILED", "breaks": "FAILED", "breaking": "FAILED",
    "failed": "FAILED", "failing": "FAILED", "fail": "FAILED", "fails": "FAILED",
    "crashed": "FAILED", "crash": "FAILED", "crashes": "FAILED", "broken": "FAILED",
    "broke": "FAILED", "errored": "FAILED",
    "failure": "FAILED", "failures": "FAILED", "unsuccessful": "FAILED", "died": "FAILED",
    "finished": "FINISHED", "completed": "FINISHED", "complete": "FINISHED",
    "succeeded": "FINISHED", "successful": "FINISHED", "successfully": "FINISHED",
    "success": "FINISHED", "succeed": "FINISHED",
    "successes": "FINISHED", "done": "FINISHED", "passed": "FINISHED", "finish": "FINISHED",
    "running": "RUNNING", "active": "RUNNING", "ongoing": "RUNNING", "unfinished": "RUNNING",
    "stuck": "RUNNING", "hanging": "RUNNING", "killed": "KILLED", "aborted": "KILLED",
    "cancelled": "KILLED", "canceled": "KILLED", "stopped": "KILLED", "interrupted": "KILLED",
    "terminated": "KILLED", "scheduled": "SCHEDULED", "queued": "SCHEDULED", "pending": "SCHEDULED",
    "waiting": "SCHEDULED",
}  # fmt: skip

AGGREGATES: dict[str, str] = {
    "average": "mean", "avg": "mean", "mean": "mean", "averaged": "mean", "averages": "mean",
    "typical": "mean", "typically": "mean", "median": "median", "medians": "median",
    "maximum": "max", "max": "max", "minimum": "min", "min": "min", "sum": "sum", "total": "sum",
    "std": "std", "stdev": "std", "stddev": "std", "deviation": "std", "variation": "std",
    "spread": "std", "variability": "std", "summed": "sum", "cumulative": "sum",
    "combined": "sum", "averaging": "mean", "altogether": "sum", "spent": "sum", "spend": "sum",
    "burned": "sum", "burnt": "sum", "burn": "sum",
}  # fmt: skip

SUPERLATIVES: dict[str, str] = {
    "best": "best", "top": "best", "winning": "best", "winner": "best", "strongest": "best",
    "good": "best", "great": "best", "bad": "worst", "poor": "worst", "bestest": "best",
    "leading": "best", "leader": "best", "leaders": "best", "leaderboard": "best",
    "optimal": "best",
    "winners": "best", "champ": "best",
    "worst": "worst", "bottom": "worst", "poorest": "worst", "weakest": "worst", "losing": "worst",
    "cheapest": "low", "priciest": "high", "costliest": "high", "deepest": "high", "tiniest": "low",
    "highest": "high", "largest": "high", "biggest": "high", "greatest": "high", "most": "high",
    "maximal": "high", "high": "high", "lowest": "low", "smallest": "low", "least": "low",
    "fewest": "low", "minimal": "low", "low": "low",
    "fastest": "fast", "quickest": "fast", "shortest": "fast", "slowest": "slow", "longest": "slow",
    "latest": "new", "newest": "new", "recent": "new", "last": "new", "recently": "new",
    "oldest": "old", "earliest": "old", "first": "old",
}  # fmt: skip

ABOVE = ("greater than or equal to", "at least", "no less than", "not less than", "not below",
         "minimum of", "a minimum of", "or more", "or better", "or higher", "or above", "and up",
         "and above", "or greater", "and higher", "min of", "atleast")  # fmt: skip
OVER = ("greater than", "more than", "higher than", "larger than", "bigger than", "better than",
        "above", "over", "exceeding", "exceeds", "exceed", "exceeded", "north of", "past",
        "beats", "beat", "beating", "longer than", "surpass", "surpassed", "surpassing", "topped",
        "outperform", "outperformed", "outperforms", "outperforming", "upwards of", "bigger",
        "deeper than", "wider than", "slower than", "beaten", "crossed", "cracked", "broke",
        "hits over", "older than")  # fmt: skip
BELOW = ("less than or equal to", "at most", "no more than", "not more than", "not above",
         "maximum of", "a maximum of", "up to", "or less", "or lower", "or below", "or under",
         "or fewer", "and below", "max of", "atmost", "within")  # fmt: skip
UNDER = ("less than", "lower than", "smaller than", "fewer than", "below", "under", "worse than",
         "shorter than", "cheaper than", "shallower than", "south of", "faster than",
         "quicker than", "beneath", "newer than",
         "younger than")  # fmt: skip
EQUAL = ("equal to", "equals", "equal", "exactly", "set to", "is", "was", "of", "at", "being",
         "hits", "reached", "got", "gets", "scored", "scores", "to", "reaching", "as",
         "are")  # fmt: skip

RUN_NOUNS = frozenset("run runs trial trials job jobs training trainings attempt attempts".split())
EXPERIMENT_NOUNS = frozenset("experiment experiments exp exps project projects expt expts".split())
MODEL_NOUNS = frozenset("model models".split())
VERSION_NOUNS = frozenset("version versions".split())
METRIC_NOUNS = frozenset("metric metrics measurements kpis".split())
PARAM_NOUNS = frozenset(
    "param params parameter parameters hyperparameter hyperparameters hyperparams hyperparam "
    "hparams hparam config configs configuration configurations settings setting hps".split()
)  # fmt: skip
TAG_NOUNS = frozenset("tag tags labels label".split())
USER_NOUNS = frozenset(
    "user users who whose people persons person teammate teammates colleague colleagues member "
    "members someone anyone everybody everyone author authors owner owners contributor "
    "contributors researcher researchers engineer engineers".split()
)  # fmt: skip
DATASET_NOUNS = frozenset("dataset datasets".split())

UNITS = {
    "second": 1.0, "seconds": 1.0, "sec": 1.0, "secs": 1.0, "s": 1.0, "minute": 60.0,
    "minutes": 60.0, "min": 60.0, "mins": 60.0, "m": 60.0, "hour": 3600.0, "hours": 3600.0,
    "hr": 3600.0, "hrs": 3600.0, "h": 3600.0, "day": 86400.0, "days": 86400.0, "d": 86400.0,
    "ms": 0.001, "milliseconds": 0.001,
}  # fmt: skip

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "dozen": 12, "twelve": 12, "fifteen": 15, "twenty": 20, "couple": 2,
    "fifty": 50, "hundred": 100,
}  # fmt: skip

BUCKETS = {
    "day": "day", "days": "day", "daily": "day", "date": "day", "week": "week", "weeks": "week",
    "weekly": "week", "month": "month", "months": "month", "monthly": "month", "year": "year",
    "yearly": "year", "hourly": "hour", "hour": "hour", "weekday": "weekday", "weekdays": "weekday",
}  # fmt: skip

GROUPING = frozenset(
    "by per each every across grouped group groupby split broken breakdown".split()
)
NEGATIONS = frozenset(
    "not no without except excluding exclude excl besides ignoring ignore minus non never neither "
    "nor drop skip omit hide but remove w/o lacking lack missing".split()
)  # fmt: skip
CHARTS = {
    "bar": "bar", "bars": "bar", "barchart": "bar", "histogram": "histogram", "hist": "histogram",
    "distribution": "histogram", "scatter": "scatter", "scatterplot": "scatter", "line": "line",
    "lines": "line", "linechart": "line", "pie": "bar", "column": "bar",
}  # fmt: skip
CHART_NOUNS = frozenset("chart charts plot plots graph graphs plotted visualize visualise draw "
                        "visualization diagram".split())  # fmt: skip
HISTORY = frozenset("curve curves history histories steps epochs trajectory progression evolve "
                    "evolved progressed convergence stepwise learning_curve".split())  # fmt: skip

CHANGES = frozenset("""
    delete remove drop erase purge wipe rename update change modify edit set create register
    promote     archive restore start launch kick stop kill cancel abort rerun retrain train
    deploy upload log     write insert truncate alter add assign move copy transition tag untag
    undelete schedule     fix retry tune optimize grant revoke clean merge overwrite open email send
    notify post announce forward subscribe     execute exec export import download install pip
    rollback roll push commit
""".split())  # fmt: skip
"""Verbs that ask for something to be done, not told."""

OUTSIDE = frozenset("""
    predict forecast weather joke jokes poem story recipe stock price prices news president capital
    translate essay code script function python java explain why advice recommend recommendation
    opinion should will tomorrow future next-year slack email calendar meeting vacation holiday
    salary password passwords secret secrets token tokens credentials budget hungry lunch coffee
    meaning life hello hi thanks thank bye name favorite favourite love song movie
""".split())  # fmt: skip

FILLER = fillers.FILLER

VOCABULARY = frozenset().union(
    STATUSES, AGGREGATES, SUPERLATIVES, RUN_NOUNS, EXPERIMENT_NOUNS, MODEL_NOUNS, VERSION_NOUNS,
    METRIC_NOUNS, PARAM_NOUNS, TAG_NOUNS, USER_NOUNS, DATASET_NOUNS, UNITS, NUMBERS, BUCKETS,
    GROUPING, NEGATIONS, CHARTS, CHART_NOUNS, HISTORY, CHANGES, OUTSIDE, FILLER, SYNONYMS,
    LOWER_IS_BETTER, HIGHER_IS_BETTER, MODEL_WORDS,
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "cheapest negative positive fold folds".split(),
    *(phrase.split() for phrase in (*ABOVE, *OVER, *BELOW, *UNDER, *EQUAL)),
    "percentage percent proportion rate trend trends distinct parent child children nested sweep "
    "sweeps alias aliases stage stages production staging archived registered registry champion "
    "deleted curve duration durations january february march april june july august september "
    "october november december monday tuesday wednesday thursday friday saturday sunday yesterday "
    "today week month quarter year ago past previous half vs versus difference improve improved "
    "description notes note commit source git started ended created hyperparameters "
    "infinite infinity nan nans null missing weekend tonight morning afternoon kids parents range "
    "gimme possibly tracker behind tagged".split(),
)  # fmt: skip
