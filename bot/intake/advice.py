"""What the form advises or refuses, with the reason and the alternative (process: request)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.project.words import RequestType

OTHER_HELP = (
    "Thanks for asking. For other help, please write in #{channel}: somebody there picks it up today. "
    "Nothing needs to be sent here; choose another answer above if it is an implementation after all."
)
CLOUD = (
    "Cloud needs no implementation project: an instance is provisioned by itself, upgraded for them, and ready sooner. "
    "If this account can use Cloud, please go that way first. Send this request if it cannot, and say why below."
)
SINGLE_NODE = (
    "A single-node deployment is set up by the customer's own admin in about a day, with the public guide. "
    "If one node is enough, please go that way first. Send this request if it is not, and say why below."
)
SMALL_BUSINESS = (
    "Small-business accounts get no implementation services. Please point them to Cloud or a single-node deployment; "
    "#{channel} helps with both."
)
CLOUD_TOO_EARLY = (
    "This migration is possible right after the cloud instance is provisioned, and there is none yet. "
    "Please have it provisioned, keep it unused, then ask again."
)
CLOUD_TOO_LATE = (
    "This migration is possible only before the cloud instance is used: its data would be replaced. "
    "Please have a fresh instance provisioned, or ask #{channel} what can be moved by hand."
)
UNUSED, MISSING, USED = "Provisioned, not used yet", "Not provisioned yet", "Already in use"
ROUTES = {"Cloud": CLOUD, "Single node": SINGLE_NODE, "Docker Compose": SINGLE_NODE}


def cheaper_route(typed: Mapping[str, str]) -> str:
    """The cheaper way for this deployment method, with the reason; "" where there is none."""
    if typed.get("request_type") in (RequestType.MIGRATION_CLOUD, RequestType.OTHER):
        return ""
    return ROUTES.get(typed.get("deployment_method", ""), "")


def cloud_timing(instance: str, channel: str) -> str:
    """Why a self-hosted to cloud migration cannot begin now; "" when it can."""
    return {MISSING: CLOUD_TOO_EARLY, USED: CLOUD_TOO_LATE.format(channel=channel)}.get(instance, "")
