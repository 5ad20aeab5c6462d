"""Who competes with whom, who comes where, and who is left out."""
