"""What follows from a result 奖惩: action items, talks, improvement and its effect."""
