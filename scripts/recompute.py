#!/usr/bin/env python3
"""
Recomputes a report from executions.jsonl alone: another language, the standard library only, no line shared with the
program. Usage: recompute.py FOLDER [FOLDER ...]   (each holds report.json and executions.jsonl of one run)

For every row: n, mean, sd, interval, passes, pass rate and its Wilson interval, failures, token means, cost, cost per
success, p50 and p95 of latency. For every comparison: n, difference, ratio, p, Holm's p and the interval. Quality of
right-or-wrong cases: exact McNemar by whole numbers, Newcombe's paired interval. Other quality: exact sign flips by
enumeration below 30 cases, Student from there. Cost and latency: Student on log ratios. Only plain designs are known
here (one repetition, no weights, no clusters); anything else is refused, not guessed.

Prints one line per figure kind with the largest relative error, then "N passed, N failed"; exit status 1 on any failure.
"""
import itertools
import json
import math
import statistics
import sys
from pathlib import Path

# Two correct programs in double precision differ by rounding and by how far each iterates its t quantile.
TOLERANCE = 1e-9


def t_density(x, df):
    log_c = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log_c - (df + 1) / 2 * math.log1p(x * x / df))


def t_upper(x, df):
    """P(T > x) for x >= 0 by Gauss-Legendre over x + s/(1-s), which maps [0, 1) onto [x, infinity)."""
    if x < 0:
        return 1 - t_upper(-x, df)
    total = 0.0
    panels = 64
    for k in range(panels):
        a, b = k / panels, (k + 1) / panels
        for node, weight in GAUSS:
            s = (a + b) / 2 + (b - a) / 2 * node
            # The substitution u = s / (1 - s) scaled by 1 + x keeps far tails inside the panels.
            scale = 1 + x
            u = s / (1 - s) * scale
            total += weight * (b - a) / 2 * t_density(x + u, df) * scale / (1 - s) ** 2
    return total


def gauss_legendre(n):
    """Nodes and weights by Newton's method on the Legendre polynomial."""
    found = []
    for i in range(1, n + 1):
        x = math.cos(math.pi * (i - 0.25) / (n + 0.5))
        for _ in range(100):
            p0, p1 = 1.0, x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            step = p1 / slope
            x -= step
            if abs(step) < 1e-16:
                break
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return found


GAUSS = gauss_legendre(20)


def t_quantile(upper_tail, df):
    """x with P(T > x) = upper_tail, by bisection."""
    low, high = 0.0, 1.0
    while t_upper(high, df) > upper_tail:
        high *= 2
    while high - low > 4e-16 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if t_upper(middle, df) > upper_tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def wilson(passes, n, level):
    z = statistics.NormalDist().inv_cdf(1 - (1 - level) / 2)
    share = passes / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if passes == 0 else (centre - half) / (1 + z * z / n)
    high = 1.0 if passes == n else (centre + half) / (1 + z * z / n)
    return [low, high]


def student(values, level):
    n = len(values)
    se = statistics.stdev(values) / math.sqrt(n)
    if se == 0:
        return None
    centre = math.fsum(values) / n
    half = t_quantile((1 - level) / 2, n - 1) * se
    return [centre - half, centre + half]


