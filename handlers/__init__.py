"""The Slack shell: what people type and press, and the cards that answer them."""
