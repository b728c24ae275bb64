// Lines between places: trails flown, the way to a target, the preview of a target.

const RANGE_TEXT_FROM_M = 5;
const PIECE_POINTS = 30;
const FOLLOW_PX = 10;

export class Lines {
  constructor(map, renderer) {
    this._map = map;
    this._style = (className) => ({ renderer, interactive: false, className, fill: false });
    this._trails = new Map(); // drone -> {pieces, points of the last piece, tone}
    this._targets = new Map();
    this._loud = new Set(); // drones whose trail is always shown: own or selected
    this._all = false;
    this._preview = null;
    map.on("zoomend", () => this._trails.forEach((known) => this._drawEnd(known)));
  }

  // A trail is short pieces: only the last one grows, and a piece's box stays small, so that
  // most of the view has nothing to blend.
  extend(drone, points) {
    const known = this._trails.get(drone) ?? this._makeTrail(drone);
    for (const point of points) {
      if (known.points.length >= PIECE_POINTS) {
        known.points = known.points.slice(-1);
        known.pieces.push(this._piece());
      }
      known.points.push(point);
      if (known.points.length === PIECE_POINTS) this._drawEnd(known);
    }
    if (points.length > 1 || this._endIsSeen(known)) this._drawEnd(known);
    this._dress(drone, known);
  }

  // The newest metres lie under the drone's mark: they are drawn when they come out of it.
  _endIsSeen({ points, drawnTo }) {
    if (!drawnTo) return true;
    const [a, b] = [drawnTo, points.at(-1)].map((place) => this._map.latLngToLayerPoint(place));
    return a.distanceTo(b) > FOLLOW_PX;
  }

  _drawEnd(known) {
    known.pieces.at(-1).setLatLngs(known.points);
    known.drawnTo = known.points.at(-1);
  }

  cut(drone) {
    const known = this._trails.get(drone);
    if (!known) return;
    for (const piece of known.pieces) piece.remove();
    this._trails.delete(drone);
  }

  clear() {
    for (const drone of [...this._trails.keys()]) this.cut(drone);
    for (const drone of [...this._targets.keys()]) this._aim(drone, null, null);
  }

  // The drone stands at `at`: its target line starts there. The few metres from the trail's
  // last point to the drone lie under its mark.
  follow(drone, at, target, tone) {
    const known = this._trails.get(drone);
    if (known && known.tone !== tone) {
      known.tone = tone;
      this._dress(drone, known);
    }
    this._aim(drone, at, target, tone);
  }

  showAllTrails(on) {
    this._all = on;
    this._restyle();
  }

  alwaysShow(drones) {
    const same = drones.size === this._loud.size && [...drones].every((d) => this._loud.has(d));
    this._loud = drones;
    if (!same) this._restyle();
  }

  preview(from, to) {
    this._preview?.remove();
    this._preview = null;
    if (!to) return;
    this._preview = L.layerGroup().addTo(this._map);
    this._preview.addLayer(crossAt(to, "preview", from ? this._words(from, to) : ""));
    if (from) this._preview.addLayer(L.polyline([from, to], this._style("preview-line")));
  }

  _words(from, to) {
    const metres = this._map.distance(from, to);
    return metres < RANGE_TEXT_FROM_M ? "" : `${Math.round(metres).toLocaleString("en-GB")} m`;
  }

  _makeTrail(drone) {
    const known = { pieces: [this._piece()], points: [], drawnTo: null, tone: "" };
    this._trails.set(drone, known);
    return known;
  }

  _piece() {
    return L.polyline([], { ...this._style("trail"), smoothFactor: 1 }).addTo(this._map);
  }

  _aim(drone, at, target, tone) {
    const known = this._targets.get(drone);
    if (!at || !target) {
      known?.line.remove();
      known?.cross.remove();
      this._targets.delete(drone);
      return;
    }
    const made = known ?? {
      line: L.polyline([], this._style("target")).addTo(this._map),
      cross: crossAt(target, "target").addTo(this._map),
    };
    this._targets.set(drone, made);
    made.cross.setLatLng(target);
    this._stretch(made, at, target);
    made.line.getElement()?.classList.toggle("own", tone === "own");
    made.cross.getElement()?.classList.toggle("own", tone === "own");
  }

  // The line's end lies under the drone's mark: it need not follow every pixel.
  _stretch(made, at, target) {
    const [a, b] = [at, target].map((place) => this._map.latLngToLayerPoint(place));
    const moved = made.ends ? a.distanceTo(made.ends[0]) + b.distanceTo(made.ends[1]) : Infinity;
    if (moved < FOLLOW_PX) return;
    made.ends = [a, b];
    made.line.setLatLngs([at, target]);
  }

  _restyle() {
    for (const [drone, known] of this._trails) this._dress(drone, known);
  }

  _dress(drone, { pieces, tone }) {
    const hidden = !this._all && !this._loud.has(drone);
    for (const piece of pieces) {
      const element = piece.getElement();
      element?.classList.toggle("hidden", hidden);
      element?.classList.toggle("own", tone === "own");
    }
  }
}

function crossAt(latlng, kind, words = "") {
  const element = document.createElement("div");
  element.textContent = words;
  const icon = L.divIcon({ html: element, className: `cross ${kind}`, iconSize: [18, 18] });
  return L.marker(latlng, { icon, interactive: false, keyboard: false, zIndexOffset: 1000 });
}
