// The two channels as tabs: which messages stand in which, and which of them were not seen yet.

import { byId, h, speak } from "./dom.js";
import { state, t } from "./state.js";

export class Channels {
  /** `thread` shows the open one. */
  constructor(thread) {
    this.thread = thread;
    this.rooms = new Map();
  }

  /** `data`: the server's first state. #moderators is there for those with the switch on alone. */
  load(data) {
    const parts = { playground: data, ...(data.moderators ? { moderators: data.moderators } : {}) };
    this.rooms = new Map(Object.entries(parts).map(([name, part]) => [name, room(name, part)]));
    this.show(this.rooms.has(state.channel) ? state.channel : "playground");
  }

  show(name) {
    state.channel = name;
    const open = this.rooms.get(name);
    open.unread = 0;
    this.thread.show(open);
    this.draw();
  }

  /** A message is new, changed or gone. */
  take(message) {
    const home = this.holding(message.id) ?? this.rooms.get(message.channel);
    if (!home) return;
    if (home.name === state.channel) return this.thread.take(message);
    const known = home.messages.get(message.id);
    if (known && known.updated >= message.updated) return;
    if (message.deleted) home.messages.delete(message.id);
    else this.keep(home, message);
    if (known || message.deleted) return;
    home.unread += 1;
    speak(t("news_in", { channel: label(home.name) }));
    this.draw();
  }

  keep(home, message) {
    const rows = [...home.messages.values()].filter((row) => row.id !== message.id);
    home.messages = new Map([...rows, message].sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1)).map((row) => [row.id, row]));
  }

  holding(id) {
    return [...this.rooms.values()].find((one) => one.messages.has(id));
  }

  /** Go to a message in whichever channel it stands. False if it is nowhere. */
  async jump(id) {
    const before = state.channel;
    const held = this.holding(id);
    for (const one of held ? [held] : [...this.rooms.values()]) {
      if (one.name !== state.channel) this.show(one.name);
      if (await this.thread.jump(id)) return true;
    }
    if (before !== state.channel) this.show(before);
    return false;
  }

  draw() {
    const focused = byId("channels").contains(document.activeElement);
    byId("channels").replaceChildren(...[...this.rooms.values()].map((one) => this.tab(one)));
    byId("channels").hidden = this.rooms.size < 2;
    byId("line").setAttribute("aria-description", label(state.channel));
    if (focused) byId("channels").querySelector("[aria-current]").focus({ preventScroll: true });
  }

  tab(one) {
    const mark = one.unread ? h("span", { class: "unread" }, String(one.unread), h("span", { class: "sr" }, ` ${t("unread")}`)) : null;
    const current = one.name === state.channel ? "true" : null;
    const open = () => this.show(one.name);
    return h("button", { type: "button", class: "channel", "data-channel": one.name, "aria-current": current, onclick: open }, label(one.name), mark);
  }
}

const room = (name, { messages, more }) => ({ name, more, unread: 0, messages: new Map(messages.map((message) => [message.id, message])) });
const label = (name) => `#${t(`channel_${name}`)}`;
