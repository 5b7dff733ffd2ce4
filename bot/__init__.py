"""agw: diagnoses 502 errors of Azure Application Gateways, and fixes them once a person approves.

name -> gateway + health -> probes -> diagnosis -> options -> plan -> approval -> change -> verification
"""

__version__ = "0.1.0"
