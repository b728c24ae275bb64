// Drones in the air or away from their dock: heading, battery ring, words, selection.

import { arc, checkedPlace, html, marker, setClass, setText, svg } from "./dom.js";

const RING = 20;
const SIZE = 64;
const TONES = ["own", "other", "silent", "gone"];

export class Drones {
  constructor(layer, chosen) {
    this._layer = layer;
    this._chosen = chosen;
    this._marks = new Map();
    this._selected = "";
  }

  apply(id, mark) {
    if (!mark?.at) return this.remove(id);
    checkedPlace(mark.at);
    const known = this._marks.get(id) ?? this._add(id, mark.at);
    if (!known.shown || known.shown.at[0] !== mark.at[0] || known.shown.at[1] !== mark.at[1]) {
      known.marker.setLatLng(mark.at);
    }
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

  select(id) {
    this._selected = id;
    for (const [other, known] of this._marks) this._dress(other, known);
  }

  at(id) {
    return this._marks.get(id)?.shown?.at ?? null;
  }

  tags(far) {
    return [...this._marks].map(([id, known]) => {
      const chosen = id === this._selected;
      const { title, line, tone, asks } = known.shown;
      return {
        element: known.element,
        latlng: known.marker.getLatLng(),
        words: far && !chosen && tone !== "silent" ? [title] : [title, line ?? ""],
        reach: (chosen ? 33 : 25) * (far ? 0.75 : 1),
        rank: chosen ? 0 : tone === "own" ? 1 : 2,
        optional: far && !chosen && tone !== "own" && !asks,
      };
    });
  }

  _add(id, at) {
    const known = makeMark(id);
    known.marker = marker(at, known.element, [SIZE, SIZE], () => this._chosen(id), { title: id });
    this._layer.addLayer(known.marker);
    this._marks.set(id, known);
    this._dress(id, known);
    return known;
  }

  _dress(id, known) {
    known.element.classList.toggle("selected", id === this._selected);
    known.marker.setZIndexOffset(id === this._selected ? 4000 : 2000);
  }
}

function makeMark(id) {
  const element = html("div", "drone");
  element.dataset.drone = id;
  const picture = svg("svg", { viewBox: "-32 -32 64 64", width: SIZE, height: SIZE });
  const parts = {
    disc: svg("circle", { class: "disc", r: RING }),
    track: svg("circle", { class: "track", r: RING }),
    home: svg("path", { class: "home" }),
    work: svg("path", { class: "work" }),
    arrow: svg("path", { class: "arrow", d: "M0 -12 L7.5 9.5 L0 5.2 L-7.5 9.5 Z" }),
    unknown: svg("circle", { class: "unknown", r: 4 }),
    chosen: svg("circle", { class: "chosen", r: 28 }),
  };
  picture.append(...Object.values(parts));
  const tag = html("div", "tag");
  const title = html("b");
  const line = html("span");
  tag.append(title, line);
  element.append(picture, tag);
  return { element, parts, title, line, shown: null };
}

function draw(known, mark) {
  const { element, parts, title, line } = known;
  setClass(element, TONES, mark.tone);
  element.classList.toggle("caution", Boolean(mark.caution));
  element.classList.toggle("asks", Boolean(mark.asks));
  setText(title, mark.title);
  setText(line, mark.line ?? "");
  const turned = mark.heading === undefined ? "" : `rotate(${mark.heading})`;
  if (known.turned !== turned) {
    parts.arrow.setAttribute("transform", turned);
    parts.arrow.style.display = turned ? "" : "none";
    parts.unknown.style.display = turned ? "none" : "";
    known.turned = turned;
  }
  const ring = `${mark.home ?? 0}/${mark.battery}`;
  if (known.ring !== ring) {
    const home = Math.min(mark.home ?? 0, mark.battery ?? 0);
    parts.home.setAttribute("d", arc(RING, 0, home));
    parts.work.setAttribute("d", arc(RING, home, mark.battery ?? 0));
    known.ring = ring;
  }
}
