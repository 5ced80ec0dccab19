/** From what a person types to Slack's text: <@U…>, <#C…>, <https://…> and escapes. */

const MENTION = /(^|[\s(])@([\w-]+(?:\.[\w-]+)*)/g;
const CHANNEL = /(^|[\s(])#([\w-]+)/g;
const ADDRESS = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"]/g;

/** The text as Slack would send it; names of nobody stay as typed. */
export function encoded(text, names) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped
    .replace(ADDRESS, (address) => `<${address}>`)
    .replace(MENTION, (whole, before, name) => withId(whole, before, "@", userNamed(name, names)))
    .replace(CHANNEL, (whole, before, name) =>
      withId(whole, before, "#", channelNamed(name, names)),
    );
}

/** The text in pieces [{text, mention}], for painting mentions while they are typed. */
export function pieces(text, names) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    if (!userNamed(match[2], names)) continue;
    const start = match.index + match[1].length;
    const stop = match.index + match[0].length;
    found.push({ text: text.slice(end, start) }, { text: text.slice(start, stop), mention: true });
    end = stop;
  }
  return [...found, { text: text.slice(end) }];
}

/** {command, rest} when the text calls a slash command, else undefined. */
export function commandIn(text) {
  const match = text.match(/^(\/[\w-]+)(?:\s+([\s\S]*))?$/);
  return match ? { command: match[1], rest: (match[2] ?? "").trim() } : undefined;
}

function withId(whole, before, sign, owner) {
  return owner ? `${before}<${sign}${owner.id}>` : whole;
}

function userNamed(name, names) {
  return [...names.users()].find((user) => user.name.toLowerCase() === name.toLowerCase());
}

function channelNamed(name, names) {
  return names.channels().find((channel) => channel.name === name);
}
