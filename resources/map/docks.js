// Docks: a square with the dock's name and, beside it, each drone that stands in it: a small
// bar from afar, a line of words when close or selected.

import { html, marker, setClass, setText } from "./dom.js";

const TONES = ["own", "other", "silent", "gone"];

export class Docks {
  constructor(layer, chosen) {
    this._layer = layer;
    this._chosen = chosen;
    this._docks = new Map();
    this._rows = new Map(); // drone -> {dock, row, words}
    this._selected = "";
  }

  replace(docks) {
    this.clear();
    for (const [id, dock] of Object.entries(docks)) this._docks.set(id, this._make(id, dock));
  }

  clear() {
    for (const { marker: made } of this._docks.values()) this._layer.removeLayer(made);
    this._docks.clear();
    this._rows.clear();
  }

  apply(drone, mark) {
    const known = this._rows.get(drone);
    if (known && known.dock !== mark?.dock) this._take(drone, known);
    if (!mark?.dock || !this._docks.has(mark.dock)) return;
    const { row, name, words } = this._rows.get(drone) ?? this._put(drone, mark.dock);
    setClass(row, TONES, mark.tone);
    setText(name, mark.title);
    setText(words, mark.line ?? "");
  }

  select(drone) {
    this._selected = drone;
    for (const [id, { row }] of this._rows) row.classList.toggle("selected", id === drone);
  }

  at(drone) {
    const dock = this._docks.get(this._rows.get(drone)?.dock);
    return dock ? dock.at : null;
  }

  // Nothing to lay out, but in the way of other words.
  tags() {
    return [...this._docks.values()].map(({ at, element }) => ({
      element,
      latlng: L.latLng(at),
      words: [],
      reach: 18,
      rank: 9,
    }));
  }

  _make(id, dock) {
    const element = html("div", "dock");
    element.dataset.dock = id;
    const rows = html("div", "rows");
    const count = html("span", "count");
    const body = html("div", "body");
    body.append(count, rows);
    element.append(html("span", "square", id), body);
    const made = marker(dock.at, element, [28, 28], () => {}, {
      title: dock.title,
      keyboard: false,
      zIndexOffset: 0,
    });
    this._layer.addLayer(made);
    return { marker: made, element, rows, count, at: dock.at };
  }

  _put(drone, dock) {
    const row = html("button", "row");
    row.type = "button";
    row.dataset.drone = drone;
    const name = html("b");
    const words = html("span");
    row.append(html("i", "pip"), name, words);
    row.addEventListener("click", (event) => {
      event.stopPropagation();
      this._chosen(drone);
    });
    row.classList.toggle("selected", drone === this._selected);
    const { rows } = this._docks.get(dock);
    const after = [...rows.children].find((other) => other.dataset.drone > drone);
    rows.insertBefore(row, after ?? null);
    const known = { dock, row, name, words };
    this._rows.set(drone, known);
    this._count(dock);
    return known;
  }

  _take(drone, known) {
    known.row.remove();
    this._rows.delete(drone);
    this._count(known.dock);
  }

  _count(dock) {
    const { rows, count } = this._docks.get(dock);
    setText(count, rows.children.length ? `${rows.children.length} in` : "empty");
  }
}
