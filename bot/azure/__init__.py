"""The Azure edge: Resource Manager through azure-mgmt-network, JSON in and JSON out."""
