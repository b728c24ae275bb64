// A draft on the map: drawn as the station tells it, and what is done to it told to the station,
// by pointer and by keyboard. It keeps nothing: the draft itself lives in the station.

import { html, marker, svg } from "./dom.js";
import { actOf } from "./sketch_keys.js";

const HANDLE_PX = 22; // to be hit; what is seen is smaller
const WORDS_UP_TO = 30; // points of a route that all have their words
const SHARE = 0.22; // of the view: the size of a new shape

export class Sketch {
  constructor(map, say, busy) {
    this._map = map;
    this._say = say;
    this._busy = busy;
    this._sketch = null;
    this._told = "";
    this._figures = [];
    this._layer = L.layerGroup();
    map.createPane("sketch").style.zIndex = 450;
    this._renderer = L.svg({ pane: "sketch", padding: 0.4 });
    document.body.append(hatching());
    map.on("click", ({ latlng }) => this._clicked(latlng));
    map.on("moveend", () => this._tellView());
    document.addEventListener("keydown", (event) => this._key(event), true);
  }

  get active() {
    return this._sketch !== null;
  }

  show(sketch) {
    const began = sketch && !this._sketch;
    this._sketch = sketch;
    const { classList } = this._map.getContainer();
    classList.toggle("drawing", Boolean(sketch));
    classList.toggle("adding", Boolean(sketch?.adds));
    if (!sketch) {
      this._layer.remove();
      this._clear();
      return;
    }
    this._layer.addTo(this._map);
    const shape = JSON.stringify([sketch.figures?.map((f) => [f.kind, f.out, f.points.length]), sketch.figure]);
    if (shape !== this._told) {
      this._clear();
      this._told = shape;
      (sketch.figures ?? []).forEach((figure, n) => this._add(figure, n));
    } else {
      (sketch.figures ?? []).forEach((figure, n) => this._figures[n].put(figure));
    }
    this._mark();
    if (began) this._tellView();
  }

  // -- drawing ---------------------------------------------------------------------------
  _clear() {
    this._layer.clearLayers();
    this._figures = [];
    this._told = "";
  }

  _add(figure, number) {
    const selected = this._sketch.figure === number;
    this._figures.push(new Figure(this, figure, number, selected));
  }

  _mark() {
    const { figure = -1, point = -1 } = this._sketch;
    this._figures.forEach((drawn, n) => drawn.select(n === figure, n === figure ? point : -1));
  }

  _tellView() {
    if (!this._sketch) return;
    const size = this._map.getSize();
    const centre = this._map.getCenter();
    const side = this._map.containerPointToLatLng([size.x / 2 + Math.min(size.x, size.y) * SHARE, size.y / 2]);
    this._say({ do: "view", at: [centre.lat, centre.lng], metres: centre.distanceTo(side) });
  }

  _clicked({ lat, lng }) {
    if (!this._sketch?.adds || this._busy()) return;
    this._say({ do: "add", at: [lat, lng] });
  }

  _key(event) {
    if (!this._sketch || this._busy()) return;
    const act = actOf(event, this._sketch);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this._say(act);
  }
}

// One figure: its line, its handles, the ghosts in the middle of its edges, its words.
class Figure {
  constructor(sketch, figure, number, selected) {
    this._sketch = sketch;
    this._map = sketch._map;
    this._number = number;
    this._handles = [];
    this._ghosts = [];
    this._figure = figure;
    this._line = this._makeLine();
    const corners = figure.kind === "circle" ? 2 : figure.points.length;
    for (let n = 0; n < corners; n += 1) this._handles.push(this._makeHandle(n));
    const edges = { area: corners, route: corners - 1 }[figure.kind] ?? 0;
    if (selected) for (let n = 0; n < edges; n += 1) this._ghosts.push(this._makeGhost(n));
    this._words = ["area", "circle"].includes(figure.kind) ? this._makeWords() : null;
    this.put(figure);
  }

  put(figure) {
    this._figure = figure;
    this._places = figure.points.map((p) => L.latLng(p));
    if (figure.kind === "circle") this._places.push(edgeOf(this._places[0], figure.radius_m));
    this._handles.forEach((handle, n) => {
      handle.setLatLng(this._places[n]);
      this._label(handle, n);
    });
    this._redraw();
  }

  select(on, point) {
    this._line?.getElement()?.classList.toggle("selected", on);
    this._handles.forEach((handle, n) => {
      const element = handle.getElement()?.firstElementChild;
      element?.classList.toggle("selected", n === point);
      if (element && this._figure.kind === "route") this._label(handle, n, n === point);
    });
  }

