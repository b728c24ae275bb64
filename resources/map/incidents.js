// Incidents: a pin whose brightness is the urgency, its grade's letter, the number beside it.

import { checkedPlace, html, marker, setClass, setText, svg } from "./dom.js";

const GRADES = ["grade-I", "grade-S", "grade-E", "grade-R"];
const PIN = "M0 0 C-3 -7 -13 -13 -13 -24 A13 13 0 1 1 13 -24 C13 -13 3 -7 0 0 Z";
const RANK = { I: 1, S: 2, E: 3, R: 4 };

export class Incidents {
  constructor(layer, chosen) {
    this._layer = layer;
    this._chosen = chosen;
    this._pins = new Map();
    this._selected = "";
  }

  apply(key, mark) {
    if (!mark) return this.remove(key);
    checkedPlace(mark.at);
    const known = this._pins.get(key) ?? this._add(key, mark);
    known.marker.setLatLng(mark.at);
    known.marker.getElement()?.setAttribute("title", mark.title);
    known.mark = mark;
    setClass(known.element, GRADES, `grade-${mark.grade}`);
    setText(known.letter, mark.grade);
    setText(known.number, mark.number);
    known.element.classList.toggle("own", Boolean(mark.own));
    this._dress(key, known);
    return known;
  }

  remove(key) {
    const known = this._pins.get(key);
    if (known) this._layer.removeLayer(known.marker);
    this._pins.delete(key);
  }

  clear() {
    for (const key of [...this._pins.keys()]) this.remove(key);
  }

  select(key) {
    this._selected = key;
    for (const [other, known] of this._pins) this._dress(other, known);
  }

  tags(far) {
    return [...this._pins].map(([key, known]) => ({
      element: known.element,
      latlng: known.marker.getLatLng(),
      words: [known.mark.number],
      reach: far ? 15 : 20,
      rise: far ? 18 : 24,
      rank: key === this._selected ? 0 : 2 + RANK[known.mark.grade],
      optional: far && key !== this._selected,
    }));
  }

  _add(key, mark) {
    const element = html("div", "incident");
    element.dataset.incident = key;
    const picture = svg("svg", { viewBox: "-17 -41 34 42", width: 34, height: 42 });
    const letter = svg("text", { class: "letter", x: 0, y: -19 });
    picture.append(svg("path", { class: "ring", d: PIN }), svg("path", { class: "pin", d: PIN }));
    picture.append(letter);
    const number = html("b");
    const tag = html("div", "tag");
    tag.append(number);
    element.append(picture, tag);
    const made = marker(mark.at, element, [34, 84], () => this._chosen(key), { title: mark.title });
    this._layer.addLayer(made);
    const known = { element, letter, number, marker: made, mark };
    this._pins.set(key, known);
    return known;
  }

  _dress(key, known) {
    known.element.classList.toggle("selected", key === this._selected);
    const urgency = 1500 - 100 * RANK[known.mark.grade];
    known.marker.setZIndexOffset(key === this._selected ? 3000 : urgency);
  }
}
