// The command box.

import { byId, complain } from "./dom.js";
import { newKey, post } from "./net.js";
import { Options, suggest } from "./options.js";
import { Palette } from "./palette.js";
import { StartPicture } from "./picture.js";
import { state, t } from "./state.js";

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
    const name = /^\s*\/(\S+)/.exec(this.line.value)?.[1].toLowerCase();
    return state.commands.find((spec) => spec.name === name) ?? null;
  }

  typed() {
    this.key = newKey();
    this.complain("");
    this.options.show(this.command());
    const text = this.line.value.slice(0, this.line.selectionStart);
    const name = /^\s*\/(\S*)$/.exec(text)?.[1];
    const parameter = /(?:--|—|–)(\w+)[ =](\S*)$/.exec(text);
    if (name !== undefined) this.proposeCommands(name.toLowerCase());
    else if (parameter && PARAMETERS[parameter[1]]) this.proposeValues(PARAMETERS[parameter[1]], parameter[2]);
    else this.palette.close();
  }

  proposeCommands(typed) {
    const entries = state.commands
      .filter((spec) => spec.name.startsWith(typed) && spec.name !== typed)
      .map((spec) => ({ value: spec.name, label: `/${spec.name}`, hint: spec.description }));
    this.palette.open(this.line, entries, (entry) => this.fill(`/${entry.value} `), { first: true });
  }

  proposeValues(option, typed) {
    const use = (value) => {
      const at = this.line.selectionStart;
      this.line.setRangeText(`${value} `, at - typed.length, at, "end");
      this.typed();
    };
    suggest(this.palette, this.line, option, typed, use);
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
