"""The peers' side of each measurement; the scripts run under the peer's own Python."""
