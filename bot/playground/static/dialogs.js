// A Form as a modal dialog.

import { byId, complain } from "./dom.js";
import { drawField, readField } from "./fields.js";
import { newKey, post } from "./net.js";
import { t } from "./state.js";

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
      const given = readField(field);
      if (given !== undefined) values[`${field.kind === "file" ? "file" : "value"}.${field.name}`] = given;
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
