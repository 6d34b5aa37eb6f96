"""Runs pyfixest on the Fatalities table and prints slopes and standard errors as JSON."""

import json
import sys
import warnings

import pandas
import pyfixest

warnings.simplefilter("ignore")
table = pandas.read_csv(sys.argv[1])
table["state_code"] = table["state"].astype("category").cat.codes
X = "beertax + drinkage + unemp + log_income + miles"
two_way = f"rate ~ {X} | state + year"
results = {}


def note(name, fit):
    results[name] = {
        "beta": fit.coef().to_dict(),
        "se": fit.se().to_dict(),
        "p": fit.pvalue().to_dict(),
        "n": int(fit._N),
    }


gaps = table.iloc[[i for i in range(len(table)) if i % 7 != 3 and i % 11 != 5]]
lonely = table.iloc[[i for i in range(len(table)) if not 14 < i < 21]]
note("unit", pyfixest.feols(two_way, table, vcov={"CRV1": "state"}))
note("simple", pyfixest.feols("rate ~ beertax | state + year", table, vcov={"CRV1": "state"}))
note("one_way", pyfixest.feols(f"rate ~ {X} | state", table, vcov={"CRV1": "state"}))
note("iid", pyfixest.feols(two_way, table, vcov="iid"))
note("hetero", pyfixest.feols(two_way, table, vcov="hetero"))
note("two_way_clusters", pyfixest.feols(two_way, table, vcov={"CRV1": "state+year"}))
note("gaps", pyfixest.feols(two_way, gaps, vcov={"CRV1": "state"}))
note("lonely", pyfixest.feols(two_way, lonely, vcov={"CRV1": "state"}))
note("weights", pyfixest.feols(two_way, table, vcov={"CRV1": "state"}, weights="pop"))
note("pooled", pyfixest.feols(f"rate ~ {X}", table, vcov={"CRV1": "state"}))
panel = {"time_id": "year", "panel_id": "state_code"}
note("dk", pyfixest.feols(f"rate ~ {X}", table, vcov="DK", vcov_kwargs={**panel, "lag": 2}))
note("dk_two_way", pyfixest.feols(two_way, table, vcov="DK", vcov_kwargs={**panel, "lag": 2}))
iv = pyfixest.feols(
    "rate ~ drinkage + unemp | state + year | beertax ~ log_income + miles", table, vcov={"CRV1": "state"}
)
note("iv", iv)
iv.IV_Diag()
results["iv"]["first_f"] = float(iv._f_stat_1st_stage)
plain = pyfixest.feols("rate ~ 1 | state + year | beertax ~ log_income + miles", table, vcov={"CRV1": "state"})
note("iv_plain", plain)
plain.IV_Diag()
results["iv_plain"]["effective_f"] = float(plain._eff_F)
sys.stdout.write(json.dumps(results) + "\n")
