// Other aircraft: a plan view turned to its track, callsign, height and age beside it. A ring
// only where the gateway sees a caution or a warning.

import { checkedPlace, html, marker, setClass, setText, svg } from "./dom.js";

const SIZE = 48;
const RINGS = ["caution", "warning"];
const SHAPES = {
  plane:
    "M0 -14 C1.4 -12.6 1.7 -10.6 1.7 -8 L1.7 -4.6 L13 3 L13 5.6 L1.7 2 L1.4 8.6 L5 11.4 " +
    "L5 13.4 L0 12 L-5 13.4 L-5 11.4 L-1.4 8.6 L-1.7 2 L-13 5.6 L-13 3 L-1.7 -4.6 L-1.7 -8 " +
    "C-1.7 -10.6 -1.4 -12.6 0 -14 Z",
  helicopter:
    "M0 -8 C3 -8 4.2 -5.4 4.2 -2.4 C4.2 1 2.4 3.4 1 4.2 L1 10.6 L4 10.6 L4 12.6 L-4 12.6 " +
    "L-4 10.6 L-1 10.6 L-1 4.2 C-2.4 3.4 -4.2 1 -4.2 -2.4 C-4.2 -5.4 -3 -8 0 -8 Z",
  other: "M0 -8 L8 0 L0 8 L-8 0 Z",
};
const ROTOR = "M-9 -11 L9 7 M9 -11 L-9 7";

export class OtherAircraft {
  constructor(layer) {
    this._layer = layer;
    this._marks = new Map();
  }

  apply(id, mark) {
    if (!mark) return this.remove(id);
    checkedPlace(mark.at);
    const known = this._marks.get(id) ?? this._add(id, mark.at);
    known.marker.setLatLng(mark.at);
    draw(known, mark);
    known.shown = mark;
    return known;
  }

  remove(id) {
    const known = this._marks.get(id);
    if (known) this._layer.removeLayer(known.marker);
    this._marks.delete(id);
  }

  clear() {
    for (const id of [...this._marks.keys()]) this.remove(id);
  }

  get count() {
    return this._marks.size;
  }

  tags(far) {
    return [...this._marks.values()].map(({ element, marker: at, shown }) => ({
      element,
      latlng: at.getLatLng(),
      words: far && !shown.ring ? [shown.title] : [shown.title, shown.line],
      reach: 24,
      rank: shown.ring ? 1 : 6,
      optional: !shown.ring && far,
    }));
  }

  _add(id, at) {
    const known = makeMark(id);
    const options = { title: "Aircraft", interactive: false, keyboard: false };
    known.marker = marker(at, known.element, [SIZE, SIZE], () => {}, options);
    known.marker.setZIndexOffset(1800);
    this._layer.addLayer(known.marker);
    this._marks.set(id, known);
    return known;
  }
}

function makeMark(id) {
  const element = html("div", "aircraft");
  element.dataset.aircraft = id;
  const picture = svg("svg", { viewBox: "-24 -24 48 48", width: SIZE, height: SIZE });
  const ring = svg("circle", { class: "ring", r: 19 });
  const turned = svg("g");
  const body = svg("path", { class: "body" });
  const rotor = svg("path", { class: "rotor", d: ROTOR });
  turned.append(rotor, body);
  picture.append(ring, turned);
  const tag = html("div", "tag");
  const title = html("b");
  const line = html("span");
  tag.append(title, line);
  element.append(picture, tag);
  return { element, turned, body, rotor, title, line, shape: "", shown: null };
}

function draw(known, mark) {
  const shape = SHAPES[mark.shape] ? mark.shape : "plane";
  if (known.shape !== shape) {
    known.body.setAttribute("d", SHAPES[shape]);
    known.rotor.style.display = shape === "helicopter" ? "" : "none";
    known.shape = shape;
  }
  const turn = mark.track === undefined ? "" : `rotate(${mark.track})`;
  if (known.turn !== turn) known.turned.setAttribute("transform", turn);
  known.turn = turn;
  setClass(known.element, RINGS, mark.ring ?? "");
  known.element.classList.toggle("old", Boolean(mark.old));
  known.element.classList.toggle("no-track", mark.track === undefined);
  setText(known.title, mark.title);
  setText(known.line, mark.line ?? "");
}
