"""``python -m benchmarks`` lists the benchmarks; ``python -m benchmarks NAME`` runs one."""

import argparse
import sys
from pathlib import Path

from benchmarks import agreement, dispatch, fit, gradcheck, memory, parity, resume, training, transforms
from benchmarks.options import folder

BENCHMARKS = {
    "gradcheck": gradcheck,
    "agreement": agreement,
    "parity": parity,
    "dispatch": dispatch,
    "transforms": transforms,
    "training": training,
    "fit": fit,
    "memory": memory,
    "resume": resume,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark that the command line names; without one, list them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    subparsers = parser.add_subparsers(dest="name", metavar="NAME")
    for name, module in BENCHMARKS.items():
        summary = (module.__doc__ or "").partition("\n")[0]
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.add_argument(
            "--out", type=folder, default=Path("out/benchmarks"), help="folder for JSON and PNG (%(default)s)"
        )
        subparser.add_argument("--quick", action="store_true", help="few repetitions: to see that it works, not to measure")
        module.add_arguments(subparser)
    options = parser.parse_args(arguments)
    if options.name is None:
        parser.print_help()
        return 0
    return BENCHMARKS[options.name].run(options)


if __name__ == "__main__":
    sys.exit(main())
