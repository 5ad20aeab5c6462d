"""What a published card pays, the payroll, and the rates and portfolios behind it."""
