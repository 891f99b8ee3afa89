// Who speaks in this tab.

import { byId, complain, h, paintAvatar } from "./dom.js";
import { setModerator, setRoles, state } from "./state.js";

export class People {
  /** `become(name)` loads the page for that person; it throws if the name cannot be used. */
  constructor(become) {
    this.become = become;
    this.dialog = byId("people");
    byId("who").addEventListener("click", () => { this.draw(); this.dialog.showModal(); });
    byId("people-close").addEventListener("click", () => this.dialog.close());
    byId("moderator").addEventListener("change", (event) => this.switched(event.target.checked));
    byId("roles").addEventListener("input", (event) => setRoles(state.you.id, event.target.value));
    byId("people-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const name = byId("new-person").value.trim();
      if (name) this.choose(name);
    });
  }

  /** What this person may see has changed: everything is loaded anew. */
  async switched(on) {
    setModerator(state.you.id, on);
    this.drawButton();
    try {
      await this.become(state.you.name);
    } catch (error) {
      complain(byId("people-problem"), error.message);
    }
  }

  async choose(name) {
    try {
      await this.become(name);
      byId("new-person").value = "";
      this.dialog.close();
    } catch (error) {
      complain(byId("people-problem"), error.message);
    }
  }

  draw() {
    complain(byId("people-problem"), "");
    byId("moderator").checked = state.moderator;
    byId("roles").value = state.roles;
    byId("people-list").replaceChildren(...state.users.map((user) => this.person(user)));
    this.drawButton();
  }

  person(user) {
    const mine = user.id === state.you.id;
    const avatar = paintAvatar(h("span", { class: "avatar", "aria-hidden": "true" }), user);
    const choose = () => this.choose(user.name);
    return h("li", {}, h("button", { type: "button", class: "person", "aria-pressed": String(mine), onclick: choose }, avatar, user.name));
  }

  drawButton() {
    paintAvatar(byId("who-avatar"), state.you);
    byId("who-name").textContent = state.you.name;
    byId("who-moderator").hidden = !state.moderator;
  }
}
