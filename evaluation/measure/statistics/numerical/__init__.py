"""What the statistics calculate with: approximations and roots."""
