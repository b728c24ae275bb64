// Choosing a place: a click, or the arrows and Enter; Esc gives up.

import { html } from "./dom.js";

export class Pick {
  constructor(map, chosen, cancelled) {
    this._map = map;
    this._chosen = chosen;
    this._cancelled = cancelled;
    this._banner = html("div", "banner");
    this._banner.setAttribute("role", "status");
    this._cross = html("div", "centre");
    map.getContainer().append(this._banner, this._cross);
    map.on("click", ({ latlng }) => this.active && this.choose(latlng));
    document.addEventListener("keydown", (event) => this.active && this._key(event));
    this.stop();
  }

  start(prompt) {
    this.active = true;
    this._banner.textContent = `${prompt} · click, or arrows and Enter · Esc cancels`;
    this._banner.hidden = false;
    this._cross.hidden = true;
    this._map.getContainer().classList.add("picking");
    this._map.getContainer().focus({ preventScroll: true });
  }

  stop() {
    this.active = false;
    this._banner.hidden = true;
    this._cross.hidden = true;
    this._map.getContainer().classList.remove("picking");
  }

  choose(latlng) {
    const { lat, lng } = L.latLng(latlng).wrap();
    this.stop();
    this._chosen(lat, lng);
  }

  _key(event) {
    if (event.key === "Escape") {
      this.stop();
      this._cancelled();
    } else if (event.key.startsWith("Arrow")) {
      this._cross.hidden = false;
    } else if (event.key === "Enter" && !this._cross.hidden) {
      this.choose(this._map.getCenter());
    }
  }
}
