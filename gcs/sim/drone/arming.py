"""Why a vehicle may not start its motors now. Pure; each reason as ArduPilot words it."""

from dataclasses import dataclass

READY_AFTER_BOOT_S = 40.0
_GNSS_AFTER_BOOT_S = 18.0
_GYROS_AFTER_BOOT_S = 6.0


@dataclass(frozen=True, slots=True)
class ArmingFacts:
    """What the checks look at."""

    since_boot_s: float
    gnss: bool
    position_ok: bool
    battery_low: bool
    battery_failsafe: bool
    outside: str


def prearm_reasons(facts: ArmingFacts) -> tuple[str, ...]:
    """Reasons against arming, in any mode; empty when ready."""
    checks = (
        (facts.since_boot_s < _GYROS_AFTER_BOOT_S, "Gyros not calibrated"),
        (not facts.gnss or facts.since_boot_s < _GNSS_AFTER_BOOT_S, "GPS 1: Bad fix"),
        (
            not facts.position_ok or facts.since_boot_s < READY_AFTER_BOOT_S,
            "Need Position Estimate",
        ),
        (facts.battery_low, "Battery 1 low capacity failsafe"),
        (facts.battery_failsafe, "Battery failsafe"),
        (bool(facts.outside), f"Vehicle breaching {facts.outside} fence"),
    )
    return tuple(text for wrong, text in checks if wrong)
