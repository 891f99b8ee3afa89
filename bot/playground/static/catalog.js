// Reads the command line by the catalog: "/style show ink" is the command style, its part show, and the value ink.

import { state } from "./state.js";

const LINE = /^\s*\/(\S+)(?:\s+(\S+))?/;

function specOf(name) {
  const typed = name?.toLowerCase();
  return state.commands.find((spec) => typed && [spec.name, spec.word].includes(typed)) ?? null;
}

/** The command whose options can be given: {name, options}; of one with parts, the part. Null while none is recognised. */
export function commandIn(line) {
  const [, name, word] = LINE.exec(line) ?? [];
  const spec = specOf(name);
  if (!spec?.subs.length) return spec;
  const sub = spec.subs.find((one) => one.name === word?.toLowerCase());
  return sub ? { ...sub, name: `${spec.name} ${sub.name}` } : null;
}

/** Entries while the command's name is typed; null elsewhere. `sure`: Enter may take the first. */
export function commandEntries(text) {
  const typed = /^\s*\/(\S*)$/.exec(text)?.[1].toLowerCase();
  if (typed === undefined) return null;
  const specs = state.commands.filter((spec) => names(spec).some((name) => name.startsWith(typed)) && !names(spec).includes(typed));
  const entries = specs.map((spec) => entry(`/${spec.name}`, spec));
  return Object.assign(entries, { sure: !specOf(typed) });
}

/** The same for a part; only commands that have parts. */
export function subEntries(text) {
  const [, name, word] = /^\s*\/(\S+)\s+(\S*)$/.exec(text) ?? [];
  const spec = specOf(name);
  if (!spec?.subs.length) return null;
  const typed = word.toLowerCase();
  const subs = spec.subs.filter((sub) => sub.name.startsWith(typed) && sub.name !== typed);
  const sure = typed !== "" && !spec.subs.some((sub) => sub.name === typed);
  return Object.assign(subs.map((sub) => entry(`/${spec.name} ${sub.name}`, sub)), { sure });
}

/** What stands behind the part, if it fills an option: {option, typed}. */
export function mainValueIn(text) {
  const [, line, typed] = /^(\s*\/\S+\s+\S+)\s+(.*)$/s.exec(text) ?? [];
  const option = line && specOf(LINE.exec(line)[1])?.subs.length ? commandIn(line)?.options.find((one) => one.required) : null;
  return option ? { option, typed } : null;
}

export function personEntries(typed) {
  const wanted = typed.trim().toLowerCase();
  const people = state.users.filter(({ name }) => name.toLowerCase().startsWith(wanted) && name.toLowerCase() !== wanted);
  return people.map(({ name }) => ({ value: name, label: name }));
}

const names = (spec) => [spec.name, spec.word].filter(Boolean);
const entry = (line, spec) => ({ value: `${line} `, label: line + placeholder(spec), hint: spec.description });

function placeholder(spec) {
  const main = spec.name === "imagine" ? null : spec.options.find((option) => option.required);
  return main ? ` ${main.name.toUpperCase()}` : "";
}
