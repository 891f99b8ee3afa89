// The list of messages: keeps order, keeps focus and scroll where they are, and says aloud what matters.

import { byId, speak } from "./dom.js";
import { drawMessage, lookAt } from "./card.js";
import { get } from "./net.js";
import { state } from "./state.js";

const NEAR = 40;
const MOST_PAGES = 50;

export class Thread {
  constructor(acts) {
    this.acts = acts;
    this.room = { name: "playground", messages: new Map(), more: false };
    this.list = byId("thread");
    this.earlier = byId("earlier");
    this.newest = byId("newest");
    this.pinned = true;
    this.earlier.addEventListener("click", () => this.loadEarlier());
    this.newest.addEventListener("click", () => this.toNewest());
    window.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // Pictures and the growing composer change the height after a message was drawn.
    new ResizeObserver(() => this.pinned && this.toNewest()).observe(document.body);
  }

  /** `room`: a channel {name, messages, more}, which is kept up to date from now on. */
  show(room) {
    this.room = room;
    this.list.replaceChildren(...[...room.messages.values()].map((message) => drawMessage(message, this.acts)));
    this.earlier.hidden = !room.more;
    this.settle();
    this.toNewest();
  }

  /** A message is new, changed or gone. */
  take(message) {
    const known = this.room.messages.get(message.id);
    if (known && known.updated >= message.updated) return;
    const old = byId(`m-${message.id}`);
    const { pinned } = this; // as it was before this message changes the height
    if (message.deleted) this.drop(message, old);
    else if (old) this.redraw(message, old);
    else this.insert(message);
    this.settle();
    if (pinned) this.toNewest();
    else this.scrolled();
    this.say(message, known);
  }

  drop(message, old) {
    this.room.messages.delete(message.id);
    const held = old?.contains(document.activeElement);
    old?.remove();
    if (held) byId("line").focus();
  }

  redraw(message, old) {
    this.room.messages.set(message.id, message);
    const control = old.contains(document.activeElement) ? document.activeElement.dataset.control : undefined;
    const held = old === document.activeElement || old.contains(document.activeElement);
    const fresh = drawMessage(message, this.acts);
    for (const image of fresh.querySelectorAll("img[data-key]")) {
      const shown = [...old.querySelectorAll("img[data-key]")].find((other) => other.dataset.key === image.dataset.key);
      if (!shown) continue;
      const [was, is] = [shown.closest(".picture"), image.closest(".picture")];
      if (!was.classList.contains("hidden-picture")) lookAt(is); // as it was
      image.replaceWith(shown); // no flicker
    }
    old.replaceWith(fresh);
    if (!held) return;
    const same = [...fresh.querySelectorAll("[data-control]")].find((item) => item.dataset.control === control && !item.disabled);
    (same ?? fresh).focus({ preventScroll: true });
  }

  insert(message) {
    const first = [...this.room.messages.values()][0];
    if (!this.earlier.hidden && first && before(message, first)) return; // stands on a page that is not loaded yet
    this.room.messages.set(message.id, message);
    const fresh = drawMessage(message, this.acts);
    fresh.classList.add("fresh");
    const next = [...this.list.children].find((item) => before(message, this.room.messages.get(item.id.slice(2))));
    this.list.insertBefore(fresh, next ?? null);
    if (next) this.room.messages = new Map([...this.room.messages].sort(([, a], [, b]) => (before(a, b) ? -1 : 1)));
  }

  settle() {
    const full = this.room.messages.size > 0 || this.room.more;
    byId("empty").hidden = full || this.room.name !== "playground";
    byId("empty-moderators").hidden = full || this.room.name !== "moderators";
  }

  /** New states and quarters of progress; not every percent. */
  say(message, known) {
    const { card } = message;
    if (!card) return;
    const quarter = (percent) => Math.floor((percent ?? 0) / 25);
    const news = !known || known.card.tone !== card.tone || quarter(known.card.percent) !== quarter(card.percent);
    if (!news || (!message.private && card.by && card.by.user_id !== state.you.id && card.tone !== "done")) return;
    const percent = card.percent === null ? "" : `${card.percent}%`;
    speak([card.title, card.status, percent, ...(message.private ? card.lines : [])].filter(Boolean).join(". "));
  }

  scrolled() {
    const page = document.documentElement;
    this.pinned = page.scrollHeight - page.clientHeight - page.scrollTop < NEAR;
    this.newest.hidden = this.pinned;
  }

  toNewest() {
    window.scrollTo({ top: document.documentElement.scrollHeight });
    this.pinned = true;
    this.newest.hidden = true;
  }

  /** A message that is taller than the window is read from its top. */
  reveal(id) {
    const item = byId(`m-${id}`);
    const room = window.innerHeight - byId("composer").offsetHeight - byId("top").offsetHeight - NEAR / 2;
    if (!item || item.offsetHeight <= room) return;
    this.pinned = false;
    item.scrollIntoView({ block: "start" });
  }

  async loadEarlier() {
    const { room } = this;
    const query = { user: state.you.name, moderator: state.moderator ? "1" : "", channel: room.name };
    const height = document.documentElement.scrollHeight;
    const { messages, more } = await get("/api/messages", { ...query, before: [...room.messages.keys()][0] ?? "" });
    room.messages = new Map([...messages.map((message) => [message.id, message]), ...room.messages]);
    room.more = more;
    if (room !== this.room) return; // another tab was opened in the meantime
    this.pinned = false;
    this.list.prepend(...messages.map((message) => drawMessage(message, this.acts)));
    this.earlier.hidden = !more;
    window.scrollBy({ top: document.documentElement.scrollHeight - height, behavior: "instant" });
  }

  /** Go to a message of this channel, loading earlier ones until it is found. False if it is not here. */
  async jump(id) {
    for (let page = 0; page < MOST_PAGES && !byId(`m-${id}`) && !this.earlier.hidden; page += 1) await this.loadEarlier();
    const item = byId(`m-${id}`);
    if (!item) return false;
    this.pinned = false;
    item.scrollIntoView({ block: "center" });
    item.focus({ preventScroll: true });
    item.classList.remove("found");
    requestAnimationFrame(() => item.classList.add("found"));
    return true;
  }

  /** Every picture in the order of the page, for the lightbox. */
  pictures() {
    return [...this.room.messages.values()].flatMap((message) => message.card.pictures.map((shown) => ({ message, shown })));
  }
}

const before = (a, b) => a.created < b.created || (a.created === b.created && a.id < b.id);
