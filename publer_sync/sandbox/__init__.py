"""A local Publer over real HTTP, to try everything and test against without an account. It knows nothing of the client.

From the outside in: `sandbox` is the object, `server` HTTP, `routing` leads a request through the `door` to its
endpoint: `posts`, `jobs` (whose create requests `creating` judges), the `library`, `lookups` or `analytics`.
`publishing` is what happens when a post's time comes. `database` is the file; `records`, `slots` and `tables` are what
is kept and what the documents fix. `dialects` are the forms of its JSON, `faults` the switches, `tempers` names for some of them together, `seed` what is there at
the start, `left` how far its clock had come when it stopped.

A fact from Publer's documents begins in `tables` or in the endpoint it concerns; what is uncertain is a switch in `faults`.
"""

from publer_sync.sandbox.faults import Faults, Trip
from publer_sync.sandbox.file_errors import SandboxFileError
from publer_sync.sandbox.left import reached
from publer_sync.sandbox.sandbox import Logged, Sandbox
from publer_sync.sandbox.seed import Seed, SeedAccount

__all__ = [
    "Faults",
    "Logged",
    "Sandbox",
    "SandboxFileError",
    "Seed",
    "SeedAccount",
    "Trip",
    "reached",
]
