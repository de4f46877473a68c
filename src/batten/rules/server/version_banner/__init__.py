"""What answers tell of the software behind them."""
