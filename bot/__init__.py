"""The pipeline: name -> gateway + health -> probes -> diagnosis -> options -> plan -> approval -> change -> proof."""

__version__ = "0.1.0"
