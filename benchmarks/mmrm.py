"""Repeated measures with an unstructured covariance, ours beside R's nlme: ``python -m benchmarks.mmrm``."""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from evaluation.measure.models.mmrm import mmrm

PEOPLE, WAVES, ROUNDS = 41, 4, 21
_R = """
library(nlme)
data <- read.csv(commandArgs(TRUE)[1])
data$wave <- factor(data$time)
fit <- function() gls(y ~ wave, data, correlation = corSymm(form = ~ time | id),
                      weights = varIdent(form = ~ 1 | time), method = "REML")
first <- fit()
timed <- function() {start <- proc.time()[["elapsed"]]; for (i in 1:5) fit(); (proc.time()[["elapsed"]] - start) / 5}
spent <- replicate(ROUNDS, timed())
cat(format(median(spent), digits = 10), format(coef(first), digits = 12), as.character(packageVersion("nlme")))
"""


def scores(seed: int = 41) -> np.ndarray:
    """Fictional scores of 41 people at four waves; whoever was low before is likelier to be missing."""
    rng = np.random.default_rng(seed)
    level = rng.normal(16, 4, PEOPLE)[:, None] + rng.normal([0, 1.5, 3, 3.5], 2.5, (PEOPLE, WAVES))
    made = np.round(np.clip(level, 6, 30))
    for wave in range(1, WAVES):
        made[(made[:, wave - 1] < 14) & (rng.random(PEOPLE) < 0.3), wave:] = np.nan
    return made


def ours(table: np.ndarray) -> tuple[float, list[float]]:
    """Median seconds of one fit, and the estimates."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = mmrm(table)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent), [one.estimate for one in found.coefficients]


def nlme(table: np.ndarray) -> tuple[float, list[float], str]:
    """The same of R's gls with corSymm and varIdent, timed within R; its standard errors are the model's only."""
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder) / "data.csv", Path(folder) / "fit.R"
        with data.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "time", "y"])
            for (person, wave), value in np.ndenumerate(table):
                if not np.isnan(value):
                    writer.writerow([person + 1, wave + 1, value])
        script.write_text(_R.replace("ROUNDS", str(ROUNDS)), encoding="utf-8")
        said = subprocess.run(["Rscript", str(script), str(data)], capture_output=True, text=True, check=True)
    seconds, *estimates, version = said.stdout.split()
    return float(seconds), [float(one) for one in estimates], version


def main() -> None:
    table = scores()
    seconds, estimates = ours(table)
    print(f"ours: {1000 * seconds:.2f} ms a fit, with CR2 standard errors and Satterthwaite's degrees of freedom")
    if shutil.which("Rscript") is None:
        print("R is not on this machine (Debian: r-base-core, r-cran-nlme).")
        sys.exit(0)
    theirs, others, version = nlme(table)
    worst = max(abs(a - b) / abs(b) for a, b in zip(estimates, others, strict=True))
    print(f"nlme {version}: {1000 * theirs:.2f} ms a fit, with the model's standard errors only")
    print(f"ratio {theirs / seconds:.1f}, worst relative difference of an estimate {worst:.1e}")


if __name__ == "__main__":
    main()
