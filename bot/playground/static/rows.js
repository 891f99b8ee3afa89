// Rows of buttons and menus. A press carries the control string as it stands.

import { h } from "./dom.js";

export function drawRows(message, acts) {
  const { rows } = message.card;
  if (!rows.length) return null;
  return h("div", { class: "rows" }, rows.map((row) => h("div", { class: "row" }, row.map((item) => draw(item, message, acts)))));
}

const draw = (item, message, acts) => (item.type === "menu" ? menu(item, message, acts) : button(item, message, acts));

function button(item, message, acts) {
  const compact = [...item.label].length <= 2;
  const element = h("button", {
    type: "button",
    class: `button ${item.style} ${compact ? "compact" : ""}`,
    disabled: !item.enabled,
    title: item.hint || null,
    "aria-label": item.hint ? `${item.label}: ${item.hint}` : null,
    "data-control": item.control,
  }, item.label);
  element.addEventListener("click", () => acts.press(element, item.control, "", message));
  return element;
}

function menu(item, message, acts) {
  const options = item.choices.map((choice) => h("option", { value: choice.value, selected: choice.value === item.chosen }, choice.label));
  const known = item.choices.some((choice) => choice.value === item.chosen);
  const nothing = known ? null : h("option", { value: "", selected: true, disabled: true, hidden: true }, item.label);
  const select = h("select", { "data-control": item.control }, nothing, options);
  select.addEventListener("change", () => acts.press(select, item.control, select.value, message));
  return h("label", { class: "menu" }, h("span", {}, item.label), select);
}
