// The geofence's line, and the words along the lines of fence and airspace: they stand where
// the line can be seen, wherever the operator looks.

import { html } from "./dom.js";

const MARGIN_PX = 70; // words keep this far from the view's edge
const APART_PX = 34;

export class Zones {
  constructor(map, renderer, airspace, toLatLng) {
    this._map = map;
    this._renderer = renderer;
    this._fence = null;
    this._labels = new Map();
    this._shown = { fences: true, airspace: true };
    this._volumes = airspace.map((volume) => ({
      ring: toLatLng(volume.shape.points),
      words: volume.label,
      note: volume.note,
      className: volume.caution ? "zone airspace" : "zone airspace quiet",
    }));
    map.on("moveend zoomend resize", () => this.layOut());
  }

  setFence({ ring, label, active }) {
    this._fence?.line.remove();
    const className = active ? "fence active" : "fence";
    const line = L.polygon(ring, { renderer: this._renderer, className, interactive: false });
    this._fence = { line, ring: ring.map((p) => L.latLng(p)), words: label };
    if (this._shown.fences) line.addTo(this._map);
    this.layOut();
  }

  show(kind, on) {
    this._shown[kind] = on;
    if (kind === "fences" && this._fence) {
      if (on) this._fence.line.addTo(this._map);
      else this._fence.line.remove();
    }
    this.layOut();
  }

  layOut() {
    const wanted = [];
    if (this._shown.fences && this._fence) {
      wanted.push({ ...this._fence, className: "zone fence-words", note: "" });
    }
    if (this._shown.airspace) wanted.push(...this._volumes);
    const taken = [];
    const used = new Set();
    for (const zone of wanted) {
      const spot = this._spotFor(zone, taken);
      if (!spot) continue;
      taken.push(spot);
      used.add(zone.words);
      this._put(zone, spot);
    }
    for (const [words, label] of this._labels) {
      if (used.has(words)) continue;
      label.remove();
      this._labels.delete(words);
    }
  }

  _put(zone, spot) {
    const at = this._map.containerPointToLatLng([spot.x, spot.y]);
    const known = this._labels.get(zone.words);
    if (known) {
      known.setLatLng(at);
      return;
    }
    const icon = L.divIcon({
      html: html("span", "", zone.words),
      className: zone.className,
      iconSize: [0, 0],
    });
    const label = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: 500 });
    this._labels.set(zone.words, label.addTo(this._map));
  }

  // The middle of the visible piece of line that is nearest to the view's top, else, when the
  // whole view lies inside, a place under the switches.
  _spotFor(zone, taken) {
    const size = this._map.getSize();
    const points = zone.ring.map((p) => this._map.latLngToContainerPoint(p));
    const half = zone.words.length * 3.6;
    const spots = [];
    points.forEach((a, i) => {
      const piece = clip(a, points[(i + 1) % points.length], size, Math.min(half, size.x / 3));
      if (piece) spots.push({ x: piece.x, y: piece.y - 12, half, long: piece.length });
    });
    if (!spots.length && holds(points, size.divideBy(2))) {
      spots.push({ x: size.x / 2, y: MARGIN_PX, half, long: 1 });
    }
    const free = (s) =>
      !taken.some(
        (t) => Math.abs(t.y - s.y) < APART_PX && Math.abs(t.x - s.x) < t.half + s.half,
      );
    const worth = (s) => Math.min(s.long, 220) - Math.abs(s.y - size.y * 0.12) * 0.35;
    return spots.filter(free).sort((a, b) => worth(b) - worth(a))[0] ?? null;
  }
}

// Middle and length of the part of a segment that lies in the view less its margins.
function clip(a, b, size, side) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  let low = 0;
  let high = 1;
  const limits = [
    [-dx, a.x - side],
    [dx, size.x - side - a.x],
    [-dy, a.y - MARGIN_PX],
    [dy, size.y - MARGIN_PX - a.y],
  ];
  for (const [step, room] of limits) {
    if (step === 0 && room < 0) return null;
    if (step < 0) low = Math.max(low, room / step);
    if (step > 0) high = Math.min(high, room / step);
  }
  if (low >= high) return null;
  const middle = (low + high) / 2;
  const length = Math.hypot(dx, dy) * (high - low);
  return { x: a.x + dx * middle, y: a.y + dy * middle, length };
}

function holds(ring, point) {
  let inside = false;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length];
    if (a.y > point.y === b.y > point.y) return;
    if (point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}
