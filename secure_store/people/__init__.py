"""People and what they may do: proof of who somebody is, terminals, keys, acts that are watched."""
