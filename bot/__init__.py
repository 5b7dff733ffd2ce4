"""The pipeline: name -> gateway + health -> probes -> diagnosis -> options -> plan -> approval -> change -> proof."""
