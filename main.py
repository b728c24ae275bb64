"""Verbs and arguments only: one verb per process, and `train`, which starts all of them."""

import argparse
import sys
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py", description="Borough drone desk: a ground-control station."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    train = verbs.add_parser("train", help="a training shift: every process on this machine")
    train.add_argument("--site", default="islington", help="a site's name or its .toml file")
    train.add_argument("--drones", type=int, help="only the first N drones of the site")
    train.add_argument("--scenario", help="a scenario's name or its .toml file")
    train.add_argument("--data", type=Path, help="where shifts are kept")
    train.add_argument("--headless", action="store_true", help="the same windows, no screen")
    train.add_argument("--seconds", type=_seconds, help="end the shift after this time")
    train.add_argument("--demo", action="store_true", help="a scripted operator flies")
    train.add_argument("--report", type=Path, metavar="FILE", help="write measured figures")
    train.add_argument("--screenshot", type=Path, metavar="FILE", help="write the desk's picture")

    station = verbs.add_parser("station", help="a desk that joins a running shift")
    station.add_argument("--join", type=Path, required=True, metavar="FILE")
    station.add_argument("--no-ui", action="store_true", help="without Qt: acts by lines of JSON")
    station.add_argument("--duty", choices=["relief"], help="with --no-ui: act by itself")
    station.add_argument("--headless", action="store_true", help="the same windows, no screen")
    station.add_argument("--demo", action="store_true", help="a scripted operator flies")
    station.add_argument("--screenshot", type=Path, metavar="FILE")

    for verb, text in (
        ("gateway", "the only voice a drone hears"),
        ("keeper", "the hand that writes the borough's record"),
        ("relay", "takes each picture once and fans it out to the desks"),
        ("simulate", "drones and control room of a training shift"),
    ):
        verbs.add_parser(verb, help=text).add_argument(
            "--join", type=Path, required=True, metavar="FILE"
        )

    verify = verbs.add_parser("verify", help="check an audit chain, or the one of a shift's folder")
    verify.add_argument("path", type=Path)

    keys = verbs.add_parser("keys", help="the key that a drone's MAVLink packets are signed with")
    keys.add_argument("act", choices=["new", "install", "remove", "show"])
    keys.add_argument("drone", metavar="DRONE")
    keys.add_argument("--site", default="islington", help="a site's name or its .toml file")
    keys.add_argument("--endpoint", default="", help="where the drone is heard, for this once")
    keys.add_argument("--data", type=Path, help="where shifts and keys are kept")
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a time of a shift")
    return value


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit code. A verb imports only what its process needs."""
    options = _parser().parse_args(arguments)
    return _VERBS[options.verb](options)


def _train(options: argparse.Namespace) -> int:
    from gcs.apps import train
    from gcs.apps.shift import default_data_folder

    return train.main(
        train.TrainOptions(
            site=options.site,
            drones=options.drones,
            scenario=options.scenario,
            data=options.data or default_data_folder(),
            headless=options.headless,
            seconds=options.seconds,
            demo=options.demo,
            report=options.report,
            screenshot=options.screenshot,
        )
    )


def _station(options: argparse.Namespace) -> int:
    if options.no_ui:
        from gcs.apps import desk

        return desk.main(options.join, relief=options.duty == "relief")
    from ui import app

    return app.main(
        app.StationOptions(options.join, options.headless, options.demo, options.screenshot)
    )


def _gateway(options: argparse.Namespace) -> int:
    from gcs.apps import gateway

    return gateway.main(options.join)


def _keeper(options: argparse.Namespace) -> int:
    from gcs.apps import keeper

    return keeper.main(options.join)


def _relay(options: argparse.Namespace) -> int:
    from gcs.apps import relay

    return relay.main(options.join)


def _simulate(options: argparse.Namespace) -> int:
    from gcs.apps import simulate

    return simulate.main(options.join)


def _verify(options: argparse.Namespace) -> int:
    from gcs.apps import verify

    return verify.main(options.path)


def _keys(options: argparse.Namespace) -> int:
    from gcs.apps import keys
    from gcs.apps.shift import default_data_folder

    data = options.data or default_data_folder()
    return keys.main(
        keys.KeyOptions(options.act, options.drone, options.site, data, options.endpoint)
    )


_VERBS = {
    "train": _train,
    "station": _station,
    "gateway": _gateway,
    "keeper": _keeper,
    "relay": _relay,
    "simulate": _simulate,
    "verify": _verify,
    "keys": _keys,
}

if __name__ == "__main__":
    sys.exit(main())
