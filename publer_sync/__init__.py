"""GitOps for social media: a folder of YAML says which posts Publer should have scheduled."""

__version__ = "0.1.0"
