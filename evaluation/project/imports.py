"""Which modules notebooks for inside need: the process that they are forked from imports them once for all."""

from __future__ import annotations

from evaluation.report import runs

WARM = (
    *runs.WARM,
    *("matplotlib.pyplot", "matplotlib.style.core", "matplotlib_inline.backend_inline", "IPython.core.pylabtools"),
    *("PIL.Image:preinit", "PIL.PngImagePlugin"),
    *("pandas", "pandas.core.reshape.reshape", "pandas.io.formats.string", "pandas.core.methods.to_dict", "seaborn"),
    *("scipy.stats", "scipy.optimize", "statsmodels.regression.linear_model"),
    *("statsmodels.stats.proportion", "statsmodels.stats.multitest", "highspy"),
    *("evaluation.inside.pictures", "evaluation.project.opened", "evaluation.project.output_check"),
    "evaluation.project.folder:read_kits_questionnaires",
)
