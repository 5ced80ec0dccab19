/** Slack timestamps ("1700000000.000100", seconds) in the reader's own words and time zone. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const BARE = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });
const LONG = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const TOKENS = {
  date: { dateStyle: "long" },
  date_num: { dateStyle: "short" },
  date_short: { dateStyle: "medium" },
  date_long: { dateStyle: "full" },
  date_pretty: { dateStyle: "long" },
  date_short_pretty: { dateStyle: "medium" },
  date_long_pretty: { dateStyle: "full" },
  time: { timeStyle: "short" },
  time_secs: { timeStyle: "medium" },
};

export function clock(ts) {
  return CLOCK.format(moment(ts));
}

/** Hours and minutes alone, for a narrow place. */
export function shortClock(ts) {
  return BARE.format(moment(ts));
}

/** "Monday, March 3 at 14:05:01", for a title or a screen reader. */
export function longTime(ts) {
  return LONG.format(moment(ts));
}

/** "Today", "Yesterday" or the date: what a day's divider says. */
export function dayName(ts) {
  const days = Math.round((midnight(new Date()) - midnight(moment(ts))) / 86_400_000);
  if (days === 0) return "Today";
  return days === 1 ? "Yesterday" : DAY.format(moment(ts));
}

export function sameDay(one, other) {
  return midnight(moment(one)).getTime() === midnight(moment(other)).getTime();
}

/** Slack's <!date^1700000000^{date_short} at {time}|…> format, filled in. */
export function dated(seconds, format) {
  return format.replace(/\{(\w+)\}/g, (whole, token) =>
    TOKENS[token]
      ? new Intl.DateTimeFormat(undefined, TOKENS[token]).format(moment(seconds))
      : whole,
  );
}

function moment(ts) {
  return new Date(Number(ts) * 1000);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
