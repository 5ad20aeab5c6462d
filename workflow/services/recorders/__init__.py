"""What recorders hand in: the ledger 加减分台账 with its evidence, and what is still missing."""
