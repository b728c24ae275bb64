// The words along the lines of geofence and airspace: they stand where the line can be seen,
// wherever the operator looks. The lines themselves are painted with the ground.

import { html } from "./dom.js";
import { crossing } from "./tags.js";
import { clippedPart } from "./world.js";

const MARGIN_PX = 70; // words keep this far from the view's edge
const LETTER_PX = 7.3;
const HEIGHT_PX = 22;
const SHORT_UP_TO = 14; // from afar the heights are enough
const INSIDE_PX = 16; // from the view's left edge
const CLEAR_PX = 14; // of the line itself

export class Zones {
  constructor(map, airspace, toLatLng) {
    this._map = map;
    this._fences = [];
    this._labels = new Map();
    this._shown = { fences: true, airspace: true };
    this._volumes = airspace.map((volume) => ({
      ring: toLatLng(volume.shape.points),
      words: volume.label,
      short: volume.short,
      quiet: !volume.caution,
      className: volume.caution ? "zone airspace" : "zone airspace quiet",
    }));
    this._marks = [];
  }

  // The whole fence is told at its largest area to stay in; each area to stay out of at itself.
  setFence({ shapes, label }) {
    const rings = shapes.map(({ ring, out }) => ({ out, ring: ring.map((p) => L.latLng(p)) }));
    const size = ({ ring }) => L.latLngBounds(ring).getNorthWest().distanceTo(L.latLngBounds(ring).getSouthEast());
    const kept = rings.filter(({ out }) => !out).sort((a, b) => size(b) - size(a));
    this._fences = rings
      .filter(({ out }) => out)
      .map(({ ring }, n) => ({ ring, words: `Keep out ${n + 1}`, className: "zone fence-words" }));
    if (kept.length) {
      this._fences.unshift({ ring: kept[0].ring, words: label, className: "zone fence-words", fence: true });
    }
    this.layOut();
  }

  show(kind, on) {
    this._shown[kind] = on;
    this.layOut();
  }

  // `marks`: boxes that words should not cover, in pixels of the view.
  layOut(marks = this._marks) {
    this._marks = marks;
    const wanted = [];
    if (this._shown.fences) wanted.push(...this._fences.map((f) => ({ ...f })));
    if (this._shown.airspace) wanted.push(...this._volumes.map((v) => ({ ...v })));
    if (this._map.getZoom() <= SHORT_UP_TO) {
      for (const zone of wanted) zone.words = zone.short ?? zone.words;
    }
    const taken = [...marks];
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
    const words = html("span", "", zone.words);
    if (zone.fence) words.dataset.fence = zone.words;
    const icon = L.divIcon({
      html: words,
      className: zone.className,
      iconSize: [0, 0],
    });
    const label = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: 500 });
    this._labels.set(zone.words, label.addTo(this._map));
  }

  // Beside a visible piece of the line, the nearer to the view's top the better; when the
  // whole view lies inside, under the switches, unless the zone is only information.
  _spotFor(zone, taken) {
    const size = this._map.getSize();
    const points = zone.ring.map((p) => this._map.latLngToContainerPoint(p));
    const half = (zone.words.length * LETTER_PX) / 2;
    const spots = [];
    points.forEach((a, i) => {
      const piece = clip(a, points[(i + 1) % points.length], size, Math.min(half, size.x / 3));
      if (!piece) return;
      for (const side of [-CLEAR_PX, CLEAR_PX]) {
        spots.push(boxAt(piece.x, piece.y + side, half, piece.length));
      }
    });
    if (!spots.length && !zone.quiet && holds(points, size.divideBy(2))) {
      const sides = [size.x / 2, half + INSIDE_PX, size.x - half - MARGIN_PX];
      for (const x of sides) spots.push(boxAt(x, MARGIN_PX, half, 1));
      spots.push(boxAt(size.x / 2, size.y - MARGIN_PX, half, 1));
    }
    const worth = (s) =>
      Math.min(s.long, 220) -
      Math.abs(s.y - size.y * 0.12) * 0.35 -
      150 * taken.filter((other) => crossing(s, other)).length;
    const best = spots.sort((a, b) => worth(b) - worth(a))[0] ?? null;
    return best && zone.quiet && taken.some((other) => crossing(best, other)) ? null : best;
  }
}

const boxAt = (x, y, half, long) => ({
  x,
  y,
  long,
  left: x - half,
  right: x + half,
  top: y - HEIGHT_PX / 2,
  bottom: y + HEIGHT_PX / 2,
});

// Middle and length of the part of a segment that lies in the view less its margins.
function clip(a, b, size, side) {
  const step = [b.x - a.x, b.y - a.y];
  const view = { width: size.x, height: size.y };
  const part = clippedPart([a.x, a.y], step, view, -side, -MARGIN_PX);
  if (!part) return null;
  const middle = (part[0] + part[1]) / 2;
  const length = Math.hypot(...step) * (part[1] - part[0]);
  return { x: a.x + step[0] * middle, y: a.y + step[1] * middle, length };
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
