// The command's named options: an offer each, and a small input for each that was taken.

import { byId, h } from "./dom.js";
import { get } from "./net.js";
import { t } from "./state.js";

export class Options {
  constructor(palette, changed) {
    this.palette = palette;
    this.changed = changed;
    this.taken = new Map();
    this.command = null;
  }

  /** Offer what this command takes (null: no command recognised). */
  show(command) {
    if (command?.name !== this.command?.name) this.taken.clear();
    this.command = command;
    this.draw();
  }

  offered() {
    return (this.command?.options ?? []).filter((option) => !option.required && option.kind !== "image");
  }

  draw() {
    const open = this.offered().filter((option) => !this.taken.has(option.name));
    byId("offers").replaceChildren(...open.map((option) => this.offer(option)));
    byId("offers").hidden = open.length === 0;
    const chips = byId("chosen");
    for (const chip of [...chips.children]) if (!this.taken.has(chip.dataset.name)) chip.remove();
    this.changed();
  }

  offer(option) {
    const label = `${t("option")} ${option.name}: ${option.description}`;
    const take = () => this.take(option);
    return h("button", { type: "button", class: "offer", title: option.description, "aria-label": label, onclick: take }, `+ ${option.name}`);
  }

  take(option) {
    const number = option.kind === "integer";
    const input = h("input", {
      "aria-label": option.name, title: option.description, inputmode: number ? "numeric" : "text", maxlength: 200,
      role: option.suggested ? "combobox" : null, "aria-expanded": option.suggested ? "false" : null,
      "aria-controls": option.suggested ? "palette" : null, "aria-autocomplete": option.suggested ? "list" : null,
    });
    const name = t("remove_option");
    const remove = h("button", { type: "button", class: "round small", "aria-label": `${name} ${option.name}` }, "×");
    byId("chosen").append(h("span", { class: "chip", "data-name": option.name }, h("b", {}, option.name), input, remove));
    this.taken.set(option.name, input);
    remove.addEventListener("click", () => this.drop(option.name));
    this.wire(input, option);
    this.draw();
    input.focus();
  }

  wire(input, option) {
    const propose = () => option.suggested && suggest(this.palette, input, option.name, input.value, (value) => (input.value = value));
    input.addEventListener("input", propose);
    input.addEventListener("focus", propose);
    input.addEventListener("blur", () => this.palette.close());
    input.addEventListener("keydown", (event) => {
      if (this.palette.key(event)) return;
      if (event.key === "Backspace" && input.value === "") this.drop(option.name);
      else return;
      event.preventDefault();
    });
  }

  drop(name) {
    this.taken.delete(name);
    this.palette.close();
    this.draw();
    byId("line").focus();
  }

  values() {
    return Object.fromEntries([...this.taken].map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value));
  }

  clear() {
    this.taken.clear();
    this.show(null);
  }
}

/** Ask the core for entries and offer them, unless something else was typed in the meantime. */
export async function suggest(palette, input, option, typed, use) {
  const before = input.value;
  const choices = await get("/api/suggest", { option, typed }).catch(() => []);
  if (document.activeElement !== input || input.value !== before) return;
  const entries = choices.map(({ value, label }) => ({ value, label, hint: label === value ? "" : value }));
  const done = entries.length === 1 && entries[0].value === typed;
  palette.open(input, done ? [] : entries, (entry) => use(entry.value));
}
