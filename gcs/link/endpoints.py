"""The right kind of endpoint for what the site file says."""

from gcs.link.endpoint import Endpoint, EndpointKind, EndpointSpec, OnData, OnTrouble
from gcs.link.pump import SocketPump
from gcs.link.serial_port import SerialEndpoint
from gcs.link.tcp import TcpEndpoint
from gcs.link.udp import UdpEndpoint
from gcs.model.site import OperatingMode


def make_endpoint(
    spec: EndpointSpec,
    mode: OperatingMode,
    on_data: OnData,
    on_trouble: OnTrouble,
    pump: SocketPump | None = None,
) -> Endpoint:
    """Made, not yet open. `on_trouble` gets one sentence when it is lost or back; `pump` reads
    the UDP sockets of several together."""
    if spec.kind is EndpointKind.TCP:
        return TcpEndpoint(spec, on_data, on_trouble)
    if spec.kind is EndpointKind.SERIAL:
        return SerialEndpoint(spec, on_data, on_trouble)
    return UdpEndpoint(spec, mode, on_data, on_trouble, pump)


async def open_endpoint(spec: EndpointSpec, mode: OperatingMode, on: OnData) -> Endpoint:
    """Made and open. Raises BadEndpoint."""
    endpoint = make_endpoint(spec, mode, on, lambda sentence: None)
    await endpoint.open()
    return endpoint
