"""`./dev bench [NAME]`: measurements, never part of the tests."""

import importlib
import pkgutil
import sys

import tests.bench


def main() -> int:
    names = sorted(
        m.name.removesuffix("_bench")
        for m in pkgutil.iter_modules(tests.bench.__path__)
        if m.name.endswith("_bench")
    )
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("Usage: ./dev bench NAME [options]; NAME is one of:", ", ".join(names))
        return 2
    module = importlib.import_module(f"tests.bench.{sys.argv[1]}_bench")
    code: int = module.main(sys.argv[2:])
    return code


if __name__ == "__main__":
    sys.exit(main())
