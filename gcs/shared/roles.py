"""What each NATS user may do: one table, and the border between the desks and the site.

Desks live in a NATS account of their own. A permission list alone is not enough: a server
or a stream answers wherever the asker's reply subject points, so a desk that may read a
bucket could have its content written anywhere, also over a control record. Across the
account border such a reply comes back to the asker's account. It goes wherever that account
lets it: a desk may have an answer carried to all desks, which leave out what looks like one
(`gcs/shared/echoes.py`), and never into a stream. The control room's service, which takes in what
comes from elsewhere, has an account of its own for the same reason.

The site's own processes share the account with the streams and are trusted with it: the gateway
may write the control bucket anyway, and the keeper and the gateway, which store things, could have
a stream's receipt land in the other's bucket. Relay and train store nothing and read no stream, so
nothing answers them there; every process that is asked answers inboxes alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gcs.model.people import FLYING_ROLES, Role
from gcs.shared.access import inbox_of, sign_on_name
from gcs.shared.subjects import Subjects

KEEPER_DURABLE = "keeper"
STATION_REPORT = "station"
# Where the server asks who may connect; heard by the keeper alone.
CALLOUT = "$SYS.REQ.USER.AUTH"
# One answer to each request heard, within this time, and nowhere else.
ANSWER_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class NatsUser:
    """One user of the bus. `repr` hides the password.

    `desk`: lives in the desks' account. `central`: in the control room's, `system`: in the
    server's own.
    """

    name: str
    password: str = field(repr=False)
    site: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool = False
    desk: bool = False
    central: bool = False
    system: bool = False

    @property
    def hears(self) -> tuple[str, ...]:
        """All it may subscribe to: its own inbox, and what its role listens to."""
        return (f"{inbox_of(self.name)}.>", *self.subscribe)


def site_account(site: str) -> str:
    """The account of a site's own processes, with its streams."""
    return f"SITE-{site}"


def desks_account(site: str) -> str:
    """The account of the desks: they see the site's by named subjects only."""
    return f"DESKS-{site}"


def central_account(site: str) -> str:
    """The account of the control room's service: it hands in and is asked by named subjects."""
    return f"CENTRAL-{site}"


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
        names.gateway_hello(gateway),
        names.keeper_hello,
        names.relay_hello,
        names.processes,
        names.event(gateway),
        f"$KV.{names.control_bucket}.>",
        f"$KV.{names.record_bucket}.>",
    )


def handed_in_by_central(names: Subjects) -> tuple[str, ...]:
    """What the control room stores in the site's streams; the answer reaches its inbox alone."""
    return (names.incident, names.alert)


def told_by_central(names: Subjects) -> tuple[str, ...]:
    """What it tells the site and the desks."""
    return (names.central_hello, names.dock_weather())


def asked_of_central(names: Subjects) -> tuple[str, ...]:
    """What it is asked by the site."""
    return (names.central_image, names.report("simulate"))


def asked_by_desks(
    names: Subjects, gateway: str = "*", person: str = "*", desk: str = "*"
) -> tuple[str, ...]:
    """What a desk may ask, and who answers: gateway, keeper."""
    return (
        *_asked_to_fly(names, gateway, person, desk),
        names.sign_on(person, desk),
        names.refused_entry(desk),
    )


def _asked_to_fly(names: Subjects, gateway: str, person: str, desk: str) -> tuple[str, ...]:
    return (
        names.command(gateway, person, desk),
        names.control(gateway, person, desk),
        names.lease(gateway, person, desk),
        names.keeper(person, desk),
        names.alert_decision(person, desk),
        names.alert_image(person, desk),
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
            CALLOUT,
            names.sign_on(),
            names.refused_entry(),
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
    return ((*handed_in_by_central(names), *told_by_central(names)), asked_of_central(names))


def _relay(names: Subjects, _: str) -> Permissions:
    return ((names.relay_hello,), (names.vehicles(),))


def _train(names: Subjects, _: str) -> Permissions:
    return ((names.processes, names.report("*")), ())


def _warden(names: Subjects, _: str) -> Permissions:
    """The keeper's second user: sees who is connected and ends a desk's connection."""
    return (
        (f"$SYS.REQ.ACCOUNT.{desks_account(names.site)}.CONNZ", "$SYS.REQ.SERVER.*.KICK"),
        (),
    )


_SERVICES: dict[str, Callable[[Subjects, str], Permissions]] = {
    "admin": _admin,
    "gateway": _gateway,
    "keeper": _keeper,
    "warden": _warden,
    "central": _central,
    "relay": _relay,
    "train": _train,
}
_ANSWERING = frozenset({"gateway", "keeper", "central"})


def service_users(site: str, gateway: str, password: Callable[[], str]) -> list[NatsUser]:
    """The users of a site's own processes, by the names of `_SERVICES`."""
    names = Subjects(site)
    return [
        NatsUser(
            name=role,
            password=password(),
            site=site,
            publish=publish,
            subscribe=subscribe,
            answers=role in _ANSWERING,
            central=role == "central",
            system=role == "warden",
        )
        for role, permissions in _SERVICES.items()
        for publish, subscribe in [permissions(names, gateway)]
    ]


# -- desks -----------------------------------------------------------------------------------
def desk_user(
    site: str, person: str, desk: str, role: Role, password: str = "", name: str = ""
) -> NatsUser:
    """A person's user at one desk: it may speak as that person, from that desk, only.

    `role` is the person's role there: who does not fly reads, signs on and off, and no more.
    """
    names = Subjects(site)
    asks = [names.sign_on(person, desk)]
    if role in FLYING_ROLES:
        asks += _asked_to_fly(names, "*", person, desk)
    return NatsUser(
        name=name or sign_on_name(person, desk),
        password=password,
        site=site,
        publish=(
            *asks,
            names.desk_hello(person, desk),
            *read_calls(*readable_by_desks(names)),
        ),
        subscribe=(
            *heard_by_desks(names),
            *told_by_central(names),
            names.report(STATION_REPORT),
        ),
        answers=True,
        desk=True,
    )


def empty_desk_user(site: str, desk: str) -> NatsUser:
    """A desk at which nobody is signed on: it may ask why, and hears the answer alone."""
    asks = (Subjects(site).refused_entry(desk),)
    return NatsUser(sign_on_name("", desk), "", site, asks, (), desk=True)
