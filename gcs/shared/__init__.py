"""The one wire between processes: NATS. Only this package imports `nats`.

Subjects, the versioned codec, the bus adapter, what each role may use, and the embedded
server. It knows messages, never what they are about.
"""
