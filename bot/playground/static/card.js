// A Card as an article. It shows exactly what the Card says and nothing of its own.

import { h, paintAvatar } from "./dom.js";
import { pictureUrl } from "./net.js";
import { state, t } from "./state.js";
import { drawMore } from "./more.js";
import { drawRows } from "./rows.js";

const MANY = 6; // more facts than this stand below each other
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The list item of a message. `acts`: press(button, control, value, message), enlarge, jump, dismiss. */
export function drawMessage(message, acts) {
  const { card } = message;
  const article = h(
    "article",
    { class: "card", "data-tone": card.tone, "data-private": message.private ? "true" : null },
    message.private ? privateLine(message, acts) : null,
    head(message, acts),
    card.title ? h("h3", { class: "title", id: `t-${message.id}`, dir: "auto" }, card.title) : null,
    card.status ? statusLine(card) : null,
    card.percent === null ? null : bar(card.percent),
    card.lines.map((line) => h("p", { class: "words", dir: "auto" }, line)),
    card.pictures.length ? h("div", { class: "pictures" }, card.pictures.map((shown) => picture(message, shown, acts))) : null,
    card.facts.length ? facts(card.facts) : null,
    drawRows(message, acts),
    card.files?.length ? h("div", { class: "row files" }, card.files.map((file) => download(message, file))) : null,
    card.links.length ? h("p", { class: "links" }, card.links.map((link) => linked(link, acts))) : null,
  );
  if (card.title) article.setAttribute("aria-labelledby", `t-${message.id}`);
  return h("li", { class: "message", id: `m-${message.id}`, tabindex: "-1" }, article);
}

function head(message, acts) {
  const { by } = message.card;
  const when = new Date(message.created * 1000);
  const stamp = h("time", { datetime: when.toISOString(), title: day.format(when) }, time.format(when));
  const more = drawMore(message, acts);
  if (!by) return message.private ? null : h("div", { class: "head" }, stamp, more);
  const avatar = paintAvatar(h("span", { class: "avatar", "aria-hidden": "true" }), { id: by.user_id, name: by.name });
  const mine = by.user_id === state.you.id;
  return h("div", { class: "head" }, avatar, h("b", { class: mine ? "by mine" : "by", dir: "auto" }, by.name), stamp, more);
}

function privateLine(message, acts) {
  const dismiss = h("button", { type: "button", class: "round small", "aria-label": t("dismiss"), title: t("dismiss") }, "×");
  dismiss.addEventListener("click", () => acts.dismiss(message, dismiss));
  return h("p", { class: "private" }, h("span", { class: "badge" }, t("private")), dismiss);
}

function statusLine(card) {
  return h("p", { class: "status" }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { dir: "auto" }, card.status));
}

function bar(percent) {
  const label = `${t("progress")} ${percent}%`;
  return h("div", { class: "bar" }, h("progress", { max: 100, value: percent, "aria-label": label }), h("span", {}, `${percent}%`));
}

function picture(message, shown, acts) {
  const { width, height } = shown.picture;
  const image = h("img", {
    src: pictureUrl(message, shown.picture), alt: shown.alt, width, height, decoding: "async", "data-key": shown.picture.key,
  });
  const label = shown.spoiler ? t("spoiler") : t("enlarge", { alt: shown.alt });
  const button = h("button", { type: "button", class: "picture", "aria-label": label, "data-hint": t("spoiler") }, image);
  button.style.setProperty("--wide", width / height);
  button.style.setProperty("--natural", `${width}px`);
  button.classList.toggle("hidden-picture", shown.spoiler);
  button.addEventListener("click", () => {
    if (!button.classList.contains("hidden-picture")) return acts.enlarge(message, shown);
    lookAt(button);
  });
  return button;
}

/** Show a hidden picture. */
export function lookAt(button) {
  button.classList.remove("hidden-picture");
  button.setAttribute("aria-label", t("enlarge", { alt: button.querySelector("img").alt }));
}

function facts(pairs) {
  const shape = pairs.length > MANY ? "facts list" : "facts";
  return h("dl", { class: shape }, pairs.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", { dir: "auto" }, value))));
}

function linked(link, acts) {
  const inside = /^\/?#m-(.+)$/.exec(link.url);
  if (inside) {
    const open = (event) => { event.preventDefault(); acts.jump(inside[1]); };
    return h("a", { href: `#m-${inside[1]}`, onclick: open }, link.label);
  }
  if (!/^(https?:\/\/|\/(?!\/))/.test(link.url)) return h("span", {}, link.label);
  return h("a", { href: link.url, target: "_blank", rel: "noopener noreferrer" }, link.label);
}

function download(message, file) {
  return h("a", { class: "button", href: pictureUrl(message, file, true), download: file.name }, t("download_file", { name: file.name }));
}
