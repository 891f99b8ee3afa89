// A Form as a modal dialog.

import { byId, complain, h } from "./dom.js";
import { newKey, post } from "./net.js";
import { state, t } from "./state.js";

export class FormDialog {
  constructor(onReply) {
    this.onReply = onReply;
    this.dialog = byId("asking");
    this.form = null;
    byId("asking-cancel").addEventListener("click", () => this.dialog.close());
    byId("asking-form").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
  }

  /** `messageId`: the message whose button opened it. */
  open(form, messageId = "") {
    Object.assign(this, { form, messageId, key: newKey() });
    byId("asking-title").textContent = form.title;
    byId("asking-submit").textContent = form.submit;
    complain(byId("asking-problem"), "");
    byId("asking-fields").replaceChildren(...form.fields.map(drawField));
    if (!this.dialog.open) this.dialog.showModal();
    byId("asking-fields").querySelector("input, textarea, select")?.focus();
  }

  fields() {
    const values = { control: this.form.control, message_id: this.messageId };
    for (const field of this.form.fields) {
      const input = byId(`field-${field.name}`);
      if (field.kind !== "file") values[`value.${field.name}`] = input.value;
      else if (input.files[0]) values[`file.${field.name}`] = input.files[0];
    }
    return values;
  }

  async send() {
    const submit = byId("asking-submit");
    submit.disabled = true;
    try {
      const reply = await post("/api/form", this.fields(), this.key);
      if (reply.kind === "private" && reply.refused) this.refuse(reply);
      else this.dialog.close();
      this.onReply(reply, this.messageId);
    } catch (error) {
      complain(byId("asking-problem"), error.message);
    } finally {
      submit.disabled = false;
    }
  }

  /** What was typed stays, to be mended; the mended one is a new request. */
  refuse(reply) {
    const card = reply.message.card;
    complain(byId("asking-problem"), card ? [card.title, card.status, ...card.lines].filter(Boolean).join(" ") : t("gone"));
    this.key = newKey();
  }
}

function drawField(field) {
  const id = `field-${field.name}`;
  const hint = field.hint ? h("small", { id: `${id}-hint` }, field.hint) : null;
  const common = { id, name: field.name, required: field.required, "aria-describedby": hint ? `${id}-hint` : null };
  const star = field.required ? h("span", { class: "needed", "aria-hidden": "true" }, "*") : null;
  return h("div", { class: "field" }, h("label", { for: id }, field.label, star), input(field, common), hint);
}

function input(field, common) {
  if (field.kind === "long_text") {
    const area = h("textarea", { ...common, rows: 5, maxlength: field.longest });
    area.value = field.value;
    return area;
  }
  if (field.kind === "choice" || field.kind === "user") {
    const choices = field.kind === "user" ? state.users.map((user) => ({ value: user.id, label: user.name })) : field.choices;
    const empty = field.required ? null : h("option", { value: "" }, "–");
    return h("select", common, empty, choices.map((c) => h("option", { value: c.value, selected: c.value === field.value }, c.label)));
  }
  if (field.kind === "file") return h("input", { ...common, type: "file" });
  return h("input", { ...common, type: "text", maxlength: field.longest, value: field.value });
}
