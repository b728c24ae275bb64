"""Whether this instance may act: it has the claim, and it has read who flies what."""

from gcs.gateway.claim import Claim


class Tenure:
    """`records_read` is set once the control records were read under the present claim."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.records_read = False

    def may_act(self) -> bool:
        """Whether orders may be taken."""
        return self.records_read and self.claim.may_send()

    def unconfirmed_s(self) -> float | None:
        """The claim's age; None before the records are read: who holds what is not known then."""
        return self.claim.unconfirmed_s if self.records_read else None
