/** Times as people read them, in the browser's own time zone and language. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function dateOf(seconds) {
  return new Date(Number(seconds) * 1000);
}

function formatted(seconds, options) {
  return new Intl.DateTimeFormat(undefined, options).format(dateOf(seconds));
}

/** Hours and minutes. `ts` is a Slack timestamp or seconds since 1970. */
export function clock(ts) {
  return formatted(ts, { hour: "numeric", minute: "2-digit" });
}

/** Hours and minutes without "AM": for narrow places beside a message that has the full time. */
export function shortClock(ts) {
  const parts = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" })
    .formatToParts(dateOf(ts));
  return parts.filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();
}

/** The full date and time, for tooltips. */
export function fullTime(ts) {
  return formatted(ts, { dateStyle: "full", timeStyle: "medium" });
}

/** One key per local day, to tell whether two messages need a divider between them. */
export function dayKey(ts) {
  return dateOf(ts).toDateString();
}

/** "Today", "Yesterday", or the date. */
export function dayLabel(ts) {
  return nearDay(ts) ?? formatted(ts, { weekday: "long", month: "long", day: "numeric" });
}

function nearDay(seconds) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return "Today";
  if (dayKey(seconds) === dayKey(now - DAY)) return "Yesterday";
  if (dayKey(seconds) === dayKey(now + DAY)) return "Tomorrow";
  return null;
}

/** "2 minutes ago", "in 3 days". */
export function ago(seconds) {
  const difference = Number(seconds) - Date.now() / 1000;
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, length] of [["day", DAY], ["hour", HOUR], ["minute", MINUTE]]) {
    if (Math.abs(difference) >= length) return words.format(Math.round(difference / length), unit);
  }
  return words.format(Math.round(difference), "second");
}

function pretty(seconds, otherwise) {
  return nearDay(seconds)?.toLowerCase() ?? otherwise;
}

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const TOKENS = {
  date_num: (ts) => dateOf(ts).toLocaleDateString("sv-SE"), // Sweden writes 2026-11-30
  date_slash: (ts) => formatted(ts, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: (ts) => formatted(ts, { dateStyle: "medium" }),
  date: (ts) => formatted(ts, { dateStyle: "long" }),
  date_long: (ts) => formatted(ts, { dateStyle: "full" }),
  date_pretty: (ts) => pretty(ts, TOKENS.date(ts)),
  date_short_pretty: (ts) => pretty(ts, TOKENS.date_short(ts)),
  date_long_pretty: (ts) => pretty(ts, TOKENS.date_long(ts)),
  day_divider_pretty: (ts) => pretty(ts, TOKENS.date_long(ts)),
  time: clock,
  time_secs: (ts) => formatted(ts, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** The format of a date token ("{date_short} at {time}") filled in; unknown tokens stay. */
export function fillDate(format, seconds) {
  return format.replace(/\{(\w+)\}/g, (token, name) => TOKENS[name]?.(seconds) ?? token);
}
