"""Values in, Block Kit out: pure builders, the only place that knows emoji, mrkdwn and lengths."""
