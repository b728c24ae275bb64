"""The one wire between processes: NATS. Only this package imports `nats`.

Subjects, the versioned codec, the bus adapter, what each role may use, and the embedded
server. It knows messages, never what they are about.
"""

import sys
from importlib import import_module

# nats-py loads aiohttp, for websockets, wherever it is installed. Nothing here speaks websockets,
# and each process would start a quarter of a second of processor time later.
if "aiohttp" not in sys.modules:
    sys.modules["aiohttp"] = None  # type: ignore[assignment]
    try:
        import_module("nats.aio.client")
    finally:
        del sys.modules["aiohttp"]
