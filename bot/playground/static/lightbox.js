// One picture as large as the window, with its neighbours by arrow key.

import { byId } from "./dom.js";
import { pictureUrl } from "./net.js";

export class Lightbox {
  constructor(pictures) {
    this.pictures = pictures; // () => [{message, shown}]
    this.dialog = byId("lightbox");
    byId("lightbox-close").addEventListener("click", () => this.dialog.close());
    byId("lightbox-back").addEventListener("click", () => this.move(-1));
    byId("lightbox-on").addEventListener("click", () => this.move(1));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") this.move(-1);
      if (event.key === "ArrowRight") this.move(1);
    });
  }

  open(message, shown) {
    this.all = this.pictures().filter((item) => !item.shown.spoiler || item.shown === shown);
    this.at = this.all.findIndex((item) => item.message.id === message.id && item.shown.picture.key === shown.picture.key);
    this.draw();
    this.dialog.showModal();
  }

  move(step) {
    const to = this.at + step;
    if (to < 0 || to >= this.all.length) return;
    this.at = to;
    this.draw();
  }

  draw() {
    const { message, shown } = this.all[this.at];
    const image = byId("lightbox-picture");
    image.src = pictureUrl(message, shown.picture);
    image.alt = shown.alt;
    byId("lightbox-words").textContent = message.card.title || shown.alt;
    const download = byId("lightbox-download");
    download.href = pictureUrl(message, shown.picture, true);
    download.download = shown.name;
    byId("lightbox-back").disabled = this.at === 0;
    byId("lightbox-on").disabled = this.at === this.all.length - 1;
  }
}
