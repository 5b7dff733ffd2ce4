"""The Slack shell: its builders alone, and all of it against the lab's Slack."""
