// Requests and the event stream.

import { state, t } from "./state.js";

export class Refused extends Error {}

/** A fresh id for one request; sending it again is the same request. (randomUUID is missing on plain http hosts.) */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answered(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused(t("unreachable"));
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(data.error ?? data.detail ?? `${response.status}`);
  return data;
}

/** Who reads: the moderators' channel is for those with the switch on. */
const reader = () => ({ user: state.you.name, moderator: state.moderator ? "1" : "" });

/** `query`: an object, or pairs where a name comes more than once. */
export function get(path, query = {}) {
  return answered(fetch(`${path}?${new URLSearchParams(query)}`, { headers: { accept: "application/json" } }));
}

/** A POST in the name of the present user; values are strings or files. */
export function post(path, fields, key = newKey()) {
  const body = new FormData();
  const all = { ...reader(), roles: state.roles, channel: state.channel, key, ...fields };
  for (const [name, value] of Object.entries(all)) body.append(name, value);
  return answered(fetch(path, { method: "POST", headers: { "x-playground": "1" }, body }));
}

/** `stored`: a picture or a file of that message. */
export function pictureUrl(message, stored, download = false) {
  const key = stored.key.split("/").map(encodeURIComponent).join("/");
  const query = new URLSearchParams({ message: message.id, ...reader() });
  if (download) query.set("download", "true");
  return `/pictures/${key}?${query}`;
}

/** One stream of changes. `onState`: connecting | live | offline; `onReset`: load everything anew. */
export class Events {
  constructor({ onMessage, onState, onReset }) {
    Object.assign(this, { onMessage, onState, onReset });
    this.source = null;
    this.timer = 0;
  }

  open(after) {
    this.close();
    this.onState("connecting");
    const source = new EventSource(`/api/events?${new URLSearchParams({ ...reader(), after })}`);
    this.source = source;
    source.addEventListener("open", () => this.onState("live"));
    source.addEventListener("message", (event) => this.onMessage(JSON.parse(event.data)));
    source.addEventListener("reset", () => this.again(0));
    source.addEventListener("error", () => {
      this.onState("offline");
      if (source.readyState === EventSource.CLOSED) this.again(2000); // a refusal: the browser does not retry those
    });
  }

  again(delay) {
    this.close();
    this.timer = setTimeout(() => this.onReset(), delay);
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
