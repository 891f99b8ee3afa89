// The command box.

import { commandEntries, commandIn, mainValueIn, personEntries, subEntries } from "./catalog.js";
import { byId, complain } from "./dom.js";
import { newKey, post } from "./net.js";
import { Options, suggest } from "./options.js";
import { Palette } from "./palette.js";
import { StartPicture } from "./picture.js";
import { t } from "./state.js";

const PARAMETERS = { ar: "ratio", aspect: "ratio", style: "style", provider: "provider" };

export class Composer {
  constructor(onReply) {
    this.onReply = onReply;
    this.line = byId("line");
    this.palette = new Palette(byId("palette"));
    this.options = new Options(this.palette, () => this.resize());
    this.picture = new StartPicture({
      changed: () => { this.complain(""); this.pictureChanged(); },
      refused: () => this.complain(t("not_a_picture")),
    });
    this.last = "";
    this.sending = false;
    this.key = newKey();
    this.line.addEventListener("input", () => this.typed());
    this.line.addEventListener("click", () => this.typed());
    this.line.addEventListener("blur", () => this.palette.close());
    byId("composer").addEventListener("keydown", (event) => this.pressed(event));
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
  }

  complain(sentence) {
    complain(byId("problem"), sentence);
  }

  fill(text) {
    this.line.value = text;
    this.line.focus();
    this.line.setSelectionRange(text.length, text.length);
    this.typed();
  }

  command() {
    return commandIn(this.line.value);
  }

  typed() {
    this.key = newKey();
    this.complain("");
    this.options.show(this.command());
    const text = this.line.value.slice(0, this.line.selectionStart);
    const parameter = /(?:--|—|–)(\w+)[ =](\S*)$/.exec(text);
    const entries = commandEntries(text) ?? subEntries(text);
    const value = mainValueIn(text);
    if (entries) this.palette.open(this.line, entries, (entry) => this.fill(entry.value), { first: entries.sure });
    else if (value?.option.kind === "user") this.palette.open(this.line, personEntries(value.typed), this.use(value.typed));
    else if (value?.option.suggested) suggest(this.palette, this.line, value.option.name, value.typed, (v) => this.use(value.typed)({ value: v }));
    else if (parameter && PARAMETERS[parameter[1]]) this.proposeValues(PARAMETERS[parameter[1]], parameter[2]);
    else this.palette.close();
  }

  proposeValues(option, typed) {
    suggest(this.palette, this.line, option, typed, (value) => this.use(typed)({ value: `${value} ` }));
  }

  /** Puts an entry in the place of what was typed before the cursor. */
  use(typed) {
    return ({ value }) => {
      const at = this.line.selectionStart;
      this.line.setRangeText(value, at - typed.length, at, "end");
      this.typed();
    };
  }

  pressed(event) {
    if (event.target === this.line) {
      if (this.palette.key(event)) return;
      if (event.key === "ArrowUp" && this.line.value === "" && this.last) {
        event.preventDefault();
        return this.fill(this.last);
      }
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    if (event.target !== this.line && event.target.tagName !== "INPUT") return;
    event.preventDefault();
    this.send();
  }

  pictureChanged() {
    this.key = newKey();
    if (this.picture.file && this.line.value.trim() === "") this.fill("/imagine ");
    this.resize();
  }

  resize() {
    byId("extras").hidden = !this.picture.file && this.options.taken.size === 0;
    this.line.style.height = "auto";
    this.line.style.height = `${Math.min(this.line.scrollHeight, 180)}px`;
  }

  /** Sending the same line again after a lost answer carries the same key: it is one request. */
  async send() {
    const text = this.line.value.trim();
    if (!text || this.sending) return;
    const fields = { text, options: JSON.stringify(this.options.values()) };
    if (this.picture.file) fields.image = this.picture.file;
    this.busy(true);
    try {
      const reply = await post("/api/command", fields, this.key);
      if (!reply.refused && this.line.value.trim() === text) this.clear(text);
      this.key = newKey();
      this.onReply(reply);
    } catch (error) {
      this.complain(error.message);
    } finally {
      this.busy(false);
    }
  }

  clear(text) {
    this.last = text;
    this.line.value = "";
    this.picture.set(null);
    this.options.clear();
    this.palette.close();
    this.resize();
  }

  busy(on) {
    this.sending = on;
    byId("send").disabled = on;
    byId("composer").setAttribute("aria-busy", String(on));
    if (on) this.complain("");
  }
}