def quantile(values, q):
    """Type 7: linear between order statistics."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * q
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def mcnemar(b, c):
    n, k = b + c, min(b, c)
    if b == c:
        return 1.0
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n)


def newcombe_paired(a, b, c, d, level):
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    l1, u1 = wilson(a + b, n, level)
    l2, u2 = wilson(a + c, n, level)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    top = a * d - b * c
    if top > 0:
        top = max(0, top - n / 2)
    phi = 0 if margins == 0 else top / math.sqrt(margins)

    def joined(x, y):
        return math.sqrt(max(0.0, x * x - 2 * phi * x * y + y * y))

    return [p1 - p2 - joined(p1 - l1, u2 - p2), p1 - p2 + joined(u1 - p1, p2 - l2)]


def sign_flip(differences):
    """Exact two-sided p over all 2^k sign patterns of the k differences that are not 0."""
    nonzero = [d for d in differences if abs(d) > 1e-14]
    if not nonzero:
        return 1.0
    observed = abs(math.fsum(nonzero)) - 1e-10 * math.fsum(abs(d) for d in nonzero)
    sums = {0: 1}
    # Differences of scores are multiples of no common unit, so sums are gathered by value rounded far below the tolerance.
    unit = 1e-12
    for d in nonzero:
        step = round(d / unit)
        following = {}
        for total, count in sums.items():
            for new in (total + step, total - step):
                following[new] = following.get(new, 0) + count
        sums = following
        if len(sums) > 2_000_000:
            return sign_flip_by_halves(nonzero, observed)
    extreme = sum(count for total, count in sums.items() if abs(total * unit) >= observed)
    return extreme / 2 ** len(nonzero)


def sign_flip_by_halves(values, observed):
    import bisect

    half = len(values) // 2
    left = [math.fsum(s * v for s, v in zip(signs, values[:half])) for signs in itertools.product((1, -1), repeat=half)]
    right = sorted(
        math.fsum(s * v for s, v in zip(signs, values[half:])) for signs in itertools.product((1, -1), repeat=len(values) - half)
    )
    extreme = 0
    for x in left:
        extreme += len(right) - bisect.bisect_left(right, observed - x)
        extreme += bisect.bisect_right(right, -observed - x)
    return min(1.0, extreme / 2 ** len(values))


def holm(ps):
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    adjusted, running = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted


class Ledger:
    """Figures compared, by kind, with the worst relative error of each."""

    def __init__(self):
        self.kinds = {}
        self.problems = []

    def same(self, kind, where, told, found):
        if isinstance(told, list) or isinstance(found, list):
            if told is None or found is None:
                self.count(kind, where, told, found, math.inf)
                return
            for end, a, b in zip(("low", "high"), told, found):
                self.same(kind, f"{where} {end}", a, b)
            return
        if told is None or found is None:
            self.count(kind, where, told, found, 0.0 if told is None and found is None else math.inf)
            return
        # A p-value is compared in its own size however small. Of an interval's end or a difference beside 0 only the
        # absolute error means anything: 0 here may be 1e-17 there.
        floor = 0.0 if kind.endswith(" p") else 1e-6
        error = 0.0 if told == found else abs(told - found) / max(abs(told), abs(found), floor)
        self.count(kind, where, told, found, error)

    def count(self, kind, where, told, found, error):
        n, bad, worst = self.kinds.get(kind, (0, 0, 0.0))
        failed = not error <= TOLERANCE
        if failed:
            self.problems.append(f"{where} {kind}: the report says {told}, recomputed {found}")
        self.kinds[kind] = (n + 1, bad + failed, max(worst, error))


def known_mean(cells, name):
    if any(c[name] is None and c["failure"] is None for c in cells):
        return None
    values = [c[name] for c in cells if c[name] is not None]
    return math.fsum(values) / len(values) if values else None


def check_rows(report, sides, binary, level, ledger, place):
    for row in report["rows"]:
        cells = sides[row["variant"], row["model"]]
        where = f'{place} {row["variant"]}'
        scores = [c["score"] for c in cells]
        n = len(cells)
        passes = sum(1 for c in cells if c["passed"])
        mean = math.fsum(scores) / n
        ledger.same("n", where, row["n"], n)
        ledger.same("mean", where, row["mean"], mean)
        ledger.same("sd", where, row["sd"], statistics.stdev(scores))
        if binary:
            interval = wilson(sum(1 for s in scores if s == 1), n, level)
        else:
            interval = student(scores, level)
            interval = wilson(mean * n, n, level) if interval is None else [max(0.0, interval[0]), min(1.0, interval[1])]
        ledger.same("interval of the mean", where, row["ci"], interval)
        ledger.same("passed", where, row["passed"], passes)
        ledger.same("pass rate", where, row["passRate"], passes / n)
        ledger.same("Wilson interval", where, row["passRateCi"], wilson(passes, n, level))
        ledger.same("failed", where, row["failed"], sum(1 for c in cells if c["failure"] is not None))
        for name, kind in (("inputTokens", "input tokens"), ("outputTokens", "output tokens"), ("costUsd", "cost")):
            ledger.same(kind, where, row[name], known_mean(cells, name))
        cost = known_mean(cells, "costUsd")
        per_success = None if cost is None or passes == 0 else cost * n / passes
        ledger.same("cost per success", where, row["costPerSuccessUsd"], per_success)
        answered = [c["latencyMs"] for c in cells if c["failure"] is None and c["latencyMs"] is not None]
        for name, q in (("p50", 0.5), ("p95", 0.95)):
            ledger.same(f"latency {name}", where, row["latencyMs"][name], quantile(answered, q) if answered else None)


def test_quality(first, second, binary, level):
    ids = sorted(first.keys() & second.keys())
    a, b = [first[i]["score"] for i in ids], [second[i]["score"] for i in ids]
    differences = [y - x for x, y in zip(a, b)]
    n = len(ids)
    estimate = math.fsum(differences) / n
    if binary:
        both = sum(1 for x, y in zip(a, b) if x == 1 and y == 1)
        only_second = sum(1 for x, y in zip(a, b) if x != 1 and y == 1)
        only_first = sum(1 for x, y in zip(a, b) if x == 1 and y != 1)
        neither = n - both - only_first - only_second
        interval = newcombe_paired(both, only_second, only_first, neither, level)
        return n, estimate, None, mcnemar(only_first, only_second), interval
    interval = student(differences, level)
    if n < 30:
        return n, estimate, None, sign_flip(differences), interval
    t = estimate / (statistics.stdev(differences) / math.sqrt(n))
    return n, estimate, None, 2 * t_upper(abs(t), n - 1), interval


def test_ratio(first, second, value, level):
    ids = [
        i
        for i in sorted(first.keys() & second.keys())
        if not (first[i]["failure"] and not value(first[i])) and not (second[i]["failure"] and not value(second[i]))
    ]
    a, b = [value(first[i]) for i in ids], [value(second[i]) for i in ids]
    logs = [math.log(y / x) for x, y in zip(a, b)]
    n = len(ids)
    centre = math.fsum(logs) / n
    t = centre / (statistics.stdev(logs) / math.sqrt(n))
    interval = [math.exp(end) for end in student(logs, level)]
    difference = math.fsum(y - x for x, y in zip(a, b)) / n
    return n, difference, math.exp(centre), 2 * t_upper(abs(t), n - 1), interval


def dollars(cell):
    return cell["costUsd"]


def tokens(cell):
    """What a model that costs nothing is compared by."""
    return cell["inputTokens"] + cell["outputTokens"]


def check_comparisons(report, sides, binary, ledger, place):
    alpha = report["analysis"]["alpha"]
    by_metric = {}
    for comparison in report["comparisons"]:
        if comparison["baseline"]["model"] != comparison["candidate"]["model"]:
            raise SystemExit("several models in one run: not a design this script knows")
        by_metric.setdefault(comparison["metric"], []).append(comparison)
    for metric, family in by_metric.items():
        level = 1 - alpha / len(family)
        found = []
        for comparison in family:
            first, second = (
                {c["case"]: c for c in sides[side["variant"], side["model"]]}
                for side in (comparison["baseline"], comparison["candidate"])
            )
            if metric == "quality":
                found.append(test_quality(first, second, binary, level))
            elif metric == "latency":
                found.append(test_ratio(first, second, lambda c: c["latencyMs"], level))
            elif metric == "cost":
                free = any(not c["costUsd"] and not c["failure"] for c in (*first.values(), *second.values()))
                found.append(test_ratio(first, second, tokens if free else dollars, level))
            else:
                raise SystemExit(f"metric {metric} is not one this script knows")
        adjusted = holm([one[3] for one in found])
        for comparison, (n, difference, ratio, p, interval), p_holm in zip(family, found, adjusted):
            where = f'{place} {comparison["candidate"]["variant"]} against {comparison["baseline"]["variant"]}'
            test = {"quality": "exact McNemar p" if binary else "permutation p"}.get(metric, f"{metric} p")
            ledger.same(f"{metric} pairs", where, comparison["n"], n)
            ledger.same(f"{metric} difference", where, comparison["difference"], difference)
            ledger.same(f"{metric} ratio", where, comparison["ratio"], ratio)
            ledger.same(test, where, comparison["p"], p)
            ledger.same(f"{metric} Holm p", where, comparison["pAdjusted"], p_holm)
            ledger.same(f"{metric} interval", where, comparison["ci"], interval)
            ledger.same("level", where, comparison["ciLevel"], level)


def check(folder, ledger):
    report = json.loads((folder / "report.json").read_text("utf8"))
    cells = [json.loads(line) for line in (folder / "executions.jsonl").read_text("utf8").splitlines()]
    if any(c["repetition"] != 1 for c in cells) or report["analysis"]["cluster"] is not None:
        raise SystemExit(f"{folder}: repetitions or clusters: not a design this script knows")
    sides = {}
    for cell in cells:
        sides.setdefault((cell["variant"], cell["model"]), []).append(cell)
    binary = all(c["score"] in (0, 1) for c in cells)
    place = folder.name
    ledger.same("cells", place, report["results"], len(cells))
    ledger.same("rows", place, len(report["rows"]), len(sides))
    spent = math.fsum(c["costUsd"] for c in cells if not c["fromCache"])
    ledger.same("spent", place, report["spentUsd"], spent)
    check_rows(report, sides, binary, 1 - report["analysis"]["alpha"], ledger, place)
    check_comparisons(report, sides, binary, ledger, place)


def main(folders):
    if not folders:
        raise SystemExit(__doc__)
    ledger = Ledger()
    for folder in folders:
        check(Path(folder), ledger)
    print(f"{'figure':<24}{'compared':>9}{'agree':>7}  largest relative error")
    for kind, (n, bad, worst) in ledger.kinds.items():
        print(f"{kind:<24}{n:>9}{n - bad:>7}  {worst:.1e}")
    for problem in ledger.problems:
        print(f"DIFFERS {problem}")
    total = sum(n for n, _, _ in ledger.kinds.values())
    print(f"{total - len(ledger.problems)} passed, {len(ledger.problems)} failed")
    return 1 if ledger.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
