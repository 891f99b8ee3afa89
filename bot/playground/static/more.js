// "…" on a result: what one can do about somebody's picture.

import { h } from "./dom.js";
import { state, t } from "./state.js";

/** Null where there is nothing to report: private messages, running jobs, cards of no job. */
export function drawMore(message, acts) {
  const { card } = message;
  if (!message.job || message.private || card.tone !== "done" || !card.pictures.length) return null;
  const actions = state.moderator ? ["report", "moderate"] : ["report"];
  const items = actions.map((action) => item(action, message, acts));
  const held = (event) => event.preventDefault(); // some browsers do not focus a clicked button: the focus stays
  const summary = h("summary", { class: "round small", "aria-label": t("more"), title: t("more"), "data-control": "more" }, "…");
  const box = h("details", { class: "more" }, summary, h("div", { class: "more-items", onpointerdown: held, onmousedown: held }, items));
  const close = (event) => { if (!box.contains(event.relatedTarget)) box.open = false; };
  box.addEventListener("focusout", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    box.open = false;
    summary.focus();
  });
  return box;
}

function item(action, message, acts) {
  const control = `i1:${action}:${message.job}:0`;
  const element = h("button", { type: "button", "data-control": control }, t(action));
  element.addEventListener("click", () => {
    acts.press(element, control, "", message);
    element.closest("details").open = false;
  });
  return element;
}