  // -- parts -----------------------------------------------------------------------------
  _makeLine() {
    const { kind, out } = this._figure;
    const className = `sketch ${kind}${out ? " out" : ""}`;
    const options = { renderer: this._sketch._renderer, pane: "sketch", className, bubblingMouseEvents: kind === "route" };
    const made = {
      area: () => L.polygon([], options),
      circle: () => L.circle([0, 0], { ...options, radius: 1 }),
      route: () => L.polyline([], { ...options, fill: false, interactive: false }),
    }[kind]?.();
    if (!made) return null;
    if (kind !== "route") made.on("click", () => this._choose(0));
    return made.addTo(this._sketch._layer);
  }

  _makeHandle(n) {
    const { kind } = this._figure;
    const element = html("div", `handle ${kind}${kind === "circle" && n === 1 ? " edge" : ""}`);
    element.dataset.point = `${this._number}.${n}`;
    element.append(html("span"));
    const handle = marker([0, 0], element, [HANDLE_PX, HANDLE_PX], () => this._choose(n), {
      draggable: true,
      keyboard: false,
      zIndexOffset: 2000,
      riseOnHover: false,
    });
    handle.on("dragstart", () => this._ghosts.forEach((ghost) => ghost.remove()));
    handle.on("drag", () => this._dragged(n, handle.getLatLng()));
    handle.on("dragend", () => this._tell("move", n, handle.getLatLng()));
    return handle.addTo(this._sketch._layer);
  }

  _makeGhost(n) {
    const element = html("div", "handle ghost");
    const put = () => this._tell("insert", n, ghost.getLatLng());
    const ghost = marker([0, 0], element, [HANDLE_PX, HANDLE_PX], put, {
      draggable: true,
      keyboard: false,
      zIndexOffset: 1900,
      riseOnHover: false,
    });
    ghost.on("drag", () => {
      const places = [...this._places];
      places.splice(n + 1, 0, ghost.getLatLng());
      this._line.setLatLngs(places);
    });
    ghost.on("dragend", put);
    return ghost.addTo(this._sketch._layer);
  }

  _makeWords() {
    const words = html("span");
    const icon = L.divIcon({ html: words, className: "zone fence-words sketch-words", iconSize: [0, 0] });
    return L.marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset: 1800 }).addTo(
      this._sketch._layer,
    );
  }

  // -- changes ---------------------------------------------------------------------------
  _dragged(n, at) {
    if (this._figure.kind === "circle" && n === 0) {
      this._places = [at, edgeOf(at, this._places[0].distanceTo(this._places[1]))];
      this._handles[1].setLatLng(this._places[1]);
    } else {
      this._places[n] = at;
    }
    this._redraw();
  }

  _redraw() {
    const { kind, label } = this._figure;
    if (kind === "circle") {
      this._line.setLatLng(this._places[0]).setRadius(this._places[0].distanceTo(this._places[1]));
    } else {
      this._line?.setLatLngs(this._places);
    }
    this._ghosts.forEach((ghost, n) => {
      const next = this._places[(n + 1) % this._places.length];
      ghost.setLatLng(middle(this._places[n], next));
    });
    if (!this._words) return;
    const top = this._line.getBounds();
    this._words.setLatLng([top.getNorth(), top.getCenter().lng]);
    this._words.getElement().firstElementChild.textContent = label;
  }

  _label(handle, n, chosen = false) {
    const { kind, label, words = [] } = this._figure;
    const span = handle.getElement()?.firstElementChild?.firstElementChild;
    if (!span || kind === "area" || kind === "circle") return;
    const text = kind === "rally" ? label : (words[n] ?? "");
    const many = words.length > WORDS_UP_TO && n > 0 && n < words.length - 1;
    const shown = !many || chosen || text.endsWith("now") ? text : "";
    if (span.textContent !== shown) span.textContent = shown;
  }

  _choose(n) {
    this._sketch._say({ do: "select", figure: this._number, point: n });
  }

  _tell(what, n, { lat, lng }) {
    this._sketch._say({ do: what, figure: this._number, point: n, at: [lat, lng] });
  }
}

const middle = (a, b) => L.latLng((a.lat + b.lat) / 2, (a.lng + b.lng) / 2);

// The place of a circle's edge due east, where its handle is.
function edgeOf(centre, radius) {
  const metresPerDegree = centre.distanceTo([centre.lat, centre.lng + 0.01]) * 100;
  return L.latLng(centre.lat, centre.lng + (radius / metresPerDegree));
}

// The pattern of what is to be kept out of; paths name it in the style sheet.
function hatching() {
  const pattern = svg("pattern", { id: "hatch", width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(svg("path", { d: "M0 0V9", class: "hatch-line" }));
  const holder = svg("svg", { width: 0, height: 0, class: "patterns" });
  holder.append(pattern);
  return holder;
}
