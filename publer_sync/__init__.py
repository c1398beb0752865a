"""GitOps for social media: a folder of YAML says which posts Publer should have scheduled.

`values`, `machine` and `starting` are what every package may import. A change of one command begins in `commands`, a
change of its options in `cli`.
"""

__version__ = "0.1.0"
