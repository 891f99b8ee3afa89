// The picture to start from: chosen, dropped or pasted, with a preview.

import { byId } from "./dom.js";

const TYPES = new Set(["image/png", "image/jpeg", "image/webp"]);

export class StartPicture {
  constructor({ changed, refused }) {
    Object.assign(this, { changed, refused, file: null, depth: 0 });
    const input = byId("file");
    byId("attach").addEventListener("click", () => input.click());
    byId("detach").addEventListener("click", () => { this.set(null); byId("attach").focus(); });
    input.addEventListener("change", () => { this.set(input.files[0] ?? null); input.value = ""; });
    document.addEventListener("paste", (event) => this.pasted(event));
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(name, (event) => this.dragged(event));
    }
  }

  set(file) {
    if (file && !TYPES.has(file.type)) return this.refused();
    const image = byId("preview-picture");
    if (image.src) URL.revokeObjectURL(image.src);
    this.file = file;
    image.src = file ? URL.createObjectURL(file) : "";
    if (!file) image.removeAttribute("src");
    byId("preview-name").textContent = file?.name ?? "";
    byId("preview").hidden = !file;
    this.changed();
  }

  pasted(event) {
    if (document.querySelector("dialog[open]")) return;
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.set(file);
  }

  dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "dragenter") this.depth += 1;
    if (event.type === "dragleave") this.depth -= 1;
    if (event.type === "drop") {
      this.depth = 0;
      this.set(event.dataTransfer.files[0] ?? null);
      byId("line").focus();
    }
    byId("drop").hidden = this.depth <= 0;
  }
}
