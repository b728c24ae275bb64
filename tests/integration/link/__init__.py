"""The vehicles' networks on real sockets."""
