"""Every subject, stream and bucket of a site, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names for one site. Person and desk stand in every subject a person may send on."""

    site: str

    @property
    def root(self) -> str:
        return f"gcs.{self.site}"

    # -- latest wins: core NATS ------------------------------------------------------------
    def telemetry(self, gateway: str = "*") -> str:
        return f"{self.root}.tel.{gateway}"

    def vehicles(self, gateway: str = "*") -> str:
        """VehicleProfiles, every 2 s and on a change."""
        return f"{self.root}.veh.{gateway}"

    def traffic(self, gateway: str = "*") -> str:
        """TrafficPicture, twice a second while there is any."""
        return f"{self.root}.tfc.{gateway}"

    def brief(self, gateway: str = "*", drone: str = "*") -> str:
        """BriefSheet, once a second while a hand-over is under way."""
        return f"{self.root}.brf.{gateway}.{drone}"

    def dock_weather(self, dock: str = "*") -> str:
        """DockWeather, once a second."""
        return f"{self.root}.wx.{dock}"

    def gateway_hello(self, gateway: str = "*") -> str:
        return f"{self.root}.hello.gateway.{gateway}"

    @property
    def keeper_hello(self) -> str:
        return f"{self.root}.hello.keeper"

    @property
    def central_hello(self) -> str:
        return f"{self.root}.hello.central"

    @property
    def relay_hello(self) -> str:
        return f"{self.root}.hello.relay"

    @property
    def processes(self) -> str:
        return f"{self.root}.hello.train"

    def desk_hello(self, person: str = "*", desk: str = "*") -> str:
        return f"{self.root}.hello.desk.{person}.{desk}"

    # -- asked and answered ----------------------------------------------------------------
    def command(self, gateway: str, person: str = "*", desk: str = "*", drone: str = "*") -> str:
        return f"{self.root}.cmd.{gateway}.{person}.{desk}.{drone}"

    def control(self, gateway: str, person: str = "*", desk: str = "*", drone: str = "*") -> str:
        return f"{self.root}.ctl.{gateway}.{person}.{desk}.{drone}"

    def lease(self, gateway: str, person: str = "*", desk: str = "*") -> str:
        return f"{self.root}.lea.{gateway}.{person}.{desk}"

    def keeper(self, person: str = "*", desk: str = "*") -> str:
        return f"{self.root}.kep.{person}.{desk}"

    def sign_on(self, person: str = "*", desk: str = "*") -> str:
        """A desk signs on, signs off or pings the keeper; one that observes does so too."""
        return f"{self.root}.sgn.{person}.{desk}"

    def refused_entry(self, desk: str = "*") -> str:
        """A desk without a person asks the keeper why it was refused."""
        return f"{self.root}.why.{desk}"

    def alert_decision(self, person: str = "*", desk: str = "*") -> str:
        """A desk records a person's decision at the keeper."""
        return f"{self.root}.adj.{person}.{desk}"

    def alert_image(self, person: str = "*", desk: str = "*") -> str:
        """A desk fetches an alert's image from the keeper's retention store."""
        return f"{self.root}.img.{person}.{desk}"

    @property
    def central_image(self) -> str:
        """The keeper fetches an alert's image from the central service."""
        return f"{self.root}.cim"

    def authorise_launch(self, gateway: str = "*") -> str:
        return f"{self.root}.aut.{gateway}"

    def report(self, process: str) -> str:
        return f"{self.root}.rep.{process}"

    # -- nothing is lost: JetStream --------------------------------------------------------
    def event(self, gateway: str = "*", kind: str = "*") -> str:
        return f"{self.root}.evt.{gateway}.{kind}"

    @property
    def incident(self) -> str:
        return f"{self.root}.inc"

    @property
    def alert(self) -> str:
        return f"{self.root}.alr"

    def audit(self, source: str = "*") -> str:
        return f"{self.root}.aud.{source}"

    @property
    def events_stream(self) -> str:
        return f"EVENTS-{self.site}"

    @property
    def incidents_stream(self) -> str:
        return f"INCIDENTS-{self.site}"

    @property
    def alerts_stream(self) -> str:
        return f"ALERTS-{self.site}"

    @property
    def audit_stream(self) -> str:
        return f"AUDIT-{self.site}"

    # -- buckets: one writer each ----------------------------------------------------------
    @property
    def control_bucket(self) -> str:
        """Written by the gateway: `drone.<id>` and `payload.<id>` ControlRecord,
        `claim.<gateway>` GatewayClaim."""
        return f"control-{self.site}"

    @property
    def record_bucket(self) -> str:
        """Written by the keeper: `mission.<key>` MissionRecord, `desk.<desk>` DeskPresence,
        `alert.<id>` AlertRecord, `deployment.<id>` Deployment, `fence.site` FencePlan."""
        return f"record-{self.site}"
