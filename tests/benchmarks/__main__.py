"""``python -m tests.benchmarks``: this product against its peers, as Markdown. No result is a test; see the README."""

from __future__ import annotations

from tests.benchmarks import kernels, sheets, starting, traffic
from tests.benchmarks.report import Times, machine, ratio, table, times
from xlalvh.hosts.calc.session import ProgramMissingError


def main() -> None:
    print(f"Machine: {machine()}\n")
    print("Medians (least – most) of the rounds. A ratio above 1 is a peer's that takes longer.\n")
    show_kernels()
    show_traffic()
    show_start()
    show_sheets()
    print(f"Machine at the end: {machine()}")


def show_kernels() -> None:
    found = kernels.measure()
    for task, title in kernels.TASKS.items():
        by_count = {count: found[task, count] for count in kernels.COUNTS}
        rows = [[kernels.OURS, *(times(_of(t, kernels.OURS)) for t in by_count.values())]]
        timed = [peer for peer in found[task, 1] if not all(isinstance(t[peer], str) for t in by_count.values())]
        rows += [[peer, *(_ratio(t, peer, kernels.OURS) for t in by_count.values())] for peer in timed[1:]]
        print(f"{title}, options in a call\n")
        print(table([title, *(f"{count:,}" for count in kernels.COUNTS)], rows), "\n")
        for peer, reason in {(p, t[p]) for t in by_count.values() for p in t if isinstance(t[p], str)}:
            if reason not in ("too many", "NotImplementedError: "):
                print(f"{peer}: {reason}\n")


def show_traffic() -> None:
    found = traffic.measure()
    rows = []
    for name, title in traffic.TASKS.items():
        for way, base in ((traffic.ARRAYS, traffic.KERNEL), (traffic.TUPLES, traffic.CONVERSION)):
            each = [found[name, count] for count in traffic.COUNTS]
            rows.append([f"{title}: {way} / {base}", *(_ratio(t, way, base) for t in each)])
    print(table(["Cells", *(f"{count:,}" for count in traffic.COUNTS)], rows), "\n")


def show_start() -> None:
    started, numpys, first = starting.measure()
    rows = [[name, times(_of(started, name)), ratio(_of(started, name), _of(numpys, name))] for name in started]
    print(table(["Import", "time", "of numpy's"], rows), "\n")
    print(table(["First call", "time"], [[name, times(_of(first, name))] for name in first]), "\n")


def show_sheets() -> None:
    try:
        found = sheets.measure()
    except ProgramMissingError as error:
        print(f"Calc left out: {error}\n")
        return
    rows = [
        [name, times(_of(found, name)), _ratio(found, name, sheets.NATIVE)]
        for name in (sheets.NATIVE, sheets.SINGLE, sheets.ARRAY)
    ]
    print(table([f"Recalculating {sheets.COUNT:,} prices in Calc", "time", "of its own"], rows), "\n")


def _of(found: Times, name: str) -> list[float]:
    seconds = found[name]
    if isinstance(seconds, str):
        raise SystemExit(f"{name} cannot be measured: {seconds}")
    return seconds


def _ratio(found: Times, name: str, base: str) -> str:
    seconds = found[name]
    return "–" if isinstance(seconds, str) else ratio(seconds, _of(found, base))


if __name__ == "__main__":
    main()
