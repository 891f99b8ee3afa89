// The list of entries above the composer: commands, suggestions. Focus stays in the input (ARIA combobox pattern).

import { h } from "./dom.js";

export class Palette {
  constructor(list) {
    this.list = list;
    this.close();
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the input
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** `entries`: {label, hint, value}; `first`: whether Enter takes the first one at once. */
  open(input, entries, pick, { first = false } = {}) {
    if (!entries.length) return this.close();
    Object.assign(this, { input, entries, pick, active: first ? 0 : -1 });
    this.list.replaceChildren(...entries.map((entry, index) => this.item(entry, index)));
    this.list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  close() {
    this.list.hidden = true;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
    Object.assign(this, { input: null, entries: [], active: -1 });
  }

  item(entry, index) {
    const label = h("span", { class: "entry" }, entry.label);
    const hint = entry.hint ? h("span", { class: "hint" }, entry.hint) : null;
    return h("li", { role: "option", id: `entry-${index}`, onclick: () => this.choose(index) }, label, hint);
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    const current = this.list.children[this.active];
    current?.scrollIntoView({ block: "nearest" });
    if (current) this.input.setAttribute("aria-activedescendant", current.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const entry = this.entries[index];
    const { pick } = this;
    this.close();
    pick(entry);
  }

  /** Whether the key was used up here. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.entries.length;
    if (event.key === "ArrowDown") this.active = (this.active + 1) % count;
    else if (event.key === "ArrowUp") this.active = this.active <= 0 ? count - 1 : this.active - 1;
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.active >= 0) this.choose(this.active);
    else return false;
    event.preventDefault();
    if (this.isOpen && event.key.startsWith("Arrow")) this.mark();
    return true;
  }
}
