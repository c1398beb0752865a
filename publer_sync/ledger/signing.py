"""Signs the state: who can write to its place, but does not have the key, can't make publer-sync manage other posts.

The signature is the document's last line but one. It covers every byte before it: service, workspace and calendar too,
so that no state passes for another calendar's. It does not tell an older state of the same calendar from the last one.
"""

from __future__ import annotations

from dataclasses import field

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UntrustedStateError

VARIABLE = "PUBLER_SYNC_STATE_KEY"
LONG_ENOUGH = 32
"""Characters. Whoever can read a signed state can try keys for as long as they like."""

_LINE = ',\n"signature": "hmac-sha256:'
_END = '"'
_PURPOSE = b"publer-sync state\n"
"""Signed with the document, so that the signature is good for nothing else."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The first one signs, all of them verify. Without any, nothing is signed, and nothing signed is accepted."""

    keys: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, word: str) -> Keys:
        """From a list with commas."""
        return cls(tuple(key for part in word.split(",") if (key := part.strip())))

    @property
    def short(self) -> bool:
        return any(len(key) < LONG_ENOUGH for key in self.keys)

    def signed(self, body: str) -> str:
        """The document so far, with its signature where there is a key."""
        return f"{body}{_LINE}{_signature(self.keys[0], body)}{_END}" if self.keys else body

    def verify(self, document: str, place: str) -> None:
        """Raise UntrustedStateError unless `document`, as `signed` returns it, is signed with one of the keys.

        Where there is no key, unless it is not signed.
        """
        body, line, rest = document.rpartition(_LINE)
        if not line:
            if self.keys:
                raise UntrustedStateError(
                    f"the state in {place} is not signed, and {VARIABLE} is set",
                    code="state.unsigned",
                    hint="If the key is new, run apply with --trust-state: it shows which posts the state would manage, and then signs "
                    "it. Otherwise someone wrote it without the key: restore the last signed version "
                    "(git log, a backup). Nothing was changed.",
                )
            return
        if not self.keys:
            raise UntrustedStateError(
                f"the state in {place} is signed, and {VARIABLE} is not set",
                code="state.key",
                hint=f"Set {VARIABLE} to the key that signed it. To go on without signatures, run apply with "
                "--trust-state. Nothing was changed.",
            )
        import hmac

        given = rest.removesuffix(_END).encode()
        if not any(hmac.compare_digest(_signature(key, body).encode(), given) for key in self.keys):
            raise UntrustedStateError(
                f"the signature of the state in {place} does not match {VARIABLE}: someone changed the state without the "
                "key, or it was signed with another one",
                code="state.signature",
                hint=f"If you replaced the key, add the old one after it: {VARIABLE}=new,old. Otherwise restore the last "
                "version that was signed with it (git log, a backup). To see which posts this one would manage, run "
                "apply with --trust-state. Nothing was changed.",
            )


UNSIGNED = Keys()


def _signature(key: str, body: str) -> str:
    import hmac

    return hmac.new(key.encode(errors="surrogateescape"), _PURPOSE + body.encode(), "sha256").hexdigest()
