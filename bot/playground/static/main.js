// Boots the page and ties its parts together.

import { Channels } from "./channels.js";
import { byId } from "./dom.js";
import { Composer } from "./composer.js";
import { FormDialog } from "./dialogs.js";
import { Lightbox } from "./lightbox.js";
import { Events, get, post } from "./net.js";
import { People } from "./people.js";
import { isModerator, keepName, knownNames, rememberName, rememberedName, rolesOf, state, t } from "./state.js";
import { Thread } from "./thread.js";

const composer = new Composer((reply) => taken(reply, "", true));
const forms = new FormDialog((reply, messageId) => taken(reply, messageId));
const thread = new Thread({ press, dismiss, jump, enlarge: (...which) => lightbox.open(...which) });
const channels = new Channels(thread);
const lightbox = new Lightbox(() => thread.pictures());
const people = new People(become);
const events = new Events({ onMessage: (message) => channels.take(message), onState: showLink, onReset: reload });

/** What a request brought. Public messages come by the event stream; a private one may be here first. */
function taken(reply, messageId, composed = false) {
  if (reply.kind === "form") return forms.open(reply.form, messageId);
  if (composed || reply.kind === "placeholder" || reply.kind === "private") thread.toNewest(); // one's own doing comes into view
  if (!reply.message) return;
  channels.take(reply.message);
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
    channels.take({ ...message, updated: Infinity, deleted: true, card: null });
  } catch (error) {
    button.disabled = false;
    composer.complain(error.message);
  }
}

function showLink(name) {
  byId("link").dataset.state = name;
  byId("link-text").textContent = t(name);
}

let turns = 0;

/** Load everything as that person (null: as the server's first). Throws if the name cannot be used. */
async function become(name) {
  const turn = (turns += 1);
  const known = knownNames().map((one) => ["known", one]);
  let data = await get("/api/state", [...(name === null ? [] : [["user", name]]), ...known]);
  const moderator = isModerator(data.you.id);
  if (moderator) data = await get("/api/state", [["user", data.you.name], ["moderator", "1"], ...known]);
  if (turn !== turns) return; // somebody else was chosen in the meantime
  if (!data.users.some((user) => user.id === data.you.id)) {
    keepName(data.you.name);
    data.users.push(data.you);
  }
  const { you, users, commands, texts, prompt_longest: promptLongest } = data;
  Object.assign(state, { you, users, commands, texts, promptLongest, moderator, roles: rolesOf(you.id) });
  rememberName(you.name);
  people.draw();
  channels.load(data);
  events.open(data.counter);
  if (moderator) welcome();
}

/** The set-up guide, once. */
async function welcome() {
  try {
    taken(await post("/api/joined", {}));
  } catch (error) {
    composer.complain(error.message);
  }
}

async function jump(id) {
  if (!(await channels.jump(id))) composer.complain(t("gone"));
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
  if (location.hash.startsWith("#m-")) jump(decodeURIComponent(location.hash.slice(3)));
}

// The key (if any) stands in a cookie by now and need not stay in the address.
if (new URLSearchParams(location.search).has("key")) history.replaceState(null, "", location.pathname + location.hash);
await reload();
jumpToHash();
