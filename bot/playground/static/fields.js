// The inputs of a Form. Several choices come back joined by ",".

import { byId, h } from "./dom.js";
import { state, t } from "./state.js";

export function drawField(field) {
  const id = `field-${field.name}`;
  const words = field.kind === "role" ? [field.hint, t("roles_typed")].filter(Boolean).join(" · ") : field.hint;
  const hint = words ? h("small", { id: `${id}-hint` }, words) : null;
  const star = field.required ? h("span", { class: "needed", "aria-hidden": "true" }, "*") : null;
  if (isMany(field)) return h("fieldset", { class: "field many", id, "aria-describedby": hint?.id }, h("legend", {}, field.label, star), boxes(field), hint);
  const common = { id, name: field.name, required: field.required, "aria-describedby": hint?.id };
  return h("div", { class: "field" }, h("label", { for: id }, field.label, star), input(field, common), hint);
}

/** What was put in: a string, or a file (undefined where none was chosen). */
export function readField(field) {
  const element = byId(`field-${field.name}`);
  if (field.kind === "file") return element.files[0];
  if (isMany(field)) return [...element.querySelectorAll("input:checked")].map((box) => box.value).join(",");
  return field.kind === "role" ? roles(element.value).join(",") : element.value;
}

const accepted = (field) => (field.endings?.length ? field.endings.map((ending) => `.${ending}`).join(",") : "image/png,image/jpeg,image/webp");
const isMany = (field) => field.most > 1 && ["choice", "channel", "user"].includes(field.kind);
const roles = (typed) => [...new Set(typed.toLowerCase().split(/[\s,@]+/).filter(Boolean))];

function choicesOf(field) {
  if (field.kind === "user") return withOwn(field, state.users.map((user) => ({ value: user.id, label: user.name })));
  if (field.kind === "channel") {
    return withOwn(field, ["playground", "moderators"].map((name) => ({ value: name, label: `#${t(`channel_${name}`)}` })));
  }
  return field.choices;
}

/** What is set now can be kept even where the page does not know it. */
function withOwn(field, choices) {
  const unknown = field.value.split(",").filter((value) => value && !choices.some((choice) => choice.value === value));
  return [...choices, ...unknown.map((value) => ({ value, label: value }))];
}

function boxes(field) {
  const chosen = field.value.split(",");
  const all = choicesOf(field).map((choice) => h("input", { type: "checkbox", name: field.name, value: choice.value, checked: chosen.includes(choice.value) }));
  const limit = () => {
    const count = all.filter((box) => box.checked).length;
    for (const box of all) box.disabled = !box.checked && count >= field.most;
    all[0]?.setCustomValidity(field.required && count === 0 ? t("required") : "");
  };
  for (const box of all) box.addEventListener("change", limit);
  limit();
  return choicesOf(field).map((choice, at) => h("label", { class: "box" }, all[at], h("span", { dir: "auto" }, choice.label)));
}

function input(field, common) {
  if (field.kind === "long_text") {
    const area = h("textarea", { ...common, rows: 5, maxlength: field.longest });
    area.value = field.value;
    return area;
  }
  if (["choice", "user", "channel"].includes(field.kind)) {
    const empty = field.required ? null : h("option", { value: "" }, "–");
    const options = choicesOf(field).map((c) => h("option", { value: c.value, selected: c.value === field.value }, c.label));
    return h("select", common, empty, options);
  }
  if (field.kind === "file") return h("input", { ...common, type: "file", accept: accepted(field) });
  const line = h("input", { ...common, type: "text", maxlength: field.longest, value: field.value });
  if (field.kind === "role") {
    line.value = field.value.split(",").join(", ");
    const judge = () => line.setCustomValidity(roles(line.value).length > field.most ? t("at_most", { most: field.most }) : "");
    line.addEventListener("input", judge);
  }
  return line;
}
