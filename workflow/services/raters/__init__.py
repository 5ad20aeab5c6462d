"""Who rates whom, what they give, and the little of it that reaches a card."""
