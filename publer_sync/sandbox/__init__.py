"""A local Publer over real HTTP, to try everything and test against without an account.

`rules` holds what the service does as values, `shapes` its JSON, `store` the file, `service` the endpoints, `server`
HTTP and the `Sandbox` itself, `faults` the switches. Nothing here knows the client.
"""

from publer_sync.sandbox.faults import Faults, Trip
from publer_sync.sandbox.server import Logged, Sandbox, Seed, SeedAccount, serve_forever
from publer_sync.sandbox.store import SandboxFileError

__all__ = ["Faults", "Logged", "Sandbox", "SandboxFileError", "Seed", "SeedAccount", "Trip", "serve_forever"]
