// Small helpers around the DOM. Data reaches the page as text nodes and attributes only, never as markup.

export const byId = (id) => document.getElementById(id);

/** An element: h("p", {class: "x", onclick: f, hidden: false}, "text", child, null). */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Show a sentence in an alert line, or hide it. */
export function complain(line, sentence) {
  line.textContent = sentence ?? "";
  line.hidden = !sentence;
}

/** A stable colour angle for a person, from the letters of their id. */
export function hue(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  return sum % 360;
}

/** The round initial of a person. */
export function paintAvatar(element, person) {
  element.textContent = person ? [...person.name][0].toUpperCase() : "";
  element.style.setProperty("--hue", person ? hue(person.id) : 0);
  return element;
}

let spokenLine = null;

/** Say it to a screen reader, politely. */
export function speak(sentence) {
  spokenLine ??= byId("spoken");
  if (sentence && spokenLine.textContent !== sentence) spokenLine.textContent = sentence;
}
