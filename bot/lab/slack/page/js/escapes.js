/** The characters that Slack escapes: https://docs.slack.dev/messaging/formatting-message-text */

const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** One pass, so that "&amp;lt;" is "&lt;" and not "<". */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (escaped) => CHARACTERS[escaped]);
}
