/** The lab's JSON API, on behalf of the current person. */

let person = "";

/** Act as that person from now on. */
export function actAs(id) {
  person = id;
}

/** Everything that this person sees. */
export async function fetchState() {
  const answer = await fetch(`/lab/state?as=${encodeURIComponent(person)}`);
  if (!answer.ok) throw new Error(`The lab answered ${answer.status} to /lab/state`);
  return answer.json();
}

/** The address of the live stream. */
export function liveUrl() {
  const url = new URL(`/lab/live?as=${encodeURIComponent(person)}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Post a message, or run a slash command if the text begins with "/". */
export function post(channel, text, threadTs) {
  return send("/lab/post", { channel, text, ...(threadTs && { thread_ts: threadTs }) });
}

/**
 * Use an element. `place` is {channel, ts} or {view_id}; `chosen` is what Slack's state would hold
 * for it: {selected_option}, {selected_options}, {selected_date}, {value} and so on, or {}.
 */
export function act(place, blockId, actionId, chosen) {
  const [[key, value] = []] = Object.entries(chosen);
  const sent = key?.startsWith("selected_option") ? { selected_option: value } : { value };
  return send("/lab/action", { ...place, block_id: blockId, action_id: actionId, ...sent });
}

/** What the app offers in a menu that is searched, for what was typed. */
export async function suggest(place, actionId, value) {
  const answer = await send("/lab/suggest", { ...place, action_id: actionId, value });
  return answer.options ?? [];
}

/** Give a file to the app, as choosing one in a modal does; the file object, or null. */
export async function giveFile(file) {
  const query = new URLSearchParams({ as: person, name: file.name });
  try {
    const answer = await fetch(`/lab/give?${query}`, { method: "POST", body: file });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export function submitView(viewId, values) {
  return send("/lab/view_submit", { view_id: viewId, values });
}

/** Open the Home tab of the app; the answer holds its view as it was left, if there was one. */
export function openHome() {
  return send("/lab/home", {});
}

export function closeView(viewId) {
  return send("/lab/view_close", { view_id: viewId });
}

/**
 * POST, and the JSON answer. A request that never reached the lab is answered like a refusal by the
 * lab, so that callers have only one kind of failure to show.
 */
async function send(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: person, ...body }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "unreachable", text: "The lab did not answer. Is it running?" };
  }
}

// If an app did not accept a command or a click, the live stream already says so.
const TOLD_HERE = new Set(["unreachable", "not_found", "not_supported_in_threads"]);

/** The text for a refusal that nothing else shows to the person, or null. */
export function refusalText({ error, text }) {
  if (error === "not_found") return "That no longer exists. The message has changed meanwhile.";
  return TOLD_HERE.has(error) ? text : null;
}
