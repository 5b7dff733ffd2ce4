"""Values that a reader finds in Azure or on the wire: gateway, certificate, health, network, load, observation.

In: nothing but what a reader or a probe hands over. Out: frozen values with the questions that they answer about
themselves. Nothing here knows ARM's JSON, routes or rules.
"""
