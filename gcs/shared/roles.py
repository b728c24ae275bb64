"""What each NATS user may do: one table, and the border between the desks and the site.

Desks live in a NATS account of their own. A permission list alone is not enough: a server
or a stream answers wherever the asker's reply subject points, so a desk that may read a
bucket could have its content written anywhere, also over a control record. Across the
account border a reply can only reach the asker's own inbox.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gcs.shared.access import inbox_of
from gcs.shared.subjects import Subjects

KEEPER_DURABLE = "keeper"
STATION_REPORT = "station"


@dataclass(frozen=True, slots=True)
class NatsUser:
    """One user of the bus. `desk`: lives in the desks' account. `repr` hides the password."""

    name: str
    password: str = field(repr=False)
    site: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool = False
    desk: bool = False

    @property
    def hears(self) -> tuple[str, ...]:
        """All it may subscribe to: its own inbox, and what its role listens to."""
        return (f"{inbox_of(self.name)}.>", *self.subscribe)


def bucket_stream(bucket: str) -> str:
    """The stream that holds a bucket."""
    return f"KV_{bucket}"


def read_calls(*streams: str) -> tuple[str, ...]:
    """The JetStream call that reads a stream and can change nothing, on the server or in it."""
    return tuple(f"$JS.API.DIRECT.GET.{stream}" for stream in streams)


def streams_of(names: Subjects) -> tuple[str, ...]:
    """Every stream of a site, its buckets' too."""
    return (
        names.events_stream,
        names.incidents_stream,
        names.alerts_stream,
        names.audit_stream,
        bucket_stream(names.control_bucket),
        bucket_stream(names.record_bucket),
    )


def readable_by_desks(names: Subjects) -> tuple[str, ...]:
    """The streams a desk may read."""
    return (
        names.events_stream,
        bucket_stream(names.control_bucket),
        bucket_stream(names.record_bucket),
    )


def heard_by_desks(names: Subjects, gateway: str = "*") -> tuple[str, ...]:
    """What crosses the border to the desks as it is published."""
    return (
        names.telemetry(gateway),
        names.vehicles(gateway),
        names.traffic(gateway),
        names.brief(gateway),
        names.dock_weather(),
        names.gateway_hello(gateway),
        names.keeper_hello,
        names.central_hello,
        names.relay_hello,
        names.processes,
        names.event(gateway),
        f"$KV.{names.control_bucket}.>",
        f"$KV.{names.record_bucket}.>",
    )


def asked_by_desks(
    names: Subjects, gateway: str = "*", person: str = "*", desk: str = "*"
) -> tuple[str, ...]:
    """What a desk may ask, and who answers: gateway, keeper."""
    return (
        names.command(gateway, person),
        names.control(gateway, person),
        names.lease(gateway, person, desk),
        names.keeper(person),
        names.alert_decision(person),
        names.alert_image(person),
    )


# What a role may publish, and what it may subscribe to beside its own inbox.
Permissions = tuple[tuple[str, ...], tuple[str, ...]]


# -- the roles -------------------------------------------------------------------------------
def _admin(names: Subjects, _: str) -> Permissions:
    calls = ("STREAM.INFO", "STREAM.CREATE", "STREAM.UPDATE")
    return (
        tuple(f"$JS.API.{call}.{s}" for s in streams_of(names) for call in calls),
        (),
    )


def _gateway(names: Subjects, gateway: str) -> Permissions:
    control = f"$KV.{names.control_bucket}.>"
    record = f"$KV.{names.record_bucket}.>"
    return (
        (
            names.telemetry(gateway),
            names.vehicles(gateway),
            names.traffic(gateway),
            names.brief(gateway),
            names.gateway_hello(gateway),
            names.event(gateway),
            names.audit(gateway),
            names.authorise_launch(gateway),
            control,
            *read_calls(bucket_stream(names.control_bucket), bucket_stream(names.record_bucket)),
        ),
        (
            names.command(gateway),
            names.control(gateway),
            names.lease(gateway),
            names.report("gateway"),
            names.keeper_hello,
            names.dock_weather(),
            control,
            record,
        ),
    )


def _keeper(names: Subjects, _: str) -> Permissions:
    record = f"$KV.{names.record_bucket}.>"
    streams = (
        names.events_stream,
        names.incidents_stream,
        names.alerts_stream,
        names.audit_stream,
    )
    buckets = (bucket_stream(names.control_bucket), bucket_stream(names.record_bucket))
    consume = tuple(
        subject
        for stream in streams
        for subject in (
            f"$JS.API.STREAM.INFO.{stream}",
            f"$JS.API.CONSUMER.CREATE.{stream}.{KEEPER_DURABLE}",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{KEEPER_DURABLE}",
            f"$JS.ACK.{stream}.{KEEPER_DURABLE}.>",
        )
    )
    return (
        (names.keeper_hello, names.central_image, record, *consume, *read_calls(*buckets)),
        (
            names.keeper(),
            names.alert_decision(),
            names.alert_image(),
            names.authorise_launch(),
            names.desk_hello(),
            names.report("keeper"),
            record,
            f"$KV.{names.control_bucket}.>",
        ),
    )


def _central(names: Subjects, _: str) -> Permissions:
    return (
        (names.incident, names.alert, names.central_hello, names.dock_weather()),
        (names.central_image, names.report("simulate")),
    )


def _relay(names: Subjects, _: str) -> Permissions:
    return ((names.relay_hello,), (names.vehicles(),))


def _train(names: Subjects, _: str) -> Permissions:
    return ((names.processes, names.report("*")), ())


_SERVICES: dict[str, Callable[[Subjects, str], Permissions]] = {
    "admin": _admin,
    "gateway": _gateway,
    "keeper": _keeper,
    "central": _central,
    "relay": _relay,
    "train": _train,
}
_ANSWERING = frozenset({"gateway", "keeper", "central"})


def service_users(site: str, gateway: str, password: Callable[[], str]) -> list[NatsUser]:
    """The users of a site's own processes: admin, gateway, keeper, central, relay, train."""
    names = Subjects(site)
    return [
        NatsUser(
            name=role,
            password=password(),
            site=site,
            publish=publish,
            subscribe=subscribe,
            answers=role in _ANSWERING,
        )
        for role, permissions in _SERVICES.items()
        for publish, subscribe in [permissions(names, gateway)]
    ]


def desk_user(
    site: str, person: str, desk: str, password: str, name: str | None = None
) -> NatsUser:
    """A person's user at one desk: it may speak as that person, from that desk, only."""
    names = Subjects(site)
    return NatsUser(
        name=name or f"desk-{person}",
        password=password,
        site=site,
        publish=(
            *asked_by_desks(names, "*", person, desk),
            names.desk_hello(person, desk),
            *read_calls(*readable_by_desks(names)),
        ),
        subscribe=(*heard_by_desks(names), names.report(STATION_REPORT)),
        answers=True,
        desk=True,
    )
