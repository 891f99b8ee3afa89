// Boots the page and ties its parts together.

import { byId } from "./dom.js";
import { Composer } from "./composer.js";
import { FormDialog } from "./dialogs.js";
import { Lightbox } from "./lightbox.js";
import { Events, get, post } from "./net.js";
import { People } from "./people.js";
import { isModerator, keepName, knownNames, rememberName, rememberedName, state, t } from "./state.js";
import { Thread } from "./thread.js";

const composer = new Composer((reply) => taken(reply, "", true));
const forms = new FormDialog((reply, messageId) => taken(reply, messageId));
const thread = new Thread({ press, dismiss, enlarge: (...which) => lightbox.open(...which), complain: (s) => composer.complain(s) });
const lightbox = new Lightbox(() => thread.pictures());
const people = new People(become);
const events = new Events({ onMessage: (message) => thread.take(message), onState: showLink, onReset: reload });

/** What a request brought. Public messages come by the event stream; a private one may be here first. */
function taken(reply, messageId, composed = false) {
  if (reply.kind === "form") return forms.open(reply.form, messageId);
  if (composed || reply.kind === "placeholder" || reply.kind === "private") thread.toNewest(); // one's own doing comes into view
  if (!reply.message) return;
  thread.take(reply.message);
  if (reply.kind === "private") thread.reveal(reply.message.id);
}

async function press(element, control, value, message) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  composer.complain("");
  try {
    taken(await post("/api/press", { control, value, message_id: message.id }), message.id);
  } catch (error) {
    composer.complain(error.message);
  } finally {
    element.removeAttribute("aria-busy");
  }
}

async function dismiss(message, button) {
  button.disabled = true;
  try {
    await post("/api/dismiss", { message_id: message.id });
    thread.take({ ...message, updated: Infinity, deleted: true, card: null });
  } catch (error) {
    button.disabled = false;
    composer.complain(error.message);
  }
}

function showLink(name) {
  byId("link").dataset.state = name;
  byId("link-text").textContent = t(name);
}

/** Load everything as that person (null: as the server's first). Throws if the name cannot be used. */
async function become(name) {
  const data = await get("/api/state", name === null ? {} : { user: name });
  Object.assign(state, { you: data.you, commands: data.commands, texts: data.texts, promptLongest: data.prompt_longest });
  rememberName(data.you.name);
  if (!data.users.some((user) => user.id === data.you.id)) keepName(data.you.name);
  const made = knownNames().map((known) => ({ id: known === data.you.name ? data.you.id : null, name: known }));
  state.users = peopleOf([...data.users, data.you, ...made]);
  state.moderator = isModerator(data.you.id);
  people.draw();
  thread.load(data.messages, data.more);
  events.open(data.counter);
}

/** Each person once; people of this browser that the server has not named yet go by their name. */
function peopleOf(users) {
  const byName = new Map();
  for (const user of users) if (!byName.has(user.name)) byName.set(user.name, { id: user.id ?? user.name.toLowerCase(), name: user.name });
  return [...byName.values()];
}

async function reload() {
  try {
    await become(state.you.name || rememberedName());
  } catch {
    showLink("offline");
    events.again(2000);
  }
}

byId("example").addEventListener("click", () => composer.fill(byId("example").textContent));
window.addEventListener("hashchange", () => jumpToHash());
function jumpToHash() {
  if (location.hash.startsWith("#m-")) thread.jump(decodeURIComponent(location.hash.slice(3)));
}

// The key (if any) stands in a cookie by now and need not stay in the address.
if (new URLSearchParams(location.search).has("key")) history.replaceState(null, "", location.pathname + location.hash);
await reload();
jumpToHash();
