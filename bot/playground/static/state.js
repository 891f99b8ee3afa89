// What this page knows: who speaks, the catalog, the texts. Each tab may be another person.

export const state = {
  you: { id: "", name: "" },
  users: [],
  moderator: false,
  roles: "", // words with commas
  channel: "playground", // the open tab
  commands: [],
  texts: {},
  promptLongest: 6000,
};

/** The label of that name, with {places} filled in. */
export function t(name, places = {}) {
  return (state.texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => places[key] ?? whole);
}

const storage = (kind) => {
  try {
    return window[kind];
  } catch {
    return null; // storage can be switched off: then nothing is remembered
  }
};

function read(kind, name) {
  return storage(kind)?.getItem(`playground.${name}`) ?? null;
}

function write(kind, name, value) {
  try {
    storage(kind)?.setItem(`playground.${name}`, value);
  } catch {
    // full or forbidden: the page works without
  }
}

/** The name to begin with: this tab's, else the last one used, else the server's first. */
export const rememberedName = () => read("sessionStorage", "name") ?? read("localStorage", "name");

export function rememberName(name) {
  write("sessionStorage", "name", name);
  write("localStorage", "name", name);
}

/** People made up in this browser. */
export function knownNames() {
  try {
    const names = JSON.parse(read("localStorage", "people") ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

export function keepName(name) {
  write("localStorage", "people", JSON.stringify([...new Set([...knownNames(), name])]));
}

export const isModerator = (id) => read("sessionStorage", `moderator.${id}`) === "1";

export function setModerator(id, on) {
  write("sessionStorage", `moderator.${id}`, on ? "1" : "0");
  state.moderator = on;
}

export const rolesOf = (id) => read("sessionStorage", `roles.${id}`) ?? "";

export function setRoles(id, words) {
  write("sessionStorage", `roles.${id}`, words);
  state.roles = words;
}
